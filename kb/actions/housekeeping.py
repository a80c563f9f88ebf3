"""Dropping what is no longer needed."""

from datetime import datetime, timedelta

from kb.store import Database, attempts, voices

ATTEMPTS_KEPT = timedelta(days=2)  # longer than any window that counts
SEARCHES_KEPT = timedelta(days=400)  # a year and a season to compare with


def tidy(db: Database, now: datetime) -> None:
    """Forget old counts of tries and old searches."""
    with db.write() as conn:
        attempts.purge(conn, now - ATTEMPTS_KEPT)
        voices.purge_searches(conn, now - SEARCHES_KEPT)
