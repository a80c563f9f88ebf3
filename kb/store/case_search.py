"""Finding cases by words: number, title, customer and what was said (R48).

SQLite keeps them in an FTS5 table, PostgreSQL in a tsvector; both hold the different words of a
case, folded by `rules/case_search.py`, so both find the same. Whoever writes a text of a case adds
its words in the same transaction."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    String,
    bindparam,
    column,
    delete,
    select,
    table,
    text,
)
from sqlalchemy.sql.expression import TableClause, literal_column

from kb.rules.case_search import asked_words, forms_of, words_of
from kb.store.columns import Id
from kb.store.tables import case, case_message, user

PER_CASE = 5000  # different words after which a case takes no more: a tsvector has limits

# No part of `metadata`: it is a virtual table on one of the two databases.
case_search: TableClause = table("case_search", column("number", Id), column("words"))
_fts = table("case_search", column("rowid", Id))

# Made once: making a statement anew takes longer than running it.
_ABOUT = (
    select(case.c.title, case.c.contact, user.c.first_name, user.c.last_name, user.c.email)
    .join(user, user.c.id == case.c.user_id)
    .where(case.c.number == bindparam("number"))
)
# The condition stands for the limit of a tsvector; one row waits for another's transaction.
_KEEP = text(
    "INSERT INTO case_search (number, words) VALUES (:number, array_to_tsvector(:words)) "
    "ON CONFLICT (number) DO UPDATE SET words = case_search.words || excluded.words "
    "WHERE length(case_search.words) < :most"
)
_FTS_WORDS = text("SELECT words FROM case_search WHERE rowid = :number")
_FTS_INSERT = text("INSERT INTO case_search (rowid, words) VALUES (:number, :words)")
_FTS_UPDATE = text("UPDATE case_search SET words = :words WHERE rowid = :number")


def key(conn: Connection) -> ColumnElement[int]:
    """Return the column of the case's number on this database."""
    return _fts.c.rowid if _is_sqlite(conn) else case_search.c.number


def matches(conn: Connection, asked: str, *, beginning: bool = False) -> ColumnElement[bool] | None:
    """Return the condition on `case_search` that it has all words asked for, the last one as a
    `beginning` if so wanted; None for no word."""
    lite = _is_sqlite(conn)
    query = question(asked, beginning=beginning, lite=lite)
    if query is None:
        return None
    if lite:
        return literal_column("case_search", String).op("MATCH")(query)
    where = text("case_search.words @@ CAST(:case_words AS tsquery)")
    # Written into the statement: PostgreSQL would come to plan for words in general, which for
    # common ones reads far more than it must.
    asked_for: BindParameter[str] = bindparam("case_words", query, literal_execute=True)
    return where.bindparams(asked_for)  # type: ignore[return-value]


def question(asked: str, *, lite: bool, beginning: bool = False) -> str | None:
    """Write what is asked for as FTS5 (`lite`) or as a tsquery; None for no word."""
    words = [forms_of(word) for word in asked_words(asked)]
    if not words:
        return None
    quote, either, both, more = ('"', " OR ", " AND ", "*") if lite else ("'", " | ", " & ", ":*")
    parts = ["(" + either.join(f"{quote}{form}{quote}" for form in forms) + ")" for forms in words]
    if beginning:
        parts[-1] = f"{quote}{words[-1][0]}{quote}{more}"
    return both.join(parts)


def begin(conn: Connection, number: int, texts: Iterable[str]) -> None:
    """Keep the words of a new case, of which nothing is kept yet."""
    words = dict.fromkeys(word for said in texts for word in words_of(said))
    if _is_sqlite(conn):
        conn.execute(_FTS_INSERT, {"number": number, "words": " ".join(words)})
    else:
        conn.execute(_KEEP, {"number": number, "words": list(words), "most": PER_CASE})


def add(conn: Connection, number: int, said: str) -> None:
    """Add the words of a text to those of a case."""
    _keep(conn, number, words_of(said))


def rebuild(conn: Connection, number: int) -> None:
    """Gather the words of a case anew, as when what is known of its customer has changed."""
    _drop(conn, number)
    story = select(case_message.c.body).where(
        case_message.c.case_number == number, case_message.c.body != ""
    )
    for said in (about(conn, number), *conn.execute(story).scalars()):
        add(conn, number, said)


def of_user(conn: Connection, user_id: int) -> None:
    """Gather the words of all cases of a person anew."""
    mine = select(case.c.number).where(case.c.user_id == user_id)
    for number in list(conn.execute(mine).scalars()):
        rebuild(conn, number)


def about(conn: Connection, number: int) -> str:
    """Return what a case is found by besides its conversation."""
    title, contact, *person = conn.execute(_ABOUT, {"number": number}).one()
    return about_case(number, title, person, contact)


def about_case(number: int, title: str, person: Sequence[str], contact: Mapping[str, Any]) -> str:
    """The same, from what is known of a case."""
    given = (str(one) for name, one in contact.items() if name != "country")
    return " ".join([str(number), title, *person, *given])


def _keep(conn: Connection, number: int, words: Iterable[str]) -> None:
    if _is_sqlite(conn):
        _keep_in_fts(conn, number, words)
        return
    values = {"number": number, "words": list(words), "most": PER_CASE}
    conn.execute(_KEEP, values)


def _keep_in_fts(conn: Connection, number: int, words: Iterable[str]) -> None:
    here = {"number": number}
    before = conn.execute(_FTS_WORDS, here).scalar_one_or_none()
    known = dict.fromkeys((before or "").split())
    if len(known) >= PER_CASE:
        return
    kept = " ".join(known | dict.fromkeys(words))
    if before is None:
        conn.execute(_FTS_INSERT, {**here, "words": kept})
    elif kept != before:
        conn.execute(_FTS_UPDATE, {**here, "words": kept})


def _drop(conn: Connection, number: int) -> None:
    named = key(conn)
    conn.execute(delete(named.table).where(named == number))


def _is_sqlite(conn: Connection) -> bool:
    return conn.dialect.name == "sqlite"
