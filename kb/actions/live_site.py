"""The compiled site that is live; a new one is noticed by every process by itself."""

import logging
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from kb.actions.compile_site import SEARCH
from kb.actions.vote_counts import VOTES, read_votes
from kb.content.compiled import CompiledSite
from kb.content.revisions import Revisions
from kb.search.index import Index, SearchIndexError

VOTES_EVERY = 30.0
"""Seconds between two looks at the file of votes: they change the order a little, and slowly."""

_LOG = logging.getLogger(__name__)


class NoLiveSite(Exception):
    """Nothing has been compiled yet."""


@dataclass(frozen=True, slots=True)
class Live:
    """One revision: its content and its search index, which belong together."""

    site: CompiledSite
    index: Index


class LiveSite:
    """Gives the live revision; opens a new one once, the old stays usable for who holds it."""

    def __init__(self, var: Path) -> None:
        self._revisions = Revisions(var)
        self._live: Live | None = None
        self._lock = threading.Lock()
        self._var = var
        self._votes: dict[str, tuple[int, int]] = {}
        self._votes_at = 0
        self._look_again = 0.0

    def current(self) -> Live:
        """Return the live revision at the cost of one look at the pointer; raises NoLiveSite."""
        revision = self._revisions.current()
        live = self._live
        if live is not None and live.site.revision == revision:
            if time.monotonic() > self._look_again:
                self._take_votes(live)
            return live
        with self._lock:
            return self._open(revision)

    def _take_votes(self, live: Live) -> None:
        """Look now and then whether the worker counted the votes anew."""
        self._look_again = time.monotonic() + VOTES_EVERY
        try:
            changed = (self._var / VOTES).stat().st_mtime_ns
        except OSError:
            return
        if changed != self._votes_at:
            self._votes_at, self._votes = changed, read_votes(self._var)
            live.index.take_votes(self._votes)

    def _open(self, revision: str | None) -> Live:
        """Open what the pointer names now; it may move on, and be cleared away, meanwhile."""
        while revision is not None:
            if self._live is not None and self._live.site.revision == revision:
                return self._live
            folder = self._revisions.path(revision)
            try:
                opened = Live(CompiledSite.open(folder), Index.open(folder / SEARCH))
                opened.index.take_votes(self._votes)
                self._look_again = 0.0
                self._live = opened
            except (OSError, ValueError, SearchIndexError):
                newer = self._revisions.current()
                if newer != revision:
                    revision = newer
                    continue
                if self._live is None:
                    raise
                # it cannot be read: better the last good one than none
                _LOG.exception("revision %s cannot be opened; run `kb index`", revision)
            return self._live
        raise NoLiveSite("this site is not compiled yet; run `kb index`")
