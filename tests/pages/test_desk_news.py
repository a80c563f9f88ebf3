"""An open page of the queue is told what others changed since it was drawn, and nothing else."""

import re
from collections.abc import Callable
from html import unescape

import pytest

from tests.visitor import Page, Visitor

DESK = "/en/desk/"
NEW = "La copia del servidor SQL"
ONE = "1 case is new or has changed: show it"


@pytest.fixture
def agent(visitor: Visitor) -> Visitor:
    return visitor.as_agent()


@pytest.fixture
def irene(another: Callable[[], Visitor]) -> Visitor:
    return another().as_customer("agent-2")


def asks(agent: Visitor, page: Page) -> str:
    """Ask what the page's script asks."""
    found = re.search(r'id="news" role="status" data-url="([^"]+)"', page.html)
    assert found
    return told(agent, unescape(found[1]))


def told(agent: Visitor, url: str) -> str:
    answer = agent.client.get(url)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    words = answer.get_json()["words"]
    assert isinstance(words, str)
    return words


def case_of(agent: Visitor, title: str) -> str:
    agent.get(DESK)
    assert agent.page
    return agent.page.link(title)


def test_what_a_colleague_changed_is_told_and_ones_own_is_not(
    agent: Visitor, irene: Visitor
) -> None:
    url = case_of(agent, NEW)
    page = agent.get(DESK)
    assert asks(agent, page) == ""
    agent.get(url)
    agent.post(f"{url}/state", to="on_hold")
    assert asks(agent, page) == ""
    irene.get(url)
    irene.post(f"{url}/tag", tag="seen")
    assert asks(agent, page) == ONE
    assert asks(agent, agent.get(DESK)) == ""  # it is shown now


def test_a_case_that_left_the_selection_is_told_where_it_was_shown(
    agent: Visitor, irene: Visitor
) -> None:
    url = case_of(agent, NEW)
    shown, elsewhere = agent.get(DESK, view="unassigned"), agent.get(DESK, view="mine")
    irene.get(url)
    irene.post(f"{url}/assign", to="me")
    assert asks(agent, shown) == ONE
    assert asks(agent, elsewhere) == ""


def test_a_new_case_is_told_where_the_selection_finds_it(agent: Visitor, irene: Visitor) -> None:
    url = case_of(agent, NEW)
    pages = {
        name: agent.get(DESK, **query)
        for name, query in {
            "all": {},
            "finished": {"state": "finished"},
            "severe": {"severity": "A"},
            "search": {"q": "beeps"},
        }.items()
    }
    irene.get(url)
    form = {"title": "It beeps", "words": "It beeps at night", "submission_id": "s" * 16}
    irene.post(f"{url}/split", **form)
    said = {name: asks(agent, page) for name, page in pages.items()}
    assert said["all"] == said["severe"] == "2 cases are new or have changed: show them"
    assert said["finished"] == said["search"] == ""


def test_many_are_told_as_many_and_in_the_readers_language(
    agent: Visitor, irene: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = case_of(agent, NEW)
    irene.get(url)
    irene.post(f"{url}/tag", tag="seen")
    assert told(agent, "/es/desk/news?after=0").endswith("son nuevos o han cambiado: mostrarlos")
    monkeypatch.setattr("kb.store.queue_news.MOST", 1)
    monkeypatch.setattr("kb.pages.desk.news.MOST", 1)
    assert (
        told(agent, f"{DESK}news?after=0") == "1 cases or more are new or have changed: show them"
    )


@pytest.mark.parametrize(
    "query",
    ["", "after=", "after=x", "after=-1", f"after={'9' * 30}", "after=99999999", "shown=1,2"],
)
def test_a_question_that_is_none_is_answered_with_nothing(agent: Visitor, query: str) -> None:
    assert told(agent, f"{DESK}news?{query}") == ""


def test_what_is_typed_into_the_address_breaks_nothing(agent: Visitor) -> None:
    assert told(agent, f"{DESK}news?after=0&q=x&shown=a,,{'9' * 40},%00,-1") == ""
    assert told(agent, f"{DESK}news?after=0&state=nonsense&assignee=%00&shown=1") != ""
