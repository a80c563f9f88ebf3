"""R64: no case without the consents its request asks for, whatever way it comes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from kb.actions.case_follow import follow
from kb.actions.case_work import Who, set_state
from kb.actions.cases import NotOpened, Opened, case_for, case_for_agent, open_case
from kb.actions.mail_desk import make_case, view_mail
from kb.actions.mail_effects import Mailroom
from kb.actions.mail_sorting import sort_mail
from kb.actions.mail_taking import take_mail
from kb.mail import Letters
from kb.rules.cases import Actor, CaseState
from kb.rules.consent import Consent, seal_of
from kb.rules.contact import Wish
from kb.rules.mail_threading import Why
from kb.rules.policy import Policy
from kb.rules.texts import Text
from kb.store import Database, assets, cases, mail_in, outbox
from kb.store.consent_tables import consent_text
from kb.store.consents import Agreed
from kb.store.file_store import FileStore
from kb.store.mail_in import MailIn, MailInState
from kb.store.tables import case
from tests.actions.people import NOW, agent, case_form, customer, give_credit, own
from tests.mail.written import mail

Try = Callable[..., Opened | NotOpened]


def consent(version: int, *requests: str) -> Consent:
    made = Consent(
        id="conditions",
        version=version,
        day=date(2026, 11, version),
        title=Text({"es": "Condiciones", "en": "Conditions"}),
        points=(Text({"es": f"Punto {version}", "en": f"Point {version}"}),),
        requests=requests,
    )
    return replace(made, seal=seal_of(made))


@pytest.fixture
def strict(policy: Policy) -> Policy:
    """The vendor's policy, had it conditions for technical cases."""
    return replace(policy, consents=(consent(2, "technical"),))


@pytest.fixture
def ana(db: Database, policy: Policy) -> int:
    user = customer(db)
    own(db, policy, user)
    return user


@pytest.fixture
def wish(db: Database, ana: int) -> Wish:
    with db.read() as conn:
        asset = assets.of_user(conn, ana)[0].id
    return Wish("technical", "full", asset=asset, topic="backup")


@pytest.fixture
def opens(db: Database, letters: Letters, ana: int, wish: Wish) -> Try:
    def opened(
        policy: Policy, *agreed: str, form: str = "one", to: Wish = wish
    ) -> Opened | NotOpened:
        typed = case_form(agreed=agreed)
        return open_case(db, policy, letters, ana, to, typed, submission_id=form, now=NOW)

    return opened


def count(db: Database) -> int:
    with db.read() as conn:
        return int(conn.execute(select(func.count()).select_from(case)).scalar_one())


def test_R64_without_the_seal_nothing_is_stored(db: Database, strict: Policy, opens: Try) -> None:
    for agreed in ((), ("",), (consent(1, "technical").seal,), ("2-00000000",)):
        refused = opens(strict, *agreed)
        assert isinstance(refused, NotOpened)
        assert [one.id for one in refused.lacking] == ["conditions"]
    assert count(db) == 0
    with db.read() as conn:
        assert not outbox.all_mail(conn)


def test_R64_what_was_agreed_to_is_told_to_customer_and_agent(
    db: Database, strict: Policy, opens: Try, ana: int
) -> None:
    opened = opens(strict, strict.consents[0].seal)
    assert isinstance(opened, Opened)
    mine, theirs = case_for(db, ana, opened.number), case_for_agent(db, opened.number)
    assert mine
    assert theirs
    assert mine.agreed == theirs.agreed
    (kept,) = mine.agreed
    seal = strict.consents[0].seal
    assert kept == Agreed(
        "conditions", 2, date(2026, 11, 2), seal, "es", "Condiciones", ["Punto 2"], NOW
    )


def test_R64_a_later_version_leaves_older_cases_as_they_were(
    db: Database, strict: Policy, opens: Try, ana: int
) -> None:
    first = opens(strict, strict.consents[0].seal)
    newer = replace(strict, consents=(consent(3, "technical"),))
    assert isinstance(opens(newer, strict.consents[0].seal, form="two"), NotOpened)
    second = opens(newer, newer.consents[0].seal, form="three")
    third = opens(newer, newer.consents[0].seal, form="four")
    versions = [case_for(db, ana, one.number).agreed[0].version for one in (first, second, third)]  # type: ignore[union-attr]
    assert versions == [2, 3, 3]
    with db.read() as conn:  # the words of a version are there once
        assert conn.execute(select(func.count()).select_from(consent_text)).scalar_one() == 2


def test_R64_the_same_form_twice_is_one_case_with_one_consent(
    db: Database, strict: Policy, opens: Try, ana: int
) -> None:
    seal = strict.consents[0].seal
    assert isinstance(opens(strict, seal), Opened)
    again = opens(strict, seal)
    assert isinstance(again, Opened)
    assert again.again
    view = case_for(db, ana, again.number)
    assert view
    assert len(view.agreed) == 1


def test_R64_a_request_that_asks_for_nothing_keeps_nothing(
    db: Database, strict: Policy, opens: Try, ana: int
) -> None:
    opened = opens(strict, to=Wish("customer-service", topic="downloads"))
    assert isinstance(opened, Opened)
    view = case_for(db, ana, opened.number)
    assert view
    assert view.agreed == ()


def test_R64_a_paid_incident_is_not_used_up_without_consent(
    db: Database, policy: Policy, strict: Policy, letters: Letters
) -> None:
    buyer = customer(db, "luis@example.com")
    asset = own(db, policy, buyer, "NHM27" + "B" * 59, product="home", version="2027")
    give_credit(db, buyer, asset)
    to = Wish("technical", "full", asset=asset, topic="backup")

    def tries(agreed: tuple[str, ...], form: str) -> Opened | NotOpened:
        typed = case_form(channel="phone", agreed=agreed)
        return open_case(db, strict, letters, buyer, to, typed, submission_id=form, now=NOW)

    assert isinstance(tries((), "one"), NotOpened)
    assert isinstance(tries((strict.consents[0].seal,), "two"), Opened)


def test_R64_a_case_that_goes_on_from_another_asks_again(
    db: Database, strict: Policy, letters: Letters, opens: Try, ana: int
) -> None:
    seal = strict.consents[0].seal
    opened = opens(strict, seal)
    assert isinstance(opened, Opened)
    who = Who(Actor.AGENT, agent(db))
    for state in (CaseState.RESOLVED, CaseState.CLOSED):
        set_state(db, strict, letters, who, opened.number, state, NOW)
    with db.read() as conn:
        finished = cases.by_number(conn, opened.number)
    assert finished

    def goes_on(form: str, *agreed: str) -> Opened | NotOpened:
        return follow(
            db, strict, letters, ana, finished, "Otra vez",
            lang="es", submission_id=form, now=NOW + timedelta(days=1), agreed=agreed,
        )  # fmt: skip

    assert isinstance(goes_on("a"), NotOpened)
    assert isinstance(goes_on("b", seal), Opened)


def arrives(db: Database, policy: Policy, letters: Letters, folder: Path) -> MailIn:
    room = Mailroom(policy, letters, FileStore(folder), ("es", "en"))
    assert take_mail(db, mail(subject="No arranca"), "pipe", NOW)
    while sort_mail(db, room, NOW):
        pass
    with db.read() as conn:
        return mail_in.page(conn, tuple(MailInState), offset=0, limit=1)[0]


def test_R64_a_mail_cannot_agree_and_is_pointed_to_the_form(
    db: Database, strict: Policy, letters: Letters, ana: int, tmp_path: Path
) -> None:
    found = arrives(db, strict, letters, tmp_path)
    assert (found.state, found.why) == (MailInState.ANSWERED, Why.CONSENT)
    assert count(db) == 0
    with db.read() as conn:
        (sent,) = outbox.all_mail(conn)
    assert sent.kind == "mail-consent"
    assert "/es/contact/" in sent.text
    assert "No arranca" not in sent.text  # nothing of the sender's goes back


def test_R64_an_agent_cannot_agree_for_the_sender_of_a_mail(
    db: Database, strict: Policy, letters: Letters, ana: int, tmp_path: Path
) -> None:
    found = arrives(db, strict, letters, tmp_path)
    view = view_mail(db, strict, found.id, NOW)
    assert view
    assert all(one.wish.request != "technical" for one in view.possible)
    room = Mailroom(strict, letters, FileStore(tmp_path), ("es", "en"))
    with db.read() as conn:
        asset = assets.of_user(conn, ana)[0].id
    assert make_case(db, room, agent(db), found.id, f"technical:{asset}", NOW) is None
    assert count(db) == 0


def test_a_site_without_consents_takes_mail_as_before(
    db: Database, policy: Policy, letters: Letters, ana: int, tmp_path: Path
) -> None:
    assert arrives(db, policy, letters, tmp_path).state is MailInState.OPENED
