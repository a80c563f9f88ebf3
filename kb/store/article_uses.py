"""With which articles cases were answered: what the knowledge base is used for."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from kb.store import rows
from kb.store.database import insert_once
from kb.store.desk_tables import article_use


@dataclass(frozen=True, slots=True)
class ArticleUse:
    """How many cases were answered with an article, and when last."""

    article_id: int
    cases: int
    last_at: datetime


def note(conn: Connection, number: int, article_id: int, now: datetime) -> bool:
    """Note that a case was answered with an article; False when it was noted before."""
    values = {"case_number": number, "article_id": article_id, "at": now}
    return insert_once(conn, article_use, values) is not None


def listed(
    conn: Connection, *, since: datetime | None, last_first: bool, offset: int, limit: int
) -> tuple[ArticleUse, ...]:
    """Return the articles that answered cases since then (None: ever), those that answered most
    first, or those used last."""
    cases, last = func.count().label("cases"), func.max(article_use.c.at).label("last_at")
    query = select(article_use.c.article_id, cases, last).group_by(article_use.c.article_id)
    if since is not None:
        query = query.where(article_use.c.at >= since)
    order = (last.desc(), cases.desc()) if last_first else (cases.desc(), last.desc())
    page = query.order_by(*order, article_use.c.article_id).offset(offset).limit(limit)
    return rows.many(conn, ArticleUse, page)
