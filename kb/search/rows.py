"""What is known of each row: its text and the places of its words, its record and its group."""

import json
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np

from kb.search import texts
from kb.search.analysed import Analysed
from kb.search.postings import TERM
from kb.search.stored import Array, Moved, Stored
from kb.search.texts import Row, Texts, texts_of

_FLAT = "flat"


@dataclass(frozen=True, slots=True)
class Segment:
    """The texts of some rows that follow each other, and where they are saved already, if so."""

    texts: Texts
    saved: Path | None = None


@dataclass(frozen=True, slots=True)
class Flat(Stored):
    """One entry a row; `number` is for each word of the texts the term it is now, or -1."""

    HOT = frozenset({"group", "alive", "number"})

    text_length: Array
    title_length: Array
    alive: Array
    group: Array
    number: Array


class Rows:
    """All rows: what is kept of each, and its text in its segment; documents of one `group`
    (groups.py) pass the same filters."""

    def __init__(self, flat: Flat, segments: Sequence[Segment]) -> None:
        self.text_length, self.title_length = flat.text_length, flat.title_length
        self.alive, self.group, self.number = flat.alive, flat.group, flat.number
        self.segments = tuple(segments)
        self._flat = flat

    @classmethod
    def open(cls, folder: Path, at_once: bool = True) -> Self:
        """Map everything; raises OSError or ValueError when something is missing or cut short."""
        flat = Flat.open(folder / _FLAT, at_once)
        names = sorted(int(path.name) for path in folder.iterdir() if path.name != _FLAT)
        parts = [Segment(Texts.open(folder / str(n), at_once), folder / str(n)) for n in names]
        if sum(len(part.texts) for part in parts) != len(flat.alive):
            raise ValueError("texts and rows do not fit")
        return cls(flat, parts)

    def save(self, folder: Path) -> None:
        """Write what is new, link what was saved before."""
        self._flat.save(folder / _FLAT)
        for number, segment in enumerate(self.segments):
            if segment.saved is None:
                segment.texts.save(folder / str(number))
            else:
                texts.link(segment.saved, folder / str(number))

    def text_of(self, row: int) -> str:
        """Title, summary and body of a row, a line each."""
        of, row = self._at(row)
        first, end = of.content_starts[row], of.content_starts[row + 1]
        return of.content[first:end].tobytes().decode()

    def record_of(self, row: int) -> dict[str, Any]:
        """The record of a row, as `analysed.py` wrote it."""
        of, row = self._at(row)
        first, end = of.record_starts[row], of.record_starts[row + 1]
        record: dict[str, Any] = json.loads(of.record[first:end].tobytes())
        return record

    def terms_of(self, row: int) -> Array:
        """The terms of the words of a row's text, in order."""
        of, row = self._at(row)
        return np.asarray(self.number[of.term[of.place_starts[row] : of.place_starts[row + 1]]])

    def places_of(self, row: int) -> tuple[Array, Array]:
        """From which character on each of these words stands, and how long it is."""
        of, row = self._at(row)
        part = slice(of.place_starts[row], of.place_starts[row + 1])
        return of.start[part], of.length[part]

    def row(self, row: int) -> Row:
        """All that is kept of a row's text."""
        of, row = self._at(row)
        return of.row(row)

    def _at(self, row: int) -> tuple[Texts, int]:
        number = bisect_right(self._firsts, row) - 1
        return self.segments[number].texts, row - self._firsts[number]

    @cached_property
    def _firsts(self) -> list[int]:
        """The first row of each segment."""
        sizes = [len(segment.texts) for segment in self.segments]
        return [sum(sizes[:number]) for number in range(len(sizes))]


_FEW = np.zeros(0, np.int32)
EMPTY = Rows(Flat(_FEW, _FEW, np.zeros(0, np.bool_), _FEW, _FEW), ())


def joined(
    old: Rows,
    moved: Moved,
    added: Sequence[Analysed],
    groups: Sequence[int],
    old_terms: Array,
    terms: Array,
) -> Rows:
    """Return the rows that stay, at their new places, and the added ones, whose groups
    are given; `terms` are all that there are now."""
    number = _renumbered(old.number, old_terms, terms)
    segments = [old.segments[place] for place in moved.kept]
    new = moved.total - sum(len(segment.texts) for segment in segments)
    if new:
        words = _words_of(number, len(terms))
        made = [_row(document, terms, words) for document in added]
        made += [old.row(row) for row in _merged(moved, new)]
        made += [_NO_ROW] * (new - len(made))
        segments.append(Segment(texts_of(made)))
    flat = Flat(
        text_length=moved.flat(old.text_length, [document.text_length for document in added]),
        title_length=moved.flat(old.title_length, [document.title_length for document in added]),
        alive=moved.flat(old.alive, [True] * len(added)),
        group=moved.flat(old.group, groups),
        number=number,
    )
    return Rows(flat, segments)


_NO_ROW = (
    np.zeros(0, np.uint8),
    np.zeros(0, np.uint8),
    np.zeros(0, np.int32),
    np.zeros(0, np.uint32),
    np.zeros(0, np.uint8),
)


def _merged(moved: Moved, new: int) -> Iterator[int]:
    """The old rows that come into the new segment, in the order they have there."""
    rows = np.flatnonzero(moved.move >= moved.total - new)
    yield from rows[np.argsort(moved.move[rows])].tolist()


def _renumbered(number: Array, old_terms: Array, terms: Array) -> Array:
    """The term that each word now is; words that are new get the next numbers."""
    at = np.searchsorted(terms, old_terms)
    stays = np.zeros(len(old_terms), np.bool_)
    inside = at < len(terms)
    stays[inside] = terms[at[inside]] == old_terms[inside]
    now = np.where(stays, at, -1).astype(np.int32)
    is_new = np.ones(len(terms), np.bool_)
    is_new[at[stays]] = False
    known = np.full(len(number), -1, np.int32)
    alive = number >= 0
    known[alive] = now[number[alive]]
    return np.concatenate((known, np.flatnonzero(is_new).astype(np.int32)))


def _words_of(number: Array, terms: int) -> Array:
    """The word that each term is in the texts."""
    words = np.zeros(terms, np.int32)
    alive = np.flatnonzero(number >= 0)
    words[number[alive]] = alive
    return words


def _row(document: Analysed, terms: Array, words: Array) -> Row:
    names = np.array([term.encode() for term in document.terms], TERM)
    numbers = words[np.searchsorted(terms, names)]
    return (
        np.frombuffer(document.content.encode(), np.uint8),
        np.frombuffer(document.record.encode(), np.uint8),
        numbers[document.place],
        document.start,
        document.length,
    )
