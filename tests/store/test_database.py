"""Readers and writers of one database do not get in each other's way."""

import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, StatementError

from kb.rules.visits import Step, StepKind
from kb.store import Database, StoreError, attempts, licences, users, visits
from kb.store.database import IDLE_SECONDS
from kb.store.visit_tables import visit_step
from tests.actions.people import NOW, customer

HOUR = timedelta(hours=1)


def searched(at: datetime) -> Step:
    return Step("v", StepKind.SEARCHED, at, "es", "x")


def test_times_come_back_aware_and_in_utc(db: Database) -> None:
    eastern = datetime(2026, 11, 23, 10, 0, 0, 123456, tzinfo=timezone(timedelta(hours=-5)))
    with db.write() as conn:
        visits.add(conn, [searched(eastern)])
    with db.read() as conn:
        (found,) = visits.of_visit(conn, "v", eastern)
        assert conn.execute(select(visit_step.c.at).where(visit_step.c.at == eastern)).all()
    assert found.at == eastern
    assert found.at.tzinfo is UTC


def test_a_time_without_zone_is_refused(db: Database) -> None:
    naive = NOW.replace(tzinfo=None)
    with db.write() as conn, pytest.raises(StatementError, match="no time zone"):
        visits.add(conn, [searched(naive)])


def test_readers_cannot_write(db: Database) -> None:
    with db.read() as conn, pytest.raises((DBAPIError, StoreError)):
        visits.add(conn, [searched(NOW)])


def test_what_fails_is_undone(db: Database) -> None:
    def fail() -> None:
        with db.write() as conn:
            visits.add(conn, [searched(NOW)])
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    with db.read() as conn:
        assert list(visits.since(conn, NOW)) == []


def test_a_file_that_another_program_keeps_is_told_and_can_be_written_again_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kb.store.database.BUSY_SECONDS", 0)
    db = Database(f"sqlite:///{tmp_path}/some.db")
    with db.write() as conn:
        conn.execute(text("CREATE TABLE some (number INTEGER)"))
    with closing(sqlite3.connect(tmp_path / "some.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match=r"does not answer .*locked"), db.write():
            pass
    with db.write() as conn:
        conn.execute(text("INSERT INTO some VALUES (1)"))
    db.close()


def test_a_reader_sees_a_finished_state_while_another_writes(db: Database) -> None:
    with db.write() as writing:
        visits.add(writing, [searched(NOW)])
        with db.read() as reading:
            assert list(visits.since(reading, NOW)) == []
    with db.read() as reading:
        assert len(list(visits.since(reading, NOW))) == 1


def test_writers_of_several_pools_queue_up(db: Database, database_url: str) -> None:
    """As several processes would: none fails with a locked database, none is lost."""
    pools = [Database(database_url) for _ in range(4)]

    def count(index: int) -> None:
        for _ in range(25):
            with pools[index].write() as conn:
                attempts.count_one(conn, "x", HOUR, NOW)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(count, range(4)))
    for pool in pools:
        pool.close()
    with db.read() as conn:
        assert attempts.count_of(conn, "x", HOUR, NOW) == 100


def test_a_restart_of_the_server_is_no_error_to_who_comes_later(
    db: Database, database_url: str
) -> None:
    """Connections that have rested are asked first whether they still lead anywhere."""
    if db.is_sqlite:
        pytest.skip("SQLite has no server")
    with db.read() as conn, db.write() as writing:
        ids = [one.execute(text("SELECT pg_backend_pid()")).scalar_one() for one in (conn, writing)]
    other = Database(database_url)
    with other.write() as conn:
        for id_ in ids:
            conn.execute(text("SELECT pg_terminate_backend(:id)"), {"id": id_})
    other.close()
    time.sleep(IDLE_SECONDS)
    with db.write() as conn:
        visits.add(conn, [searched(NOW)])
    with db.read() as conn:
        assert len(list(visits.since(conn, NOW))) == 1


def test_foreign_keys_are_checked(db: Database) -> None:
    with pytest.raises(DBAPIError, match=r"(?i)foreign key"), db.write() as conn:
        licences.add_credit(conn, 4711, None, NOW)


def test_counting_starts_again_after_the_window(db: Database) -> None:
    with db.write() as conn:
        assert attempts.count_one(conn, "x", HOUR, NOW) == 1
        assert attempts.count_one(conn, "x", HOUR, NOW + HOUR - timedelta(seconds=1)) == 2
        assert attempts.count_of(conn, "x", HOUR, NOW) == 2
        assert attempts.count_one(conn, "x", HOUR, NOW + HOUR) == 1
        attempts.forget(conn, "x", "y")
        assert attempts.count_of(conn, "x", HOUR, NOW) == 0


def test_one_address_has_one_account(db: Database) -> None:
    first = customer(db, "Ana@example.com", email_key="ana@example.com")
    with db.write() as conn:
        again = users.NewUser("ana@example.com", "ana@example.com", "E", "V", "ES", "es", "x")
        assert users.add(conn, again, NOW) is None
        found = users.by_email(conn, "ana@example.com")
        assert users.by_email(conn, "other@example.com") is None
        assert users.agents(conn) == ()
    assert found
    assert (found.id, found.first_name) == (first, "Ana")


def test_rows_are_frozen() -> None:
    from kb.store import assets, audit, cases, conversation, outbox, queue

    for module in (assets, audit, cases, conversation, licences, outbox, queue, users):
        for kind in vars(module).values():
            if isinstance(kind, type) and is_dataclass(kind):
                assert kind.__dataclass_params__.frozen, kind  # type: ignore[attr-defined]
                assert fields(kind)


def test_sqlite_is_safe_and_shared(database_url: str, db: Database) -> None:
    if not db.is_sqlite:
        with db.read() as conn:
            assert conn.execute(text("SHOW timezone")).scalar_one().upper() == "UTC"
        return
    with db.write() as conn:
        pragmas = {
            name: conn.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert pragmas == {
        "journal_mode": "wal",
        "synchronous": 1,  # and `_sync` after each commit: tests/store/test_turns.py
        "foreign_keys": 1,
        "busy_timeout": 15000,
    }


def test_a_new_file_that_another_process_writes_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite refuses to turn it to WAL at once, without the waiting that every other lock has."""
    file = tmp_path / "new.db"
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    waits: list[float] = []

    def ends(seconds: float) -> None:
        waits.append(seconds)
        other.execute("COMMIT")

    monkeypatch.setattr("kb.store.database.sleep", ends)
    db = Database(f"sqlite:///{file}")
    with db.write() as conn:
        assert conn.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"
    db.close()
    other.close()
    assert len(waits) == 1
