"""Sums of weeks are kept once they are over, and say what counting everything says."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select

from kb.actions.housekeeping import tidy
from kb.actions.walk_weeks import WALKS_KEPT, midnight, sum_weeks
from kb.actions.walks import WalkFigures
from kb.rules.tree_figures import Ending, Figures, Trace, added, monday_of, weekly
from kb.store import Database, conversation, walk_weeks, walks
from kb.store.file_store import FileStore
from kb.store.walk_tables import walk_step, walk_week, wizard_walk
from tests.actions.people import NOW

TREE, WEEK = "backup-fails", timedelta(days=7)


def step(walk: str, ago: timedelta, *, ending: Ending = Ending.NONE, revision: str = "r1") -> Trace:
    node = "when" if walk else ""
    return Trace(TREE, revision, "en", walk, node, "x", "code", ending, NOW - ago)


def count_all(db: Database, days: int) -> Figures:
    """What all the answers say, without any sum: those of the weeks asked for."""
    since = midnight(monday_of(NOW - timedelta(days=days)))
    with db.read() as conn:
        traces = list(walks.traces(conn, TREE, since - WEEK))
        cases = walks.walks_with_cases(conn, TREE, since - WEEK)
    began = {one.walk: one.at for one in reversed(traces)}
    some = [one for one in traces if (began[one.walk] if one.walk else one.at) >= since]
    return added(weekly(some, cases & {one.walk for one in some}, NOW).values())


def rows(db: Database) -> list[tuple[object, ...]]:
    with db.read() as conn:
        query = select(walk_week.c.revision, walk_week.c.monday, walk_week.c.sums)
        return [tuple(row) for row in conn.execute(query.order_by(walk_week.c.id))]


def empty(db: Database) -> None:
    with db.write() as conn:
        for table in (walk_step, walk_week, wizard_walk):
            conn.execute(delete(table))


walked = st.tuples(
    st.integers(0, 70 * 24 * 60),  # minutes ago when it began
    st.lists(st.integers(0, 600), max_size=3),  # minutes from answer to answer
    st.sampled_from(Ending),
    st.sampled_from(["r1", "r2"]),
    st.booleans(),  # whether it became a case
)


def write(db: Database, number: int, walk: tuple[int, list[int], Ending, str, bool]) -> None:
    minutes, gaps, ending, revision, made_case = walk
    name, told = f"w{number}", [minutes]
    for gap in gaps:
        told.append(max(0, told[-1] - gap))
    with db.write() as conn:
        traces = [
            step(
                name,
                timedelta(minutes=ago),
                ending=ending if ago == told[-1] else Ending.NONE,
                revision=revision,
            )
            for ago in told
        ]
        walks.add(conn, [step("", timedelta(minutes=minutes)), *traces])
        if made_case:
            said = {"tree": TREE, "lang": "en", "outcome": "code", "trail": [], "walk": name}
            conversation.add_walk(conn, now=traces[-1].at, **said)  # type: ignore[arg-type]


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(walked, max_size=12))
def test_sums_and_the_present_week_are_what_counting_all_says(
    db: Database, made: list[tuple[int, list[int], Ending, str, bool]]
) -> None:
    empty(db)
    for number, walk in enumerate(made):
        write(db, number, walk)
    without = {days: WalkFigures(db).of(TREE, NOW, days=days) for days in (7, 80)}
    of_one = WalkFigures(db).of(TREE, NOW, days=80, revision="r2")
    sum_weeks(db, NOW)
    for days, told in without.items():
        found = WalkFigures(db).of(TREE, NOW, days=days)
        assert found == told == count_all(db, days)
    assert WalkFigures(db).of(TREE, NOW, days=80, revision="r2") == of_one


def test_the_sums_are_what_is_read(db: Database) -> None:
    """Without the answers the figures stay; so they do not come from them."""
    with db.write() as conn:
        walks.add(conn, [step("a", 3 * WEEK), step("b", 3 * WEEK, ending=Ending.SOLVED)])
        walks.add(conn, [step("now", timedelta(hours=5))])
    before = WalkFigures(db).of(TREE, NOW, days=60)
    assert before.walks == 3
    assert sum_weeks(db, NOW) == 2
    with db.write() as conn:
        conn.execute(delete(walk_step).where(walk_step.c.walk != "now"))
    assert WalkFigures(db).of(TREE, NOW, days=60) == before
    assert WalkFigures(db).of(TREE, NOW, days=60, revision="r1") == before
    assert WalkFigures(db).of(TREE, NOW, days=60, revision="r9").walks == 0


def test_a_week_is_summed_once_and_not_before_it_is_over(db: Database) -> None:
    monday = midnight(monday_of(NOW))
    with db.write() as conn:
        walks.add(conn, [step("a", NOW - monday + timedelta(hours=1))])  # Sunday, 23:00
    assert sum_weeks(db, monday + timedelta(days=2)) == 0  # somebody may still go on
    assert sum_weeks(db, monday + timedelta(days=2, seconds=1)) == 1
    kept = rows(db)
    assert [(row[0], row[1]) for row in kept] == [
        ("", (monday - WEEK).date()),
        ("r1", (monday - WEEK).date()),
    ]
    assert sum_weeks(db, NOW + timedelta(days=10)) == 1  # the next one; the first stays as it is
    assert rows(db)[: len(kept)] == kept


def test_many_workers_keep_one_sum(db: Database) -> None:
    with db.write() as conn:
        walks.add(conn, [step(f"w{n}", n * WEEK) for n in range(8)])
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: sum_weeks(db, NOW), range(4)))
    kept = [(row[0], row[1]) for row in rows(db)]
    assert len(kept) == len(set(kept))
    assert WalkFigures(db).of(TREE, NOW, days=80).walks == 8


def test_sums_are_added_up_anew_from_the_answers(db: Database) -> None:
    with db.write() as conn:
        walks.add(conn, [step("a", 3 * WEEK)])
    sum_weeks(db, NOW)
    right = rows(db)
    with db.write() as conn:
        conn.execute(walk_week.update().values(sums={**dict(right[0][2]), "opened": 99}))  # type: ignore[call-overload]
    assert WalkFigures(db).of(TREE, NOW, days=60).opened > 90
    assert sum_weeks(db, NOW) == 0  # by itself it touches no sum that is there
    sum_weeks(db, NOW, again=True)
    assert rows(db) == right


def test_old_answers_go_and_their_sums_stay(db: Database, tmp_path: Path) -> None:
    old, late = WALKS_KEPT - timedelta(days=20), WALKS_KEPT - timedelta(days=5)
    with db.write() as conn:
        walks.add(conn, [step("a", old), step("b", late), step("c", timedelta(days=30))])
    files = FileStore(tmp_path)
    tidy(db, files, NOW)
    before = rows(db)
    later = NOW + timedelta(days=26)
    tidy(db, files, later)
    with db.read() as conn:
        left = conn.execute(select(func.count()).select_from(walk_step)).scalar_one()
    assert left == 1
    assert rows(db)[: len(before)] == before
    sum_weeks(db, later, again=True)  # cannot be added up any more, so they are not touched
    assert WalkFigures(db).of(TREE, later, days=430).walks == 3


def test_a_walk_that_becomes_a_case_meanwhile_is_left_for_the_next_time(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with db.write() as conn:
        walks.add(conn, [step("a", 3 * WEEK)])
    asked = iter([frozenset[str](), frozenset({"a"})])
    with monkeypatch.context() as during:
        during.setattr(walks, "walks_with_cases", lambda *_: next(asked, frozenset({"a"})))
        assert sum_weeks(db, NOW) < 3
    with db.read() as conn:
        kept = walk_weeks.kept(conn, TREE)
    assert monday_of(NOW - 3 * WEEK) not in kept
    sum_weeks(db, NOW)
    with db.read() as conn:
        assert monday_of(NOW - 3 * WEEK) in walk_weeks.kept(conn, TREE)
