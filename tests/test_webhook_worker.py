"""The worker with a target that hangs: mail goes on; the handbook's snippet knows our signature."""

import re
import socket
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from kb import worker
from kb.actions import webhooks as actions
from kb.actions.mail_queue import queue
from kb.actions.webhooks import Made
from kb.bundled import TEMPLATES
from kb.mail import Letters
from kb.rules.accounts import Role
from kb.rules.texts import Text
from kb.rules.webhooks import signature
from kb.settings import Settings, SettingsError, read_settings
from kb.store import Database, migrate, users, webhook_outbox
from kb.store.outbox import MailState
from kb.store.users import NewUser

DOCS = Path(__file__).parent.parent / "docs" / "api.md"
LETTERS = Letters(
    (TEMPLATES / "mail",), "a@example.com", "http://localhost", "s", Text({"es": "N"})
)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A site with nothing but its mark, whose webhooks may reach this machine."""
    (tmp_path / "site.yaml").write_text("name: x\n")
    env = {"KB_VAR": str(tmp_path / "var"), "KB_WEBHOOK_NETWORKS": "127.0.0.0/8"}
    found = read_settings(env, tmp_path)
    migrate(found.database_url)
    return found


@pytest.fixture
def hanging() -> Iterator[socket.socket]:
    """A port that takes connections and never says anything."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        yield listening


def subscribed(db: Database, settings: Settings, port: int) -> int:
    """A webhook to this port with a ping that waits for it."""
    now = datetime.now(UTC)
    url = f"http://127.0.0.1:{port}/"
    new = NewUser("a@example.com", "a@example.com", "A", "B", "ES", "en", "none", Role.AGENT, now)
    with db.write() as conn:
        user = users.add(conn, new, now)
    assert user is not None
    networks = settings.webhook_networks
    made = actions.subscribe(db, settings.secret_key, networks, user, url, ["case.opened"], now)
    assert isinstance(made, Made)
    with db.write() as conn:
        webhook_outbox.ping(conn, made.id, now)
    return made.id


def test_a_target_that_hangs_holds_up_no_mail(settings: Settings, hanging: socket.socket) -> None:
    with closing(Database(settings.database_url)) as db:
        id_ = subscribed(db, settings, hanging.getsockname()[1])
        stop = Event()
        thread = Thread(target=worker.run, args=(settings, stop), daemon=True)
        thread.start()
        hanging.settimeout(60)
        connection, _ = hanging.accept()  # the target is being told, and says nothing
        with closing(connection):
            with db.write() as conn:
                letter = LETTERS.write("account-known", "es", "ana@example.com", first_name="Ana")
                queue(conn, letter, datetime.now(UTC))
            mail = settings.var / "mail"
            until = time.monotonic() + 60
            while not any(mail.glob("*.eml")) and time.monotonic() < until:
                time.sleep(0.02)
            sent = list(mail.glob("*.eml"))
            (waiting,) = (actions.view(db, id_, dead=False) or (0, ()))[1]
        stop.set()
        thread.join(60)
    assert sent
    assert waiting.lease, "the mail went out while the target was still hanging"


def test_once_tells_what_is_due_and_what_fails_waits(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with closing(Database(settings.database_url)) as db:
        id_ = subscribed(db, settings, port)  # nobody listens there any more
        worker.run(settings, Event(), once=True)
        (one,) = (actions.view(db, id_, dead=False) or (0, ()))[1]
    assert (one.state, one.attempts) == (MailState.QUEUED, 1)
    assert "cannot be reached" in (one.error or "")


def test_networks_that_are_none_are_said(tmp_path: Path) -> None:
    (tmp_path / "site.yaml").write_text("name: x\n")
    assert read_settings({"KB_VAR": str(tmp_path)}, tmp_path).webhook_networks == ()
    for wrong in ("10.0.0.0/99", "localhost", "10.1.0.1/16"):
        with pytest.raises(SettingsError, match="write networks with commas"):
            read_settings({"KB_VAR": str(tmp_path), "KB_WEBHOOK_NETWORKS": wrong}, tmp_path)


def test_the_snippet_of_the_handbook_knows_our_signature() -> None:
    (snippet,) = re.findall(r"```python\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    known: dict[str, Any] = {}
    exec(snippet, known)  # noqa: S102 # the very words that others copy
    check = known["is_from_waypost"]
    header = signature("whsec_x", datetime.now(UTC), b'{"id":"evt_1"}')
    assert check("whsec_x", header, b'{"id":"evt_1"}')
    assert not check("whsec_y", header, b'{"id":"evt_1"}')
    assert not check("whsec_x", header, b'{"id":"evt_2"}')
    old = signature("whsec_x", datetime(2026, 1, 1, tzinfo=UTC), b"{}")
    assert not check("whsec_x", old, b"{}")
