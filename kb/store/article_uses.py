"""With which articles cases were answered: what the knowledge base is used for."""

from datetime import datetime

from sqlalchemy import Connection, func, select

from kb.store.database import insert_once
from kb.store.desk_tables import article_use


def note(conn: Connection, number: int, article_id: int, now: datetime) -> bool:
    """Note that a case was answered with an article; False when it was noted before."""
    values = {"case_number": number, "article_id": article_id, "at": now}
    return insert_once(conn, article_use, values) is not None


def counts(conn: Connection) -> dict[int, int]:
    """Return by article how many cases were answered with it."""
    query = select(article_use.c.article_id, func.count()).group_by(article_use.c.article_id)
    return {int(id_): int(cases) for id_, cases in conn.execute(query)}
