"""What visitors said, as it is kept."""

from sqlalchemy import Connection, func, select

from kb.store import rows
from kb.store.tables import vote
from kb.store.voice_tables import feedback
from kb.store.voices import Feedback


def all_feedback(conn: Connection, *, limit: int = 100) -> tuple[Feedback, ...]:
    """Return the newest feedback first."""
    query = select(feedback).order_by(feedback.c.id.desc()).limit(limit)
    return rows.many(conn, Feedback, query)


def reasons_on(conn: Connection, article_id: int) -> dict[str, int]:
    """Count why an article did not help, the most frequent reason first; '' without one."""
    count = func.count().label("count")
    query = (
        select(vote.c.reason, count)
        .where(vote.c.article_id == article_id, ~vote.c.helpful)
        .group_by(vote.c.reason)
        .order_by(count.desc(), vote.c.reason)
    )
    return {str(reason): int(number) for reason, number in conn.execute(query)}


def words_on(conn: Connection, article_id: int) -> tuple[str, ...]:
    """Return what visitors wrote about an article, the newest first."""
    query = (
        select(vote.c.words)
        .where(vote.c.article_id == article_id, vote.c.words != "")
        .order_by(vote.c.at.desc())
    )
    return tuple(conn.execute(query).scalars())
