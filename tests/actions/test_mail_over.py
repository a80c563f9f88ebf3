"""R66: mail to a case that is over; and who is on a case besides the account that opened it."""

from datetime import timedelta

import pytest

from kb.actions.case_work import Who, set_state
from kb.actions.cases import Opened, open_case
from kb.actions.mail_room import Mailroom
from kb.actions.mail_sorting import sort_mail
from kb.actions.mail_taking import take_mail
from kb.mail import Letters
from kb.rules.cases import GUARANTEE, Actor, CaseState
from kb.rules.contact import Wish
from kb.rules.mail_threading import Why
from kb.rules.organisations import MemberRole
from kb.rules.policy import Policy
from kb.store import Database, assets, cases, conversation, organisations, outbox
from kb.store.cases import Case
from kb.store.mail_in import MailInState
from tests.actions.mail_box import Sort, mails, newest, replies
from tests.actions.people import NOW, agent, case_form, customer, own
from tests.mail.written import answer_to


def finish(db: Database, policy: Policy, letters: Letters, number: int, to: CaseState) -> None:
    who = Who(Actor.AGENT, agent(db))
    for state in (CaseState.RESOLVED, CaseState.CLOSED):
        set_state(db, policy, letters, who, number, state, NOW)
        if state is to:
            return


def case_of(db: Database, number: int | None) -> Case:
    with db.read() as conn:
        case = cases.by_number(conn, number or 0)
    assert case
    return case


@pytest.fixture
def closed(db: Database, policy: Policy, letters: Letters, number: int) -> int:
    """Ana's case, closed."""
    finish(db, policy, letters, number, CaseState.CLOSED)
    return number


def test_r66_a_mail_within_the_guarantee_opens_the_case_again(
    db: Database, policy: Policy, letters: Letters, number: int, sort: Sort
) -> None:
    finish(db, policy, letters, number, CaseState.RESOLVED)
    assert sort(answer_to(letters, number)).state is MailInState.JOINED
    assert case_of(db, number).state is CaseState.OPEN


def test_r66_a_mail_to_a_closed_case_opens_a_linked_one(
    db: Database, letters: Letters, closed: int, sort: Sort
) -> None:
    found = sort(answer_to(letters, closed, text="Se detiene otra vez."))
    assert (found.state, found.why) == ("opened", Why.OVER)
    old, new = case_of(db, closed), case_of(db, found.case_number)
    assert old.state is CaseState.CLOSED
    assert new.number != closed
    assert (new.follows, new.title, new.asset_id) == (closed, old.title, old.asset_id)
    assert (new.severity, new.topic, new.channel) == (old.severity, old.topic, "email")
    assert replies(db, new.number) == ["Se detiene otra vez."]
    assert len(replies(db, closed)) == 1
    with db.read() as conn:
        (sent,) = outbox.all_mail(conn, case_number=new.number)
        events = [one.event or {} for one in conversation.messages_of(conn, closed)]
    assert sent.kind == "case-opened"
    assert {"what": "followed", "before": "", "after": str(new.number)} in events


def test_r66_a_second_answer_to_the_closed_case_goes_to_the_linked_one(
    db: Database, letters: Letters, closed: int, sort: Sort
) -> None:
    linked = sort(answer_to(letters, closed, text="Uno.")).case_number
    found = sort(answer_to(letters, closed, text="Dos."))
    assert (found.state, found.case_number) == ("joined", linked)
    assert replies(db, linked or 0) == ["Uno.", "Dos."]


def test_r66_past_the_guarantee_a_resolved_case_is_over_too(
    db: Database, policy: Policy, letters: Letters, number: int, room: Mailroom
) -> None:
    finish(db, policy, letters, number, CaseState.RESOLVED)
    later = NOW + GUARANTEE + timedelta(seconds=1)
    take_mail(db, answer_to(letters, number), "pipe", later)
    sort_mail(db, room, later)
    assert case_of(db, newest(db).case_number).follows == number


def test_r66_who_is_entitled_no_more_is_pointed_to_the_site_once(
    db: Database, policy: Policy, letters: Letters, sort: Sort
) -> None:
    luis = customer(db, "luis@example.com")
    asset = own(db, policy, luis, "NBS12-ABCDE-FGHJK-MNPQR-STVWZ")
    wish = Wish("technical", "full", asset=asset, topic="backup")
    opened = open_case(db, policy, letters, luis, wish, case_form(), submission_id="l", now=NOW)
    assert isinstance(opened, Opened)
    finish(db, policy, letters, opened.number, CaseState.CLOSED)
    buyer = customer(db, "buyer@example.com")
    with db.write() as conn:  # sold on: the product is somebody else's now
        assets.hand_over(conn, asset, buyer, None, NOW)
    before = mails(db)
    for text in ("uno", "dos"):
        found = sort(answer_to(letters, opened.number, sender="luis@example.com", text=text))
        assert (found.state, found.why) == ("answered", Why.OVER)
    assert mails(db) == [*before, "mail-case-over"]
    with db.read() as conn:
        sent = outbox.all_mail(conn)[-1]
    assert str(opened.number) in sent.subject
    assert "contact/" in sent.text
    assert sent.headers["Auto-Submitted"] == "auto-replied"


def test_r66_another_subject_to_a_closed_case_is_held(
    db: Database, letters: Letters, closed: int, sort: Sort
) -> None:
    assert sort(answer_to(letters, closed, subject="Otra avería")).why == Why.CHANGED_SUBJECT


@pytest.fixture
def with_contact(db: Database, policy: Policy, letters: Letters, ana: int) -> int:
    """A case of Ana's with another contact address."""
    with db.read() as conn:
        asset = assets.of_user(conn, ana)[0].id
    wish = Wish("technical", "full", asset=asset, topic="backup")
    form = case_form(email="Taller@example.net")
    opened = open_case(db, policy, letters, ana, wish, form, submission_id="c", now=NOW)
    assert isinstance(opened, Opened)
    return opened.number


def test_r46_the_contact_address_of_a_case_is_on_it(
    db: Database, letters: Letters, with_contact: int, ana: int, sort: Sort
) -> None:
    found = sort(answer_to(letters, with_contact, sender="taller@example.net"))
    assert (found.state, found.sender) == ("joined", "taller@example.net")
    with db.read() as conn:
        said = [one for one in conversation.messages_of(conn, with_contact) if one.body]
    assert (said[-1].author_id, said[-1].actor) == (ana, Actor.CUSTOMER)


def test_r46_the_contact_address_is_on_no_other_case(
    letters: Letters, with_contact: int, number: int, sort: Sort
) -> None:
    found = sort(answer_to(letters, number, sender="taller@example.net"))
    assert (found.state, found.why) == ("held", Why.NOT_ON_CASE)
    forged = answer_to(letters, with_contact, sender="taller@example.net").replace(
        f"+{with_contact}.".encode(), f"+{number}.".encode()
    )
    assert sort(forged).why == Why.FORGED


@pytest.mark.parametrize(
    ("sees_cases", "state", "why"),
    [(True, MailInState.JOINED, Why.TOKEN), (False, MailInState.HELD, Why.NOT_ON_CASE)],
)
def test_r46_contacts_of_the_organisation_are_on_its_cases_if_they_may_see_them(
    db: Database,
    letters: Letters,
    number: int,
    ana: int,
    sort: Sort,
    sees_cases: bool,
    state: MailInState,
    why: Why,
) -> None:
    berta = customer(db, "berta@example.com", first_name="Berta")
    with db.write() as conn:
        made = organisations.found(conn, "Prieto", ana, NOW)
        assert made
        organisations.join(conn, made, berta, MemberRole.CONTACT, sees_cases, NOW)
        cases.change(conn, number, NOW, organisation_id=made)
    found = sort(answer_to(letters, number, sender="berta@example.com", text="Soy Berta."))
    assert (found.state, found.why) == (state, why)
    with db.read() as conn:
        last = [one for one in conversation.messages_of(conn, number) if one.body][-1]
    assert (last.author_id == berta) is sees_cases
