"""Several at work on the same cases at the same moment: on PostgreSQL each locks what it wants one
after the other, and no two may wait for each other (SQLite writes one after the other anyway)."""

from collections.abc import Callable
from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import Connection, text

from kb.actions.account_erase import Farewell, delete_account
from kb.actions.case_terms import merge
from kb.actions.case_timers import escalate_due
from kb.actions.cases import Opened, Who, case_for_agent, open_case, reply, set_state
from kb.actions.chat_signs import agent_at_desk, takes_chats
from kb.actions.mail_room import Mailroom
from kb.actions.mail_sorting import sort_mail
from kb.actions.mail_taking import take_mail
from kb.actions.organisations import remove, rename
from kb.mail import Letters
from kb.rules.cases import Actor, CaseState, MessageKind
from kb.rules.contact import Wish
from kb.rules.organisations import MemberRole
from kb.rules.policy import Policy
from kb.store import (
    Crossed,
    Database,
    assets,
    cases,
    chats,
    conversation,
    mail_in,
    milestones,
    organisations,
)
from kb.store.mail_in import MailInState
from tests.actions.mail_box import mails, replies
from tests.actions.people import NOW, agent, case_form, customer
from tests.mail.written import answer_to, mail

ON_POSTGRES = pytest.mark.parametrize(
    "database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)
_WAITING = text(
    "SELECT count(*) FROM pg_stat_activity "
    "WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


class Beside:
    """Something done in a thread of its own, until it has ended or waits for a lock."""

    def __init__(self, db: Database, deed: Callable[[], Any]) -> None:
        self.answer: Any = None
        self._deed = deed
        self._thread = Thread(target=self._do)
        self._thread.start()
        while self._thread.is_alive() and not self._waits(db):
            self._thread.join(0.02)

    def _do(self) -> None:
        try:
            self.answer = self._deed()
        except Exception as error:
            self.answer = error

    def _waits(self, db: Database) -> bool:
        with db.read() as conn:
            return bool(conn.execute(_WAITING).scalar_one())

    def ended(self) -> Any:
        """What came of it."""
        self._thread.join()
        return self.answer


@pytest.fixture
def open_one(db: Database, policy: Policy, letters: Letters, ana: int) -> Callable[..., int]:
    """Open one more case of Ana's."""
    with db.read() as conn:
        asset = assets.of_user(conn, ana)[0].id
    wish = Wish("technical", "full", asset=asset, topic="backup")

    def opened(form: str, **changes: Any) -> int:
        made = open_case(
            db, policy, letters, ana, wish, case_form(**changes), submission_id=form, now=NOW
        )
        assert isinstance(made, Opened)
        return made.number

    return opened


def say(conn: Connection, number: int, user_id: int) -> None:
    said = conversation.say(
        conn, number, MessageKind.REPLY, Actor.CUSTOMER, user_id, "Sigue.", NOW, "form"
    )
    assert said is not None


@ON_POSTGRES
def test_an_account_is_deleted_while_its_answer_arrives(
    db: Database, policy: Policy, letters: Letters, ana: int, number: int
) -> None:
    with db.write() as conn:
        cases.lock(conn, number)
        farewell = Beside(db, lambda: delete_account(db, policy, letters, ana, NOW))
        say(conn, number, ana)
    assert farewell.ended() is Farewell.DONE
    assert replies(db, number)[-1] == "Sigue."


@ON_POSTGRES
def test_a_case_that_follows_is_opened_while_the_first_is_answered(
    db: Database,
    policy: Policy,
    letters: Letters,
    ana: int,
    number: int,
    open_one: Callable[..., int],
) -> None:
    set_state(db, policy, letters, Who(Actor.AGENT, agent(db)), number, CaseState.CLOSED, NOW)
    with db.write() as conn:
        cases.lock(conn, number)
        follows = Beside(db, lambda: open_one("second", follows=number))
        say(conn, number, ana)
    second = follows.ended()
    with db.read() as conn:
        found = cases.by_number(conn, second)
    assert found is not None
    assert found.follows == number


@ON_POSTGRES
def test_words_to_a_merged_case_wait_for_the_one_that_goes_on(
    db: Database,
    policy: Policy,
    letters: Letters,
    ana: int,
    number: int,
    open_one: Callable[..., int],
) -> None:
    second = open_one("second")
    merge(db, policy, letters, Who(Actor.AGENT, agent(db)), second, number, NOW)
    who = Who(Actor.CUSTOMER, ana)
    with db.write() as conn:
        cases.lock(conn, number)
        answer = Beside(
            db,
            lambda: reply(db, policy, letters, who, second, "Y más.", submission_id="x", now=NOW),
        )
        assert cases.lock(conn, second)
    assert answer.ended() == "done"
    assert replies(db, number)[-1] == "Y más."


@ON_POSTGRES
def test_mails_to_two_cases_wait_for_both_before_they_change_one(
    db: Database,
    room: Mailroom,
    letters: Letters,
    number: int,
    open_one: Callable[..., int],
) -> None:
    second = open_one("second")
    for one in (second, number):
        take_mail(db, answer_to(letters, one), "pipe", NOW)
    with db.write() as conn:
        cases.lock(conn, number)
        sorted_ = Beside(db, lambda: sort_mail(db, room, NOW))
        assert cases.lock(conn, second)  # as `merge` does
    assert sorted_.ended() == 2
    assert [len(replies(db, one)) for one in (number, second)] == [2, 2]


@ON_POSTGRES
def test_mails_that_cross_with_others_are_decided_one_by_one(
    db: Database, room: Mailroom, ana: int
) -> None:
    """The server undoes the first try, as it does with one of two that wait for each other."""
    for words in ("una", "dos"):
        take_mail(db, mail(text=words), "pipe", NOW)
    with db.write() as conn:
        conn.execute(text("CREATE SEQUENCE tries"))
        conn.execute(
            text(
                "CREATE FUNCTION cross_once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                "IF nextval('tries') = 1 THEN RAISE EXCEPTION 'crossed' USING ERRCODE = '40P01'; "
                "END IF; RETURN NEW; END $$"
            )
        )
        conn.execute(
            text(
                "CREATE TRIGGER crossing BEFORE UPDATE ON mail_in FOR EACH ROW "
                "WHEN (NEW.decided_at IS NOT NULL) EXECUTE FUNCTION cross_once()"
            )
        )
    assert sort_mail(db, room, NOW) == 2
    with db.read() as conn:
        assert mail_in.counts(conn)[MailInState.OPENED] == 2


@ON_POSTGRES
def test_a_member_is_removed_who_is_just_leaving(
    db: Database, policy: Policy, letters: Letters, ana: int, number: int
) -> None:
    eva = customer(db, "eva@example.com")
    with db.write() as conn:
        house = organisations.found(conn, "House", eva, NOW)
        assert house is not None
        organisations.join(conn, house, ana, MemberRole.CONTACT, False, NOW)
        cases.change(conn, number, NOW, organisation_id=house)
    with db.write() as conn:
        cases.lock_of_user(conn, ana)  # as who deletes an account does, and then:
        removed = Beside(db, lambda: remove(db, eva, ana, NOW))
        assert organisations.lock(conn, house)
    assert removed.ended() == "done"
    with db.read() as conn:
        kept = cases.by_number(conn, number)
    assert kept is not None
    assert kept.user_id == eva


@ON_POSTGRES
def test_who_is_an_owner_no_more_when_their_turn_comes_changes_nothing(
    db: Database, ana: int
) -> None:
    with db.write() as conn:
        house = organisations.found(conn, "House", ana, NOW)
        assert house is not None
    with db.write() as conn:
        organisations.lock(conn, house)
        renamed = Beside(db, lambda: rename(db, ana, "Palace", NOW))
        organisations.set_member(conn, house, ana, MemberRole.CONTACT, True)
    assert renamed.ended() == "not-found"
    with db.read() as conn:
        assert organisations.name_of(conn, house) == "House"


@ON_POSTGRES
def test_an_agent_takes_chats_from_two_tabs(db: Database) -> None:
    irene = agent(db)
    with db.write() as conn:
        chats.take_chats(conn, irene, 2, NOW + timedelta(minutes=1))
        other = Beside(db, lambda: takes_chats(db, irene, 3, NOW))
    assert other.ended() == 3
    said = agent_at_desk(db, irene, NOW)
    assert said is not None
    assert said.most == 3


@ON_POSTGRES
def test_what_the_server_undid_is_told_as_that(db: Database) -> None:
    with pytest.raises(Crossed, match="do it again"), db.write() as conn:
        conn.execute(text("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '40P01'; END $$"))


def test_a_case_of_a_deleted_account_owes_nobody_an_answer(
    db: Database, policy: Policy, letters: Letters, ana: int, number: int
) -> None:
    """It is closed with the account; no agent is mailed that its promise is late."""
    agent(db)
    with db.read() as conn:
        promised = [one.due_at for one in milestones.of_case(conn, number)]
    assert any(promised)
    before = mails(db).count("case-target")
    assert delete_account(db, policy, letters, ana, NOW) is Farewell.DONE
    late = max(due for due in promised if due is not None)
    assert escalate_due(db, letters, late.replace(year=late.year + 1)) == 0
    assert mails(db).count("case-target") == before
    view = case_for_agent(db, number)
    assert view is not None
    assert view.case.owed_at == cases.NO_TIME
