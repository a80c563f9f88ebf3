"""What the worker does about news: look what changed, and write to those who follow it."""

import logging
from datetime import datetime

from kb.actions.follow_news import survey, tell
from kb.actions.site_duty import SiteDuty
from kb.content.compiled import CompiledSite
from kb.mail import Letters
from kb.settings import Settings
from kb.store import Database

log = logging.getLogger("kb.worker")


class NewsDuty(SiteDuty):
    """Writes what is new; remembers of which revision and day it knows."""

    def __init__(self, db: Database, settings: Settings) -> None:
        super().__init__(db, settings)
        self._seen = ("", "")

    def do(self, site: CompiledSite, letters: Letters, now: datetime) -> None:
        """Survey a new revision or day, then write to those who follow."""
        seen = (site.revision, now.date().isoformat())
        if seen != self._seen:
            survey(self._db, site, now)
            self._seen = seen
        if written := tell(self._db, site, letters, now):
            log.info("news: %d letters to those who follow it", written)
