"""The knowledge work list on the desk, and what was spared, counted in three ways."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from kb.app import create_app
from kb.rules.tree_figures import Ending, Trace
from kb.rules.visits import Step, StepKind
from kb.settings import Settings
from kb.store import visits, voices, walks
from tests.conftest import NOW
from tests.visitor import Visitor

LIST = "/en/desk/knowledge/"


@pytest.fixture
def agent(visitor: Visitor, app: Flask) -> Visitor:
    """An agent on a site where four people looked for what is not there."""
    steps = [
        Step(f"v{n}", StepKind.SEARCHED, NOW - timedelta(days=2), "es", "it's <b>zona</b>", 0)
        for n in range(4)
    ]
    steps += [
        Step("w", StepKind.SEARCHED, NOW - timedelta(days=2), "en", "quota", 3),
        Step("w", StepKind.OPENED, NOW - timedelta(days=2), "en", article=1042),
        Step("w", StepKind.HELPED, NOW - timedelta(days=2), "en", article=1042),
    ]
    with app.extensions["waypost"].db.write() as conn:
        visits.add(conn, steps)
    return visitor.as_agent()


def test_what_was_not_found_is_first_with_the_command_that_writes_it(agent: Visitor) -> None:
    page = agent.get(LIST)
    assert page.title.startswith("Work list")
    assert "4 of 4 searches found nothing" in page.text
    assert "(Español)" in page.text
    command = "kb new article 'it'\"'\"'s <b>zona</b>' --lang es --find 'it'\"'\"'s <b>zona</b>'"
    assert command in page.text
    assert "<b>zona</b>" not in page.html
    begun = page.link("Write it here")
    assert begun.startswith("/en/desk/articles/new?title=it%27s+%3Cb%3Ezona%3C%2Fb%3E&find=")
    assert begun.endswith("&lang=es")
    assert 'href="/es/search?q=' in page.html


def test_every_line_leads_to_where_it_can_be_mended(agent: Visitor, app: Flask) -> None:
    with app.extensions["waypost"].db.write() as conn:
        for number in range(3):
            voices.set_vote(
                conn, article_id=1042, visitor=f"v{number}", lang="en", helpful=False,
                words="The button is gone.", now=NOW,
            )  # fmt: skip
    page = agent.get(LIST)
    assert "3 of 3 readers said that it did not help" in page.text
    assert "The button is gone." in page.text
    assert 'href="/en/desk/articles/1042/edit?lang=en"' in page.html
    assert 'href="/en/desk/articles/new?title=' in page.html


@pytest.mark.parametrize(
    ("code", "reached", "tree", "asked"),
    [
        ("en", "server-version", "My backup fails", "at “Which version is installed?”"),
        ("es", "server-version", "Mi copia falla", "en «¿Qué versión tiene instalada?»"),
        ("en", "mail", "My backup fails", "at “Mend the sending of notifications”"),
    ],
)
def test_a_question_where_people_leave_is_named_in_the_reader_s_language(
    agent: Visitor, app: Flask, code: str, reached: str, tree: str, asked: str
) -> None:
    """Which question of which tree it is stands in the line itself."""
    at = NOW - timedelta(days=2)
    steps = [
        Trace("backup-fails", "old", "es", f"walk{n}", "when", "x", reached, Ending.NONE, at)
        for n in range(9)
    ]
    with app.extensions["waypost"].db.write() as conn:
        walks.add(conn, steps)
    page = agent.get(f"/{code}/desk/knowledge/", gap="tree-loses")
    assert page.link(tree).endswith(f"#{reached}")
    assert asked in page.text


def test_one_kind_of_gap_by_itself(agent: Visitor) -> None:
    page = agent.get(LIST, gap="no-result", days="91")
    assert page.title.startswith("Searches that found nothing")
    assert "4 of 4 searches found nothing" in page.text
    assert "Nothing is missing" in agent.get(LIST, gap="twins").text
    assert "4 of 4" in agent.get(LIST, days="never").text


def test_three_ways_of_counting_are_never_added(agent: Visitor) -> None:
    page = agent.get("/en/desk/knowledge/figures")
    assert "Said that it is solved" in page.text
    assert "Opened nothing and left" in page.text
    cells = [cell.strip() for cell in page.text.split("\n") if cell.strip()]
    assert "1 20 %" in " ".join(cells)
    assert "Visits that searched, by week" in page.text


def test_in_spanish(agent: Visitor) -> None:
    assert "4 de 4 búsquedas no encontraron nada" in agent.get("/es/desk/knowledge/").text
    assert "Casos evitados" in agent.get("/es/desk/knowledge/figures").text


def test_where_nobody_has_looked_for_anything_nothing_is_divided_by_nothing(
    visitor: Visitor,
) -> None:
    visitor.as_agent()
    page = visitor.get("/en/desk/knowledge/figures")
    assert "Searches 0 0 % 0 0 % 0 0 % 0 0 %" in page.text
    assert "cases were opened in this time" in page.text, "those of the demo"


def test_where_nothing_is_counted_the_page_says_why(settings: Settings) -> None:
    app = create_app(replace(settings, count_searches=False))
    app.config["NOW"] = NOW
    page = Visitor(app).as_agent().get(LIST)
    assert "KB_COUNT_SEARCHES is off" in page.text
    app.extensions["waypost"].db.close()
