"""Dropping what is no longer needed."""

from datetime import datetime, timedelta

from kb.actions.walk_weeks import WALKS_KEPT, sum_weeks
from kb.store import (
    Database,
    attachments,
    attempts,
    claims,
    drafts,
    mail_in,
    remote_sessions,
    visits,
    walks,
    webhook_outbox,
)
from kb.store.file_store import FileStore

ATTEMPTS_KEPT = timedelta(days=2)  # longer than any window that counts
VISITS_KEPT = WALKS_KEPT
DRAFTS_KEPT = timedelta(days=30)  # pages promise it
EVENTS_KEPT = timedelta(days=30)  # what webhooks were told
DEAD_EVENTS_KEPT = timedelta(days=90)  # what they could not be told; docs/api.md promises it
MAIL_KEPT = timedelta(days=90)  # sources of mails that came to nothing; the desk promises it


def tidy(db: Database, files: FileStore, now: datetime) -> None:
    """Forget old counts of tries, searches, walks, drafts, mails that came to nothing, and files
    that no case names; of walks the sums of their weeks stay."""
    sum_weeks(db, now)
    with db.write() as conn:
        attempts.purge(conn, now - ATTEMPTS_KEPT)
        visits.purge(conn, now - VISITS_KEPT)
        walks.purge(conn, now - WALKS_KEPT)
        drafts.purge(conn, now - DRAFTS_KEPT)
        remote_sessions.purge(conn, now)
        mail_in.purge_sources(conn, now - MAIL_KEPT)
        webhook_outbox.purge(conn, now - EVENTS_KEPT, now - DEAD_EVENTS_KEPT)

    def named(hashes: list[str]) -> frozenset[str]:
        with db.read() as conn:
            return attachments.named(conn, hashes) | claims.named(conn, hashes)

    files.sweep(named, now)
