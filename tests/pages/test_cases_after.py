"""Rating, complaint, linked case, terms and merging on the pages; files that are held; nobody
else's (R43, R45, R66, R70)."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from kb.rules.cases import GUARANTEE
from kb.store import cases, outbox
from tests.conftest import NOW
from tests.pages.case_pages import everything, number_of
from tests.pages.test_cases import CASES, answer, solved, waiting
from tests.visitor import Page, Visitor


def row(app: Flask, number: int) -> cases.Case:
    with app.extensions["waypost"].db.read() as conn:
        found = cases.by_number(conn, number)
    assert found
    return found


# Rating -------------------------------------------------------------------------------------------


def test_a_resolved_case_is_rated_with_what_solved_it(app: Flask, visitor: Visitor) -> None:
    page = solved(visitor)
    said = {"solved_by": "article", "article": "/en/kb/1042-anything", "stars": "5"}
    after = visitor.post(f"{page.url}/rate", **said, words="Quick & clear")
    assert "What you said is recorded" in after.text
    assert "Solved by the article “" in after.text
    assert "Rated 5 of 5" in after.text
    found = row(app, number_of(page))
    assert (found.solved_by, found.rating, found.rating_words) == (
        "article:1042",
        5,
        "Quick & clear",
    )
    again = visitor.get(page.url)
    assert 'value="1042"' in again.html, "what was said before is there to be changed"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({}, "Choose what solved it or how our help was"),
        ({"solved_by": "article", "article": "999999"}, "There is no article with this number"),
        ({"solved_by": "article", "article": "nonsense"}, "There is no article with this number"),
        ({"stars": "6", "words": "kept words"}, "Not a valid choice"),
    ],
)
def test_a_rating_that_is_not_one_keeps_what_was_typed(
    app: Flask, visitor: Visitor, said: dict[str, str], told: str
) -> None:
    page = solved(visitor)
    wrong = visitor.post(f"{page.url}/rate", **said)
    assert told in wrong.text
    assert wrong.title.startswith("Error:")
    assert said.get("words", "") in wrong.html
    assert row(app, number_of(page)).rating is None


def test_an_open_case_is_not_rated(app: Flask, visitor: Visitor) -> None:
    page = waiting(visitor)
    assert "How did it go?" not in page.text
    assert "once it is resolved" in visitor.post(f"{page.url}/rate", stars="1").text
    assert row(app, number_of(page)).rating is None


# Complaint (R70) ----------------------------------------------------------------------------------


def test_a_complaint_gets_a_number_and_goes_to_the_named_mailbox(
    app: Flask, visitor: Visitor
) -> None:
    page = waiting(visitor)
    form = visitor.follow("Complain about this case")
    assert "calidad@norvault.example" in form.text
    sent = {"text": "Nobody calls back.", "submission_id": form.hidden("submission_id")}
    after = visitor.post(form.url, **sent)
    name = f"{number_of(page)}-1"
    assert f"Your complaint has the number {name}" in after.text
    assert f"Complaint {name} sent" in after.text
    visitor.get(form.url)
    assert f"number {name}" in visitor.post(form.url, **sent).text, "the same form twice is once"
    with app.extensions["waypost"].db.read() as conn:
        mails = [mail for mail in outbox.all_mail(conn) if mail.kind == "complaint"]
    assert [mail.recipient for mail in mails] == ["calidad@norvault.example"]


def test_an_empty_complaint_is_not_sent(app: Flask, visitor: Visitor) -> None:
    page = waiting(visitor)
    before = everything(app)
    wrong = visitor.post(f"{page.url}/complaint", text="  ", submission_id="x")
    assert "Write what went wrong with our service" in wrong.text
    assert everything(app) == before


# Going on after the guarantee (R66) ---------------------------------------------------------------


def test_after_the_guarantee_what_was_typed_opens_a_linked_case(
    app: Flask, visitor: Visitor
) -> None:
    page = solved(visitor)
    app.config["NOW"] = NOW + GUARANTEE + timedelta(days=1)
    late = answer(visitor, page, body="It is back after all.")
    assert "It is back after all." in late.html
    sent = {"body": "It is back after all.", "submission_id": late.hidden("submission_id")}
    new = visitor.post(f"{page.url}/again", **sent)
    assert "is open and linked to this one" in new.text
    assert f"case {number_of(page)}" in new.text
    made = [one for one in _mine(app, number_of(page)) if one.follows == number_of(page)]
    assert len(made) == 1
    visitor.get(f"{page.url}/again")
    visitor.post(f"{page.url}/again", **sent)
    assert [one.follows for one in _mine(app, number_of(page))].count(number_of(page)) == 1
    assert f"case {made[0].number}" in visitor.get(page.url).text


def _mine(app: Flask, number: int) -> tuple[cases.Case, ...]:
    with app.extensions["waypost"].db.read() as conn:
        return cases.of_user(conn, row(app, number).user_id)


def test_a_living_case_has_nothing_to_go_on_from(visitor: Visitor) -> None:
    page = waiting(visitor)
    assert visitor.get(f"{page.url}/again").response.request.path == page.url


# The agent's side ---------------------------------------------------------------------------------


def desk(visitor: Visitor, words: str) -> Page:
    visitor.as_agent().get("/en/desk/")
    return visitor.follow(words)


NEW = "La copia del servidor SQL"


def test_an_agent_sets_severity_with_a_reason_the_customer_reads(
    app: Flask, visitor: Visitor, another: Callable[[], Visitor]
) -> None:
    page = desk(visitor, NEW)
    visitor.post(f"{page.url}/terms", severity="B", plan="premier", reason="Work goes on")
    assert visitor.page
    assert "Severity and plan set" in visitor.page.text
    assert "No target" in visitor.page.text, "nothing is promised for B"
    seen = another().as_customer("premier").get(f"{CASES}/{number_of(page)}")
    assert "Severity set to B" in seen.text
    assert ": Work goes on" in seen.text
    assert "No time is promised for this severity" in seen.text


def test_a_change_without_a_reason_is_not_made(app: Flask, visitor: Visitor) -> None:
    page = desk(visitor, NEW)
    before = everything(app)
    wrong = visitor.post(f"{page.url}/terms", severity="C", plan="premier", reason=" ")
    assert "Write why; the customer reads it" in wrong.text
    assert re.search(r'<option selected value="C"', wrong.html), "the choice is kept"
    for odd in ({"severity": "Z"}, {"plan": "gold"}):
        visitor.get(page.url)
        visitor.post(
            f"{page.url}/terms", **{"severity": "A", "plan": "premier", "reason": "x"} | odd
        )
    assert everything(app) == before


def test_two_cases_become_one(app: Flask, visitor: Visitor, another: Callable[[], Visitor]) -> None:
    page = desk(visitor, NEW)
    other = next(one.number for one in _mine(app, number_of(page)) if one.number != number_of(page))
    wrong = visitor.post(f"{page.url}/merge", into="12")
    assert "There is no case with this number" in wrong.text
    assert "Write the number of the other case" in visitor.post(f"{page.url}/merge", into="x").text
    merged = visitor.post(f"{page.url}/merge", into=str(other))
    assert f"Merged: case {other} goes on" in merged.text
    seen = another().as_customer("premier").get(f"{CASES}/{number_of(page)}")
    assert f"This case goes on as case {other}" in seen.text
    assert 'name="submission_id"' not in seen.html


# Files --------------------------------------------------------------------------------------------


# Nobody else's ------------------------------------------------------------------------------------
