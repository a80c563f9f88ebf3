"""What the worker does with the live site now and then: when it is due, and with what."""

from abc import ABC, abstractmethod
from datetime import datetime, timedelta

from kb.actions.live_site import LiveSite, NoLiveSite
from kb.content.compiled import CompiledSite
from kb.mail import Letters, letters_for
from kb.settings import Settings
from kb.store import Database


class SiteDuty(ABC):
    """Does what is due each time it is called; remembers only when it last did. Nothing is due
    while no site is compiled."""

    every = timedelta(seconds=30)

    def __init__(self, db: Database, settings: Settings) -> None:
        self._db = db
        self._settings = settings
        self._live = LiveSite(settings.var)
        self._next: datetime | None = None

    def run(self, now: datetime) -> None:
        """Do it if it is due now; raises StoreError."""
        if self._next is not None and now < self._next:
            return
        self._next = now + self.every
        try:
            site = self._live.current().site
        except NoLiveSite:
            return
        self.do(site, letters_for(self._settings, site.site), now)

    @abstractmethod
    def do(self, site: CompiledSite, letters: Letters, now: datetime) -> None:
        """Do it with the site that is live."""
