"""What reading the articles gave last time, so that unchanged files are not read again.

A file is unchanged when size, time of change and inode are; when only those differ, its content's
hash decides. The store is thrown away when the code that made it, or a library it used, changes.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import cache
from hashlib import blake2b
from pathlib import Path

import markdown
import nh3
import pydantic
import pygments
import pymdownx
import yaml
from pydantic import TypeAdapter
from pydantic_core import from_json, to_json

from kb.content.article_file import Card, ReadArticle
from kb.content.kept_parts import KeptParts
from kb.content.media import MediaFile
from kb.content.packs import Packs, PackWriter, Slice, wasteful, write_file

# as they tell themselves: what reads the metadata of what is installed takes longer
_LIBRARIES = (markdown, pymdownx, pygments, nh3, yaml, pydantic)
INDEX = "index.json"
_RACY_NS = 50_000_000


@dataclass(frozen=True, slots=True)
class Stat:
    """A file's size, time of change and inode, and when that was looked up (nanoseconds)."""

    size: int
    mtime_ns: int
    inode: int
    seen_ns: int = 0

    def row(self) -> tuple[int, int, int, int]:
        """Return the numbers in the order in which they were given."""
        return self.size, self.mtime_ns, self.inode, self.seen_ns

    def same_file(self, other: "Stat") -> bool:
        """Tell whether the file cannot have changed between the two looks."""
        same = (self.size, self.mtime_ns, self.inode) == (other.size, other.mtime_ns, other.inode)
        return same and self.mtime_ns < self.seen_ns - _RACY_NS


@dataclass(frozen=True, slots=True)
class Entry:
    """One file as it was read: content hash, card, and where its text lies."""

    stat: Stat
    hash: str
    card: Card
    at: Slice


Row = tuple[str, tuple[int, int, int, int], str, Card, tuple[str, int, int, int]]
"""Path, stat, hash, card and slice: a line of the store."""


class Kept:
    """The store of read articles in `folder`; who saves holds the lock of `revisions.py`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.packs = Packs(folder)
        self.parts = KeptParts(folder, fingerprint)
        self.entries: dict[str, Entry] = {}
        self.media: dict[str, tuple[Stat, MediaFile]] = {}
        self._lines: dict[str, bytes] = {}
        self._loaded: Stat | None = None
        self.look_again()

    def look_again(self) -> None:
        """Read the store unless it is as this object left or found it; needs the lock.

        For who compiles again and again: nobody else may have written meanwhile, or all is new."""
        if self._loaded is None or self._loaded != self._stat():
            self.packs.close()
            self.entries, self.media, self._lines = {}, {}, {}
            self._load()
            self._loaded = self._stat()

    def _stat(self) -> Stat | None:
        try:
            found = (self.folder / INDEX).stat()
        except OSError:
            return None
        return Stat(found.st_size, found.st_mtime_ns, found.st_ino)

    def entry(self, path: str) -> Entry | None:
        """Return what was kept of a file, or None."""
        return self.entries.get(path)

    def save(
        self, read: Mapping[str, tuple[Stat, str, ReadArticle]], current: Mapping[str, Entry]
    ) -> dict[str, Entry]:
        """Keep newly read files beside the `current` ones, forget all others; return all."""
        made = dict(current)
        writer = PackWriter()
        places = {
            path: writer.add(article.parts, article.text) for path, (_, _, article) in read.items()
        }
        name = writer.write(self.folder) if len(writer) else ""
        for path, (stat, digest, article) in read.items():
            if article.card is not None:
                at = Slice(name, *places[path])
                made[path] = Entry(stat, digest, article.card, at)
        if self._is_wasteful(made):
            made = self._compact(made)
        self._write(made)
        return made

    def keep_media(self, media: Mapping[str, MediaFile]) -> None:
        """Keep what is known of these files, of those among them that were looked up."""
        self.media = {path: known for path, known in self.media.items() if path in media}
        self._write(self.entries)

    def _is_wasteful(self, entries: Mapping[str, Entry]) -> bool:
        used = {entry.at.pack for entry in entries.values()}
        sizes = {name: (self.folder / name).stat().st_size for name in used}
        return wasteful((entry.at for entry in entries.values()), sizes)

    def _compact(self, entries: dict[str, Entry]) -> dict[str, Entry]:
        writer = PackWriter()
        places = {path: writer.add_raw(*self.packs.raw(e.at)) for path, e in entries.items()}
        name = writer.write(self.folder)
        return {
            path: replace(entry, at=Slice(name, *places[path])) for path, entry in entries.items()
        }

    def _load(self) -> None:
        try:
            head, *lines = (self.folder / INDEX).read_bytes().split(b"\n")
            data = from_json(head)
            if not isinstance(data, dict) or data.get("made_by") != fingerprint():
                return
            rows = _rows().validate_json(b"[%b]" % b",".join(lines))
        except (OSError, ValueError):
            return
        packs = {path.name for path in self.folder.glob("*.pack")}
        for path, (stat, media) in data["media"].items():
            self.media[path] = (Stat(*stat), MediaFile(**media))
        for line, (path, stat, digest, card, at) in zip(lines, rows, strict=True):
            if at[0] in packs:
                self._lines[path] = line
                self.entries[path] = Entry(Stat(*stat), digest, card, Slice(*at))

    def _write(self, entries: dict[str, Entry]) -> None:
        """Write all entries, a line each; those that did not change as they were read."""
        lines = {
            path: self._lines[path] if self.entries.get(path) is entry else _line(path, entry)
            for path, entry in entries.items()
        }
        media = {path: (stat.row(), asdict(file)) for path, (stat, file) in self.media.items()}
        head = to_json({"made_by": fingerprint(), "media": media})
        write_file(self.folder / INDEX, b"\n".join([head, *lines.values()]))
        used = {entry.at.pack for entry in entries.values()}
        for pack in self.folder.glob("*.pack"):
            if pack.name not in used:
                pack.unlink()
        self.entries, self._lines = dict(entries), lines
        self._loaded = self._stat()


def _line(path: str, entry: Entry) -> bytes:
    row = (path, entry.stat.row(), entry.hash, entry.card, entry.at.row())
    return _rows().dump_json([row]).removeprefix(b"[").removesuffix(b"]")


@cache
def _rows() -> TypeAdapter[list[Row]]:
    """The form of entries in the store; made when first needed."""
    return TypeAdapter(list[Row])


@cache
def fingerprint() -> str:
    """Identify the code and libraries that turn a file into what is kept."""
    digest = blake2b(digest_size=12)
    for library in _LIBRARIES:
        digest.update(f"{library.__name__} {library.__version__}\n".encode())
    package = Path(__file__).parent
    rules = package.parent / "rules"
    for path in sorted([*package.rglob("*.py"), rules / "articles.py", rules / "products.py"]):
        digest.update(path.read_bytes())
    return digest.hexdigest()
