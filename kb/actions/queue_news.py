"""Telling an open page of the queue that something changed since it was drawn."""

from collections.abc import Collection

from kb.store import Database, queue_news
from kb.store.queue import QueueFilter
from kb.store.queue_news import MOST as MOST


def newest_line(db: Database) -> int:
    """Return the number of the newest line of any case's story, which a page is drawn after."""
    with db.read() as conn:
        return queue_news.newest_line(conn)


def changed(
    db: Database, wanted: QueueFilter, shown: Collection[int], after: int, agent_id: int
) -> int:
    """Count the cases of a selection, new ones too, and those of a page that others changed after
    a line; `MOST` at most."""
    with db.read() as conn:
        return queue_news.changed(conn, wanted, shown, after, agent_id)
