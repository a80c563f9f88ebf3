"""What the worker does now and then besides mail: promises, closing, chats, virus scans."""

import logging
from contextlib import suppress
from datetime import datetime, timedelta

from kb.actions.case_promise import recompute_promises
from kb.actions.case_timers import close_resolved, escalate_due
from kb.actions.chats import tend_all
from kb.actions.live_site import LiveSite, NoLiveSite
from kb.actions.offline_duty import OfflineDuty
from kb.actions.scan_files import scan_files
from kb.actions.twins import TwinsDuty
from kb.mail import letters_for
from kb.outside.clamd import Clamd
from kb.settings import Settings
from kb.store import Database
from kb.store.file_store import FileStore

EVERY = timedelta(seconds=20)
SCAN_EVERY = timedelta(seconds=2)
CHATS_EVERY = timedelta(seconds=5)

log = logging.getLogger("kb.worker")


class Duties:
    """Does what is due each time it is called; remembers only when it last did."""

    def __init__(self, db: Database, settings: Settings, files: FileStore) -> None:
        self._db = db
        self._settings = settings
        self._files = files
        self._live = LiveSite(settings.var)
        self._scanner = Clamd(settings.clamd) if settings.clamd else None
        self._next: datetime | None = None
        self._next_scan: datetime | None = None
        self._next_chats: datetime | None = None
        self._offline = OfflineDuty(settings)
        self._twins = TwinsDuty(settings.var)
        self._policy_revision = ""

    def run(self, now: datetime) -> None:
        """Do what is due now; raises StoreError. A site that is not compiled promises nothing."""
        if self._scanner and (self._next_scan is None or now >= self._next_scan):
            done = scan_files(self._db, self._files, self._scanner, now)
            self._next_scan = now + (SCAN_EVERY if done else EVERY)
        if self._next_chats is None or now >= self._next_chats:
            self._next_chats = now + CHATS_EVERY
            self._tend_chats(now)
        if self._next is None or now >= self._next:
            self._next = now + EVERY
            self._tend_cases(now)
            self._offline.run()
            self._find_twins()

    def _find_twins(self) -> None:
        """Find the articles that say the same, once for each revision."""
        with suppress(NoLiveSite):
            self._twins.run(self._live.current())

    def _tend_chats(self, now: datetime) -> None:
        """Hand over the chats that somebody has left (R40)."""
        try:
            site = self._live.current().site
        except NoLiveSite:
            return
        tend_all(self._db, site.policy, letters_for(self._settings, site.site), now)

    def _tend_cases(self, now: datetime) -> None:
        close_resolved(self._db, now)
        try:
            site = self._live.current().site
        except NoLiveSite:
            return
        if site.policy.revision != self._policy_revision:
            count = recompute_promises(self._db, site.policy, now)
            log.info("policy %s: the promises of %d cases computed", site.policy.revision, count)
            self._policy_revision = site.policy.revision
        escalate_due(self._db, letters_for(self._settings, site.site), now)
