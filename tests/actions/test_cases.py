"""R42–R50: a case is opened once or not at all, and only its owner sees it."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import func, select, text

from kb.actions.cases import (
    NotOpened,
    Opened,
    Walked,
    case_for,
    case_for_agent,
    open_case,
)
from kb.mail import Letters, fingerprint
from kb.rules.cases import CaseState, MessageKind
from kb.rules.contact import Wish
from kb.rules.entitlement import Refused
from kb.rules.policy import Policy
from kb.store import Database, audit, licences, outbox
from kb.store.tables import metadata
from tests.actions.people import (
    NOW,
    SECRET,
    case_form,
    customer,
    days_ago,
    give_credit,
    own,
)

HOME = "NHM27" + "A" * 59
WALK = Walked("backup-fails", "contact", (("¿Cuándo falla?", "Al empezar"),))
_submissions = count()


def wish(asset: int | None, topic: str = "backup") -> Wish:
    return Wish(request="technical", topic=topic, edition="full", asset=asset)


def opens(
    db: Database,
    policy: Policy,
    letters: Letters,
    user_id: int,
    wanted: Wish,
    submission: str | None = None,
    **changes: Any,
) -> Opened | NotOpened:
    walk = changes.pop("walk", None)
    now = changes.pop("now", NOW)
    return open_case(
        db,
        policy,
        letters,
        user_id,
        wanted,
        case_form(**changes),
        submission_id=submission or f"form-{next(_submissions)}",
        now=now,
        walk=walk,
    )


def number_of(opened: Opened | NotOpened) -> int:
    assert isinstance(opened, Opened), opened
    return opened.number


@pytest.fixture
def ana(db: Database) -> int:
    return customer(db)


@pytest.fixture
def asset(db: Database, policy: Policy, ana: int) -> int:
    return own(db, policy, ana, plan="premier")


def rows(db: Database) -> dict[str, int]:
    """How many rows each table has."""
    with db.read() as conn:
        return {
            name: conn.execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in metadata.tables.items()
        }


def test_r44_r49_a_case_has_its_whole_story(
    db: Database, policy: Policy, letters: Letters, ana: int, asset: int
) -> None:
    number = number_of(opens(db, policy, letters, ana, wish(asset), walk=WALK))
    view = case_for(db, ana, number)
    assert view
    assert view.case.state is CaseState.NEW
    assert (view.case.product, view.case.version, view.case.plan) == (
        "backup-server",
        "12",
        "premier",
    )
    assert view.case.details == {"environment": "Windows Server 2022"}
    assert view.case.entitlement["rule"] == "plan"
    assert view.case.entitlement["facts"]["plan_state"] == "active"
    assert view.case.policy_revision == policy.revision
    assert view.walk
    assert view.walk.trail == [{"question": "¿Cuándo falla?", "answer": "Al empezar"}]
    assert [message.kind for message in view.messages] == [MessageKind.REPLY, MessageKind.EVENT]
    assert view.messages[0].body == "Cada noche se detiene a las 02:10 con E000101F4."
    assert view.messages[0].author_name == "Ana Prieto"
    with db.read() as conn:
        (event,) = audit.of_subject(conn, f"case:{number}")
    assert (event.what, event.actor_id) == ("case.open", ana)


def test_r44_the_number_is_mailed_in_the_requesters_language(
    db: Database, policy: Policy, letters: Letters, ana: int, asset: int
) -> None:
    number = number_of(opens(db, policy, letters, ana, wish(asset)))
    with db.read() as conn:
        (mail,) = outbox.all_mail(conn)
    assert mail.subject.startswith(f"Caso {number}: La copia nocturna se detiene")
    subject = fingerprint.marks_in(SECRET, mail.subject, "", "")  # R46
    address = fingerprint.marks_in(SECRET, "", mail.headers["Reply-To"], "")
    assert subject.numbers == address.numbers == {number}
    assert "Norvault Backup Server 12" in mail.text
    assert "Primera respuesta en una hora" in mail.text
    assert f"https://help.example.com/es/my/cases/{number}" in mail.text
    assert (mail.recipient, mail.case_number) == ("ana@example.com", number)
    english = number_of(opens(db, policy, letters, ana, wish(asset), lang="en", severity="D"))
    with db.read() as conn:
        mail = outbox.all_mail(conn, case_number=english)[0]
    assert "no time is promised" in mail.text


def test_the_mail_goes_to_the_confirmed_address_only(
    db: Database, policy: Policy, letters: Letters, ana: int, asset: int
) -> None:
    number = number_of(opens(db, policy, letters, ana, wish(asset), email="victim@example.org"))
    with db.read() as conn:
        assert [mail.recipient for mail in outbox.all_mail(conn)] == ["ana@example.com"]
    view = case_for_agent(db, number)
    assert view
    assert view.case.contact["email"] == "victim@example.org"


def test_numbers_are_eight_digits_and_never_used_twice(
    db: Database, policy: Policy, letters: Letters, ana: int, asset: int
) -> None:
    first = number_of(opens(db, policy, letters, ana, wish(asset)))
    with db.write() as conn:
        for table in ("outbox", "case_message", "case_milestone", '"case"'):
            conn.execute(text(f"DELETE FROM {table}"))  # noqa: S608 # names of this test
    second = number_of(opens(db, policy, letters, ana, wish(asset)))
    assert 10_000_000 <= first < second <= 99_999_999


@pytest.mark.parametrize(
    ("sold", "severity", "promised"),
    [
        pytest.param({"plan": "premier"}, "A", timedelta(hours=1), id="R14 Premier, A"),
        pytest.param({"plan": "premier"}, "B", None, id="R33-R36 B has no promised time"),
        pytest.param({"plan": "standard"}, "A", timedelta(days=1), id="R13 Standard, A"),
    ],
)
def test_the_first_response_is_promised_by_the_plan(
    db: Database,
    policy: Policy,
    letters: Letters,
    ana: int,
    sold: dict[str, str],
    severity: str,
    promised: timedelta | None,
) -> None:
    asset = own(db, policy, ana, **sold)
    number = number_of(opens(db, policy, letters, ana, wish(asset), severity=severity))
    view = case_for(db, ana, number)
    assert view
    due = [one.due_at for one in view.milestones]
    assert due == ([NOW + promised] if promised else [])


def test_the_same_form_twice_makes_one_case(
    db: Database, policy: Policy, letters: Letters, ana: int, asset: int
) -> None:
    first = opens(db, policy, letters, ana, wish(asset), "the-form")
    before = rows(db)
    again = opens(db, policy, letters, ana, wish(asset), "the-form", title="changed")
    assert again == Opened(number_of(first), again=True)
    assert rows(db) == before


def test_the_same_form_at_the_same_moment_makes_one_case(
    db: Database, policy: Policy, letters: Letters, ana: int
) -> None:
    asset = own(db, policy, ana, HOME, product="home", version="2027", sold_on=days_ago(90))
    give_credit(db, ana, asset)

    def send(_number: int) -> Opened | NotOpened:
        return opens(db, policy, letters, ana, wish(asset), "the-form")

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(send, range(8)))
    assert len({number_of(answer) for answer in answers}) == 1
    assert sum(isinstance(answer, Opened) and not answer.again for answer in answers) == 1
    counted = rows(db)
    assert (counted["case"], counted["outbox"], counted["case_message"]) == (1, 1, 2)


def test_two_people_may_send_the_same_form_id(
    db: Database, policy: Policy, letters: Letters, ana: int, asset: int
) -> None:
    luis = customer(db, "luis@example.com")
    service = Wish(request="customer-service", topic="downloads")
    first = number_of(opens(db, policy, letters, ana, service, "same", severity="D"))
    second = number_of(opens(db, policy, letters, luis, service, "same", severity="D"))
    assert first != second


def test_r28_a_credit_is_spent_on_exactly_one_case(
    db: Database, policy: Policy, letters: Letters, ana: int
) -> None:
    asset = own(db, policy, ana, HOME, product="home", version="2027", sold_on=days_ago(90))
    give_credit(db, ana, asset)
    with ThreadPoolExecutor(6) as pool:
        tries = pool.map(lambda _: opens(db, policy, letters, ana, wish(asset)), range(6))
        answers = list(tries)
    opened = [answer for answer in answers if isinstance(answer, Opened)]
    refused = [answer for answer in answers if isinstance(answer, NotOpened)]
    assert (len(opened), len(refused)) == (1, 5)
    assert all(isinstance(one.outcome.decision, Refused) for one in refused)
    view = case_for(db, ana, opened[0].number)
    assert view
    assert view.case.entitlement["grant"]["uses_credit"] is True
    with db.read() as conn:
        assert licences.unused_credits(conn, ana) == ()
    assert rows(db)["case"] == rows(db)["outbox"] == 1


def test_a_free_grant_spends_no_credit(
    db: Database, policy: Policy, letters: Letters, ana: int
) -> None:
    asset = own(db, policy, ana, HOME, product="home", version="2027", sold_on=days_ago(90))
    give_credit(db, ana, asset)
    number_of(opens(db, policy, letters, ana, wish(asset, "recovery")))  # R20
    with db.read() as conn:
        assert len(licences.unused_credits(conn, ana)) == 1


@pytest.mark.parametrize(
    ("sold", "channel"),
    [
        pytest.param({"sold_on": days_ago(500)}, "email", id="R17 plan expired"),
        pytest.param({"version": "10", "plan_days": 9999}, "email", id="R27 old version"),
        pytest.param({}, "messaging", id="a channel nobody granted"),
        pytest.param({}, "nonsense", id="no channel at all"),
    ],
)
def test_the_page_is_not_trusted(
    db: Database, policy: Policy, letters: Letters, ana: int, sold: dict[str, Any], channel: str
) -> None:
    asset = own(db, policy, ana, **sold)
    before = rows(db)
    answer = opens(db, policy, letters, ana, wish(asset), channel=channel)
    assert isinstance(answer, NotOpened)
    assert rows(db) == before


def test_somebody_elses_product_opens_nothing(
    db: Database, policy: Policy, letters: Letters, asset: int
) -> None:
    luis = customer(db, "luis@example.com")
    assert isinstance(opens(db, policy, letters, luis, wish(asset)), NotOpened)


def test_a_failure_leaves_nothing_behind(
    db: Database, policy: Policy, letters: Letters, ana: int, asset: int
) -> None:
    """The letter is the last step; where it cannot be written there is no case either."""
    nowhere = replace(letters, folders=())
    before = rows(db)
    with pytest.raises(Exception, match="case-opened"):
        opens(db, policy, nowhere, ana, wish(asset))
    assert rows(db) == before


def test_a_wrong_severity_is_the_topics_own(
    db: Database, policy: Policy, letters: Letters, ana: int, asset: int
) -> None:
    number = number_of(opens(db, policy, letters, ana, wish(asset, "scheduler"), severity="Z"))
    view = case_for(db, ana, number)
    assert view
    assert view.case.severity == "B"  # R34
