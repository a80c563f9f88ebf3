"""What is known between two syncs: who asks for one, what was told, and that one runs now."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from fcntl import LOCK_EX, LOCK_NB, LOCK_UN, flock
from hashlib import sha256
from pathlib import Path
from typing import Any

from kb.content.packs import write_file

QUIET = timedelta(seconds=2)  # pushes that come one upon the other are brought together
LONGEST_WAIT = timedelta(seconds=30)
_MOST_ASKED = 50


@dataclass(frozen=True, slots=True)
class SyncState:
    """`commit` is the last one that went live, `broken` the last one that could not, with its
    problems and the code that found them; `told` is the last one whose author was told."""

    commit: str = ""
    broken: str = ""
    problems: tuple[str, ...] = ()
    made_by: str = ""
    told: str = ""


class SyncFiles:
    """The folder `sync` of a var folder."""

    def __init__(self, var: Path) -> None:
        self.folder = var / "sync"

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Tell whether nobody else syncs; True holds until the block ends."""
        self._make(self.folder)
        handle = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            try:
                flock(handle, LOCK_EX | LOCK_NB)
            except BlockingIOError:
                yield False
                return
            yield True
            flock(handle, LOCK_UN)
        finally:
            os.close(handle)

    def state(self) -> SyncState:
        """Return what the last sync left; needs no lock."""
        told = _read(self.folder / "state.json")
        try:
            return SyncState(**{**told, "problems": tuple(told.get("problems", ()))})
        except TypeError:
            return SyncState()

    def keep(self, state: SyncState) -> None:
        """Keep it. Needs the lock."""
        write_file(self.folder / "state.json", json.dumps(asdict(state)).encode())

    def ask(self, branch: str, now: datetime) -> None:
        """Ask for a sync of a branch; asking again before it is done changes nothing but the time.

        So a push that is told twice, or again by somebody who heard it, does no more than once."""
        self._make(self._asked)
        path = self._path(branch)
        first = _read(path).get("first") or now.isoformat()
        if path.exists() or sum(1 for _ in self._asked.iterdir()) < _MOST_ASKED:
            told = {"branch": branch, "first": first, "last": now.isoformat()}
            write_file(path, json.dumps(told).encode())

    def due(self, now: datetime) -> tuple[str, ...]:
        """Return the branches whose sync was asked for and that have been quiet for a moment."""
        found = []
        for path in sorted(self._asked.glob("*.json")) if self._asked.is_dir() else ():
            told = _read(path)
            try:
                first, last = (datetime.fromisoformat(told[key]) for key in ("first", "last"))
                if now - last >= QUIET or now - first >= LONGEST_WAIT:
                    found.append(str(told["branch"]))
            except (KeyError, TypeError, ValueError):
                path.unlink(missing_ok=True)
        return tuple(found)

    def done(self, branch: str) -> None:
        """Forget that a sync was asked for; call it before syncing, so that no push is missed."""
        self._path(branch).unlink(missing_ok=True)

    @property
    def _asked(self) -> Path:
        return self.folder / "asked"

    def _path(self, branch: str) -> Path:
        return self._asked / f"{sha256(branch.encode()).hexdigest()[:32]}.json"

    def _make(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)


def _read(path: Path) -> Mapping[str, Any]:
    try:
        told = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}
