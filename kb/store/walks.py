"""Answers given in the troubleshooter, each with a random walk's id and nothing about a person."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from kb.rules.tree_figures import Trace
from kb.store.walk_tables import walk_step, wizard_walk

_TOGETHER = 2000  # rows that are fetched at once
_COLUMNS = [
    walk_step.c[name]
    for name in (
        "tree",
        "revision",
        "lang",
        "walk",
        "node",
        "answer",
        "reached",
        "ending",
        "at",
    )
]


def add(conn: Connection, traces: Iterable[Trace]) -> None:
    """Keep answers, all in one insert."""
    rows = [
        {
            "walk": trace.walk or None,
            "tree": trace.tree,
            "revision": trace.revision,
            "lang": trace.lang,
            "node": trace.node,
            "answer": trace.answer,
            "reached": trace.reached,
            "ending": str(trace.ending),
            "at": trace.at,
        }
        for trace in traces
    ]
    if rows:
        conn.execute(insert(walk_step), rows)


def traces(
    conn: Connection,
    tree: str,
    since: datetime,
    *,
    until: datetime | None = None,
    revision: str | None = None,
) -> Iterable[Trace]:
    """Return the answers given in a tree since a moment (and before another), in order; of one
    revision if named."""
    query = select(*_COLUMNS).where(walk_step.c.tree == tree, walk_step.c.at >= since)
    if until is not None:
        query = query.where(walk_step.c.at < until)
    if revision is not None:
        query = query.where(walk_step.c.revision == revision)
    found = conn.execute(query.order_by(walk_step.c.at, walk_step.c.id))
    for rows in found.partitions(_TOGETHER):
        for row in rows:
            yield Trace(row[0], row[1], row[2], row[3] or "", *row[4:])


def walks_with_cases(conn: Connection, tree: str, since: datetime) -> frozenset[str]:
    """Return the ids of a tree's walks that became a case since a moment."""
    query = select(wizard_walk.c.walk).where(
        wizard_walk.c.tree == tree,
        wizard_walk.c.at >= since,
        wizard_walk.c.walk.is_not(None),
        wizard_walk.c.case_number.is_not(None),
    )
    return frozenset(str(walk) for walk in conn.execute(query).scalars())


def purge(conn: Connection, before: datetime) -> int:
    """Drop old answers; returns how many."""
    return conn.execute(delete(walk_step).where(walk_step.c.at < before)).rowcount
