"""Cases as CSV or JSON, however many: written a part at a time, never held at once."""

import json
from collections.abc import Iterator
from dataclasses import asdict, fields
from datetime import datetime
from enum import StrEnum
from itertools import chain
from typing import Any

from kb.rules.csv_cells import csv_lines
from kb.store import Database, audit, case_export
from kb.store.case_export import ExportRow
from kb.store.queue import QueueFilter

PART = 500  # cases that are read at once
COLUMNS = tuple(field.name for field in fields(ExportRow))
"""The names of the columns, in order; docs/api.md promises that they stay."""


class Format(StrEnum):
    """How an export is written; both are UTF-8."""

    CSV = "csv"
    JSON = "json"


MEDIA_TYPES = {Format.CSV: "text/csv; charset=utf-8", Format.JSON: "application/json"}


def export_cases(
    db: Database, wanted: QueueFilter, form: Format, now: datetime, *, by: int | None = None
) -> Iterator[str]:
    """Give the cases a filter finds, from the newest on, as text in pieces; who took them along
    is kept before the first. A case that is opened meanwhile is not among them."""
    with db.write() as conn:
        audit.record(conn, by, "cases.export", "cases", now, format=str(form))
    return _csv(_rows(db, wanted)) if form is Format.CSV else _json(_rows(db, wanted))


def _rows(db: Database, wanted: QueueFilter) -> Iterator[ExportRow]:
    before: int | None = None
    while True:
        with db.read() as conn:
            part = case_export.part(conn, wanted, before, PART)
        yield from part
        if len(part) < PART:
            return
        before = part[-1].number


def _csv(rows: Iterator[ExportRow]) -> Iterator[str]:
    return csv_lines(COLUMNS, ([_cell(getattr(one, name)) for name in COLUMNS] for one in rows))


def _cell(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return " ".join(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value


def _json(rows: Iterator[ExportRow]) -> Iterator[str]:
    """One array, a case a line."""
    lines = (json.dumps(_plain(one), ensure_ascii=False) for one in rows)
    first = next(lines, None)
    if first is None:
        return iter(("[]\n",))
    return chain((f"[\n{first}",), (f",\n{line}" for line in lines), ("\n]\n",))


def _plain(one: ExportRow) -> dict[str, Any]:
    told = asdict(one)
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in told.items()
    }
