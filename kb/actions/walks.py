"""Counting walks: writing answers down beside the requests, and adding them up."""

import secrets
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from kb.actions.batch_log import BatchLog
from kb.actions.walk_weeks import DAY, OVER, WEEK, is_over, kept_weeks, midnight
from kb.rules.tree_figures import Figures, Trace, added, monday_of, weekly
from kb.store import Database, walks

_AT_ONCE = 4  # weeks that are read together: a year of a busy tree would fill the memory
_KEPT = 200  # trees and revisions whose weeks are remembered


def walk_log(db: Database) -> BatchLog[Trace]:
    """Return what writes answers of the troubleshooter beside the requests."""
    return BatchLog(db, walks.add, "walks")


def new_walk() -> str:
    """Draw the random id of a walk."""
    return secrets.token_urlsafe(16)


class WalkFigures:
    """Adds walks up, in whole weeks. The sums of those that are over are kept by the worker and
    remembered here, so what a page costs is a week's answers and not a year's; weeks that the
    worker has not come to yet are added up here. One for each process."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._over: dict[tuple[str, str | None], dict[date, Figures]] = {}

    def of(self, tree: str, now: datetime, *, days: int, revision: str | None = None) -> Figures:
        """Add up the walks through a tree that began since the Monday before the last days; of one
        revision if it is named."""
        if len(self._over) > _KEPT:  # revisions that are gone
            self._over = {}
        known = self._over.setdefault((tree, revision), {})
        day, mondays = monday_of(now - days * DAY), list[date]()
        while day <= monday_of(now):
            mondays.append(day)
            day += WEEK
        if mondays[0] not in known:
            with self._db.read() as conn:
                known.update(kept_weeks(conn, tree, mondays, revision))
        fresh: dict[date, Figures] = {}
        for some in _runs([day for day in mondays if day not in known]):
            found = self._weeks(some, tree, now, revision)
            fresh |= {day: found.get(day, Figures()) for day in some}
        known.update({day: sums for day, sums in fresh.items() if is_over(day, now)})
        return added(known.get(day) or fresh[day] for day in mondays)

    def of_all(self, trees: Iterable[str], now: datetime, *, days: int) -> dict[str, Figures]:
        """Add up the walks through each of these trees."""
        return {tree: self.of(tree, now, days=days) for tree in trees}

    def _weeks(
        self, mondays: Sequence[date], tree: str, now: datetime, revision: str | None
    ) -> dict[date, Figures]:
        """Add up weeks that follow each other; their walks may begin a little before and go on a
        little after."""
        since = midnight(mondays[0]) - OVER
        until = midnight(mondays[-1]) + WEEK + OVER
        with self._db.read() as conn:
            found = walks.traces(conn, tree, since, until=until, revision=revision)
            return weekly(found, walks.walks_with_cases(conn, tree, since), now)


def _runs(mondays: Iterable[date]) -> list[list[date]]:
    """Part weeks into such as follow each other, and may be read together."""
    runs: list[list[date]] = []
    for day in mondays:
        if runs and len(runs[-1]) < _AT_ONCE and runs[-1][-1] + WEEK == day:
            runs[-1].append(day)
        else:
            runs.append([day])
    return runs
