"""R47, R48: what customers and agents read of cases: their own, similar ones, the queue."""

from datetime import timedelta

import pytest

from kb.actions.cases import (
    NotOpened,
    QueueFilter,
    case_for,
    case_for_agent,
    cases_of,
    queue_counts,
    queue_page,
    similar_cases,
)
from kb.mail import Letters
from kb.rules.policy import Policy
from kb.store import Database, outbox
from tests.actions.people import (
    KEY,
    NOW,
    agent,
    customer,
    own,
)
from tests.actions.test_cases import number_of, opens, wish


@pytest.fixture
def ana(db: Database) -> int:
    return customer(db)


@pytest.fixture
def asset(db: Database, policy: Policy, ana: int) -> int:
    return own(db, policy, ana, plan="premier")


def test_nothing_typed_becomes_a_header(
    db: Database, policy: Policy, letters: Letters, ana: int, asset: int
) -> None:
    title = "Falla\r\nBcc: all@example.com\r\n\r\nhola {{ 7*7 }}"
    number = number_of(opens(db, policy, letters, ana, wish(asset), title=title))
    with db.read() as conn:
        (mail,) = outbox.all_mail(conn)
    assert "\n" not in mail.subject
    assert "Bcc: all@example.com hola {{ 7*7 }}" in mail.subject
    assert f"[#{number} · " in mail.subject


def test_a_stranger_sees_no_case(
    db: Database, policy: Policy, letters: Letters, ana: int, asset: int
) -> None:
    luis = customer(db, "luis@example.com")
    number = number_of(opens(db, policy, letters, ana, wish(asset)))
    assert case_for(db, luis, number) is None
    assert case_for(db, ana, number + 1) is None
    assert case_for_agent(db, number + 1) is None
    assert cases_of(db, luis) == ()
    assert [case.number for case in cases_of(db, ana)] == [number]


def test_r47_the_customers_own_living_cases_are_compared(
    db: Database, policy: Policy, letters: Letters, ana: int, asset: int
) -> None:
    luis = customer(db, "luis@example.com")
    own(db, policy, luis, "NBS12" + "L" * 20)
    mine = number_of(opens(db, policy, letters, ana, wish(asset), title="La copia se detiene"))
    opens(db, policy, letters, ana, wish(asset), title="No arranca tras recuperar")
    found = similar_cases(db, ana, "Las copias nocturnas se detienen")
    assert [case.number for case in found] == [mine]
    assert similar_cases(db, luis, "La copia se detiene") == ()
    assert similar_cases(db, ana, "") == ()


def test_the_queue_is_sorted_by_urgency(
    db: Database, policy: Policy, letters: Letters, ana: int, asset: int
) -> None:
    irene = agent(db)
    mild = number_of(opens(db, policy, letters, ana, wish(asset), severity="D", title="mild"))
    late = number_of(opens(db, policy, letters, ana, wish(asset), now=NOW, title="100% later"))
    soon = number_of(
        opens(db, policy, letters, ana, wish(asset), now=NOW - timedelta(hours=1), title="sooner")
    )
    page = queue_page(db, QueueFilter())
    assert [row.number for row in page.rows] == [soon, late, mild]
    assert page.rows[0].due_at == NOW
    assert page.rows[0].requester_name == "Ana Prieto"
    assert [row.number for row in queue_page(db, QueueFilter(severity="D")).rows] == [mild]
    assert [row.number for row in queue_page(db, QueueFilter(words=f"#{late}")).rows] == [late]
    assert [row.number for row in queue_page(db, QueueFilter(words="100% ana")).rows] == [late]
    assert queue_page(db, QueueFilter(words="%")).total == 0  # no word that a case could have
    assert queue_page(db, QueueFilter(request="pre-sales")).rows == ()
    counts = queue_counts(db, irene, ("technical", "pre-sales"))
    assert (counts.total, counts.unassigned, counts.mine) == (3, 3, 0)
    assert counts.by_request == {"technical": 3, "pre-sales": 0}


def test_the_queue_has_pages(
    db: Database, policy: Policy, letters: Letters, ana: int, asset: int
) -> None:
    numbers = [number_of(opens(db, policy, letters, ana, wish(asset))) for _ in range(5)]
    pages = [queue_page(db, QueueFilter(), page, size=2) for page in (1, 2, 3, 99, 0)]
    assert [row.number for page in pages[:3] for row in page.rows] == numbers
    assert [page.page for page in pages] == [1, 2, 3, 3, 1]
    assert {page.pages for page in pages} == {3}
    assert queue_page(db, QueueFilter(words="nothing like this")).pages == 1


def test_a_key_registered_later_opens_the_door(
    db: Database, policy: Policy, letters: Letters, ana: int
) -> None:
    assert isinstance(opens(db, policy, letters, ana, wish(None)), NotOpened)
    asset = own(db, policy, ana, KEY)
    number_of(opens(db, policy, letters, ana, wish(asset)))
