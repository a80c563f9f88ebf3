"""R65: a technician's clock on a case, and sales that deliver what was accepted (R71), on both
databases."""

from dataclasses import replace
from datetime import timedelta

import pytest

from kb.actions.cases import Answer
from kb.actions.quote_desk import QuoteList, deliver_quote, quote_counts, quote_page
from kb.actions.quotes import quotes_of
from kb.actions.technician_time import clock_of, start_clock, stop_clock
from kb.mail import Letters
from kb.rules.cases import CaseState
from kb.rules.policy import Policy
from kb.rules.quotes import QuoteState
from kb.store import Database
from tests.actions.case_stories import Story, after, story
from tests.actions.test_desk_help import answers, log, offer


@pytest.fixture
def told(db: Database, policy: Policy, letters: Letters) -> Story:
    """A case of a request with sixty minutes of a technician."""
    request = replace(policy.requests["technical"], credit=timedelta(minutes=60))
    limited = replace(policy, requests={**policy.requests, "technical": request})
    return story(db, limited, letters)


def left_at(told: Story, minute: float) -> timedelta | None:
    clock = clock_of(told.db, told.policy, told.irene, told.view.case, after(minute))
    assert clock
    return clock.left


def test_R65_the_credit_counts_down_while_the_clock_runs(told: Story) -> None:
    told.says(told.irene, 5)
    assert log(told, 10, "before") is Answer.DONE
    assert start_clock(told.db, told.irene, told.number, after(10)) is Answer.DONE
    assert start_clock(told.db, told.irene, told.number, after(15)) is Answer.AGAIN
    assert left_at(told, 30) == timedelta(minutes=30)
    assert left_at(told, 500) == timedelta()
    assert log(told, 20, "worked") is Answer.DONE
    assert clock_of(told.db, told.policy, told.irene, told.view.case, after(31)) is None


def test_R65_nothing_counts_down_before_the_first_contact(told: Story) -> None:
    start_clock(told.db, told.irene, told.number, after(0))
    assert left_at(told, 20) is None


def test_R65_time_that_does_not_fit_leaves_the_clock_running(told: Story) -> None:
    told.says(told.irene, 5)
    start_clock(told.db, told.irene, told.number, after(10))
    assert log(told, 61, "too long") is Answer.NOT_ALLOWED
    assert left_at(told, 11) == timedelta(minutes=59)


def test_a_clock_is_ones_own_of_living_cases_and_the_agents(told: Story) -> None:
    assert start_clock(told.db, told.ana, told.number, after(1)) is Answer.NOT_FOUND
    assert start_clock(told.db, told.irene, told.number + 1, after(1)) is Answer.NOT_FOUND
    assert stop_clock(told.db, told.irene, told.number) is Answer.AGAIN
    assert stop_clock(told.db, told.ana, told.number) is Answer.NOT_FOUND
    start_clock(told.db, told.irene, told.number, after(1))
    assert clock_of(told.db, told.policy, told.ana, told.view.case, after(2)) is None
    assert stop_clock(told.db, told.irene, told.number) is Answer.DONE
    told.says(told.irene, 5)
    told.moves(told.irene, CaseState.RESOLVED, 6)
    told.moves(told.irene, CaseState.CLOSED, 7)
    assert start_clock(told.db, told.irene, told.number, after(8)) is Answer.NOT_ALLOWED


def test_R71_an_accepted_quote_waits_for_sales_until_it_is_delivered_once(told: Story) -> None:
    offer(told)
    assert quote_counts(told.db) == {QuoteList.ACCEPTED: 0, QuoteList.OPEN: 1}
    (quote,) = quotes_of(told.db, told.number)
    assert deliver_quote(told.db, told.irene, quote.id, after(35)) is Answer.NOT_ALLOWED
    answers(told, accepts=True)
    assert quote_counts(told.db) == {QuoteList.ACCEPTED: 1, QuoteList.OPEN: 0}
    (row,) = quote_page(told.db, QuoteList.ACCEPTED, 1).rows
    assert (row.quote.id, row.title) == (quote.id, told.view.case.title)
    assert row.customer == told.view.requester.name
    assert deliver_quote(told.db, told.ana, quote.id, after(50)) is Answer.NOT_FOUND
    assert deliver_quote(told.db, told.irene, quote.id + 1, after(50)) is Answer.NOT_FOUND
    assert deliver_quote(told.db, told.irene, quote.id, after(50)) is Answer.DONE
    assert deliver_quote(told.db, told.irene, quote.id, after(51)) is Answer.NOT_ALLOWED
    assert quotes_of(told.db, told.number)[0].state is QuoteState.DELIVERED
    assert ("quote", "accepted", "delivered") in told.events
    lists = {which: len(quote_page(told.db, which, 1).rows) for which in QuoteList}
    assert lists == {
        QuoteList.ACCEPTED: 0, QuoteList.OPEN: 0, QuoteList.DELIVERED: 1, QuoteList.OVER: 0,
    }  # fmt: skip
