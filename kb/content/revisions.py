"""The compiled sites of one var folder: which is live, switching, locking, clearing away."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, LOCK_UN, flock
from pathlib import Path

from kb.content.packs import sync_folder

KEPT_REVISIONS = 3


class Revisions:
    """`var/site/<revision>/`, and `var/site/current`, a link to the one that is live."""

    def __init__(self, var: Path) -> None:
        self.folder = var / "site"
        self._pointer = str(self.folder / "current")

    def current(self) -> str | None:
        """Return the live revision, or None before the first compile; one system call."""
        try:
            return os.readlink(self._pointer)
        except OSError:
            return None

    def path(self, revision: str) -> Path:
        """Return the folder of a revision."""
        return self.folder / revision

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Let one process at a time read and compile; others wait."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            flock(handle, LOCK_EX)
            yield
        finally:
            flock(handle, LOCK_UN)
            os.close(handle)

    def draft(self) -> Path:
        """Return a new folder to write a revision in; left-overs of killed compiles are removed.

        Needs the lock."""
        for left in self.folder.glob(".draft-*"):
            shutil.rmtree(left, ignore_errors=True)
        made = self.folder / f".draft-{os.getpid()}"
        made.mkdir(mode=0o700)
        return made

    def publish(self, draft: Path, revision: str) -> None:
        """Make a finished draft the live revision, in one step. Needs the lock."""
        target = self.path(revision)
        old = self.folder / f".draft-{revision}"
        if target.exists():  # a damaged one of the same name
            target.rename(old)
        draft.rename(target)
        sync_folder(self.folder)
        self.switch(revision)
        shutil.rmtree(old, ignore_errors=True)

    def switch(self, revision: str) -> None:
        """Point at a revision that is there. Needs the lock."""
        pointer = self.folder / f".current-{os.getpid()}"
        pointer.unlink(missing_ok=True)
        pointer.symlink_to(revision)
        pointer.replace(self.folder / "current")
        sync_folder(self.folder)

    def prune(self) -> None:
        """Remove all but the newest revisions; the live one always stays. Needs the lock."""
        live = self.current()
        others = [
            path
            for path in self.folder.iterdir()
            if path.is_dir()
            and not path.is_symlink()
            and path.name != live
            and not path.name.startswith(".")
        ]
        others.sort(key=lambda path: path.stat().st_mtime_ns, reverse=True)
        for path in others[KEPT_REVISIONS - 1 :]:
            shutil.rmtree(path, ignore_errors=True)
