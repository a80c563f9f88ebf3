"""Time and its credit (R65), quotes (R71), remote sessions (R68), on both databases."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from kb.actions.cases import Answer, Who, add_note
from kb.actions.housekeeping import tidy
from kb.actions.quotes import answer_quote, offer_quote, quotes_of, withdraw_quote
from kb.actions.remote_sessions import LASTS, end_session, give_session, session_of
from kb.actions.technician_time import extend, log_time, time_of
from kb.mail import Letters
from kb.rules.cases import Actor, CaseState
from kb.rules.policy import Policy
from kb.rules.quotes import QuoteLine, QuoteState
from kb.store import Database
from kb.store.file_store import FileStore
from tests.actions.case_stories import Story, after, story
from tests.actions.people import NOW, SECRET, customer

DISK = (QuoteLine("New disk, delivered", Decimal("99.90")), QuoteLine("Visit", Decimal("60")))
TERMS = "Delivered in two days, installed by us, two years of warranty"


@pytest.fixture
def told(db: Database, policy: Policy, letters: Letters) -> Story:
    """A case of a request with sixty minutes of a technician."""
    request = replace(policy.requests["technical"], credit=timedelta(minutes=60))
    limited = replace(policy, requests={**policy.requests, "technical": request})
    return story(db, limited, letters)


def log(told: Story, minutes: int, form: str, at: int = 10, who: Who | None = None) -> Answer:
    return log_time(
        told.db,
        told.policy,
        who or told.irene,
        told.number,
        minutes,
        "Looked at the logs",
        submission_id=form,
        now=after(at),
    )


def give_more(
    told: Story, minutes: int, why: str = "Almost there", who: Who | None = None
) -> Answer:
    return extend(
        told.db,
        told.policy,
        who or told.irene,
        told.number,
        minutes,
        why,
        submission_id=f"more {minutes}",
        now=after(20),
    )


def left(told: Story) -> timedelta | None:
    return time_of(told.db, told.policy, told.view.case)[1].left


def offer(told: Story, form: str = "a quote", **changes: Any) -> Answer:
    wanted: dict[str, Any] = {"currency": "EUR", "terms": TERMS, "days": 15, **changes}
    lines = wanted.pop("lines", DISK)
    now = wanted.pop("now", after(30))
    return offer_quote(
        told.db, told.letters, told.irene, told.number, lines, submission_id=form, now=now, **wanted
    )


def answers(told: Story, *, accepts: bool, who: Who | None = None, at: float = 40) -> Answer:
    quote = quotes_of(told.db, told.number)[-1]
    return answer_quote(
        told.db,
        told.letters,
        who or told.ana,
        told.number,
        quote.id,
        accepts=accepts,
        now=after(at),
    )


def test_R65_time_counts_from_the_first_contact_and_stops_at_the_credit(told: Story) -> None:
    assert log(told, 45, "before") is Answer.DONE
    assert left(told) == timedelta(minutes=60)
    told.says(told.irene, 5)
    assert log(told, 50, "first") is Answer.DONE
    assert log(told, 50, "first") is Answer.AGAIN
    assert log(told, 11, "too long") is Answer.NOT_ALLOWED
    assert left(told) == timedelta(minutes=10)
    assert give_more(told, 30) is Answer.DONE
    assert log(told, 11, "too long") is Answer.DONE
    assert left(told) == timedelta(minutes=29)
    assert ("extended", "", "30") in told.events


@pytest.mark.parametrize("minutes", [0, -5, 24 * 60 + 1])
def test_no_sound_number_of_minutes(told: Story, minutes: int) -> None:
    assert log(told, minutes, "x") is Answer.EMPTY
    assert give_more(told, minutes) is Answer.EMPTY


def test_time_is_the_agents(told: Story) -> None:
    assert log(told, 5, "x", who=told.ana) is Answer.NOT_FOUND
    assert give_more(told, 5, who=told.ana) is Answer.NOT_FOUND
    assert give_more(told, 5, why=" ") is Answer.EMPTY
    told.moves(told.irene, CaseState.RESOLVED, 30)
    assert give_more(told, 5) is Answer.NOT_ALLOWED


def test_a_request_without_credit_has_nothing_to_extend(
    db: Database, policy: Policy, letters: Letters
) -> None:
    free = story(db, policy, letters)
    assert give_more(free, 5) is Answer.NOT_ALLOWED
    free.says(free.irene, 1)
    assert log(free, 600, "long") is Answer.DONE
    assert left(free) is None


def test_two_technicians_at_once_do_not_spend_the_same_minutes(told: Story) -> None:
    told.says(told.irene, 5)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda n: log(told, 25, f"form {n}"), range(4)))
    assert sorted(found) == [Answer.DONE] * 2 + [Answer.NOT_ALLOWED] * 2
    assert left(told) == timedelta(minutes=10)


def test_R71_a_quote_is_offered_mailed_and_accepted_once(told: Story) -> None:
    assert offer(told) is Answer.DONE
    assert offer(told) is Answer.AGAIN
    assert told.view.case.state is CaseState.ESCALATED_TO_SALES
    (mail,) = told.mails("case-quote")
    assert "159,90" in mail.text or "159.90" in mail.text
    assert answers(told, accepts=True) is Answer.DONE
    assert answers(told, accepts=True) is Answer.AGAIN
    assert answers(told, accepts=False) is Answer.NOT_ALLOWED
    (quote,) = quotes_of(told.db, told.number)
    assert (quote.state, quote.amount) == (QuoteState.ACCEPTED, Decimal("159.90"))
    assert ("quote", "offered", "accepted") in told.events
    assert len(told.mails("quote-answered")) == 1
    assert len(told.mails("agent-quote")) == 1


def test_a_quote_that_is_declined_costs_nothing(told: Story) -> None:
    offer(told)
    assert answers(told, accepts=False) is Answer.DONE
    assert answers(told, accepts=True) is Answer.NOT_ALLOWED
    assert quotes_of(told.db, told.number)[0].state is QuoteState.DECLINED


def test_accepting_and_declining_at_once_leaves_one_answer(told: Story) -> None:
    offer(told)
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda yes: answers(told, accepts=yes), [True, False]))
    assert sorted(found) == [Answer.DONE, Answer.NOT_ALLOWED]
    assert len(told.mails("quote-answered")) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"lines": ()},
        {"lines": (QuoteLine("Disk", Decimal("-1")),)},
        {"terms": " "},
        {"days": 0},
        {"days": 91},
        {"currency": ""},
    ],
)
def test_what_cannot_be_offered(told: Story, changes: dict[str, Any]) -> None:
    assert offer(told, **changes) is Answer.EMPTY
    assert quotes_of(told.db, told.number) == ()
    assert told.view.case.state is CaseState.NEW


def test_a_quote_ends_by_its_time_by_a_new_one_or_by_its_maker(told: Story) -> None:
    offer(told)
    assert answers(told, accepts=True, at=30 + 15 * 1440 + 1) is Answer.NOT_ALLOWED
    offer(told, form="a better one")
    first, second = quotes_of(told.db, told.number)
    assert (first.state, second.state) == (QuoteState.WITHDRAWN, QuoteState.OFFERED)
    take = (told.db, told.irene, told.number, second.id, after(50))
    assert withdraw_quote(*take) is Answer.DONE
    assert withdraw_quote(*take) is Answer.NOT_ALLOWED
    assert answers(told, accepts=True, at=51) is Answer.NOT_ALLOWED


def test_somebody_elses_quote_is_not_there(told: Story) -> None:
    offer(told)
    luis = Who(Actor.CUSTOMER, customer(told.db, "luis@example.com"))
    assert answers(told, accepts=True, who=luis) is Answer.NOT_FOUND
    assert answers(told, accepts=True, who=told.irene) is Answer.NOT_FOUND
    assert withdraw_quote(told.db, told.ana, told.number, 1, NOW) is Answer.NOT_FOUND
    told.moves(told.irene, CaseState.RESOLVED, 39)
    assert answers(told, accepts=True) is Answer.NOT_ALLOWED
    assert offer(told, form="late") is Answer.NOT_ALLOWED


def give(told: Story, who: Who, **changes: Any) -> Answer:
    said = {"tool": "Screenbridge", "id_": "912 333 018", "password": "xoot-7731", **changes}
    return give_session(told.db, SECRET, who, told.number, now=after(10), **said)


def test_R68_a_session_is_sealed_expires_and_is_in_no_mail(told: Story, tmp_path: Path) -> None:
    assert give(told, told.ana) is Answer.DONE
    add_note(told.db, told.irene, told.number, "On it", submission_id=None, now=after(11))
    told.says(told.irene, 12)
    told.moves(told.irene, CaseState.ON_HOLD, 13)
    seen = session_of(told.db, SECRET, told.number, after(20))
    assert seen
    assert (seen.id, seen.password) == ("912 333 018", "xoot-7731")
    for secret_word in ("xoot-7731", "912 333 018"):
        assert all(secret_word not in f"{m.subject}{m.text}{m.html}" for m in told.mails())
        assert all(secret_word not in f"{m.body}{m.event}" for m in told.view.messages)
    with told.db.read() as conn:
        kept = conn.execute(text("SELECT sealed FROM remote_session")).scalar_one()
    assert "xoot" not in kept
    assert session_of(told.db, "another secret", told.number, after(20)) is None
    late = after(10) + LASTS
    assert session_of(told.db, SECRET, told.number, late) is None
    tidy(told.db, FileStore(tmp_path), late)
    with told.db.read() as conn:
        assert conn.execute(text("SELECT count(*) FROM remote_session")).scalar_one() == 0


def test_a_session_is_replaced_ended_and_only_of_living_cases(told: Story) -> None:
    assert give(told, told.ana, tool=" ") is Answer.EMPTY
    luis = Who(Actor.CUSTOMER, customer(told.db, "luis@example.com"))
    assert give(told, luis) is Answer.NOT_FOUND
    give(told, told.ana)
    assert give(told, told.irene, id_="2") is Answer.DONE
    seen = session_of(told.db, SECRET, told.number, after(20))
    assert seen
    assert seen.id == "2"
    assert end_session(told.db, luis, told.number, after(21)) is Answer.NOT_FOUND
    assert end_session(told.db, told.ana, told.number, after(21)) is Answer.DONE
    assert end_session(told.db, told.ana, told.number, after(21)) is Answer.AGAIN
    told.moves(told.irene, CaseState.RESOLVED, 30)
    assert give(told, told.ana) is Answer.CLOSED
