"""What the worker does about news: look what changed, and write to those who follow it."""

import logging
from datetime import datetime, timedelta

from kb.actions.follow_news import survey, tell
from kb.actions.live_site import LiveSite, NoLiveSite
from kb.mail import letters_for
from kb.settings import Settings
from kb.store import Database

EVERY = timedelta(seconds=30)

log = logging.getLogger("kb.worker")


class NewsDuty:
    """Does what is due each time it is called; remembers only when it last did, and of what."""

    def __init__(self, db: Database, settings: Settings) -> None:
        self._db = db
        self._settings = settings
        self._live = LiveSite(settings.var)
        self._next: datetime | None = None
        self._seen = ("", "")

    def run(self, now: datetime) -> None:
        """Do what is due now; raises StoreError. A site that is not compiled has no news."""
        if self._next is not None and now < self._next:
            return
        self._next = now + EVERY
        try:
            site = self._live.current().site
        except NoLiveSite:
            return
        seen = (site.revision, now.date().isoformat())
        if seen != self._seen:
            survey(self._db, site, now)
            self._seen = seen
        letters = letters_for(self._settings, site.site)
        written = tell(self._db, site, letters, now)
        if written:
            log.info("news: %d letters to those who follow it", written)
