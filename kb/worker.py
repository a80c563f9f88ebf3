"""Sends queued mail and looks after cases until it is told to stop."""

import logging
from datetime import UTC, datetime, timedelta
from threading import Event

from kb.actions.deliver import deliver
from kb.actions.duties import Duties
from kb.actions.housekeeping import tidy
from kb.actions.votes import write_votes
from kb.mail.post import MailFolder, Post, SmtpServer
from kb.settings import Settings
from kb.store import Database, StoreError
from kb.store.file_store import FileStore

IDLE_SECONDS = 1.0
TROUBLE_SECONDS = 10.0
TIDY_EVERY = timedelta(hours=1)

log = logging.getLogger("kb.worker")


def run(settings: Settings, stop: Event, once: bool = False) -> None:
    """Send what is due, wait, again; with `once` send all that is due now and return.

    Trouble with the database is logged and waited out: the worker outlives its server."""
    db = Database(settings.database_url)
    post = post_for(settings)
    files = FileStore(settings.var / "attachments")
    duties = Duties(db, settings, files)
    tidied = datetime.min.replace(tzinfo=UTC)
    try:
        while not stop.is_set():
            try:
                duties.run(_now())
                busy = _round(db, post)
                if _now() - tidied > TIDY_EVERY:
                    tidy(db, files, _now())
                    write_votes(db, settings.var)
                    tidied = _now()
            except StoreError as error:
                if once:
                    raise
                log.error("%s", error)
                stop.wait(TROUBLE_SECONDS)
                continue
            if once and not busy:
                return
            if not busy:
                stop.wait(IDLE_SECONDS)
    finally:
        db.close()


def post_for(settings: Settings) -> Post:
    """Return the way mail leaves: KB_SMTP_URL, or files under var/mail when it is not set."""
    if settings.smtp_url:
        return SmtpServer(settings.smtp_url)
    return MailFolder(settings.var / "mail")


def _round(db: Database, post: Post) -> bool:
    """Send one batch; tell whether there may be more to do at once."""
    done = deliver(db, post, clock=_now)
    if done.put_back or done.given_up:
        log.warning("mail: %d put back, %d given up", done.put_back, done.given_up)
    return done.taken > 0


def _now() -> datetime:
    return datetime.now(UTC)
