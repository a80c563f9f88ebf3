"""What happened to an article, who may see it, and what differs between two of its texts."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from enum import StrEnum

from kb.rules.articles import Audience

REVISIONS_KEPT = 200
"""The newest revisions of an article that pages know; what is older stays in git."""

_CONTEXT = 2  # unchanged lines shown around a change
_MOST_LINES = 6_000  # of two texts together; longer ones are compared as a whole
_MOST_WORDS = 3_000  # of two blocks together
_LEAST_LIKENESS = 0.3  # with less in common two sentences read better than a mosaic
_WORD = re.compile(r"\s+|\w+|[^\w\s]")


class Shown(StrEnum):
    """Who sees the history of articles that they may read."""

    OFF = "off"
    AGENTS = "agents"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Change:
    """One commit that changed an article, and the text it left: `blob` is its id in git.

    `audience` is who could read the article as that commit left it; a draft counts as internal."""

    commit: str
    at: datetime
    author: str
    subject: str
    path: str
    blob: str
    audience: Audience = Audience.PUBLIC


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a difference: `same`, `gone` or `new`."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """Some lines of a difference; `skipped` unchanged ones before it are not shown."""

    pieces: tuple[Piece, ...]
    skipped: int = 0


def sees_history(shown: Shown, *, agent: bool) -> bool:
    """Tell whether a visitor sees what changed in an article that they may read."""
    return shown is Shown.ALL or (shown is Shown.AGENTS and agent)


def sees_change(change: Change, *, signed_in: bool, agent: bool) -> bool:
    """Tell whether a visitor may read the text that a commit left: what was internal then, or a
    draft, stays so although the article is public now."""
    if agent or change.audience is Audience.PUBLIC:
        return True
    return signed_in and change.audience is Audience.CUSTOMERS


def authors_of(changes: Iterable[Change]) -> tuple[str, ...]:
    """Return the names of those who wrote the article, who changed it most first."""
    counts: dict[str, int] = {}
    for change in changes:
        counts[change.author] = counts.get(change.author, 0) + 1
    return tuple(sorted(counts, key=lambda name: (-counts[name], name)))


def find_change(changes: Sequence[Change], commit: str) -> Change | None:
    """Return the change of a commit, which may be shortened to seven digits or more."""
    if not re.fullmatch(r"[0-9a-f]{7,64}", commit):
        return None
    found = [change for change in changes if change.commit.startswith(commit)]
    return found[0] if len(found) == 1 else None


def flatten(moved: Mapping[str, int], here: Iterable[int]) -> dict[str, int]:
    """Lead every old name straight to an article that is `here`: chains become one step, circles
    and ways to nowhere are left out."""
    there = set(here)
    ends: dict[str, int] = {}
    for name in moved:
        passed, at = {name}, moved[name]
        while at not in there and str(at) in moved and str(at) not in passed:
            passed.add(str(at))
            at = moved[str(at)]
        if at in there and name != str(at):
            ends[name] = at
    return ends


def differences(old: str, new: str) -> tuple[Passage, ...]:
    """Return what words went and came between two texts, with a little of what stayed.

    The work is bounded: very long texts are compared by whole lines, or not in parts at all."""
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    if len(before) + len(after) > _MOST_LINES:
        return () if old == new else (Passage(_replaced(old, new)),)
    matcher = SequenceMatcher(None, before, after)
    blocks = [
        (*op[:1], before[op[1] : op[2]], after[op[3] : op[4]]) for op in matcher.get_opcodes()
    ]
    return tuple(_passages(blocks))


def _passages(blocks: Sequence[tuple[str, list[str], list[str]]]) -> Iterator[Passage]:
    pieces: list[Piece] = []
    skipped = 0
    for number, (tag, gone, came) in enumerate(blocks):
        if tag != "equal":
            pieces += _words("".join(gone), "".join(came))
            continue
        first, last = number == 0, number == len(blocks) - 1
        head, hidden, tail = _cut(gone, first=first, last=last)
        if not hidden:
            pieces.append(Piece("same", "".join(gone)))
            continue
        if not first:
            pieces.append(Piece("same", "".join(head)))
            yield Passage(tuple(pieces), skipped)
        skipped, pieces = len(hidden), [Piece("same", "".join(tail))] if tail else []
    if any(piece.kind != "same" for piece in pieces):
        yield Passage(tuple(pieces), skipped)


def _cut(lines: list[str], *, first: bool, last: bool) -> tuple[list[str], list[str], list[str]]:
    """Part unchanged lines into those shown after a change, hidden, and before the next one."""
    head = 0 if first else _CONTEXT
    tail = 0 if last else _CONTEXT
    if len(lines) <= head + tail + 1:
        return lines, [], []
    return lines[:head], lines[head : len(lines) - tail], lines[len(lines) - tail :]


def _words(gone: str, came: str) -> Sequence[Piece]:
    before, after = _WORD.findall(gone), _WORD.findall(came)
    if len(before) + len(after) > _MOST_WORDS or not before or not after:
        return _replaced(gone, came)
    if _likeness(before, after) < _LEAST_LIKENESS:
        return _replaced(gone, came)
    pieces: list[Piece] = []
    for tag, first, last, start, end in SequenceMatcher(None, before, after).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", "".join(before[first:last])))
        else:
            pieces += _replaced("".join(before[first:last]), "".join(after[start:end]))
    return pieces


def _likeness(before: Sequence[str], after: Sequence[str]) -> float:
    """How much of two texts is the same words, 0 to 1."""
    gone = [word for word in before if not word.isspace()]
    came = [word for word in after if not word.isspace()]
    return SequenceMatcher(None, gone, came).ratio()


def _replaced(gone: str, came: str) -> tuple[Piece, ...]:
    pieces = (Piece("gone", gone), Piece("new", came))
    return tuple(piece for piece in pieces if piece.text)
