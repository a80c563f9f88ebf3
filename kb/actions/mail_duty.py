"""The worker's share of mail that comes in: sorting what is stored, watching the mailbox."""

import logging
from collections.abc import Callable
from datetime import datetime
from threading import Event

from kb.actions.live_site import LiveSite, NoLiveSite
from kb.actions.mail_polling import poll_until
from kb.actions.mail_room import mailroom
from kb.actions.mail_sorting import sort_mail
from kb.mail.imap import ImapServer, ImapTrouble
from kb.settings import Settings
from kb.store import Database, StoreError
from kb.store.file_store import FileStore

PAUSE_SECONDS = 30.0  # between two looks at a mailbox that cannot tell of new mail

log = logging.getLogger("kb.worker")


class MailDuty:
    """Sorts mail with the live site's policy; without a site, mail waits."""

    def __init__(self, db: Database, settings: Settings, files: FileStore) -> None:
        self._db = db
        self._settings = settings
        self._files = files
        self._live = LiveSite(settings.var)

    def sort(self, now: datetime) -> bool:
        """Sort one batch; tell whether there may be more. Raises StoreError."""
        try:
            site = self._live.current().site
        except NoLiveSite:
            return False
        room = mailroom(self._settings, site.site, site.policy, self._files)
        return sort_mail(self._db, room, now) > 0


def watch_mailbox(
    db: Database, server: ImapServer, stop: Event, clock: Callable[[], datetime]
) -> None:
    """Take mail in until stopped; trouble with the mailbox or the database is waited out."""
    while not stop.is_set():
        try:
            poll_until(db, server, clock, stop.is_set)
        except (ImapTrouble, StoreError) as error:
            log.error("mailbox: %s", error)
        stop.wait(PAUSE_SECONDS)
