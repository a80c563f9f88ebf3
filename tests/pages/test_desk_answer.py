"""What an agent sends: an answer that resolves the case, in one press, as its state allows."""

from collections.abc import Callable

import pytest

from tests.visitor import Page, Visitor

NEW = "La copia del servidor SQL"
SEND_AND_RESOLVE = 'name="resolve"'


@pytest.fixture
def agent(visitor: Visitor) -> Visitor:
    return visitor.as_agent()


@pytest.fixture
def desk(agent: Visitor) -> Page:
    agent.get("/en/desk/")
    return agent.follow(NEW)


def once(page: Page) -> dict[str, str]:
    return {name: page.hidden(name) for name in ("submission_id", "seen")}


def test_an_answer_resolves_the_case_in_one_press(agent: Visitor, desk: Page) -> None:
    assert SEND_AND_RESOLVE in desk.html
    form = {"body": "Move the task.", "resolve": "yes", **once(desk)}
    page = agent.post(f"{desk.url}/reply", **form)
    assert "Reply sent; the case is resolved." in page.text
    assert "Move the task." in page.text
    assert SEND_AND_RESOLVE not in page.html  # it is
    twice = agent.post(f"{desk.url}/reply", **form)
    assert twice.html.count("Move the task.") == 1


def test_a_resolving_answer_that_was_overtaken_comes_back_and_resolves_nothing(
    agent: Visitor, desk: Page, another: Callable[[], Visitor]
) -> None:
    marta = another().as_customer("premier")
    mine = marta.get(desk.url.replace("/desk/", "/my/"))
    marta.post(mine.url, body="It still fails", **_own(mine))
    held = agent.post(f"{desk.url}/reply", body="Solved", resolve="yes", **once(desk))
    assert "Marta Ruiz wrote here meanwhile" in held.text
    assert SEND_AND_RESOLVE in held.html
    sent = agent.post(f"{desk.url}/reply", body="Solved", resolve="yes", **once(held))
    assert "the case is resolved" in sent.text


def _own(page: Page) -> dict[str, str]:
    return {"submission_id": page.hidden("submission_id")}


def test_a_case_that_was_closed_meanwhile_keeps_what_was_typed(
    agent: Visitor, desk: Page, another: Callable[[], Visitor]
) -> None:
    colleague = another().as_customer("agent-2")
    colleague.get(desk.url)
    colleague.post(f"{desk.url}/state", to="closed")
    held = agent.post(f"{desk.url}/reply", body="Solved <b>", resolve="yes", **once(desk))
    assert "takes no more replies" in held.text
    assert "Solved &lt;b&gt;" in held.html


def test_the_button_is_not_there_where_a_case_cannot_be_resolved(
    agent: Visitor, desk: Page
) -> None:
    page = agent.post(f"{desk.url}/state", to="closed")
    assert SEND_AND_RESOLVE not in page.html
    note = agent.get(desk.url, compose="note")
    assert SEND_AND_RESOLVE not in note.html


def test_a_closed_case_offers_no_reply_that_could_not_be_sent(agent: Visitor, desk: Page) -> None:
    page = agent.post(f"{desk.url}/state", to="closed")
    assert f'action="{desk.url}/note"' in page.html
    assert f'action="{desk.url}/reply"' not in page.html
    assert "a note is still possible" in page.text
