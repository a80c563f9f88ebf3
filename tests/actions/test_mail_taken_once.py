"""R49: each mail is stored once with all of it, whatever happens to the worker over it."""

from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from kb.actions.mail_room import Mailroom
from kb.actions.mail_sorting import sort_mail
from kb.actions.mail_taking import TooLarge, take_head, take_mail
from kb.mail import Letters
from kb.rules.mail_limits import (
    MAIL_BYTES,
    MOST_STARTS,
    SUSPECT_STARTS,
)
from kb.rules.mail_threading import Why
from kb.store import (
    Database,
    attachments,
    mail_in,
)
from kb.store.mail_in import LEASE, MailInState
from tests.actions.mail_box import Sort, mails, newest, replies
from tests.actions.people import NOW
from tests.mail.written import answer_to, mail


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


def test_inline_images_are_files_and_stand_in_the_words_by_name(
    db: Database, letters: Letters, number: int, sort: Sort
) -> None:
    picture = BytesIO()
    Image.new("RGB", (8, 8), "#0b5a68").save(picture, "PNG")
    message = message_from_bytes(answer_to(letters, number), policy=policy.default)
    message.set_content("Vea: [cid:shot]")
    message.add_alternative('<p>Vea: <img src="cid:shot" alt=""> y dígame.</p>', subtype="html")
    page = message.get_payload(1)
    page.add_related(  # type: ignore[union-attr]
        picture.getvalue(), "image", "png", cid="<shot>", filename="pantalla.png"
    )
    for way in ("both halves", "the HTML alone"):
        if way == "the HTML alone":
            message.set_payload([page])
            del message["Message-Id"]
            message["Message-Id"] = "<alone@mail.example.com>"
        assert sort(message.as_bytes()).state is MailInState.JOINED, way
    with db.read() as conn:
        files = attachments.of_case(conn, number)
    assert [(one.name, one.media_type) for one in files] == [("pantalla.png", "image/png")] * 2
    assert len({one.sha256 for one in files}) == 1, "one file on disk"
    assert replies(db, number)[-1] == "Vea: [shot] y dígame."
