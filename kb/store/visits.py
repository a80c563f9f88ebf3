"""Steps of visits, each with a random visit's id and nothing about a person."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from kb.rules.visits import Step, StepKind
from kb.store.visit_tables import case_lookup, visit_step

_TOGETHER = 2000  # rows that are fetched at once
_COLUMNS = [
    visit_step.c[name] for name in ("visit", "kind", "at", "lang", "query", "results", "article")
]


def add(conn: Connection, steps: Iterable[Step]) -> None:
    """Keep steps, all in one insert."""
    rows = [
        {
            "visit": step.visit,
            "kind": str(step.kind),
            "at": step.at,
            "lang": step.lang,
            "query": step.query,
            "results": step.results,
            "article": step.article,
        }
        for step in steps
    ]
    if rows:
        conn.execute(insert(visit_step), rows)


def since(conn: Connection, moment: datetime) -> Iterator[Step]:
    """Yield the steps since a moment, in order."""
    query = select(*_COLUMNS).where(visit_step.c.at >= moment)
    found = conn.execute(query.order_by(visit_step.c.at, visit_step.c.id))
    for rows in found.partitions(_TOGETHER):
        yield from (_step(*row) for row in rows)


def of_visit(conn: Connection, visit: str, since: datetime) -> tuple[Step, ...]:
    """Return the steps of one visit since a moment, in order."""
    query = select(*_COLUMNS).where(visit_step.c.visit == visit, visit_step.c.at >= since)
    found = conn.execute(query.order_by(visit_step.c.at, visit_step.c.id))
    return tuple(_step(*row) for row in found)


def purge(conn: Connection, before: datetime) -> int:
    """Drop old steps; returns how many."""
    return conn.execute(delete(visit_step).where(visit_step.c.at < before)).rowcount


def keep_lookups(conn: Connection, case_number: int, searches: Iterable[Step]) -> None:
    """Keep with a case what was searched for before it."""
    rows = [
        {
            "case_number": case_number,
            "query": step.query,
            "lang": step.lang,
            "results": step.results,
            "article": step.article,
            "at": step.at,
        }
        for step in searches
    ]
    if rows:
        conn.execute(insert(case_lookup), rows)


def lookups(conn: Connection, case_number: int) -> tuple[Step, ...]:
    """Return what was searched for before a case, in order, with what was opened from it."""
    query = select(case_lookup).where(case_lookup.c.case_number == case_number)
    return tuple(
        Step("", StepKind.SEARCHED, row.at, row.lang, row.query, row.results, row.article)
        for row in conn.execute(query.order_by(case_lookup.c.at, case_lookup.c.id))
    )


def _step(
    visit: str, kind: str, at: datetime, lang: str, query: str, results: int, article: int
) -> Step:
    return Step(visit, StepKind(kind), at, lang, query, results, article)
