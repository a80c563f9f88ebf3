"""Finding and reading all article files of a site, unchanged ones from the store.

`articles/<any folders>/<id>-<slug>/<lang>.md`, images beside; the first folder is the category.
"""

import gc
import os
import re
import threading
import time
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path

from kb.content.article_file import Place, ReadArticle, read_article
from kb.content.article_text import SIZE_LIMIT
from kb.content.kept import Entry, Kept, Stat
from kb.content.problems import Problem
from kb.content.time_limit import can_limit
from kb.content.validate import did_you_mean

FOLDER = "articles"
POOL_FROM = 50
_NAME = re.compile(r"(?P<id>[1-9][0-9]{0,8})-(?P<slug>[a-z0-9]+(?:-[a-z0-9]+)*)")
_CATEGORY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Found:
    """One file of the articles' folders as it lies on disk."""

    path: str
    stat: Stat


@dataclass(slots=True)
class Shelf:
    """All article files of a site: what is kept of each, other files, and every problem."""

    entries: dict[str, Entry] = field(default_factory=dict)
    files: dict[str, Found] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    read: int = 0
    folded: dict[str, str] = field(default_factory=dict)
    """Every path by its `plain_name`."""


def load_articles(
    root: Path, languages: tuple[str, ...], kept: Kept, progress: Progress | None = None
) -> Shelf:
    """Read every article of the site at `root`; raises nothing: mistakes are in `problems`."""
    shelf = Shelf()
    places: dict[str, tuple[Place, Found]] = {}
    for found in _walk(root, shelf.problems):
        shelf.files[found.path] = found
        if found.path.endswith(".md"):
            place = place_of(found.path, languages, shelf.problems)
            if place:
                places[found.path] = (place, found)
    shelf.problems += _same_but_for_case(shelf)
    current, changed = _unchanged(places, kept)
    fresh = dict(_read_changed(root, changed, kept, current, progress))
    shelf.read = len(fresh)
    saved = kept.save(fresh, current) if fresh or len(current) != len(kept.entries) else current
    # in the order of the files, whichever were read now and which before
    shelf.entries = {path: saved[path] for path in places if path in saved}
    for _, _, article in fresh.values():
        if article.card is None:
            shelf.problems += article.problems
    for entry in shelf.entries.values():
        shelf.problems += entry.card.problems
    return shelf


def _walk(root: Path, problems: list[Problem]) -> Iterator[Found]:
    """Every file below articles/, links out of the site refused."""
    seen = time.time_ns()
    stack = [FOLDER]
    home, base = root.resolve(), str(root)
    while stack:
        folder = stack.pop()
        try:
            entries = sorted(os.scandir(f"{base}/{folder}"), key=lambda entry: entry.name)
        except OSError:
            if folder != FOLDER:
                problems.append(
                    Problem(folder, 1, "this folder cannot be read", "check its rights")
                )
            continue
        for entry in entries:
            path = f"{folder}/{entry.name}"
            if entry.name.startswith(".") or entry.name.endswith("~"):
                continue
            if entry.is_symlink() and not _inside(Path(entry.path), home):
                what = "this link leads out of the site"
                problems.append(Problem(path, 1, what, "copy the file here instead"))
            elif entry.is_dir() and entry.is_symlink():
                what = "a link to a folder is not followed"
                problems.append(Problem(path, 1, what, "move or copy the folder here instead"))
            elif entry.is_dir() and not entry.name.endswith(".md"):
                stack.append(path)
            elif entry.is_file():
                try:
                    stat = entry.stat()
                except FileNotFoundError:
                    continue  # an editor's temporary file that has gone meanwhile
                yield Found(path, Stat(stat.st_size, stat.st_mtime_ns, stat.st_ino, seen))
            elif entry.name.endswith(".md"):
                what = "this is no file, although it is named like a text"
                problems.append(Problem(path, 1, what, "rename or remove it"))


def plain_name(path: str) -> str:
    """Return a path as file systems take it that know no case and no composed accents."""
    return path.lower() if path.isascii() else unicodedata.normalize("NFC", path).casefold()


def _same_but_for_case(shelf: Shelf) -> Iterator[Problem]:
    """Names that are one and the same on the disks of Windows and macOS."""
    folders: dict[str, str] = {}
    looked_at: set[str] = set()
    for path in sorted(shelf.files):
        ways = list(_folders_above(path, looked_at))
        for known, way in [*((folders, way) for way in ways), (shelf.folded, path)]:
            first = known.setdefault(plain_name(way), way)
            if first != way:
                known[plain_name(way)] = way  # told once
                what = f"“{way.rpartition('/')[2]}” and {first} differ only in case or accents"
                mend = "rename one: on Windows and macOS they are the same file"
                yield Problem(path, 1, what, mend, rule="case-clash", about=first)


def _folders_above(path: str, looked_at: set[str]) -> Iterator[str]:
    """The folders of a path, outermost first, but those that were looked at; adds them there."""
    end = path.find("/")
    while end >= 0:
        way = path[:end]
        if way not in looked_at:
            looked_at.add(way)
            yield way
        end = path.find("/", end + 1)


def _inside(path: Path, home: Path) -> bool:
    try:
        return path.resolve(strict=True).is_relative_to(home)
    except (OSError, RuntimeError):
        return False


def place_of(path: str, languages: tuple[str, ...], problems: list[Problem]) -> Place | None:
    """Read a path as id, slug, category and language; None, with a problem, when it is none."""
    parts = path.split("/")
    if len(parts) < 3:
        mend = "put it in articles/<category>/<id>-<slug>/<lang>.md"
        problems.append(Problem(path, 1, "an article cannot stand here", mend))
        return None
    name, lang = _NAME.fullmatch(parts[-2]), parts[-1].removesuffix(".md")
    if name is None:
        what = f"the folder “{parts[-2]}” is not named <id>-<slug>"
        mend = "name it like 1042-disk-not-found: digits, a dash, lower-case words"
        problems.append(Problem(path, 1, what, mend))
        return None
    if lang not in languages:
        what = f"“{parts[-1]}” is not named after a language of this site"
        problems.append(Problem(path, 1, what, did_you_mean(lang, languages)))
        return None
    category = parts[1] if len(parts) > 3 else "general"
    if not _CATEGORY.fullmatch(category):
        what = f"the category folder “{category}” has signs that do not belong in an address"
        problems.append(Problem(path, 1, what, "use lower-case letters, digits and dashes"))
        return None
    return Place(path, int(name["id"]), name["slug"], lang, category)


def _unchanged(
    places: Mapping[str, tuple[Place, Found]], kept: Kept
) -> tuple[dict[str, Entry], list[tuple[Place, Found]]]:
    current, changed = {}, []
    for path, (place, found) in places.items():
        entry = kept.entry(path)
        if entry is not None and entry.stat.same_file(found.stat):
            current[path] = entry
        else:
            changed.append((place, found))
    return current, changed


def _read_changed(
    root: Path,
    changed: list[tuple[Place, Found]],
    kept: Kept,
    current: dict[str, Entry],
    progress: Progress | None,
) -> Iterator[tuple[str, tuple[Stat, str, ReadArticle]]]:
    """Read files whose look changed; those whose content is the same join `current`."""
    tasks = [
        (root, place, entry.hash if (entry := kept.entry(place.path)) else "")
        for place, _ in changed
    ]
    for number, ((place, found), (digest, article)) in enumerate(
        zip(changed, _map(_read_one, tasks), strict=True), 1
    ):
        if article is None:
            entry = kept.entries[place.path]
            current[place.path] = Entry(found.stat, entry.hash, entry.card, entry.at)
        else:
            yield place.path, (found.stat, digest, article)
        if progress:
            progress(number, len(changed))


Task = tuple[Path, Place, str]
Answer = tuple[str, ReadArticle | None]


def _read_one(task: Task) -> Answer:
    """Read one file unless its content has the hash it had; runs in a worker process too."""
    root, place, known = task
    try:
        with (root / place.path).open("rb") as file:
            raw = file.read(SIZE_LIMIT + 1)
    except OSError as error:
        reason = (error.strerror or "it cannot be read").lower()
        problem = Problem(place.path, 1, f"this file cannot be read: {reason}", "check its rights")
        return "", ReadArticle(None, (problem,))
    digest = blake2b(raw, digest_size=16).hexdigest()
    if digest == known:
        return digest, None
    return digest, read_article(place, raw)


def _map(work: Callable[[Task], Answer], tasks: list[Task]) -> Iterable[Answer]:
    """Do the work here, or in processes: where it is much, or where it could not be interrupted."""
    if not tasks:
        return []
    if len(tasks) <= POOL_FROM and can_limit():
        return map(work, tasks)
    return _in_processes(work, tasks)


def _in_processes(work: Callable[[Task], Answer], tasks: list[Task]) -> Iterator[Answer]:
    from concurrent.futures import ProcessPoolExecutor  # here: a few files need no processes
    from multiprocessing import get_context

    alone = threading.active_count() == 1
    workers = min(os.cpu_count() or 1, 1 + len(tasks) // POOL_FROM)
    way = get_context("fork" if alone else "forkserver")
    # whoever compiles may have put its collector at rest; rendering leaves garbage in circles
    with ProcessPoolExecutor(workers, way, initializer=gc.enable) as pool:
        yield from pool.map(work, tasks, chunksize=max(1, min(16, len(tasks) // workers)))
