"""Which files of a site change, as they change: told by the kernel, else looked up again and again.

Linux tells (inotify); elsewhere, and where too many folders are watched already, every file's size
and time of change is compared a few times a second.
"""

import ctypes
import os
import select
import struct
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from kb.content.unchanged import FILES

WATCHED = ("articles", "troubleshooter", "policy", "search", "templates", "static")
POLL_SECONDS = 0.25
_HEAD = struct.Struct("iIII")
_CLOSE_WRITE, _MOVED_FROM, _MOVED_TO, _CREATE, _DELETE = 0x8, 0x40, 0x80, 0x100, 0x200
_ATTRIB, _IS_DIR, _OVERFLOW = 0x4, 0x40000000, 0x4000
_MASK = _CLOSE_WRITE | _MOVED_FROM | _MOVED_TO | _CREATE | _DELETE | _ATTRIB
_NONBLOCK_CLOEXEC = os.O_NONBLOCK | getattr(os, "O_CLOEXEC", 0)


class Watcher:
    """Watches a site's folders from when it is made until it is closed."""

    def __init__(self, root: Path, *, told_by_kernel: bool = True) -> None:
        self._root = root
        self._handle = -1
        self._folders: dict[int, str] = {}
        if told_by_kernel and sys.platform == "linux":
            self._begin()
        self._seen = {} if self.is_told else self._look()

    @property
    def is_told(self) -> bool:
        """Tell whether the kernel tells of changes."""
        return self._handle >= 0

    def changes(self, timeout: float) -> set[str]:
        """Wait for changes, at most so many seconds; return the paths, relative to the site."""
        return self._told(timeout) if self.is_told else self._polled(timeout)

    def close(self) -> None:
        """End watching."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1

    def _begin(self) -> None:
        try:
            self._libc = ctypes.CDLL(None, use_errno=True)
            self._handle = int(self._libc.inotify_init1(_NONBLOCK_CLOEXEC))
            self._watch("")
            for name in WATCHED:
                self._watch_tree(name)
        except (OSError, AttributeError):
            self.close()

    def _watch_tree(self, folder: str) -> list[str]:
        """Watch a folder and all below it; return the files that are there already."""
        files = []
        for place, folders, names in os.walk(self._root / folder):
            folders[:] = [name for name in folders if not name.startswith(".")]
            relative = Path(place).relative_to(self._root).as_posix()
            self._watch(relative)
            files += [f"{relative}/{name}" for name in names]
        return files

    def _watch(self, folder: str) -> None:
        path = os.fsencode(self._root / folder)
        number = int(self._libc.inotify_add_watch(self._handle, path, _MASK))
        if number < 0:
            raise OSError(ctypes.get_errno(), "this folder cannot be watched")
        self._folders[number] = folder

    def _told(self, timeout: float) -> set[str]:
        if not select.select([self._handle], [], [], timeout)[0]:
            return set()
        changed: set[str] = set()
        try:
            raw = os.read(self._handle, 1 << 20)
        except BlockingIOError:
            return changed
        at = 0
        while at < len(raw):
            number, mask, _, length = _HEAD.unpack_from(raw, at)
            at += _HEAD.size
            name = os.fsdecode(raw[at : at + length].rstrip(b"\0"))
            at += length
            changed.update(self._one(number, mask, name))
        return changed

    def _one(self, number: int, mask: int, name: str) -> Iterator[str]:
        if mask & _OVERFLOW:
            yield "site.yaml"  # so much changed that the kernel lost count: everything
        folder = self._folders.get(number)
        if folder is None or not name or name.startswith(".") or name.endswith("~"):
            return
        path = f"{folder}/{name}" if folder else name
        if not folder and name not in WATCHED and name not in FILES:
            return
        if mask & _IS_DIR and mask & (_CREATE | _MOVED_TO):
            yield from self._watch_tree(path)
        elif not mask & _CREATE:
            yield path

    def _polled(self, timeout: float) -> set[str]:
        end = time.monotonic() + timeout
        while True:
            seen = self._look()
            changed = {
                p for p in seen.keys() | self._seen.keys() if seen.get(p) != self._seen.get(p)
            }
            self._seen = seen
            if changed or time.monotonic() >= end:
                return changed
            time.sleep(min(POLL_SECONDS, max(0.0, end - time.monotonic())))

    def _look(self) -> dict[str, tuple[int, int]]:
        found = {}
        files = [self._root / name for name in FILES]
        for name in WATCHED:
            for place, _, names in os.walk(self._root / name):
                files += [Path(place, one) for one in names]
        for path in files:
            try:
                stat = path.stat()
            except OSError:
                continue
            found[path.relative_to(self._root).as_posix()] = (stat.st_mtime_ns, stat.st_size)
        return found
