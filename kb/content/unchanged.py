"""Whether anything changed since `kb index` last ran; told without reading a single text.

A site stands as it stood when each file a compile may read, each file of our own code and of the
live revision has the size, time of change and inode it had, and git is at the same commit. Only the
standard library is used here: what reads, checks and renders takes longer to load than to run.
"""

import json
import os
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from hashlib import blake2b
from operator import attrgetter
from pathlib import Path

from kb.content.git_files import git_output
from kb.content.packs import write_file
from kb.content.problems import Level, Problem

FILES = ("site.yaml", "demo.yaml", "search-tests.yaml")
FOLDERS = ("articles", "policy", "troubleshooter", "search", "static")
_PACKAGE = Path(__file__).parent.parent
_RACY_NS = 50_000_000
_RECORD = "unchanged.json"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a compile came to."""

    revision: str
    articles: int
    offline: bool
    warnings: tuple[Problem, ...]


class Look:
    """One look at all files; taken before a compile reads them, so that what changes meanwhile is
    seen to have changed the next time."""

    def __init__(self, root: Path) -> None:
        self._now = time.time_ns()
        self.sound = True
        """Whether the next look can tell; not where a file is as young as this look."""
        self.digest = _digest([*_code(), *self._files(root), *_commit(root)])

    def _files(self, root: Path) -> Iterator[str]:
        for name in FILES:
            try:
                yield self._line(f"{root}/{name}", os.stat(root / name))
            except OSError:
                yield f"{root}/{name} lost"
        for name in FOLDERS:
            yield from self._below(f"{root}/{name}")

    def _below(self, folder: str) -> list[str]:
        """Every file below a folder; no generator, since there are thousands of both."""
        try:
            entries = sorted(os.scandir(folder), key=attrgetter("name"))
        except OSError:
            return []
        lines = []
        for entry in entries:
            try:
                if entry.is_dir(follow_symlinks=False):
                    lines += self._below(entry.path)
                elif entry.is_dir():
                    self.sound = False  # where a link leads is not looked at: nothing can be told
                else:
                    lines.append(self._line(entry.path, entry.stat()))
            except OSError:
                lines.append(f"{entry.path} lost")
        return lines

    def _line(self, path: str, found: os.stat_result) -> str:
        self.sound &= found.st_mtime_ns < self._now - _RACY_NS
        return f"{path} {found.st_size} {found.st_mtime_ns} {found.st_ino}"


class LastCompile:
    """What the last `kb index` of a var folder came to, and of which look."""

    def __init__(self, var: Path) -> None:
        self._file = var / "cache" / _RECORD
        self._revisions = var / "site"

    def of(self, look: Look, live: str | None) -> Outcome | None:
        """Return the outcome if the site stands as it stood and its revision is live and whole."""
        try:
            told = json.loads(self._file.read_bytes())
            known = told["look"] == look.digest and told["revision"] == live
            if not known or told["made"] != self._made(told["revision"]):
                return None
            warnings = tuple(
                Problem(**{**one, "level": Level(one["level"])}) for one in told["warnings"]
            )
            return Outcome(told["revision"], told["articles"], told["offline"], warnings)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def keep(self, look: Look, outcome: Outcome) -> None:
        """Remember an outcome; where the next look could not tell, forget the last one."""
        if not look.sound:
            self._file.unlink(missing_ok=True)
            return
        seen = {"look": look.digest, "made": self._made(outcome.revision)}
        write_file(self._file, json.dumps({**seen, **asdict(outcome)}).encode())

    def _made(self, revision: str) -> str:
        """The files of a revision as they lie there; one that is damaged is made anew."""
        return _digest(_stats(self._revisions / revision, ""))


def _code() -> list[str]:
    """Our own code, and which libraries are installed."""
    # a folder of libraries changes its time when one of them comes or goes
    libraries = [f"{path} {_mtime(path)}" for path in sys.path if path.endswith("-packages")]
    return [sys.version, *libraries, *_stats(_PACKAGE, ".py")]


def _stats(folder: Path, ending: str) -> list[str]:
    lines = []
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            if name.endswith(ending):
                found = os.stat(f"{place}/{name}")
                lines.append(f"{place}/{name} {found.st_size} {found.st_mtime_ns}")
    return lines


def _mtime(path: str) -> int:
    try:
        return os.stat(path).st_mtime_ns
    except OSError:
        return 0


def _digest(lines: Iterable[str]) -> str:
    return blake2b("\n".join(lines).encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()


def _commit(root: Path) -> list[str]:
    """The commit, and where a shallow clone is cut: what `git_history.py` reads from."""
    folder = root / "articles"
    told = git_output(folder, "rev-parse", "--git-path", "shallow", "HEAD")
    if told is None:
        return []
    shallow, head = told.decode("utf-8", "surrogateescape").splitlines()[-2:]
    cut = folder / shallow
    return [head, cut.read_text("ascii", "replace") if cut.is_file() else ""]
