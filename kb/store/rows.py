"""From result rows to frozen dataclasses."""

from typing import Any, TypeVar

from sqlalchemy import Connection, Executable

T = TypeVar("T")


def one(conn: Connection, kind: type[T], query: Executable) -> T | None:
    """Return the first row as a `kind`, whose fields are the columns, or None."""
    row = conn.execute(query).mappings().first()
    return None if row is None else kind(**row)


def many(conn: Connection, kind: type[T], query: Executable) -> tuple[T, ...]:
    """Return all rows as `kind`s, whose fields are the columns."""
    return tuple(kind(**row) for row in conn.execute(query).mappings())


def number_of(conn: Connection, query: Executable) -> int:
    """Return the single number a counting query gives."""
    value: Any = conn.execute(query).scalar_one()
    return int(value)
