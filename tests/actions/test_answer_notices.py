"""R48: agents are mailed what a customer answers: whose case it is, else who had to do with it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from kb.actions import accounts
from kb.actions.answer_notices import TO_ONE
from kb.actions.cases import Answer, Who, add_note, assign, reply, set_state
from kb.actions.mail_room import Mailroom
from kb.mail import Letters, fingerprint
from kb.rules.accounts import Role
from kb.rules.cases import Actor, CaseState
from kb.rules.mail_threading import Why
from kb.rules.policy import Policy
from kb.store import Database, chats, outbox, users
from kb.store.outbox import Mail
from tests.actions.mail_box import Sort
from tests.actions.people import NOW, agent, customer
from tests.mail.written import answer_to

QUEUE = "mesa@example.com"
Answers = Callable[..., Answer]


@pytest.fixture
def irene(db: Database) -> Who:
    return Who(Actor.AGENT, agent(db))


@pytest.fixture
def bruno(db: Database) -> Who:
    made = customer(db, "bruno@example.com", first_name="Bruno", lang="en", role=Role.AGENT)
    return Who(Actor.AGENT, made)


@pytest.fixture
def answers(db: Database, policy: Policy, letters: Letters, number: int, ana: int) -> Answers:
    """Ana answers in her case."""

    def say(
        words: str = "Sigue igual.", *, by: int = ana, writer: Letters = letters, form: str = ""
    ) -> Answer:
        who = Who(Actor.CUSTOMER, by)
        return reply(db, policy, writer, who, number, words, submission_id=form or None, now=NOW)

    return say


def told(db: Database) -> list[Mail]:
    with db.read() as conn:
        return [one for one in outbox.all_mail(conn) if one.kind == "agent-answer"]


def whom(db: Database) -> list[str]:
    return [one.recipient for one in told(db)]


def test_the_agent_whose_case_it_is_gets_the_words(
    db: Database, letters: Letters, number: int, irene: Who, bruno: Who, answers: Answers
) -> None:
    add_note(db, bruno, number, "I look too.", submission_id=None, now=NOW)
    assign(db, irene, number, irene.user_id, NOW)
    answers("Sigue igual tras reiniciar.")
    (mail,) = told(db)
    assert (mail.recipient, mail.lang) == ("irene@example.com", "es")
    assert "Ana Prieto ha respondido" in mail.text
    assert "Sigue igual tras reiniciar." in mail.text
    assert f"https://help.example.com/es/desk/cases/{number}" in mail.text
    assert "Nadie se ha hecho cargo" not in mail.text
    reply_to = fingerprint.reply_address(letters.secret, number, letters.mailbox)
    assert mail.headers["Reply-To"] == reply_to
    assert mail.headers["Auto-Submitted"] == "auto-generated"  # no answering machine answers it
    assert mail.case_number is None  # it is no part of the customer's conversation


def test_of_a_case_of_nobody_they_hear_who_wrote_in_it_or_were_named(
    db: Database, policy: Policy, letters: Letters, number: int, answers: Answers,
    irene: Who, bruno: Who,
) -> None:  # fmt: skip
    customer(db, "eva@example.com", first_name="Eva", role=Role.AGENT)
    reply(db, policy, letters, irene, number, "Reinicie.", submission_id=None, now=NOW)
    assign(db, irene, number, None, NOW)
    add_note(db, irene, number, "@Bruno knows; @Bruno Prieto too.", submission_id=None, now=NOW)
    answers()
    assert whom(db) == ["irene@example.com", "bruno@example.com"]
    english = told(db)[1]
    assert "Ana Prieto has answered" in english.text
    assert "Nobody has taken the case yet." in english.text


def test_of_a_case_that_nobody_has_to_do_with_the_mailbox_of_the_queue_hears(
    db: Database, letters: Letters, irene: Who, answers: Answers
) -> None:
    answers()
    assert whom(db) == []  # a site without such a mailbox
    answers(writer=replace(letters, queue_email=QUEUE, queue_lang="en"))
    (mail,) = told(db)
    assert (mail.recipient, mail.lang) == (QUEUE, "en")
    assert "In your account" not in mail.text
    assert "Reply-To" not in mail.headers  # who reads it is no agent that our server knows


def test_our_own_mailbox_is_never_told(db: Database, letters: Letters, answers: Answers) -> None:
    answers(writer=replace(letters, queue_email=letters.mailbox.upper()))
    assert whom(db) == []


def test_an_agent_may_do_without(
    db: Database, number: int, irene: Who, answers: Answers, letters: Letters
) -> None:
    assign(db, irene, number, irene.user_id, NOW)
    profile: dict[str, Any] = {
        "first_name": "Irene",
        "last_name": "Otero",
        "country": "ES",
        "lang": "es",
    }
    accounts.set_profile(db, irene.user_id or 0, **profile, mail_answers=False)
    answers(writer=replace(letters, queue_email=QUEUE))
    assert whom(db) == []  # and the queue does not hear instead: the case is hers
    accounts.set_profile(db, irene.user_id or 0, **profile, mail_answers=True)
    answers()
    accounts.set_profile(db, irene.user_id or 0, **profile)  # not asked: it stays
    answers()
    assert whom(db) == ["irene@example.com"] * 2


def test_nobody_is_told_of_their_own_words_nor_of_a_colleagues(
    db: Database, policy: Policy, letters: Letters, number: int, ana: int, irene: Who, bruno: Who,
    answers: Answers,
) -> None:  # fmt: skip
    assign(db, irene, number, irene.user_id, NOW)
    reply(db, policy, letters, bruno, number, "Lo miro.", submission_id=None, now=NOW)
    add_note(db, bruno, number, "It is the disk.", submission_id=None, now=NOW)
    assert whom(db) == []
    with db.write() as conn:  # the customer of this case becomes an agent, and it is given to her
        users.set_role(conn, ana, Role.AGENT)
    assign(db, irene, number, ana, NOW)
    answers()
    assert whom(db) == []


def test_who_is_no_agent_any_more_hears_nothing(
    db: Database, number: int, irene: Who, answers: Answers
) -> None:
    assign(db, irene, number, irene.user_id, NOW)
    with db.write() as conn:
        users.set_role(conn, irene.user_id or 0, Role.CUSTOMER)
    answers()
    assert whom(db) == []


def test_a_form_sent_twice_and_an_answer_too_late_tell_once_and_never(
    db: Database, policy: Policy, letters: Letters, number: int, irene: Who, answers: Answers
) -> None:
    assign(db, irene, number, irene.user_id, NOW)
    assert [answers(form="one"), answers(form="one")] == [Answer.DONE, Answer.AGAIN]
    assert whom(db) == ["irene@example.com"]
    for state in (CaseState.RESOLVED, CaseState.CLOSED):
        set_state(db, policy, letters, irene, number, state, NOW)
    assert answers() is Answer.CLOSED
    assert whom(db) == ["irene@example.com"]


def test_a_flood_of_answers_is_no_flood_of_mail(
    db: Database, number: int, irene: Who, answers: Answers
) -> None:
    assign(db, irene, number, irene.user_id, NOW)
    for _ in range(TO_ONE.tries + 3):
        answers()
    assert len(told(db)) == TO_ONE.tries


def test_who_reads_it_in_the_chat_is_not_mailed_as_well(
    db: Database, number: int, irene: Who, answers: Answers
) -> None:
    assign(db, irene, number, irene.user_id, NOW)
    with db.write() as conn:
        chats.begin(conn, number, 0, NOW + timedelta(minutes=5), NOW)
    answers()
    assert whom(db) == []


def test_an_answer_by_mail_tells_too_and_the_notice_that_comes_back_changes_nothing(
    db: Database, letters: Letters, room: Mailroom, sort: Sort, number: int, irene: Who
) -> None:
    assign(db, irene, number, irene.user_id, NOW)
    assert sort(answer_to(letters, number, text="Sigue igual.")).state == "joined"
    (mail,) = told(db)
    assert "Sigue igual." in mail.text
    back = answer_to(
        letters,
        number,
        sender="Irene Otero <irene@example.com>",
        text="I am away until Monday.",
        auto_submitted="auto-replied",
    )
    found = sort(back)
    assert (found.state, found.why) != ("joined", Why.AGENT)
    assert len(told(db)) == 1
