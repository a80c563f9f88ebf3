"""Who changed which article when: read from git with one process for all files, kept by commit.

The files of `cache` are `read.json`, what was read so far, and `<digest>.history`, the changes of
each article: one line of JSON that tells where each article's lie, then these. A compiled site
links the latter. Nothing is known without git, outside of a repository, before the first commit
and of files that are in no commit; in a shallow clone nothing is known of what came before its cut.
"""

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any

from kb.content.articles_source import FOLDER
from kb.content.blob_audience import blob_audiences
from kb.content.git_files import git_output
from kb.content.packs import write_file
from kb.rules.history import REVISIONS_KEPT

_FORMAT = 1
_FILE = re.compile(r"(?:.*/)?([1-9][0-9]{0,8})-[^/]*/([a-z]{2,3})\.md")
_LIKENESS = "60%"  # of two files, so that one is the other, renamed
_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class HistoryFile:
    """The changes of all articles in one file, and what it is made from."""

    path: Path
    digest: str
    moved: Mapping[str, int]
    """Ids that articles had before they were renamed, with the ids they were renamed to."""


@dataclass(slots=True)
class _Read:
    """What was read so far, up to the commit `head`; `shallow` is where the copy is cut."""

    head: str = ""
    shallow: str = ""
    commits: list[tuple[str, int, str, str]] = field(default_factory=list)
    """Id, time in seconds, author, subject; the oldest first."""
    touched: list[tuple[int, str, str]] = field(default_factory=list)
    """Which commit, path below articles/, blob."""
    renamed: list[tuple[int, str, str]] = field(default_factory=list)
    """Which commit, old path, new path."""
    closed: dict[str, str] = field(default_factory=dict)
    """The audience of each blob that not everybody could read."""
    digest: str = ""


def read_history(root: Path, cache: Path) -> HistoryFile | None:
    """Return the history of the site at `root`; None where git knows nothing.

    At the same commit as last time this costs one process, else four, however many files."""
    folder = root / FOLDER
    told = git_output(folder, "rev-parse", "--git-path", "shallow", "HEAD")
    if told is None:
        return None
    shallow, head = told.decode("utf-8", "surrogateescape").splitlines()[-2:]
    cut = _text(folder / shallow)
    read = _load(cache)
    found = cache / f"{read.digest}.history"
    if (read.head, read.shallow) == (head, cut) and read.digest and found.is_file():
        return HistoryFile(found, read.digest, _moved(read))
    if read.shallow != cut:
        read = _Read(shallow=cut)
    _read_on(folder, read, head)
    made = _write(cache, read, _here(folder, head))
    _save(cache, read)
    return made


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""


def _read_on(folder: Path, read: _Read, head: str) -> None:
    """Read the commits that are new since `read.head`, or all."""
    base = read.head
    if base and git_output(folder, "merge-base", "--is-ancestor", base, head) is None:
        read.head, base = "", ""
        read.commits, read.touched, read.renamed, read.closed = [], [], [], {}
    cut = set(read.shallow.split())
    before = len(read.touched)
    number = -1
    for kind, words in _log(folder, f"{base}..{head}" if base else head):
        if kind == "commit":
            read.commits.append((words[0], int(words[1]), words[2], words[3]))
            number = len(read.commits) - 1
        elif read.commits[number][0] not in cut:  # such a commit seems to have made every file
            path, blob, old = words
            read.touched.append((number, path, blob))
            if old:
                read.renamed.append((number, old, path))
    fresh = {blob for _, _, blob in read.touched[before:]}
    read.closed |= {blob: str(who) for blob, who in blob_audiences(folder, fresh).items()}
    read.head = head


def _log(folder: Path, span: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Give every commit, the oldest first, each followed by the articles it left changed."""
    words = ("log", "-z", "--reverse", "--raw", "--abbrev=64", "--relative", "--no-show-signature")
    like = (f"-M{_LIKENESS}", "-l4000", "--format=%H%n%ct%n%aN%n%s", span, "--", ".")
    told = git_output(folder, *words, *like, seconds=_SECONDS) or b""
    tokens = iter(told.split(b"\0"))
    for token in tokens:
        token = token.lstrip(b"\n")
        if not token.startswith(b":"):
            if token:
                yield "commit", tuple(token.decode("utf-8", "replace").split("\n", 3))
            continue
        _, mode, _, blob, status = token.split(b" ")
        path = os.fsdecode(next(tokens))
        old = ""
        if status[:1] in b"RC":
            old, path = path, os.fsdecode(next(tokens))
        if status != b"D" and mode.startswith(b"100") and _FILE.fullmatch(path):
            is_rename = status.startswith(b"R") and _FILE.fullmatch(old)
            yield "file", (path, blob.decode(), old if is_rename else "")


def _here(folder: Path, head: str) -> tuple[str, ...]:
    """The articles that the commit holds."""
    told = git_output(folder, "ls-tree", "-r", "-z", "--name-only", head, "--", ".") or b""
    names = (os.fsdecode(name) for name in told.split(b"\0"))
    return tuple(name for name in names if _FILE.fullmatch(name))


def _owners(read: _Read, here: Iterable[str]) -> dict[str, str]:
    """What each path that ever was is called now: the newest renames lead on, until a file that
    is here; a file that is here is nobody else's."""
    onward = {old: new for _, old, new in sorted(read.renamed)}
    owners = {path: path for path in here}
    for path in {path for _, path, _ in read.touched} | set(onward):
        at, passed = path, {path}
        while at not in owners and at in onward and onward[at] not in passed:
            at = onward[at]
            passed.add(at)
        if at in owners:
            owners[path] = owners[at]
    return owners


def _write(cache: Path, read: _Read, here: Iterable[str]) -> HistoryFile:
    """Write the changes of every article that is here, the newest first."""
    owners = _owners(read, here)
    rows: dict[str, list[tuple[str, int, str, str, str, str, str]]] = {}
    for number, path, blob in read.touched:
        owner = _FILE.fullmatch(owners.get(path, ""))
        if owner:
            name = f"{owner[2]}/{owner[1]}"
            who = read.closed.get(blob, "")
            rows.setdefault(name, []).append((*read.commits[number], path, blob, who))
    places: dict[str, tuple[int, int, int]] = {}
    lines: list[bytes] = []
    offset = 0
    for name, changes in sorted(rows.items()):
        changes.sort(key=lambda change: change[1], reverse=True)  # stable: as git told them
        line = json.dumps(changes[:REVISIONS_KEPT], ensure_ascii=False).encode("utf-8", "replace")
        places[name] = (offset, len(line), changes[0][1])
        lines.append(line)
        offset += len(line)
    head = json.dumps({"partial": bool(read.shallow), "places": places}).encode() + b"\n"
    content = head + b"".join(lines)
    read.digest = blake2b(content, digest_size=12).hexdigest()
    cache.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = cache / f"{read.digest}.history"
    for old in cache.glob("*.history"):
        if old != made:
            old.unlink(missing_ok=True)
    write_file(made, content)
    return HistoryFile(made, read.digest, _moved(read))


def _moved(read: _Read) -> dict[str, int]:
    """Ids that were renamed, each with its newest successor."""
    moved = {}
    for _, old, new in sorted(read.renamed):
        before, after = _FILE.fullmatch(old), _FILE.fullmatch(new)
        if before and after and before[1] != after[1]:
            moved[before[1]] = int(after[1])
    return moved


def _load(cache: Path) -> _Read:
    try:
        kept: dict[str, Any] = json.loads((cache / "read.json").read_bytes())
        if kept.pop("format") == _FORMAT:
            for name in ("commits", "touched", "renamed"):
                kept[name] = [tuple(row) for row in kept[name]]
            return _Read(**kept)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        pass
    return _Read()


def _save(cache: Path, read: _Read) -> None:
    kept = {name: getattr(read, name) for name in _Read.__slots__}
    told = json.dumps({"format": _FORMAT, **kept}, ensure_ascii=False)
    write_file(cache / "read.json", told.encode("utf-8", "surrogateescape"))
