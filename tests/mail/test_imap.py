"""Mail is read from a real IMAP server, handed out by LMTP, and sent over real submission."""

import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path
from threading import Event, Thread
from urllib.parse import quote

import pytest
from imapclient import IMAPClient

from kb.actions import mail_duty
from kb.actions.mail_polling import poll_once
from kb.mail.imap import ImapServer, ImapTrouble
from kb.mail.lmtp import LmtpDoor
from kb.mail.post import NotNow, SmtpServer
from kb.rules.mail_limits import MAIL_BYTES
from kb.store import Database, StoreError, mail_in
from kb.store.mail_in import MailIn, MailInState
from tests.mail.dovecot import PASSWORD, USER, Dovecot, running_dovecot
from tests.mail.smtp import Mailbox, free_port, smtp_server, trusting
from tests.mail.test_post import message
from tests.mail.written import mail

ROOT = Path(__file__).parents[2]


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture(scope="module")
def arrived() -> Mailbox:
    return Mailbox()


@pytest.fixture(scope="module")
def dovecot(arrived: Mailbox) -> Iterator[Dovecot]:
    with smtp_server(arrived) as relay, running_dovecot(relay) as server:
        yield server


@pytest.fixture
def server(dovecot: Dovecot) -> Iterator[ImapServer]:
    dovecot.empty()
    yield ImapServer(dovecot.url(), trusting(dovecot.ca))
    dovecot.empty()


def stored(db: Database) -> tuple[MailIn, ...]:
    with db.read() as conn:
        return mail_in.page(conn, tuple(MailInState), offset=0, limit=100)


def source(db: Database, one: MailIn) -> bytes:
    with db.read() as conn:
        return mail_in.source_of(conn, one.id) or b""


def test_the_mailbox_is_emptied_and_every_byte_is_kept(
    db: Database, dovecot: Dovecot, server: ImapServer
) -> None:
    raw = mail(text="ñandú\n.\nFrom here")
    dovecot.put(raw, mail(), mail())
    assert poll_once(db, server, now) == 3
    assert (dovecot.count("INBOX"), dovecot.count("Waypost")) == (0, 3)
    assert source(db, stored(db)[-1]).replace(b"\r\n", b"\n") == raw
    assert poll_once(db, server, now) == 0


def test_a_mail_that_is_there_again_is_stored_once(
    db: Database, dovecot: Dovecot, server: ImapServer
) -> None:
    """As when the process was killed between storing and moving."""
    raw = mail()
    dovecot.put(raw)
    poll_once(db, server, now)
    dovecot.put(raw)
    assert poll_once(db, server, now) == 0
    assert dovecot.count("INBOX") == 0
    assert len(stored(db)) == 1


def test_nothing_is_moved_that_is_not_stored(
    db: Database, dovecot: Dovecot, server: ImapServer, tmp_path: Path
) -> None:
    dovecot.put(mail())
    broken = Database(f"sqlite:///{tmp_path}/nowhere/x.db")
    with pytest.raises(StoreError):
        poll_once(broken, server, now)
    broken.close()
    assert dovecot.count("INBOX") == 1


def test_a_mail_over_25_mb_is_held_by_its_head(
    db: Database, dovecot: Dovecot, server: ImapServer
) -> None:
    dovecot.put(mail(subject="Enorme") + b"x" * (MAIL_BYTES + 1), mail())
    assert poll_once(db, server, now) == 2
    held = next(one for one in stored(db) if one.state is MailInState.HELD)
    assert (held.why, held.subject) == ("too-large", "Enorme")
    assert held.size > MAIL_BYTES
    assert len(source(db, held)) < 2000
    assert dovecot.count("Waypost") == 2


def test_starttls_comes_before_the_password(db: Database, dovecot: Dovecot) -> None:
    dovecot.put(mail())
    assert poll_once(db, ImapServer(dovecot.url("imap"), trusting(dovecot.ca)), now) == 1
    dovecot.empty()


def test_trouble_is_told_in_words(db: Database, dovecot: Dovecot) -> None:
    wrong = dovecot.url().replace("p%40ss", "wrong")
    with pytest.raises(ImapTrouble, match=r"localhost: .*Authentication failed"):
        poll_once(db, ImapServer(wrong, trusting(dovecot.ca)), now)
    with pytest.raises(ImapTrouble, match="certificate"):
        poll_once(db, ImapServer(dovecot.url()), now)
    with pytest.raises(ImapTrouble, match="refused"):
        poll_once(db, ImapServer("imaps://a:b@localhost:1"), now)


def test_new_mail_is_noticed_by_idle(
    db: Database, dovecot: Dovecot, server: ImapServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between two looks would be an hour; it comes when the server tells of it."""
    stop, idle, begin = Event(), Event(), IMAPClient.idle
    monkeypatch.setattr(mail_duty, "PAUSE_SECONDS", 3600)
    monkeypatch.setattr(IMAPClient, "idle", lambda client: [begin(client), idle.set()])
    thread = Thread(target=mail_duty.watch_mailbox, args=(db, server, stop, now))
    thread.start()
    try:
        assert idle.wait(60)
        assert stored(db) == ()
        dovecot.deliver(mail(), USER)
        end = time.monotonic() + 60
        while not stored(db) and time.monotonic() < end:
            time.sleep(0.05)
        assert len(stored(db)) == 1
    finally:
        stop.set()
        thread.join(60)
    assert not thread.is_alive()


def test_a_plus_address_comes_into_the_same_mailbox(
    db: Database, dovecot: Dovecot, server: ImapServer
) -> None:
    dovecot.deliver(mail(), "support+10000001.abcdefghijkl@example.com")
    assert poll_once(db, server, now) == 1
    assert b"Delivered-To: support+10000001.abcdefghijkl@" in source(db, stored(db)[0])


@pytest.fixture
def door(db: Database) -> Iterator[int]:
    from kb.actions.mail_taking import take_mail

    port = free_port()
    made = LmtpDoor(lambda raw: take_mail(db, raw, "lmtp", now()), "127.0.0.1", port)
    made.start()
    yield port
    made.stop()


def test_lmtp_says_yes_to_what_is_stored(db: Database, door: int) -> None:
    raw = mail(text="Hola\n.\n..punto").replace(b"\n", b"\r\n")
    with smtplib.LMTP("127.0.0.1", door) as client:
        for _ in range(2):
            assert client.sendmail("ana@example.com", [USER], raw) == {}
    (one,) = stored(db)
    assert (one.via, one.state, source(db, one)) == ("lmtp", "new", raw)


def test_lmtp_takes_one_recipient_at_a_time(db: Database, door: int) -> None:
    with smtplib.LMTP("127.0.0.1", door) as client:
        refused = client.sendmail("ana@example.com", [USER, "b@example.com"], mail())
    assert refused["b@example.com"][0] == 452
    assert len(stored(db)) == 1


def test_lmtp_refuses_what_is_too_large(db: Database, door: int) -> None:
    with smtplib.LMTP("127.0.0.1", door) as client, pytest.raises(smtplib.SMTPException):
        client.sendmail("ana@example.com", [USER], b"x" * (MAIL_BYTES + 100))
    assert stored(db) == ()


def test_lmtp_without_a_database_asks_to_try_again() -> None:
    def take(_raw: bytes) -> bool:
        raise StoreError("gone")

    port = free_port()
    made = LmtpDoor(take, "127.0.0.1", port)
    made.start()
    try:
        with smtplib.LMTP("127.0.0.1", port) as client, pytest.raises(smtplib.SMTPDataError) as no:
            client.sendmail("ana@example.com", [USER], mail())
        assert no.value.smtp_code == 451
    finally:
        made.stop()


def test_mail_leaves_over_submission_with_starttls_and_login(
    dovecot: Dovecot, arrived: Mailbox
) -> None:
    login = f"{quote(USER)}:{quote(PASSWORD)}"
    url = f"smtp://{login}@localhost:{dovecot.submission}"
    with SmtpServer(url, trusting(dovecot.ca)).connect() as send:
        send(message(), "one")
    assert message_from_bytes(arrived.taken[-1], policy=policy.default)["To"] == "ana@example.com"
    wrong = f"smtp://{quote(USER)}:wrong@localhost:{dovecot.submission}"
    with (
        pytest.raises(NotNow, match="535"),
        SmtpServer(wrong, trusting(dovecot.ca)).connect() as send,
    ):
        send(message(), "two")


def kb(
    site: Path, *words: str, given: bytes = b"", **env: str
) -> "subprocess.CompletedProcess[bytes]":
    said = {"KB_VAR": str(site / "var"), "PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), **env}
    command = [sys.executable, "-m", "kb", "--site", str(site), *words]
    return subprocess.run(command, input=given, env=said, capture_output=True, check=False)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "site.yaml").write_text("name: x\n")
    return tmp_path


def test_the_pipe_takes_one_mail(site: Path, db: Database, database_url: str) -> None:
    raw = mail()
    for _ in range(2):
        piped = kb(site, "mail", "receive", given=raw, KB_DATABASE_URL=database_url)
        assert piped.returncode == 0, piped.stderr
    (one,) = stored(db)
    assert (one.via, source(db, one)) == ("pipe", raw)


def test_the_pipe_tells_the_mail_server_what_to_do(site: Path) -> None:
    large = kb(site, "mail", "receive", given=b"x" * (MAIL_BYTES + 1))
    assert (large.returncode, b"25 MB" in large.stderr) == (65, True)
    lost = kb(site, "mail", "receive", given=mail(), KB_DATABASE_URL="postgresql://a@127.0.0.1:1/x")
    assert lost.returncode == 75, lost.stderr


def test_polling_needs_its_setting(site: Path) -> None:
    missing = kb(site, "mail", "poll", "--once")
    assert (missing.returncode, b"KB_IMAP_URL is missing" in missing.stderr) == (2, True)
    closed = kb(site, "mail", "poll", "--once", KB_IMAP_URL="imaps://a:b@localhost:1")
    assert (closed.returncode, b"refused" in closed.stderr) == (1, True)


def test_the_lmtp_command_listens_until_it_is_told_to_stop(
    site: Path, db: Database, database_url: str
) -> None:
    port = free_port()
    command = [sys.executable, "-m", "kb", "--site", str(site), "mail", "lmtp", "--port", str(port)]
    env = {
        "KB_VAR": str(site / "var"),
        "KB_DATABASE_URL": database_url,
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": str(ROOT),
    }
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline() == f"LMTP on 127.0.0.1:{port}\n".encode()
        with smtplib.LMTP("127.0.0.1", port) as client:
            client.sendmail("ana@example.com", [USER], mail())
        with socket.create_connection(("127.0.0.1", port)):
            process.terminate()
            assert process.wait(60) == 0
    assert [one.via for one in stored(db)] == ["lmtp"]
