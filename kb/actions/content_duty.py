"""What the worker does about the content: pushes that were told, looking now and then, previews."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event

from kb.actions.previews import ask_again, tend_previews
from kb.actions.sync_site import Synced, SyncOutcome, live_branch, sync_site
from kb.content.git_remote import GitTrouble, SiteRepository
from kb.content.sync_files import SyncFiles
from kb.settings import Settings
from kb.store import Database, StoreError

LOOK_SECONDS = 1.0
TROUBLE_SECONDS = 10.0

log = logging.getLogger("kb.worker")


class ContentDuty:
    """Does what is due each time it is called; remembers only when it last looked by itself."""

    def __init__(self, db: Database, settings: Settings) -> None:
        self._db = db
        self._settings = settings
        self._files = SyncFiles(settings.var)
        self._next: datetime | None = None

    def run(self, now: datetime) -> None:
        """Sync the live branch if it was pushed or its time has come, and tend the previews;
        raises StoreError."""
        for branch in self._files.due(now):
            self._files.done(branch)
            ask_again(self._settings, branch, now)
            if branch == self._live_branch():
                self._sync(branch, now)
        every = timedelta(seconds=self._settings.sync_every)
        if every and (self._next is None or now >= self._next):
            self._next = now + every
            self._sync(self._live_branch(), now)
        if built := tend_previews(self._settings, now):
            log.info("content: %d previews built", built)

    def _live_branch(self) -> str:
        try:
            return live_branch(self._settings, SiteRepository(self._settings.site))
        except GitTrouble as trouble:
            log.error("content: %s", trouble)
            return ""

    def _sync(self, branch: str, now: datetime) -> None:
        if not branch:
            return
        done = sync_site(self._settings, self._db, now, branch=branch)
        if done.outcome is SyncOutcome.BUSY:
            self._files.ask(branch, now)  # the other one may have looked before this push
        _tell(done)


def _tell(done: Synced) -> None:
    if done.outcome is SyncOutcome.LIVE:
        log.info("content: %s at %s is live", done.branch, done.commit[:10])
    elif done.outcome is not SyncOutcome.SAME:
        told = f"; told: {len(done.told)}" if done.told else ""
        said = done.why or f"{len(done.problems)} mistakes"
        log.error("content: %s at %s: %s%s", done.branch, done.commit[:10], said, told)


def watch_content(
    db: Database, settings: Settings, stop: Event, clock: Callable[[], datetime]
) -> None:
    """Do what is due until stopped; trouble with the database or the disk is waited out."""
    duty = ContentDuty(db, settings)
    while not stop.is_set():
        try:
            duty.run(clock())
        except (StoreError, OSError) as error:
            log.error("content: %s", error)
            stop.wait(TROUBLE_SECONDS)
        stop.wait(LOOK_SECONDS)
