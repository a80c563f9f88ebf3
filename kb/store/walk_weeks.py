"""Sums of the walks that began in one week, kept for ever; the answers are dropped after a time."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, delete, func, select

from kb.rules.tree_figures import Fate, Figures, NodeFigures, Week
from kb.store.database import insert_once
from kb.store.walk_tables import walk_step, walk_week

ALL = ""  # in place of a revision: the walks of every one


def sums(
    conn: Connection, tree: str, since: date, until: date, revision: str = ALL
) -> dict[date, Figures]:
    """Return the kept sums of the weeks that begin between two days, both included."""
    query = select(walk_week.c.monday, walk_week.c.sums).where(
        walk_week.c.tree == tree,
        walk_week.c.revision == revision,
        walk_week.c.monday.between(since, until),
    )
    return {row[0]: _read(row[0], row[1]) for row in conn.execute(query)}


def kept(conn: Connection, tree: str) -> frozenset[date]:
    """Return the weeks of a tree whose sums are kept."""
    query = select(walk_week.c.monday).where(walk_week.c.tree == tree, walk_week.c.revision == ALL)
    return frozenset(conn.execute(query).scalars())


def keep(
    conn: Connection, tree: str, monday: date, found: Mapping[str, Figures], now: datetime
) -> None:
    """Keep the sums of a week by revision, and of ALL; those that are kept already stay."""
    for revision, figures in found.items():
        values = {
            "tree": tree,
            "revision": revision,
            "monday": monday,
            "sums": _written(figures),
            "added_at": now,
        }
        insert_once(conn, walk_week, values)


def forget(conn: Connection, tree: str, mondays: Collection[date]) -> None:
    """Drop the sums of some weeks, which can be added up again while their answers are there."""
    some = (walk_week.c.tree == tree) & walk_week.c.monday.in_(list(mondays))
    conn.execute(delete(walk_week).where(some))


def trees(conn: Connection) -> dict[str, datetime]:
    """Return when the first answer was given that is still there, by tree."""
    query = select(walk_step.c.tree, func.min(walk_step.c.at)).group_by(walk_step.c.tree)
    return {str(row[0]): row[1] for row in conn.execute(query)}


def _written(figures: Figures) -> dict[str, Any]:
    return {
        "opened": figures.opened,
        "cases": figures.cases,
        "fates": {str(fate): count for fate, count in figures.fates.items()},
        "nodes": {
            name: [node.reached, node.solved, node.escalated, node.advised, node.left]
            for name, node in figures.nodes.items()
        },
    }


def _read(monday: date, told: Mapping[str, Any]) -> Figures:
    fates = {Fate(name): int(count) for name, count in told["fates"].items()}
    return Figures(
        opened=told["opened"],
        fates=fates,
        cases=told["cases"],
        nodes={name: NodeFigures(*counts) for name, counts in told["nodes"].items()},
        weeks=(Week(monday, fates),) if fates else (),
    )
