"""Sends queued mail and looks after cases until it is told to stop."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Event, Thread

from kb.actions.article_duty import ArticleDuty
from kb.actions.content_duty import ContentDuty, watch_content
from kb.actions.deliver import deliver
from kb.actions.duties import Duties
from kb.actions.housekeeping import tidy
from kb.actions.mail_duty import MailDuty, watch_mailbox
from kb.actions.mail_polling import poll_once
from kb.actions.news_duty import NewsDuty
from kb.actions.sales_duty import SalesDuty
from kb.actions.votes import write_votes
from kb.actions.webhook_duty import caller_for, tell_due, tell_until
from kb.mail.imap import ImapServer
from kb.mail.post import MailFolder, Post, SmtpServer
from kb.settings import Settings
from kb.store import Database, StoreError
from kb.store.file_store import FileStore

IDLE_SECONDS = 1.0
TROUBLE_SECONDS = 10.0
JOIN_SECONDS = 5.0
TIDY_EVERY = timedelta(hours=1)

Clock = Callable[[], datetime]

log = logging.getLogger("kb.worker")


def run(settings: Settings, stop: Event, once: bool = False, clock: Clock | None = None) -> None:
    """Send what is due, wait, again; with `once` send all that is due now and return.

    Times are those of `clock`, else the machine's. Trouble with the database or the disk is
    logged and waited out: the worker outlives its server."""
    clock = clock or _now
    db = Database(settings.database_url)
    post = post_for(settings)
    files = FileStore(settings.var / "attachments")
    duties = Duties(db, settings, files)
    sales = SalesDuty(db, settings)
    news = NewsDuty(db, settings)
    articles = ArticleDuty(db, settings)
    mail = MailDuty(db, settings, files)
    tidied = datetime.min.replace(tzinfo=UTC)
    watching = _watch(settings, db, stop, once, clock)
    telling = _tell_webhooks(settings, db, stop, once, clock)
    tending = _tend_content(settings, db, stop, once, clock)
    try:
        while not stop.is_set():
            try:
                duties.run(clock())
                sales.run(clock())
                news.run(clock())
                articles.run(clock())
                busy = mail.sort(clock())
                busy = _round(db, post, clock) or busy
                if clock() - tidied > TIDY_EVERY:
                    tidy(db, files, clock())
                    write_votes(db, settings.var)
                    tidied = clock()
            except (StoreError, OSError) as error:
                if once:
                    raise
                log.error("%s", error)  # a full disk is waited out as a database that is away
                stop.wait(TROUBLE_SECONDS)
                continue
            if once and not busy:
                tell_due(caller_for(settings, db, clock))
                return
            if not busy:
                stop.wait(IDLE_SECONDS)
    finally:
        for thread in (watching, telling, tending):
            if thread:
                stop.set()
                thread.join(JOIN_SECONDS)
        db.close()


def _watch(
    settings: Settings, db: Database, stop: Event, once: bool, clock: Clock
) -> Thread | None:
    """Look into the mailbox of KB_IMAP_URL: now, or by a thread from now on."""
    if not settings.imap_url:
        return None
    server = ImapServer(settings.imap_url)
    if once:
        poll_once(db, server, clock)
        return None
    thread = Thread(target=watch_mailbox, args=(db, server, stop, clock), daemon=True)
    thread.start()
    return thread


def _tell_webhooks(
    settings: Settings, db: Database, stop: Event, once: bool, clock: Clock
) -> Thread | None:
    """Tell webhooks by a thread of their own, so that a target that hangs holds up no mail."""
    if once:
        return None
    caller = caller_for(settings, db, clock)
    thread = Thread(target=tell_until, args=(caller, stop), daemon=True)
    thread.start()
    return thread


def _tend_content(
    settings: Settings, db: Database, stop: Event, once: bool, clock: Clock
) -> Thread | None:
    """Bring pushed content and build previews: now, or by a thread, so that no mail waits."""
    if once:
        ContentDuty(db, settings).run(clock())
        return None
    thread = Thread(target=watch_content, args=(db, settings, stop, clock), daemon=True)
    thread.start()
    return thread


def post_for(settings: Settings) -> Post:
    """Return the way mail leaves: KB_SMTP_URL, or files under var/mail when it is not set."""
    if settings.smtp_url:
        return SmtpServer(settings.smtp_url)
    return MailFolder(settings.var / "mail")


def _round(db: Database, post: Post, clock: Clock) -> bool:
    """Send one batch; tell whether there may be more to do at once."""
    done = deliver(db, post, clock=clock)
    if done.put_back or done.given_up:
        log.warning("mail: %d put back, %d given up", done.put_back, done.given_up)
    return done.taken > 0


def _now() -> datetime:
    return datetime.now(UTC)
