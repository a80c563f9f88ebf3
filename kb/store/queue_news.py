"""What has changed in a queue since its page was drawn, by the newest lines of all stories."""

from collections.abc import Collection

from sqlalchemy import Connection, and_, func, or_, select, true

from kb.store import rows
from kb.store.queue import QueueFilter, conditions
from kb.store.tables import case, case_message

MOST = 100  # cases that are counted; what is more is “more than”
_LINES = 2000  # of the stories that are looked at, from the newest on

_NEWEST = select(func.coalesce(func.max(case_message.c.id), 0))


def newest_line(conn: Connection) -> int:
    """Return the number of the newest line of any case's story."""
    return rows.number_of(conn, _NEWEST)


def changed(
    conn: Connection, wanted: QueueFilter, shown: Collection[int], after: int, besides: int
) -> int:
    """Count the cases, MOST at most, in whose story somebody but `besides` added something after
    the line `after`: those that the filter finds now and those of `shown`. A search for words
    counts the latter only: it would cost more than it tells."""
    by_others = or_(case_message.c.author_id.is_(None), case_message.c.author_id != besides)
    lines = select(case_message.c.case_number).where(case_message.c.id > after, by_others)
    touched = set(conn.execute(lines.order_by(case_message.c.id.desc()).limit(_LINES)).scalars())
    if wanted.words.strip():
        return len(touched & set(shown))
    if not touched:
        return 0
    chosen = or_(and_(true(), *conditions(wanted)), case.c.number.in_(list(shown)))
    found = select(case.c.number).where(case.c.number.in_(touched), chosen).limit(MOST).subquery()
    return rows.number_of(conn, select(func.count()).select_from(found))
