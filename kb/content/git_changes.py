"""What git knows of a site's files, each answer with one process for all files.

Without git, outside of a repository, or before the first commit, nothing is known and nothing is
said. In a shallow clone the oldest commit seems to have made every file: its files count as changed
together, so what came before the cut is never taken for a change.
"""

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from kb.content.git_files import find_commit, git_output

_FORMAT = 1
_NOW = 1 << 40  # seconds: later than any commit


def folder_in_repository(root: Path) -> str:
    """Return the site's folder seen from the top of its repository (`support/`), or ''."""
    found = git_output(root, "rev-parse", "--show-prefix")
    return found.decode("utf-8", "surrogateescape").strip("\n") if found else ""


def changed_since(root: Path, revision: str) -> frozenset[str]:
    """Return the paths below the site that differ from `revision`, new and removed ones included;
    raises ContentError where there is no repository or no such revision."""
    commit = find_commit(root, revision)
    words = ("diff", "--name-only", "-z", "--no-renames", "--relative", commit, "--", ".")
    return frozenset(_paths(git_output(root, *words))) | frozenset(_untracked(root))


def last_changes(root: Path, cache: Path) -> Mapping[str, int]:
    """Return when each file below articles/ last changed, in seconds; files that differ from the
    last commit changed after everything. Empty where git knows nothing.

    What was read is kept in the file `cache`, so the next time only new commits are read."""
    head = git_output(root, "rev-parse", "--verify", "--quiet", "HEAD")
    if head is None:
        return {}
    commit = head.decode().strip()
    changes = _known(root, cache, commit)
    for path in _uncommitted(root):
        changes[path] = _NOW
    return changes


def _known(root: Path, cache: Path, commit: str) -> dict[str, int]:
    """What the commits say: from the cache, from new commits, or from all of them."""
    kept_at, changes = _read_cache(cache)
    if kept_at == commit:
        return changes
    is_base = kept_at and git_output(root, "merge-base", "--is-ancestor", kept_at, commit)
    span = f"{kept_at}..{commit}" if is_base is not None and kept_at else commit
    fresh: dict[str, int] = {}
    for path, seconds in _log(root, span):
        fresh[path] = max(seconds, fresh.get(path, 0))
    changes = {**(changes if span != commit else {}), **fresh}
    _write_cache(cache, commit, changes)
    return dict(changes)


def _log(root: Path, span: str) -> Iterator[tuple[str, int]]:
    words = ("log", "-z", "--name-only", "--no-renames", "--relative", "--format=%x01%ct")
    told = git_output(root, *words, span, "--", "articles") or b""
    for chunk in told.split(b"\x01")[1:]:
        seconds, _, names = chunk.partition(b"\0")
        for path in _paths(names.lstrip(b"\n")):
            yield path, int(seconds)


def _uncommitted(root: Path) -> Iterator[str]:
    words = ("diff", "--name-only", "-z", "--no-renames", "--relative", "HEAD", "--", "articles")
    yield from _paths(git_output(root, *words))
    yield from _untracked(root)


def _untracked(root: Path) -> Iterator[str]:
    words = ("ls-files", "--others", "--exclude-standard", "-z", "--", ".")
    yield from _paths(git_output(root, *words))


def _paths(told: bytes | None) -> Iterator[str]:
    for name in (told or b"").split(b"\0"):
        if name:
            yield os.fsdecode(name)


def _read_cache(cache: Path) -> tuple[str, dict[str, int]]:
    try:
        kept = json.loads(cache.read_bytes())
        if kept["format"] == _FORMAT:
            return str(kept["commit"]), {str(p): int(s) for p, s in kept["changes"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        pass
    return "", {}


def _write_cache(cache: Path, commit: str, changes: Mapping[str, int]) -> None:
    cache.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = cache.with_name(f".{cache.name}.{os.getpid()}")
    temporary.write_text(json.dumps({"format": _FORMAT, "commit": commit, "changes": changes}))
    temporary.replace(cache)
