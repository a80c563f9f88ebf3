"""R12: the worker brings what was pushed, once, and looks by itself where it is told to."""

from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path
from threading import Event

import pytest

from kb.actions.content_duty import ContentDuty
from kb.content.sync_files import SyncFiles
from kb.settings import read_settings
from kb.worker import run
from tests.actions.live_clone import BROKEN, NOW, Live
from tests.actions.people import agent
from tests.content.sites import front


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Live]:
    made = Live(tmp_path)
    yield made
    made.db.close()


def test_the_worker_waits_a_moment_and_syncs_once(live: Live) -> None:
    files, duty = SyncFiles(live.settings.var), ContentDuty(live.db, live.settings)
    live.push(front("", "Empujado.\n"))
    files.ask("main", NOW)
    files.ask("main", NOW)
    files.ask("other", NOW)
    duty.run(NOW + timedelta(seconds=1))
    assert "Empujado" not in live.words()
    duty.run(NOW + timedelta(seconds=3))
    assert "Empujado" in live.words()
    assert files.due(NOW + timedelta(days=1)) == ()


def test_pushes_without_end_do_not_put_it_off_for_ever(live: Live) -> None:
    files = SyncFiles(live.settings.var)
    for second in range(40):
        files.ask("main", NOW + timedelta(seconds=second))
    assert files.due(NOW + timedelta(seconds=40)) == ("main",)


def test_what_is_asked_for_is_bounded(live: Live) -> None:
    files = SyncFiles(live.settings.var)
    for number in range(80):
        files.ask(f"b{number}", NOW)
    assert len(files.due(NOW + timedelta(minutes=1))) == 50
    for path in (live.settings.var / "sync" / "asked").iterdir():
        path.write_text("{")
    assert files.due(NOW + timedelta(minutes=1)) == ()


def test_the_worker_looks_by_itself_where_it_is_told_to(live: Live, tmp_path: Path) -> None:
    env = {"KB_VAR": str(live.settings.var), "KB_SYNC_EVERY": "60"}
    settings = read_settings(env, live.root)
    agent(live.db, "ana@example.com")
    live.push(BROKEN)
    duty = ContentDuty(live.db, settings)
    for minute in range(3):
        duty.run(NOW + timedelta(minutes=minute))
    assert len(live.mails()) == 1
    live.push(front("", "Mirado.\n"))
    duty.run(NOW + timedelta(minutes=3, seconds=-1))
    assert "Mirado" not in live.words()
    duty.run(NOW + timedelta(minutes=4))
    assert "Mirado" in live.words()


def test_the_worker_sends_the_mail(live: Live) -> None:
    agent(live.db, "ana@example.com")
    live.push(BROKEN)
    SyncFiles(live.settings.var).ask("main", NOW - timedelta(minutes=1))
    run(live.settings, Event(), once=True, clock=lambda: NOW)
    (sent,) = (live.settings.var / "mail").glob("*.eml")
    mail = message_from_bytes(sent.read_bytes(), policy=policy.default)
    assert mail["To"] == "ana@example.com"
    assert "articles/setup/1-one/es.md:5:" in mail.get_body(("plain",)).get_content()
