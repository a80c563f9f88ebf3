"""Processes that write to one SQLite file: in order, and confirmed only when it is on disk."""

import os
import shutil
import time
from pathlib import Path
from threading import Thread

import pytest

from kb.rules.visits import Step, StepKind
from kb.store import Database, migrate, visits
from kb.store import database as module
from kb.store.turns import Turns
from tests.actions.people import NOW


def _search(db: Database, query: str) -> None:
    with db.write() as conn:
        visits.add(conn, [Step("v", StepKind.SEARCHED, NOW, "es", query)])


def _queries(db: Database) -> list[str]:
    with db.read() as conn:
        return [one.query for one in reversed(visits.of_visit(conn, "v", NOW))]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A database file with our tables."""
    path = tmp_path / "waypost.db"
    migrate(f"sqlite:///{path}")
    return path


def _is_locked(file: Path) -> bool:
    from fcntl import LOCK_EX, LOCK_NB, flock

    with file.open() as handle:
        try:
            flock(handle, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            return True
    return False


def test_who_waits_is_next_before_who_has_just_written(tmp_path: Path) -> None:
    file = tmp_path / "some.db"
    one, other = Turns(file), Turns(file)
    order = []

    def wait() -> None:
        with other.taken(60):
            order.append("the other")

    with one.taken(60):
        waiting = Thread(target=wait)
        waiting.start()
        while not _is_locked(tmp_path / "some.db-next"):
            time.sleep(0.001)
        order.append("one")
    with one.taken(60):
        order.append("one again")
    waiting.join()
    assert order == ["one", "the other", "one again"]


def test_a_turn_that_is_not_given_back_is_not_waited_for(tmp_path: Path) -> None:
    one, other = Turns(tmp_path / "some.db"), Turns(tmp_path / "some.db")
    with one.taken(0), other.taken(0.01):
        pass  # SQLite's own lock decides then
    with one.taken(0):
        assert _is_locked(tmp_path / "some.db-turn")
    assert not _is_locked(tmp_path / "some.db-turn")


def test_a_process_that_ends_gives_its_turn_back(tmp_path: Path) -> None:
    turns = Turns(tmp_path / "some.db")
    with turns.taken(0):  # ours, opened before the fork
        pass
    child = os.fork()
    if child == 0:
        with turns.taken(0):
            os._exit(0)
    os.waitpid(child, 0)
    assert not _is_locked(tmp_path / "some.db-turn")
    with turns.taken(0):
        assert _is_locked(tmp_path / "some.db-turn")
    turns.close()


def test_a_power_cut_after_the_answer_loses_nothing(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the disk has when `write` returns, and nothing since, holds what was written."""
    db, cut = Database(f"sqlite:///{file}"), tmp_path / "cut"
    really = module._to_disk

    def to_disk(handle: int) -> None:
        really(handle)
        shutil.rmtree(cut, ignore_errors=True)
        cut.mkdir()
        for name in (file.name, f"{file.name}-wal"):
            shutil.copy(file.with_name(name), cut)

    monkeypatch.setattr(module, "_to_disk", to_disk)
    for query in ("one", "two"):
        _search(db, query)
        after = Database(f"sqlite:///{cut / file.name}")
        assert query in _queries(after)
        after.close()
    db.close()


def test_the_next_one_writes_while_the_disk_is_waited_for(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    db, other = Database(f"sqlite:///{file}"), Database(f"sqlite:///{file}")
    really = module._to_disk
    met: list[bool] = []

    def to_disk(handle: int) -> None:
        if not met:
            met.append(True)
            _search(other, "the next")
        really(handle)

    monkeypatch.setattr(module, "_to_disk", to_disk)
    _search(db, "first")
    assert sorted(_queries(db)) == ["first", "the next"]
    db.close()
    other.close()
