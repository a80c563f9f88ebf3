"""The worker as the operator runs it: a process that can be killed at any moment."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import text

from kb import worker
from kb.actions.mail_queue import queue
from kb.bundled import TEMPLATES
from kb.mail import Letters
from kb.rules.texts import Text
from kb.settings import Settings, read_settings
from kb.store import Database, StoreError, migrate, outbox
from kb.store.file_store import FileStore
from kb.store.outbox import MailState

LETTERS = Letters(
    (TEMPLATES / "mail",), "a@example.com", "http://localhost", "s", Text({"es": "N"})
)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A site with nothing but its mark; the worker needs no content."""
    (tmp_path / "site.yaml").write_text("name: x\n")
    found = read_settings({"KB_VAR": str(tmp_path / "var")}, tmp_path)
    migrate(found.database_url)
    return found


@contextmanager
def database(settings: Settings) -> Iterator[Database]:
    db = Database(settings.database_url)
    yield db
    db.close()


def put(settings: Settings, number: int) -> None:
    with database(settings) as db, db.write() as conn:
        for _ in range(number):
            letter = LETTERS.write("account-known", "es", "ana@example.com", first_name="Ana")
            queue(conn, letter, datetime.now(UTC))


def states(settings: Settings) -> list[MailState]:
    with database(settings) as db, db.read() as conn:
        return [mail.state for mail in outbox.all_mail(conn)]


def files(settings: Settings) -> list[Path]:
    return sorted((settings.var / "mail").glob("*.eml"))


def wait_for(condition: object, seconds: float = 60) -> None:
    assert callable(condition)
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def test_once_sends_all_that_is_due(settings: Settings) -> None:
    put(settings, 45)
    worker.run(settings, Event(), once=True)
    assert len(files(settings)) == 45
    assert set(states(settings)) == {MailState.SENT}


def test_it_sends_what_comes_later_and_stops_when_told(settings: Settings) -> None:
    stop = Event()
    thread = Thread(target=worker.run, args=(settings, stop))
    thread.start()
    try:
        put(settings, 1)
        wait_for(lambda: len(files(settings)) == 1)
    finally:
        stop.set()
        thread.join(60)
    assert not thread.is_alive()


def test_kill_and_restart_lose_and_double_nothing(settings: Settings) -> None:
    """Killed without warning again and again; what it held is sent when its leases end."""
    put(settings, 120)
    code = (
        "import sys, threading; from pathlib import Path\n"
        "from kb.settings import read_settings; from kb.worker import run\n"
        "run(read_settings({'KB_VAR': sys.argv[2]}, Path(sys.argv[1])), threading.Event())"
    )
    command = [sys.executable, "-c", code, str(settings.site), str(settings.var)]
    for round_ in range(3):
        before = len(files(settings))
        with subprocess.Popen(command, cwd=Path(__file__).parents[1]) as process:
            wait_for(lambda before=before: len(files(settings)) > before)
            os.kill(process.pid, signal.SIGKILL)
        with database(settings) as db, db.write() as conn:
            past = datetime.now(UTC) - timedelta(seconds=1)
            conn.execute(
                text("UPDATE outbox SET leased_until = :past WHERE lease IS NOT NULL"),
                {"past": past.replace(tzinfo=None).isoformat(" ")},
            )
        assert MailState.DEAD not in states(settings), round_
    worker.run(settings, Event(), once=True)
    assert set(states(settings)) == {MailState.SENT}
    assert len(files(settings)) == 120  # a mail sent twice has the same name: it is one file


def test_it_sweeps_files_that_nothing_names(settings: Settings) -> None:
    store = FileStore(settings.var / "attachments")
    with store.write(BytesIO(b"left by a form that was never sent"), 1000, head=4) as left:
        store.keep(left)
    lies = store.path(left.sha256)
    worker.run(settings, Event(), once=True)
    assert lies.exists(), "it may still be named within the day"
    worker.run(settings, Event(), once=True, clock=lambda: datetime.now(UTC) + timedelta(days=2))
    assert not lies.exists()


def test_without_a_database_once_says_so(tmp_path: Path, settings: Settings) -> None:
    from dataclasses import replace

    lost = replace(settings, database_url=f"sqlite:///{tmp_path}/nowhere/x.db")
    with pytest.raises(StoreError, match="does not answer"):
        worker.run(lost, Event(), once=True)


def test_mail_leaves_by_smtp_when_a_server_is_set(settings: Settings) -> None:
    from dataclasses import replace

    from kb.mail.post import MailFolder, SmtpServer

    assert worker.post_for(settings) == MailFolder(settings.var / "mail")
    by_smtp = worker.post_for(replace(settings, smtp_url="smtp://mail.example.com"))
    assert isinstance(by_smtp, SmtpServer)
    assert by_smtp.url == "smtp://mail.example.com"


def test_a_disk_that_is_full_is_waited_out(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Mail goes on once there is room: nobody has to start the worker again."""
    stop = Event()
    times = iter([OSError(28, "No space left on device"), None])

    def round_(*_: object) -> bool:
        trouble = next(times)
        if trouble:
            raise trouble
        stop.set()
        return False

    monkeypatch.setattr("kb.worker._round", round_)
    monkeypatch.setattr("kb.worker.TROUBLE_SECONDS", 0)
    worker.run(settings, stop)
    assert "No space left on device" in caplog.text
    assert next(times, "both were taken") == "both were taken"
