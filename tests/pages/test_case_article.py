"""An agent makes an article of a case: what was taken out, what it looks like, where it goes."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from kb.rules.visits import Step, StepKind
from kb.settings import Settings
from kb.store import Database, cases, users, visits
from tests.conftest import NOW
from tests.repositories import Repository
from tests.visitor import Page, Visitor

FIELDS = ("title", "problem", "environment", "cause", "resolution", "error_codes", "products",
          "category", "find_with", "keywords", "remove", "pieces")  # fmt: skip


@pytest.fixture
def content(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "content")
    made.article(1041)
    made.commit("first")
    return made


@pytest.fixture
def settings(settings: Settings, content: Repository) -> Settings:
    return replace(settings, content_repo=content.root)


@pytest.fixture
def agent(visitor: Visitor) -> Visitor:
    return visitor.as_agent()


@pytest.fixture
def db(app: Flask) -> Database:
    found: Database = app.extensions["waypost"].db
    return found


@pytest.fixture
def url(agent: Visitor) -> str:
    agent.get("/en/desk/")
    page = agent.follow("La copia del servidor SQL")
    body = ("Hola, Marta:\n\n1. Libere espacio.\n2. Repita la copia.\n\nSi falla, llame al "
            "612 345 678.\n\nUn saludo,\nIrene")  # fmt: skip
    agent.post(f"{page.url}/reply", body=body, submission_id=page.hidden("submission_id"))
    return page.url


def typed(page: Page) -> dict[str, Any]:
    """What a browser would send of the form as it stands."""
    found: dict[str, Any] = {"pieces": unescape(page.hidden("pieces"))}
    for name in FIELDS[:-1]:
        area = re.search(
            rf'<textarea[^>]*name="{name}"[^>]*>\r?\n?(.*?)</textarea>', page.html, re.S
        )
        line = re.search(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', page.html)
        chosen = re.search(r'<option selected value="([^"]*)"', page.html)
        if area or line:
            found[name] = unescape((area or line)[1])  # type: ignore[index]
        elif name == "category":
            first = re.search(r'name="category"[^>]*>\s*<option value="([^"]*)"', page.html)
            found[name] = (chosen or first)[1] if chosen or first else ""  # type: ignore[index]
    found["back"] = re.findall(r'name="back" value="(\d+)" checked', page.html)
    return found


def send(agent: Visitor, url: str, page: Page, do: str, **changes: Any) -> Page:
    return agent.post(f"{url}/article", **{**typed(page), "do": do, **changes})


def test_the_case_leads_to_a_form_with_what_it_tells(agent: Visitor, url: str) -> None:
    agent.get(url)
    page = agent.follow("Make an article")
    told = typed(page)
    assert told["title"].startswith("La copia del servidor SQL")
    assert told["problem"]
    assert "- Producto: Norvault" in told["environment"]
    assert told["resolution"].startswith("1. Libere espacio.\n2. Repita la copia.")
    assert "‹teléfono 1›" in told["resolution"]
    assert "612 345 678" not in told["resolution"]
    assert "612 345 678" in page.text  # listed, to be confirmed


def test_a_piece_goes_back_and_further_words_go_out(agent: Visitor, url: str) -> None:
    page = agent.get(f"{url}/article")
    place = re.search(
        r'name="back" value="(\d+)"[^>]*><span>(?:<span[^>]*>[^<]*</span>)<b>612', page.html
    )
    assert place
    page = send(agent, url, page, "apply", back=[place[1]], remove="Repita la copia\nnowhere")
    told = typed(page)
    assert "612 345 678" in told["resolution"]
    assert "Repita" not in told["resolution"]
    assert "‹nombre" in told["resolution"]
    assert told["remove"] == "nowhere"
    assert "“nowhere” is not in the text" in page.text
    again = send(agent, url, page, "apply", back=[place[1]], remove="repita la Copia")
    assert "is not in the text" not in again.text  # it is out already
    assert told["back"] == [place[1]]
    page = send(agent, url, page, "apply", back=[], remove="")
    assert "612 345 678" not in typed(page)["resolution"]


def test_nothing_is_looked_at_or_committed_before_it_is_confirmed(
    agent: Visitor, url: str, db: Database, content: Repository
) -> None:
    for do in ("look", "commit"):
        page = send(agent, url, agent.get(f"{url}/article"), do, title="  My own words ")
        assert "Read it and confirm" in page.text
        assert page.title.startswith("Error:")
        assert "My own words" in typed(page)["title"]
    assert "draft/" not in content.git("branch", "--list", "draft/*")


def test_what_is_typed_later_is_looked_at_too(agent: Visitor, url: str) -> None:
    page = agent.get(f"{url}/article")
    words = typed(page)["problem"] + " Escriba a marta.gil@example.com."
    page = send(agent, url, page, "commit", confirmed="y", problem=words)
    assert "More was found" in page.text
    assert "marta.gil@example.com" not in typed(page)["problem"]


def test_customers_words_mean_nothing_to_the_renderer(agent: Visitor, url: str) -> None:
    agent.get(url)
    page = agent.get(f"{url}/article")
    look = send(agent, url, page, "look", confirmed="y", problem="It says **stop** & <b>x</b>")
    assert "<strong>stop</strong>" in look.html  # what an agent types is an author's Markdown
    assert "No mistakes." in look.text
    back = send(agent, url, look, "change")
    assert typed(back)["problem"] == "It says **stop** & <b>x</b>"


def made(agent: Visitor, url: str, **changes: Any) -> Page:
    page = agent.get(f"{url}/article")
    look = send(agent, url, page, "look", confirmed="y", **changes)
    return send(agent, url, look, "commit", confirmed="y")


def test_a_draft_is_committed_once_and_its_case_leads_to_it(
    agent: Visitor, url: str, content: Repository, db: Database
) -> None:
    page = agent.get(f"{url}/article")
    look = send(agent, url, page, "look", confirmed="y", title="La copia SQL se para")
    assert "It becomes a draft on a branch" in look.text
    fields = {**hidden(look), "do": "commit"}
    done = agent.post(f"{url}/article", **fields)
    number = int(url.rpartition("/")[2])
    branch = f"draft/{number}-la-copia-sql-se-para"
    assert branch in done.text
    agent.post(f"{url}/article", **fields)  # sent twice
    assert content.git("rev-list", "--count", f"main..{branch}") == "1"
    (path,) = content.git("diff", "--name-only", f"main...{branch}").splitlines()
    source = content.git("show", f"{branch}:{path}")
    assert "status: draft" in source
    assert "‹teléfono›" in source
    assert "612 345 678" not in source
    told = agent.get(url).text
    article = path.split("/")[-2].partition("-")[0]
    assert f"Article {article} drafted from this case" in told
    assert branch in told
    assert "Make an article" not in told
    assert "The article of this case" in agent.get(f"{url}/article").title


def hidden(page: Page) -> dict[str, Any]:
    """The fields of the form that goes along unseen."""
    form = page.forms[-1]["fields"]
    return {str(f["name"]): f.get("value") or "" for f in form if f.get("type") == "hidden"}


def test_git_that_refuses_loses_nothing(
    agent: Visitor, url: str, app: Flask, tmp_path: Path
) -> None:
    look = send(agent, url, agent.get(f"{url}/article"), "look", confirmed="y", cause="Because.")
    wired = app.extensions["waypost"]
    app.extensions["waypost"] = replace(
        wired, settings=replace(wired.settings, content_repo=tmp_path / "nowhere")
    )
    page = agent.post(f"{url}/article", **{**hidden(look), "do": "commit"})
    assert "lie in no git repository" in page.text
    assert hidden(page)["cause"] == "Because."
    app.extensions["waypost"] = wired
    assert "draft/" in agent.post(f"{url}/article", **{**hidden(page), "do": "commit"}).text


def test_a_refused_branch_is_pushed_again_and_a_lost_one_begun_again(
    agent: Visitor, url: str, content: Repository, tmp_path: Path
) -> None:
    remote = content.clone(tmp_path / "remote.git", "--bare")
    content.git("remote", "add", "origin", str(tmp_path / "gone.git"))
    page = made(agent, url)
    assert "The remote refused the branch." in page.text
    content.git("remote", "set-url", "origin", str(remote))
    page = agent.post(f"{url}/article/push")
    assert "The branch was pushed." in page.text
    assert "Push it again" not in page.text
    page = agent.post(f"{url}/article/forget")
    assert "The draft is still there" in page.text
    branch = content.git("branch", "--list", "draft/*", "--format=%(refname:short)")
    content.git("branch", "-q", "-D", branch)
    assert "Its branch is gone" in agent.get(f"{url}/article").text
    assert "Make an article" in agent.post(f"{url}/article/forget").title
    agent.post(f"{url}/article/forget", expect=404)


def test_a_field_that_is_not_ours_breaks_nothing(agent: Visitor, url: str) -> None:
    page = agent.get(f"{url}/article")
    for pieces in ("{", "[1]", '[["name"]]', '[["nonsense", "x"]]', '[["name", " "]]', "null"):
        again = send(agent, url, page, "apply", pieces=pieces, back=["x", "٣", "9999", "12345"])
        assert "612 345 678" in again.text
        assert "‹teléfono 1›" in typed(again)["resolution"]
    long = send(
        agent, url, page, "look", confirmed="y", title="x" * 300, problem="", resolution=" "
    )
    assert "3 things need your attention" in long.text
    assert "x" * 300 in long.html


def test_no_case_has_no_article_and_no_draft_no_push(agent: Visitor, url: str) -> None:
    agent.get("/en/desk/cases/99999999/article", expect=404)
    agent.get(url)
    agent.post(f"{url}/article/push", expect=404)


def test_agents_see_what_was_searched_for_before(agent: Visitor, url: str, db: Database) -> None:
    number = int(url.rpartition("/")[2])
    looked = [("copia SQL", 0, 0), ("disco", 4, 1042), ("vss", 2, 0)]
    steps = [
        Step("", StepKind.SEARCHED, NOW - timedelta(hours=1), "es", words, results, article)
        for words, results, article in looked
    ]
    with db.write() as conn:
        visits.keep_lookups(conn, number, steps)
    page = agent.get(url)
    assert "Searched before" in page.text
    for words in ("copia SQL 0 results", "disco 4 results · opened article 1042",
                  "vss 2 results · nothing opened"):  # fmt: skip
        assert words in page.text
    form = typed(agent.get(f"{url}/article"))
    assert form["find_with"] == "copia SQL\nvss"


def test_the_customer_reads_that_it_is_published_and_not_that_it_is_drafted(
    agent: Visitor, url: str, db: Database, another: Callable[[], Visitor]
) -> None:
    made(agent, url)
    number = int(url.rpartition("/")[2])
    with db.read() as conn:
        case = cases.by_number(conn, number)
        assert case
        owner = users.by_id(conn, case.user_id)
    assert owner
    customer = another()
    customer.as_customer(owner.email.partition("@")[0])
    assert "drafted from this case" not in customer.get(f"/en/my/cases/{number}").text


def test_both_languages_say_all_of_it(agent: Visitor, url: str) -> None:
    here = url.replace("/en/", "/es/")
    page = agent.get(f"{here}/article")
    assert "Hacer un artículo" in page.title
    assert "Quitado del texto" in page.text
