"""What reading the articles gave last time, so that unchanged files are not read again.

A file is unchanged when size, time of change and inode are; when only those differ, its content's
hash decides. The store is thrown away when the code that made it, or a library it used, changes.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter
from pydantic_core import from_json, to_json

from kb.content.article_file import Card, ReadArticle
from kb.content.media import MediaFile
from kb.content.packs import Packs, PackWriter, Slice, wasteful, write_file

_LIBRARIES = ("Markdown", "pymdown-extensions", "Pygments", "nh3", "PyYAML", "pydantic")
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


class Kept:
    """The store of read articles in `folder`; who saves holds the lock of `revisions.py`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.packs = Packs(folder)
        self.entries: dict[str, Entry] = {}
        self.media: dict[str, tuple[Stat, MediaFile]] = {}
        self._raw: dict[str, Any] = {}
        self._load()

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
            data = from_json((self.folder / "index.json").read_bytes())
        except (OSError, ValueError):
            return
        if not isinstance(data, dict) or data.get("made_by") != fingerprint():
            return
        packs = {path.name for path in self.folder.glob("*.pack")}
        for path, (stat, media) in data["media"].items():
            self.media[path] = (Stat(*stat), MediaFile(**media))
        for path, (stat, digest, card, at) in data["entries"].items():
            if at[0] not in packs:
                continue
            self._raw[path] = card
            self.entries[path] = Entry(
                Stat(*stat), digest, _cards().validate_python(card), Slice(*at)
            )

    def _write(self, entries: dict[str, Entry]) -> None:
        index = {}
        for path, entry in entries.items():
            known = self.entries.get(path)
            same = known is not None and known.card is entry.card and path in self._raw
            card = self._raw[path] if same else _cards().dump_python(entry.card, mode="json")
            index[path] = (entry.stat.row(), entry.hash, card, entry.at.row())
        media = {path: (stat.row(), asdict(file)) for path, (stat, file) in self.media.items()}
        data = {"made_by": fingerprint(), "media": media, "entries": index}
        write_file(self.folder / "index.json", to_json(data))
        used = {entry.at.pack for entry in entries.values()}
        for pack in self.folder.glob("*.pack"):
            if pack.name not in used:
                pack.unlink()
        self.entries = entries


@cache
def _cards() -> TypeAdapter[Card]:
    """The form of a card in the store; made when first needed."""
    return TypeAdapter(Card)


@cache
def fingerprint() -> str:
    """Identify the code and libraries that turn a file into what is kept."""
    digest = blake2b(digest_size=12)
    for name in _LIBRARIES:
        digest.update(f"{name} {version(name)}\n".encode())
    package = Path(__file__).parent
    rules = package.parent / "rules"
    for path in sorted([*package.rglob("*.py"), rules / "articles.py", rules / "products.py"]):
        digest.update(path.read_bytes())
    return digest.hexdigest()
