"""R44, R46: mail that comes in joins its case, opens one, is answered once, or is held."""

from collections.abc import Callable
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest

from kb.actions.case_work import Who, set_state
from kb.actions.cases import Opened, open_case
from kb.actions.mail_effects import Mailroom
from kb.actions.mail_sorting import sort_mail
from kb.actions.mail_taking import TooLarge, take_head, take_mail
from kb.mail import Letters
from kb.rules.cases import Actor, CaseState, MessageKind
from kb.rules.contact import Wish
from kb.rules.mail_limits import (
    BY_CASE,
    BY_SENDER,
    MAIL_BYTES,
    MOST_STARTS,
    SUSPECT_STARTS,
)
from kb.rules.mail_threading import Why
from kb.rules.policy import Policy
from kb.store import (
    Database,
    attachments,
    audit,
    cases,
    conversation,
    mail_bounces,
    mail_in,
    outbox,
)
from kb.store.file_store import FileStore
from kb.store.mail_in import LEASE, MailIn, MailInState
from tests.actions.people import NOW, agent, case_form, customer, own
from tests.mail.written import answer_to, bounce_of, mail

Sort = Callable[..., MailIn]


@pytest.fixture
def room(policy: Policy, letters: Letters, tmp_path: Path) -> Mailroom:
    return Mailroom(policy, letters, FileStore(tmp_path / "files"), ("es", "en"))


@pytest.fixture
def ana(db: Database, policy: Policy) -> int:
    """A customer with a product and a plan that grants e-mail."""
    user = customer(db)
    own(db, policy, user)
    return user


@pytest.fixture
def number(db: Database, policy: Policy, letters: Letters, ana: int) -> int:
    """Ana's open case."""
    with db.read() as conn:
        from kb.store import assets

        asset = assets.of_user(conn, ana)[0].id
    wish = Wish("technical", "full", asset=asset, topic="backup")
    opened = open_case(db, policy, letters, ana, wish, case_form(), submission_id="first", now=NOW)
    assert isinstance(opened, Opened)
    return opened.number


@pytest.fixture
def sort(db: Database, room: Mailroom) -> Sort:
    """Take a mail in and say what became of it."""

    def sorted_(raw: bytes, room: Mailroom = room) -> MailIn:
        assert take_mail(db, raw, "pipe", NOW)
        while sort_mail(db, room, NOW):
            pass
        return newest(db)

    return sorted_


def newest(db: Database) -> MailIn:
    with db.read() as conn:
        return mail_in.page(conn, tuple(MailInState), offset=0, limit=1)[0]


def replies(db: Database, number: int) -> list[str]:
    with db.read() as conn:
        return [one.body for one in conversation.messages_of(conn, number, (MessageKind.REPLY,))]


def mails(db: Database) -> list[str]:
    with db.read() as conn:
        return [one.kind for one in outbox.all_mail(conn)]


def test_r46_a_reply_joins_its_case(
    db: Database, letters: Letters, number: int, sort: Sort
) -> None:
    found = sort(answer_to(letters, number))
    assert (found.state, found.why, found.case_number) == ("joined", "token", number)
    assert replies(db, number)[1:] == ["Sigue igual."]
    with db.read() as conn:
        assert audit.of_subject(conn, f"mail:{found.id}")[0].what == "mail.joined"


@pytest.mark.parametrize(
    "left",
    [
        pytest.param({"subject": "Re: La copia nocturna se detiene", "in_reply_to": "<x@y>",
                      "references": "<x@y>"}, id="only the address"),
        pytest.param({"to": "support@example.com", "in_reply_to": "<x@y>", "references": "<x@y>"},
                     id="only the subject"),
        pytest.param({"to": "support@example.com", "references": "",
                      "subject": "RE: La copia nocturna se detiene"}, id="only In-Reply-To"),
    ],
)  # fmt: skip
def test_r46_one_mark_is_enough(
    letters: Letters, number: int, sort: Sort, left: dict[str, str]
) -> None:
    assert sort(answer_to(letters, number, **left)).state is MailInState.JOINED


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        pytest.param({"sender": "eve@example.org"}, Why.NOT_ON_CASE, id="a stranger with the mark"),
        pytest.param({"sender": "irene@example.com"}, Why.NOT_ON_CASE, id="an agent's address"),
        pytest.param({"subject": "Otra avería"}, Why.CHANGED_SUBJECT, id="a changed subject"),
        pytest.param(
            {"subject": "[#10000001 · aaaaaaaaaaaa]"}, Why.FORGED, id="a forged mark beside it"
        ),
        pytest.param(
            {"sender": "ana@example.com, eve@example.org"}, Why.NO_SENDER, id="two senders"
        ),
        pytest.param({"text": ""}, Why.EMPTY, id="nothing said"),
    ],
)
def test_r46_what_is_not_certain_is_held_and_changes_nothing(
    db: Database, letters: Letters, number: int, sort: Sort, changes: dict[str, str], why: Why
) -> None:
    agent(db)
    before = mails(db)
    found = sort(answer_to(letters, number, **changes))
    assert (found.state, found.why) == ("held", why)
    assert len(replies(db, number)) == 1
    assert mails(db) == before


def test_r46_a_forged_token_of_a_known_customer(db: Database, ana: int, sort: Sort) -> None:
    found = sort(mail(to="support+10000001.aaaaaaaaaaaa@example.com"))
    assert (found.state, found.why) == ("held", Why.FORGED)


def test_a_sender_that_our_server_found_false_is_held(
    db: Database, letters: Letters, number: int, room: Mailroom, sort: Sort
) -> None:
    strict = replace(room, authserv="mx.example.com")
    lie = {"authentication_results": "mx.example.com; dmarc=fail header.from=example.com"}
    assert sort(answer_to(letters, number, **lie), strict).why == Why.NOT_PROVEN
    other = {"authentication_results": "elsewhere.example; dmarc=fail"}
    assert sort(answer_to(letters, number, **other), strict).state is MailInState.JOINED


def test_a_case_that_is_over_takes_no_mail(
    db: Database, policy: Policy, letters: Letters, number: int, sort: Sort
) -> None:
    """R66: within the guarantee a reply opens it again; once closed an agent looks at it."""
    who = Who(Actor.AGENT, agent(db))
    set_state(db, policy, letters, who, number, CaseState.RESOLVED, NOW)
    assert sort(answer_to(letters, number)).state is MailInState.JOINED
    with db.read() as conn:
        assert cases.by_number(conn, number).state is CaseState.OPEN  # type: ignore[union-attr]
    set_state(db, policy, letters, who, number, CaseState.RESOLVED, NOW)
    set_state(db, policy, letters, who, number, CaseState.CLOSED, NOW)
    assert sort(answer_to(letters, number, text="Otra vez")).why == Why.OVER


def test_r44_a_mail_of_an_entitled_customer_opens_a_case(
    db: Database, ana: int, sort: Sort
) -> None:
    found = sort(mail(subject="RV: No arranca"))
    assert (found.state, found.why) == ("opened", Why.ENTITLED)
    with db.read() as conn:
        case = cases.by_number(conn, found.case_number or 0)
        (sent,) = outbox.all_mail(conn, case_number=found.case_number)
    assert case
    assert (case.title, case.channel, case.request) == ("No arranca", "email", "technical")
    assert case.product == "backup-server"
    assert sent.kind == "case-opened"
    assert str(case.number) in sent.subject
    assert "<html" in (sent.html or "")


def test_a_mail_that_names_a_case_without_its_mark_is_held(
    db: Database, number: int, sort: Sort
) -> None:
    assert sort(mail(subject=f"Sobre el caso {number}")).why == Why.NUMBER_ONLY
    assert sort(mail(subject="Error 10000099")).state is MailInState.OPENED


def test_a_stranger_is_pointed_to_the_site_once_a_day(db: Database, sort: Sort) -> None:
    for text in ("uno", "dos", "tres"):
        assert sort(mail("eve@example.org", text=text)).state is MailInState.ANSWERED
    assert mails(db) == ["mail-stranger"]
    with db.read() as conn:
        (sent,) = outbox.all_mail(conn)
    assert sent.headers["Auto-Submitted"] == "auto-replied"
    assert "uno" not in sent.text


def test_a_known_customer_without_a_plan_learns_why(db: Database, sort: Sort) -> None:
    customer(db, "luis@example.com", lang="en")
    assert sort(mail("luis@example.com")).why == Why.NOT_ENTITLED
    with db.read() as conn:
        (sent,) = outbox.all_mail(conn)
    assert (sent.kind, sent.lang) == ("mail-not-entitled", "en")


def test_an_unconfirmed_account_is_nobody(db: Database, sort: Sort) -> None:
    customer(db, "luis@example.com", confirmed_at=None)
    assert sort(mail("luis@example.com")).why == Why.STRANGER


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


def test_files_go_with_the_message_and_the_source_has_the_rest(
    db: Database, letters: Letters, number: int, sort: Sort
) -> None:
    message = EmailMessage()
    message["From"], message["Subject"] = "ana@example.com", "Re: registro"
    message["To"] = letters.write(
        "case-state", "es", "a@b.c", case_number=number, title="t", first_name="A", state="open"
    ).headers["Reply-To"]
    message.replace_header("Subject", "La copia nocturna se detiene")
    message.set_content("Adjunto.")
    message.add_attachment("E000101F4\n", filename="../../registro.log")
    message.add_attachment(
        b"\x78\x9f\x3e\x22rest", maintype="application", subtype="ms-tnef", filename="winmail.dat"
    )
    message.add_attachment(b"MZ\x90\x00" * 9, maintype="x", subtype="y", filename="setup.exe")
    found = sort(message.as_bytes())
    assert found.state is MailInState.JOINED
    assert found.note == "setup.exe"
    with db.read() as conn:
        files = attachments.of_case(conn, number)
        assert b"setup.exe" in (mail_in.source_of(conn, found.id) or b"")
    assert [(file.name, file.media_type) for file in files] == [
        ("registro.log", "text/plain"),
        ("winmail.dat", "application/ms-tnef"),
    ]


def test_the_same_mail_twice_is_one(db: Database, letters: Letters, number: int) -> None:
    raw = answer_to(letters, number)
    assert take_mail(db, raw, "imap", NOW)
    assert not take_mail(db, raw, "imap", NOW)
    other_way = b"Received: from a by b; today\r\nDelivered-To: x\r\n" + raw.replace(b"\n", b"\r\n")
    assert not take_mail(db, other_way, "lmtp", NOW)


def test_the_same_message_id_with_other_words_is_another_mail(
    db: Database, letters: Letters, number: int, sort: Sort
) -> None:
    sort(answer_to(letters, number, message_id="<same@example.com>"))
    sort(answer_to(letters, number, message_id="<same@example.com>", text="Otra cosa."))
    assert replies(db, number)[1:] == ["Sigue igual.", "Otra cosa."]


def test_a_mail_that_kills_its_worker_is_held_in_the_end(
    db: Database, room: Mailroom, ana: int
) -> None:
    take_mail(db, mail(), "pipe", NOW)
    now = NOW
    for _ in range(MOST_STARTS):
        with db.write() as conn:
            assert len(mail_in.lease(conn, now, 9, SUSPECT_STARTS)) == 1
            assert mail_in.lease(conn, now, 9, SUSPECT_STARTS) == ()  # another worker has it
        now += LEASE
    assert sort_mail(db, room, now) == 1
    assert (newest(db).state, newest(db).why) == ("held", Why.UNREADABLE)


def test_a_deadly_mail_does_not_drag_others_along(db: Database, room: Mailroom, ana: int) -> None:
    """Those taken together with it are understood as soon as they are taken without it."""
    for number in range(3):
        take_mail(db, mail(text=f"{number}"), "pipe", NOW)
    now = NOW
    for _ in range(SUSPECT_STARTS):
        with db.write() as conn:
            assert len(mail_in.lease(conn, now, 9, SUSPECT_STARTS)) == 3
        now += LEASE
    take_mail(db, mail(text="later"), "pipe", NOW)
    taken = []
    for _ in range(4):
        with db.write() as conn:
            taken.append(len(mail_in.lease(conn, now, 9, SUSPECT_STARTS)))
    assert taken == [1, 1, 1, 1]
    while sort_mail(db, room, now + LEASE):
        pass
    with db.read() as conn:
        assert mail_in.counts(conn)[MailInState.OPENED] == 4


def test_a_mistake_of_ours_over_one_mail_spoils_no_other(
    db: Database, room: Mailroom, ana: int, tmp_path: Path
) -> None:
    """As with a site's own template that cannot be written: that mail is tried again and held."""
    (tmp_path / "es").mkdir()
    (tmp_path / "es" / "mail-stranger.txt").write_text("Hola {{ nobody_gives_this }}\n")
    own_texts = replace(room.letters, folders=(tmp_path, *room.letters.folders))
    broken = replace(room, letters=own_texts)
    take_mail(db, mail("eve@example.org"), "pipe", NOW)
    take_mail(db, mail(), "pipe", NOW)
    now = NOW
    for _ in range(MOST_STARTS + 1):
        sort_mail(db, broken, now)
        now += LEASE
    with db.read() as conn:
        by_sender = {
            one.sender: one for one in mail_in.page(conn, tuple(MailInState), offset=0, limit=9)
        }
    assert by_sender["ana@example.com"].state is MailInState.OPENED
    assert by_sender[""].why == Why.UNREADABLE
    assert mails(db) == ["case-opened"]


def test_what_is_too_large_is_not_taken_but_seen(db: Database, room: Mailroom) -> None:
    with pytest.raises(TooLarge):
        take_mail(db, b"x" * (MAIL_BYTES + 1), "pipe", NOW)
    head = b"From: Ana <ana@example.com>\r\nSubject: Registro\r\n\r\n"
    assert take_head(db, head, MAIL_BYTES + 1, "imap", NOW)
    found = newest(db)
    assert (found.state, found.why, found.sender) == ("held", Why.TOO_LARGE, "ana@example.com")
    assert found.size == MAIL_BYTES + 1
    assert sort_mail(db, room, NOW) == 0
