"""Organisations: contacts see what they may, and somebody else's is as if it were not there."""

import re
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import Connection, delete, update

from kb.actions import organisations
from kb.actions.assets import asset, assets_of
from kb.actions.cases import Opened, case_for, cases_of, open_case
from kb.actions.organisations import Answer
from kb.mail import Letters
from kb.rules.accounts import INVITATION_LIVES, INVITATIONS_BY_ORGANISATION, MAIL_BY_ADDRESS
from kb.rules.contact import Wish
from kb.rules.mail_threading import Why
from kb.rules.organisations import MemberRole
from kb.rules.policy import Policy
from kb.store import Database, cases, outbox, users
from kb.store.account_tables import invitation
from kb.store.mail_in import MailInState
from kb.store.tables import case
from tests.actions.mail_box import Sort
from tests.actions.people import NOW, SECRET, case_form, customer, own
from tests.mail.written import answer_to

SOURCE = "192.0.2.7"
BO = "bo@example.com"
_forms = count()


@pytest.fixture
def ana(db: Database) -> int:
    """An owner."""
    made = customer(db)
    assert organisations.found(db, made, " Prieto  y Cía ", bring=True, now=NOW) is Answer.DONE
    return made


def invite(
    db: Database, letters: Letters, owner: int, email: str = BO, *, sees_cases: bool = False
) -> Answer:
    return organisations.invite(
        db, letters, owner, email, sees_cases=sees_cases, lang="en", source=SOURCE, now=NOW
    )


def token_to(db: Database, address: str) -> str:
    with db.read() as conn:
        mails = [mail for mail in outbox.all_mail(conn) if mail.recipient == address]
    found = re.search(r"/account/invitation/(\S+)", mails[-1].text)
    assert found, mails[-1].text
    return found[1]


def joins(
    db: Database, letters: Letters, owner: int, email: str = BO, *, sees_cases: bool = False
) -> int:
    """Somebody is invited and accepts."""
    made = customer(db, email, first_name="Bo", last_name="Lind")
    assert invite(db, letters, owner, email, sees_cases=sees_cases) is Answer.DONE
    asked = organisations.accept(db, SECRET, made, token_to(db, email), NOW)
    assert asked.answer is Answer.DONE, asked
    return made


def opens(db: Database, policy: Policy, letters: Letters, user_id: int, asset_id: int) -> int:
    wish = Wish(request="technical", topic="backup", edition="full", asset=asset_id)
    made = open_case(
        db, policy, letters, user_id, wish, case_form(), submission_id=f"f{next(_forms)}", now=NOW
    )
    assert isinstance(made, Opened), made
    return made.number


def test_contacts_see_the_organisation_s_products(
    db: Database, policy: Policy, letters: Letters, ana: int
) -> None:
    bo = joins(db, letters, ana)
    product = own(db, policy, ana)
    assert [one.id for one in assets_of(db, bo)] == [product]
    assert asset(db, bo, product) is not None
    assert asset(db, customer(db, "eva@example.com"), product) is None


@pytest.mark.parametrize("sees", [False, True])
def test_a_contact_sees_cases_only_if_it_may(
    db: Database, policy: Policy, letters: Letters, ana: int, sees: bool
) -> None:
    bo = joins(db, letters, ana, sees_cases=sees)
    product = own(db, policy, ana)
    hers, his = (opens(db, policy, letters, who, product) for who in (ana, bo))
    assert (case_for(db, bo, hers) is not None) is sees
    assert case_for(db, bo, his) is not None
    assert {one.number for one in cases_of(db, ana)} == {hers, his}
    assert case_for(db, customer(db, "eva@example.com"), hers) is None
    organisations.set_member(db, ana, bo, role=MemberRole.CONTACT, sees_cases=not sees, now=NOW)
    assert (case_for(db, bo, hers) is not None) is not sees


def test_own_cases_stay_one_s_own(db: Database, policy: Policy, letters: Letters) -> None:
    ana = customer(db)
    product = own(db, policy, ana)
    private = opens(db, policy, letters, ana, product)
    organisations.found(db, ana, "Prieto", bring=False, now=NOW)
    bo = joins(db, letters, ana, sees_cases=True)
    assert case_for(db, bo, private) is None
    assert assets_of(db, bo) == ()
    assert organisations.bring_products(db, ana, NOW) == 1
    assert [one.id for one in assets_of(db, bo)] == [product]


def test_who_is_removed_sees_nothing_any_more(
    db: Database, policy: Policy, letters: Letters, ana: int
) -> None:
    bo = joins(db, letters, ana, sees_cases=True)
    product = own(db, policy, bo)
    number = opens(db, policy, letters, bo, product)
    assert organisations.remove(db, ana, bo, NOW) is Answer.DONE
    assert asset(db, bo, product) is None
    assert case_for(db, bo, number) is None
    assert asset(db, ana, product) is not None
    assert case_for(db, ana, number) is not None
    assert organisations.view(db, bo) is None


def test_the_mail_of_who_was_removed_is_held(
    db: Database, policy: Policy, letters: Letters, ana: int, sort: Sort
) -> None:
    """R46: they knew the mark, and their address was how they were reached about the case."""
    bo = joins(db, letters, ana, sees_cases=True)
    number = opens(db, policy, letters, bo, own(db, policy, bo))
    with db.write() as conn:
        about_bo = {"first_name": "Bo", "email": BO, "phone": "+1 555 0100", "country": "ES"}
        conn.execute(update(case).where(case.c.number == number).values(contact=about_bo))
    assert sort(answer_to(letters, number, sender=BO, text="One")).state is MailInState.JOINED
    organisations.remove(db, ana, bo, NOW)
    for text in ("Two", "Three"):
        found = sort(answer_to(letters, number, sender=BO, text=text))
        assert (found.state, found.why) == ("held", Why.NOT_ON_CASE)
        with db.write() as conn:
            known = cases.by_number(conn, number)
            assert known
            assert not any(BO in str(told) for told in known.contact.values()) or text == "Three"
            # as it stood in databases before it was forgotten
            conn.execute(update(case).where(case.c.number == number).values(contact=about_bo))


def test_an_invitation_that_is_taken_back_at_that_moment_lets_nobody_in(
    db: Database, letters: Letters, ana: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between reading an invitation and using it, its owner ends it, or the organisation."""
    bo = customer(db, BO)
    assert invite(db, letters, ana) is Answer.DONE
    read = organisations._asked

    def read_then_ended(conn: Connection, *given: Any) -> Any:
        answer = read(conn, *given)
        conn.execute(delete(invitation))
        return answer

    monkeypatch.setattr(organisations, "_asked", read_then_ended)
    assert organisations.accept(db, SECRET, bo, token_to(db, BO), NOW).answer is Answer.USED_LINK
    assert organisations.view(db, bo) is None


def test_an_invitation_works_once_and_for_its_address(
    db: Database, letters: Letters, ana: int
) -> None:
    eva, bo = customer(db, "eva@example.com"), customer(db, BO)
    invite(db, letters, ana)
    token = token_to(db, BO)
    asked = organisations.read_invitation(db, SECRET, eva, token, NOW)
    assert (asked.answer, asked.organisation) == (Answer.OTHER_ADDRESS, "")
    assert organisations.accept(db, SECRET, eva, token, NOW).answer is Answer.OTHER_ADDRESS
    asked = organisations.read_invitation(db, SECRET, bo, token, NOW)
    assert (asked.answer, asked.organisation) == (Answer.DONE, "Prieto y Cía")
    assert organisations.accept(db, SECRET, bo, token, NOW).answer is Answer.DONE
    assert organisations.accept(db, SECRET, bo, token, NOW).answer is Answer.USED_LINK
    organisations.remove(db, ana, bo, NOW)
    assert organisations.accept(db, SECRET, bo, token, NOW).answer is Answer.USED_LINK


def test_the_clock_either_side_of_an_invitation_s_end(
    db: Database, letters: Letters, ana: int
) -> None:
    bo = customer(db, BO)
    invite(db, letters, ana)
    token, over = token_to(db, BO), NOW + INVITATION_LIVES
    assert organisations.accept(db, SECRET, bo, token, over).answer is Answer.EXPIRED_LINK
    last = over - timedelta(seconds=1)
    assert organisations.accept(db, SECRET, bo, token, last).answer is Answer.DONE


@pytest.mark.parametrize("token", ["", "x", "W10.x", "WzEsMV0.AAAA", "é" * 300])
def test_a_forged_invitation_opens_nothing(db: Database, ana: int, token: str) -> None:
    bo = customer(db, BO)
    assert organisations.accept(db, SECRET, bo, token, NOW).answer is Answer.BAD_LINK


def test_a_withdrawn_or_newer_invitation_ends_the_link(
    db: Database, letters: Letters, ana: int
) -> None:
    bo = customer(db, BO)
    invite(db, letters, ana)
    first = token_to(db, BO)
    invite(db, letters, ana)
    assert organisations.accept(db, SECRET, bo, first, NOW).answer is Answer.USED_LINK
    view = organisations.view(db, ana)
    assert view
    (waiting,) = view.invitations
    assert organisations.withdraw(db, ana, waiting.id, NOW) is Answer.DONE
    second = token_to(db, BO)
    assert organisations.accept(db, SECRET, bo, second, NOW).answer is Answer.USED_LINK


def test_one_is_in_one_organisation_at_most(db: Database, letters: Letters, ana: int) -> None:
    bo = customer(db, BO)
    organisations.found(db, bo, "Lind", bring=True, now=NOW)
    assert organisations.found(db, bo, "Lind 2", bring=True, now=NOW) is Answer.ALREADY_IN_ONE
    invite(db, letters, ana)
    asked = organisations.accept(db, SECRET, bo, token_to(db, BO), NOW)
    assert asked.answer is Answer.ALREADY_IN_ONE
    assert invite(db, letters, ana, "ANA@example.com") is Answer.ALREADY_MEMBER


def test_contacts_and_strangers_change_nothing(db: Database, letters: Letters, ana: int) -> None:
    bo, eva = joins(db, letters, ana), customer(db, "eva@example.com")
    organisations.found(db, eva, "Elsewhere", bring=True, now=NOW)
    invite(db, letters, ana, "cy@example.com")
    view = organisations.view(db, ana)
    assert view
    (waiting,) = view.invitations
    for who in (bo, eva):
        changed = organisations.set_member(
            db, who, ana, role=MemberRole.CONTACT, sees_cases=False, now=NOW
        )
        assert changed is Answer.NOT_FOUND
        assert organisations.remove(db, who, ana, NOW) is Answer.NOT_FOUND
        assert organisations.withdraw(db, who, waiting.id, NOW) is Answer.NOT_FOUND
    assert organisations.rename(db, bo, "Bo's", NOW) is Answer.NOT_FOUND
    assert invite(db, letters, bo, "dee@example.com") is Answer.NOT_FOUND
    told = organisations.view(db, bo)
    assert told
    assert told.invitations == ()
    assert organisations.view(db, ana) == view


def test_an_organisation_keeps_an_owner(db: Database, letters: Letters, ana: int) -> None:
    bo = joins(db, letters, ana)
    assert organisations.leave(db, ana, NOW) is Answer.LAST_OWNER
    demoted = organisations.set_member(
        db, ana, ana, role=MemberRole.CONTACT, sees_cases=True, now=NOW
    )
    assert demoted is Answer.LAST_OWNER
    organisations.set_member(db, ana, bo, role=MemberRole.OWNER, sees_cases=True, now=NOW)
    assert organisations.leave(db, ana, NOW) is Answer.DONE
    assert organisations.view(db, ana) is None


def test_the_last_one_ends_it_and_keeps_what_there_is(
    db: Database, policy: Policy, letters: Letters, ana: int
) -> None:
    product = own(db, policy, ana)
    number = opens(db, policy, letters, ana, product)
    assert organisations.leave(db, ana, NOW) is Answer.DONE
    assert asset(db, ana, product) is not None
    assert case_for(db, ana, number) is not None


def test_inviting_has_an_end(db: Database, letters: Letters, ana: int) -> None:
    for _ in range(MAIL_BY_ADDRESS.tries):
        assert invite(db, letters, ana) is Answer.DONE
    assert invite(db, letters, ana) is Answer.TOO_MANY
    for number in range(INVITATIONS_BY_ORGANISATION.tries - MAIL_BY_ADDRESS.tries - 1):
        assert invite(db, letters, ana, f"p{number}@example.com") is Answer.DONE
    assert invite(db, letters, ana, "q@example.com") is Answer.TOO_MANY


def test_inviting_does_not_say_whether_there_is_an_account(
    db: Database, letters: Letters, ana: int
) -> None:
    customer(db, BO)
    assert invite(db, letters, ana) is invite(db, letters, ana, "nobody@example.com")
    assert invite(db, letters, ana, "no address") is Answer.BAD_EMAIL


def test_who_came_by_no_link_has_no_place(db: Database, ana: int) -> None:
    with db.read() as conn:
        assert users.by_id(conn, ana)
    assert organisations.leave(db, customer(db, BO), NOW) is Answer.NOT_FOUND
    assert organisations.bring_products(db, customer(db, "cy@example.com"), NOW) == 0
