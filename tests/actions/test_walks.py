"""Walks are written beside the requests, read back as figures, and forgotten after 13 months."""

import logging
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from kb.actions.housekeeping import WALKS_KEPT, tidy
from kb.actions.walks import WalkFigures, new_walk, walk_log
from kb.rules.tree_figures import Ending, Fate, Figures, Trace, monday_of
from kb.store import Database, conversation, walks
from kb.store.file_store import FileStore
from tests.actions.people import NOW

LATER = NOW + timedelta(hours=3)


def trace(walk: str = "w", node: str = "when", reached: str = "try", **more: object) -> Trace:
    known: dict[str, object] = {
        "tree": "backup-fails",
        "revision": "r1",
        "lang": "es",
        "answer": "x",
        "ending": Ending.NONE,
        "at": NOW,
        **more,
    }
    return Trace(walk=walk, node=node, reached=reached, **known)  # type: ignore[arg-type]


def test_what_was_answered_comes_back_as_it_was(db: Database) -> None:
    told = [trace(""), trace(answer="≥ 11, < 12"), trace(ending=Ending.SOLVED, reached="done")]
    log = walk_log(db)
    for one in told:
        log.add(one)
    log.flush()
    with db.read() as conn:
        assert list(walks.traces(conn, "backup-fails", NOW)) == told
        assert list(walks.traces(conn, "backup-fails", NOW, revision="r2")) == []
        assert list(walks.traces(conn, "backup-fails", LATER)) == []
        assert list(walks.traces(conn, "restore-fails", NOW)) == []


def test_figures_of_one_tree_and_of_several(db: Database) -> None:
    with db.write() as conn:
        walks.add(conn, [])
        walks.add(conn, [trace("a"), trace("b", ending=Ending.SOLVED), trace("a", tree="other")])
    found = WalkFigures(db).of("backup-fails", LATER, days=28)
    assert found.fates == {Fate.LEFT: 1, Fate.SOLVED: 1}
    assert WalkFigures(db).of("backup-fails", LATER, days=28, revision="r2") == Figures()
    assert WalkFigures(db).of("backup-fails", NOW + timedelta(days=35), days=28) == Figures()
    several = WalkFigures(db).of_all(["backup-fails", "other", "nothing"], LATER, days=28)
    assert [figures.walks for figures in several.values()] == [2, 1, 0]


def test_a_week_that_is_over_is_added_up_once(db: Database) -> None:
    """A walk belongs to the week in which it began; a remembered week is not asked for again."""
    monday = datetime.combine(monday_of(NOW), time(), UTC)
    late, next_day = monday - timedelta(minutes=5), monday + timedelta(minutes=5)
    with db.write() as conn:
        walks.add(conn, [trace("a", at=late), trace("a", at=next_day, ending=Ending.SOLVED)])
        walks.add(conn, [trace("b", at=monday + timedelta(hours=1))])
        walks.add(conn, [trace("old", at=monday - timedelta(days=20))])
    found, later = WalkFigures(db), monday + timedelta(days=9, minutes=1)
    first = found.of("backup-fails", later, days=14)
    assert [(week.monday, week.walks) for week in first.weeks] == [
        ((monday - timedelta(days=7)).date(), 1),
        (monday.date(), 1),
    ]
    assert first.fates == {Fate.SOLVED: 1, Fate.LEFT: 1}
    assert found.of("backup-fails", later, days=14) == first
    with db.write() as conn:
        walks.add(conn, [trace("c", at=monday), trace("d", at=later - timedelta(hours=3))])
    again = found.of("backup-fails", later, days=14)
    assert again.walks == 3  # “c” came into a week that was over
    assert WalkFigures(db).of("backup-fails", later, days=14).walks == 4
    assert found.of("backup-fails", later, days=27).walks == 4  # and “old”


def test_a_walk_of_no_case_is_not_one_of_a_case(db: Database) -> None:
    """One that became a case: tests/pages/test_tree_map.py."""
    with db.write() as conn:
        walks.add(conn, [trace("a")])
        conversation.add_walk(
            conn, tree="backup-fails", lang="es", outcome="try", trail=[], now=NOW, walk="a"
        )
    found = WalkFigures(db).of("backup-fails", LATER, days=28)
    assert (found.cases, found.fates) == (0, {Fate.LEFT: 1})


def test_walks_are_forgotten_after_thirteen_months(db: Database, tmp_path: Path) -> None:
    with db.write() as conn:
        walks.add(conn, [trace("a", at=NOW - WALKS_KEPT - timedelta(days=1)), trace("b")])
    tidy(db, FileStore(tmp_path), NOW)
    with db.read() as conn:
        kept = list(walks.traces(conn, "backup-fails", NOW - timedelta(days=1000)))
    assert [one.walk for one in kept] == ["b"]


def test_a_database_that_is_down_is_no_trouble_for_the_page(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    log = walk_log(Database(f"sqlite:///{tmp_path / 'missing' / 'waypost.db'}"))
    with caplog.at_level(logging.WARNING, "kb.walks"):
        log.add(trace())
        log.flush()
    assert "1 were not counted" in caplog.text


def test_more_answers_than_can_be_written_are_dropped(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kb.actions.batch_log._WAITING", 3)
    log = walk_log(db)
    with db.write() as conn:  # the writer waits for its turn
        for _ in range(2_000):
            log.add(trace())
        walks.add(conn, [trace("mine")])
    log.flush()
    with db.read() as conn:
        assert 1 < len(list(walks.traces(conn, "backup-fails", NOW))) <= 2_001


def test_ids_of_walks_are_random_and_fit_the_cookie() -> None:
    drawn = {new_walk() for _ in range(100)}
    assert len(drawn) == 100
    assert {len(one) for one in drawn} == {22}
