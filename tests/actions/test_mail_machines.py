"""Automatic answers, loops, floods and bounces never cause mail; a bounce marks the address."""

import pytest

from kb.mail import Letters
from kb.rules.cases import MessageKind
from kb.rules.mail_limits import (
    BY_CASE,
    BY_SENDER,
)
from kb.rules.mail_threading import Why
from kb.store import (
    Database,
    conversation,
    mail_bounces,
    outbox,
)
from kb.store.mail_in import MailInState
from tests.actions.mail_box import Sort, mails, replies
from tests.actions.people import NOW
from tests.mail.written import answer_to, bounce_of, mail


@pytest.mark.parametrize(
    "headers",
    [
        {"auto_submitted": "auto-replied"},
        {"precedence": "bulk"},
        {"subject": "Respuesta automática: fuera de la oficina"},
        {"sender": "mailer-daemon@example.com"},
    ],
)
def test_automatic_answers_cause_nothing(
    db: Database, letters: Letters, number: int, sort: Sort, headers: dict[str, str]
) -> None:
    before = mails(db)
    assert sort(answer_to(letters, number, **headers)).why == Why.AUTOMATIC
    assert (len(replies(db, number)), mails(db)) == (1, before)


def test_our_own_mail_that_comes_back_is_a_loop(db: Database, sort: Sort) -> None:
    assert sort(mail("support@example.com")).why == Why.LOOP
    assert sort(mail("eve@example.org", x_waypost_kind="case-reply")).why == Why.LOOP
    assert mails(db) == []


def test_a_mail_bomb_of_one_sender_is_held(db: Database, ana: int, sort: Sort) -> None:
    found = [sort(mail(text=f"número {n}")) for n in range(BY_SENDER.tries + 3)]
    assert [one.why for one in found[-4:]] == [Why.ENTITLED] + 3 * [Why.TOO_MANY]
    assert len(mails(db)) == BY_SENDER.tries


def test_a_flood_in_one_case_is_held(
    db: Database, letters: Letters, number: int, sort: Sort
) -> None:
    from kb.store import attempts

    with db.write() as conn:
        for _ in range(BY_CASE.tries):
            attempts.count_one(conn, f"mail-case:{number}", BY_CASE.window, NOW)
    assert sort(answer_to(letters, number)).why == Why.CASE_TOO_MANY


def test_a_bounce_marks_the_address_and_a_mail_from_there_clears_it(
    db: Database, letters: Letters, number: int, sort: Sort
) -> None:
    with db.read() as conn:
        (sent,) = outbox.all_mail(conn)
    found = sort(bounce_of(sent.message_id, "ana@example.com"))
    assert (found.state, found.case_number) == ("bounce", number)
    with db.read() as conn:
        bounce = mail_bounces.of_address(conn, "Ana@example.com")
        assert bounce
        assert "550 no such user" in bounce.said
        assert outbox.troubled_count(conn) == 1
        events = conversation.messages_of(conn, number, (MessageKind.EVENT,))
        assert (events[-1].event or {})["what"] == "bounced"
    sort(answer_to(letters, number))
    with db.read() as conn:
        assert mail_bounces.of_address(conn, "ana@example.com") is None


@pytest.mark.parametrize(
    ("recipient", "status", "action"),
    [
        pytest.param("eve@example.org", "5.1.1", "failed", id="of an address we did not write to"),
        pytest.param("ana@example.com", "4.4.1", "delayed", id="only late"),
        pytest.param("ana@example.com", "4.2.2", "failed", id="not for good"),
    ],
)
def test_a_bounce_that_is_none_marks_nothing(
    db: Database, number: int, sort: Sort, recipient: str, status: str, action: str
) -> None:
    with db.read() as conn:
        (sent,) = outbox.all_mail(conn)
    assert sort(bounce_of(sent.message_id, recipient, status, action)).state is MailInState.BOUNCE
    with db.read() as conn:
        assert mail_bounces.newest(conn, 9) == ()
        assert outbox.troubled_count(conn) == 0


def test_a_made_up_bounce_marks_nothing(db: Database, number: int, sort: Sort) -> None:
    sort(bounce_of("<made-up@example.com>", "ana@example.com"))
    with db.read() as conn:
        assert mail_bounces.newest(conn, 9) == ()
