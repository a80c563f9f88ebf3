"""A technician's help at the desk says what was done, never what was not (R65, R68, R71)."""

import re

import pytest

from tests.visitor import Page, Visitor


@pytest.fixture
def agent(visitor: Visitor) -> Visitor:
    return visitor.as_agent()


@pytest.fixture
def desk(agent: Visitor) -> Page:
    agent.get("/en/desk/")
    return agent.follow("La copia del servidor SQL")


QUOTE = {"lines": "New disk: 99.90", "currency": "eur", "terms": "By post, 2 years", "days": "15"}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        pytest.param({"terms": "  \n "}, "Say how it is delivered", id="blank terms"),
        pytest.param({"lines": "New disk"}, "End each line with a colon", id="no price"),
        pytest.param({"lines": "Disk: NaN"}, "End each line with a colon", id="no number"),
        pytest.param({"days": "91"}, "from 1 to 90", id="too long"),
    ],
)
def test_R71_a_quote_that_cannot_be_sent_is_not_said_to_be(
    agent: Visitor, desk: Page, changed: dict[str, str], said: str
) -> None:
    page = agent.post(f"{desk.url}/quote", submission_id="a-form-of-mine", **{**QUOTE, **changed})
    assert said in page.text
    assert "Quote sent" not in page.text
    page = agent.post(f"{desk.url}/quote", submission_id="a-form-of-mine", **QUOTE)
    assert "Quote sent" in page.text


def test_R68_a_finished_case_takes_no_session_and_says_so(agent: Visitor, desk: Page) -> None:
    session = {"tool": "Tool", "session": "123", "password": "p"}
    assert "Session kept for two hours" in agent.post(f"{desk.url}/remote", **session).text
    agent.post(f"{desk.url}/state", to="resolved")
    page = agent.post(f"{desk.url}/remote", **session)
    assert "A finished case takes no session" in page.text
    assert "Session kept" not in page.text


def test_ready_answers_have_their_names_in_the_agents_language(agent: Visitor, desk: Page) -> None:
    """The case is in Spanish: what is inserted is, too; the choice is the agent's to read."""
    names = re.findall(r'<option value="logs">([^<]+)', desk.html)
    assert names == ["Ask for the logs"]
