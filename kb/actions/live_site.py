"""The compiled site that is live; a new one is noticed by every process by itself."""

import logging
import threading
from dataclasses import dataclass
from pathlib import Path

from kb.actions.compile_site import SEARCH
from kb.content.compiled import CompiledSite
from kb.content.revisions import Revisions
from kb.search.index import Index, SearchIndexError

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

    def current(self) -> Live:
        """Return the live revision at the cost of one look at the pointer; raises NoLiveSite."""
        revision = self._revisions.current()
        live = self._live
        if live is not None and live.site.revision == revision:
            return live
        with self._lock:
            return self._open(revision)

    def _open(self, revision: str | None) -> Live:
        """Open what the pointer names now; it may move on, and be cleared away, meanwhile."""
        while revision is not None:
            if self._live is not None and self._live.site.revision == revision:
                return self._live
            folder = self._revisions.path(revision)
            try:
                self._live = Live(CompiledSite.open(folder), Index.open(folder / SEARCH))
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
