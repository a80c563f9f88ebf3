"""The sums of weeks that are over: added up once by the worker, from the answers of that week."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Connection

from kb.rules.tree_figures import Figures, Trace, monday_of, weekly
from kb.store import Database, walk_weeks, walks

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
OVER = 2 * DAY  # so long after a week nobody goes on with a walk that began in it
WALKS_KEPT = timedelta(days=396)  # 13 months: each month has its own of last year beside it


def is_over(monday: date, now: datetime) -> bool:
    """Tell whether nothing can come any more to the walks that began in a week."""
    return midnight(monday) + WEEK + OVER < now


def sum_weeks(db: Database, now: datetime, *, again: bool = False) -> int:
    """Keep the sums of every week that is over and has none yet; returns how many weeks.

    `again` first drops those that can be added up anew: all whose answers are still there, whole.
    Doing it twice, or in two processes at once, is doing it once."""
    with db.read() as conn:
        begun = walk_weeks.trees(conn)
    done = 0
    for tree, first in begun.items():
        days = _mondays_over(first, now)
        if again:
            with db.write() as conn:
                walk_weeks.forget(conn, tree, days)
        with db.read() as conn:
            there = walk_weeks.kept(conn, tree)
        for monday in days:
            if monday not in there:
                done += _sum_week(db, tree, monday, now)
    return done


def _mondays_over(first: datetime, now: datetime) -> list[date]:
    """The weeks since a first answer that are over and have all their answers still."""
    day = monday_of(max(first, now - WALKS_KEPT + WEEK + OVER))
    days = []
    while is_over(day, now):
        days.append(day)
        day += WEEK
    return days


def _sum_week(db: Database, tree: str, monday: date, now: datetime) -> bool:
    """Add up one week and keep it; not if a walk of it became a case in the meantime."""
    since = midnight(monday) - OVER
    with db.read() as conn:
        cases = walks.walks_with_cases(conn, tree, since)
        traces = list(walks.traces(conn, tree, since, until=midnight(monday) + WEEK + OVER))
    found = {walk_weeks.ALL: _of_week(traces, cases, monday, now)}
    for revision in sorted({trace.revision for trace in traces}):
        some = [trace for trace in traces if trace.revision == revision]
        figures = _of_week(some, cases, monday, now)
        if figures != Figures():
            found[revision] = figures
    with db.write() as conn:
        if walks.walks_with_cases(conn, tree, since) != cases:
            return False
        walk_weeks.keep(conn, tree, monday, found, now)
    return True


def _of_week(
    traces: Sequence[Trace], cases: frozenset[str], monday: date, now: datetime
) -> Figures:
    return weekly(traces, cases, now).get(monday, Figures())


def kept_weeks(
    conn: Connection, tree: str, mondays: Sequence[date], revision: str | None
) -> dict[date, Figures]:
    """Return the sums that are kept of these weeks; a week without walks through a revision has
    sums too once all walks of that week have them."""
    first, last = mondays[0], mondays[-1]
    found = walk_weeks.sums(conn, tree, first, last, revision or walk_weeks.ALL)
    if revision:
        found = dict.fromkeys(walk_weeks.kept(conn, tree) & set(mondays), Figures()) | found
    return found


def midnight(day: date) -> datetime:
    """Return the moment at which a day begins, in UTC."""
    return datetime.combine(day, time(), UTC)
