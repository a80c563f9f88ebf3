"""Packs: rendered texts end to end in a few large files, read through a memory map.

A pack is written once and never changed, so compiled sites share packs by hard links.
"""

import json
import mmap
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

MOST_PACKS = 40


@dataclass(frozen=True, slots=True)
class Slice:
    """Where a text lies: its HTML parts (JSON), right after them its plain text (UTF-8)."""

    pack: str
    offset: int
    parts: int
    text: int

    def row(self) -> tuple[str, int, int, int]:
        """Return the fields in the order in which they were given."""
        return self.pack, self.offset, self.parts, self.text


class PackWriter:
    """Collects texts in memory and writes them as one pack, named by its content."""

    def __init__(self) -> None:
        self._chunks: list[bytes] = []
        self._size = 0
        self._digest = blake2b(digest_size=12)

    def __len__(self) -> int:
        return len(self._chunks)

    def add(self, parts: Iterable[str], text: str) -> tuple[int, int, int]:
        """Add one text; return offset, length of its parts, length of its plain text."""
        return self.add_raw(json.dumps(list(parts), ensure_ascii=False).encode(), text.encode())

    def add_raw(self, parts: bytes, text: bytes) -> tuple[int, int, int]:
        """Add one text that is already encoded."""
        at = self._size
        for chunk in (parts, text):
            self._chunks.append(chunk)
            self._digest.update(chunk)
            self._size += len(chunk)
        return at, len(parts), len(text)

    def write(self, folder: Path) -> str:
        """Write the pack into `folder`, on disk when this returns; return its name."""
        name = f"{self._digest.hexdigest()}.pack"
        if not (folder / name).exists():
            write_file(folder / name, b"".join(self._chunks))
        return name


class Packs:
    """The packs of one folder, open for reading from any thread."""

    def __init__(self, folder: Path, names: Iterable[str] = ()) -> None:
        """Open the named packs now, so that they stay readable when the folder is removed."""
        self._folder = folder
        self._maps: dict[str, mmap.mmap | bytes] = {}
        for name in names:
            self._map(name)

    def parts(self, at: Slice) -> tuple[str, ...]:
        """Return the HTML parts of a text."""
        found: list[str] = json.loads(self._map(at.pack)[at.offset : at.offset + at.parts])
        return tuple(found)

    def text(self, at: Slice) -> str:
        """Return the plain text."""
        start = at.offset + at.parts
        return bytes(self._map(at.pack)[start : start + at.text]).decode()

    def raw(self, at: Slice) -> tuple[bytes, bytes]:
        """Return both, encoded, for copying into another pack."""
        data, middle = self._map(at.pack), at.offset + at.parts
        return bytes(data[at.offset : middle]), bytes(data[middle : middle + at.text])

    def close(self) -> None:
        """Forget the open maps."""
        self._maps.clear()

    def _map(self, name: str) -> mmap.mmap | bytes:
        found = self._maps.get(name)
        if found is None:
            with (self._folder / name).open("rb") as file:
                empty = os.fstat(file.fileno()).st_size == 0
                found = b"" if empty else mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            self._maps[name] = found
        return found


def wasteful(used: Iterable[Slice], sizes: Mapping[str, int]) -> bool:
    """Tell whether the packs are worth writing anew: half dead, or too many of them."""
    alive = sum(at.parts + at.text for at in used)
    return len(sizes) > MOST_PACKS or sum(sizes.values()) > 2 * alive + 1024


def write_file(path: Path, data: bytes) -> None:
    """Write a file so that it is either there in full, on disk, or not at all."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    with temporary.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Put a folder's entries on disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
