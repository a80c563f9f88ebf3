"""From result rows to frozen dataclasses."""

from typing import Any, TypeVar

from sqlalchemy import Connection, Executable

T = TypeVar("T")


def one(conn: Connection, kind: type[T], query: Executable, **asked: Any) -> T | None:
    """Return the first row as a `kind`, whose fields are the columns, or None; `asked` are the
    values of a query that was made once."""
    row = conn.execute(query, asked).mappings().first()
    return None if row is None else kind(**row)


def many(conn: Connection, kind: type[T], query: Executable, **asked: Any) -> tuple[T, ...]:
    """Return all rows as `kind`s, whose fields are the columns; `asked` as above."""
    return tuple(kind(**row) for row in conn.execute(query, asked).mappings())


def number_of(conn: Connection, query: Executable) -> int:
    """Return the single number a counting query gives."""
    value: Any = conn.execute(query).scalar_one()
    return int(value)
