"""An article as a revision left it: its text from git, rendered in a process of its own.

Rendering needs a process's main thread to be limited in time, and a server has none to spare. What
was rendered is kept by the text's id, so each text is rendered once.
"""

import json
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from kb.content.article_file import Place, read_article
from kb.content.article_text import split_article
from kb.content.articles_source import FOLDER
from kb.content.blob_audience import read_blobs
from kb.content.git_files import git_output
from kb.content.kept import fingerprint
from kb.content.overlaid import FreshArticle
from kb.content.packs import write_file
from kb.content.problems import ContentError
from kb.content.yaml_source import is_mapping, read_yaml
from kb.rules.history import Change

_SECONDS = 20.0
_WAIT_SECONDS = 8.0
_KEPT = 500  # rendered texts on disk


class RevisionsBusy(Exception):
    """Too many old texts are being rendered at this moment."""


@dataclass(frozen=True, slots=True)
class OldText:
    """What people read of an article's source: title, summary and body."""

    title: str
    summary: str
    body: str

    @property
    def whole(self) -> str:
        """All of it as one text, for comparing."""
        return "\n\n".join(part for part in (self.title, self.summary, self.body) if part)


class OldArticles:
    """Reads and renders the texts that changes left; safe for many threads."""

    def __init__(self, root: Path, cache: Path) -> None:
        self._folder = root / FOLDER
        self._cache = cache
        self._one_at_a_time = threading.Semaphore(1)
        self._raw = lru_cache(maxsize=64)(self._read)
        self._held = lru_cache(maxsize=1024)(self._look_up)

    def text(self, change: Change) -> OldText | None:
        """Return what a change left to read; None when git no longer has it."""
        raw = self._raw(change.blob)
        if raw is None:
            return None
        try:
            head, body, _ = split_article(change.path, raw)
            keys = read_yaml(change.path, head).data
        except ContentError:
            return OldText("", "", raw.decode("utf-8", "replace"))
        told: Mapping[Any, Any] = keys if is_mapping(keys) else {}
        words = [str(told.get(name) or "").strip() for name in ("title", "summary")]
        return OldText(words[0], words[1], body.strip("\n") + "\n")

    def rendered(self, change: Change, place: Place) -> FreshArticle | None:
        """Return the article as a change left it, rendered; None where that cannot be done.

        Raises RevisionsBusy instead of keeping many visitors waiting."""
        kept = self._cache / f"{change.blob}-{place.lang}-{fingerprint()[:12]}.json"
        try:
            return FreshArticle.load(json.loads(kept.read_bytes()))
        except (OSError, ValueError, KeyError):
            pass
        raw = self._raw(change.blob)
        if raw is None:
            return None
        if not self._one_at_a_time.acquire(timeout=_WAIT_SECONDS):
            raise RevisionsBusy
        try:
            made = _render_apart(place, raw)
        finally:
            self._one_at_a_time.release()
        if made is not None:
            self._keep(kept, made)
        return made

    def holding(self, commit: str, paths: Sequence[str]) -> frozenset[str]:
        """Return the ids of the texts that a commit holds under these paths, whoever made them."""
        return self._held(commit, tuple(paths))

    def _look_up(self, commit: str, paths: tuple[str, ...]) -> frozenset[str]:
        names = [path.removeprefix(f"{FOLDER}/") for path in paths]
        told = git_output(self._folder, "ls-tree", "-z", commit, "--", *names) or b""
        entries = (entry.partition(b"\t")[0].split(b" ") for entry in told.split(b"\0") if entry)
        return frozenset(about[2].decode() for about in entries)

    def _read(self, blob: str) -> bytes | None:
        return next((content for _, content in read_blobs(self._folder, [blob])), None)

    def _keep(self, path: Path, made: FreshArticle) -> None:
        self._cache.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_file(path, json.dumps(made.dump()).encode())
        kept = sorted(self._cache.glob("*.json"), key=lambda file: file.stat().st_mtime_ns)
        for old in kept[:-_KEPT]:
            old.unlink(missing_ok=True)


def _render_apart(place: Place, raw: bytes) -> FreshArticle | None:
    """Render in a process that may be stopped; None where it takes too long or there is nothing."""
    asked = json.dumps(asdict(place)).encode() + b"\n" + raw
    try:
        done = subprocess.run(  # our own command
            [sys.executable, "-m", "kb.content.old_article"],
            input=asked,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
        return FreshArticle.load(json.loads(done.stdout)) if done.returncode == 0 else None
    except (subprocess.TimeoutExpired, OSError, ValueError, KeyError):
        return None


def main() -> int:
    """Render the article on standard input, whose first line is its place, as JSON."""
    place = Place(**json.loads(sys.stdin.buffer.readline()))
    read = read_article(place, sys.stdin.buffer.read())
    if read.card is None:
        return 1
    sys.stdout.write(json.dumps(FreshArticle(read.card.article, read.parts).dump()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
