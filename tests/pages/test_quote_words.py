"""What a case waits for where a quote decides it (R71)."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask

from kb.pages.quote_words import quote_rows, quote_step
from kb.rules.cases import CaseState
from kb.rules.quotes import QuoteState
from kb.store import Database, cases, users
from kb.store.cases import Case
from kb.store.quotes import Quote
from tests.conftest import NOW

SALES = CaseState.ESCALATED_TO_SALES


@pytest.fixture
def case(db: Database) -> Case:
    """A living case of the demo."""
    with db.read() as conn:
        user = users.by_email(conn, "premier@example.com")
        assert user
        return cases.of_user(conn, user.id, alive_only=True)[0]


def quote(state: QuoteState) -> Quote:
    until = NOW + timedelta(days=9)
    return Quote(1, 1, 1, (), Decimal("45"), "USD", "", state, until, "", NOW, None, None)


@pytest.mark.parametrize(
    ("state", "quoted", "said"),
    [
        pytest.param(SALES, QuoteState.OFFERED, "waits for your answer", id="to be answered"),
        pytest.param(CaseState.OPEN, QuoteState.OFFERED, "waits for your answer", id="anywhere"),
        pytest.param(SALES, QuoteState.ACCEPTED, "You have accepted", id="accepted"),
        pytest.param(SALES, QuoteState.DECLINED, "You have declined", id="declined"),
        pytest.param(SALES, QuoteState.WITHDRAWN, None, id="taken back"),
        pytest.param(CaseState.OPEN, QuoteState.DECLINED, None, id="the case goes on"),
        pytest.param(CaseState.CLOSED, QuoteState.OFFERED, None, id="closed"),
        pytest.param(SALES, None, None, id="no quote"),
    ],
)
def test_a_quote_says_whose_turn_it_is(
    app: Flask, case: Case, state: CaseState, quoted: QuoteState | None, said: str | None
) -> None:
    rows = quote_rows((quote(quoted),) if quoted else (), NOW)
    with app.test_request_context("/en/"):
        app.preprocess_request()
        step = quote_step(replace(case, state=state), rows)
    assert (step and said and said in step.title) if said else step is None
