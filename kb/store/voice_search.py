"""Finding feedback by its words, as `case_search.py` finds cases (R51)."""

from sqlalchemy import ColumnElement, Connection, String, bindparam, column, delete, table, text
from sqlalchemy.sql.expression import TableClause, literal_column

from kb.rules.case_search import words_of
from kb.store.case_search import question
from kb.store.columns import Id

# No part of `metadata`: it is a virtual table on one of the two databases.
feedback_search: TableClause = table("feedback_search", column("id", Id), column("words"))
_fts = table("feedback_search", column("rowid", Id))
_FTS_KEEP = text("INSERT INTO feedback_search (rowid, words) VALUES (:id, :words)")
_KEEP = text("INSERT INTO feedback_search (id, words) VALUES (:id, array_to_tsvector(:words))")


def key(conn: Connection) -> ColumnElement[int]:
    """Return the column of the feedback's id on this database."""
    return _fts.c.rowid if _is_sqlite(conn) else feedback_search.c.id


def matches(conn: Connection, asked: str) -> ColumnElement[bool] | None:
    """Return the condition on `feedback_search` that it has all words asked for; None for no
    word."""
    asked_for = question(asked, lite=_is_sqlite(conn))
    if asked_for is None:
        return None
    if _is_sqlite(conn):
        return literal_column("feedback_search", String).op("MATCH")(asked_for)
    where = text("feedback_search.words @@ CAST(:feedback_words AS tsquery)")
    return where.bindparams(bindparam("feedback_words", asked_for))  # type: ignore[return-value]


def keep(conn: Connection, id_: int, said: str) -> None:
    """Keep the words of what was said, in place of those kept before."""
    drop(conn, id_)
    words = words_of(said)
    if _is_sqlite(conn):
        conn.execute(_FTS_KEEP, {"id": id_, "words": " ".join(words)})
    else:
        conn.execute(_KEEP, {"id": id_, "words": list(words)})


def drop(conn: Connection, id_: int) -> None:
    """Forget the words of what was said."""
    named = key(conn)
    conn.execute(delete(named.table).where(named == id_))


def _is_sqlite(conn: Connection) -> bool:
    return conn.dialect.name == "sqlite"
