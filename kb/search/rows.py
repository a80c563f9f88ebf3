"""What is known of each row: its text and the places of its words, its record and its group."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from kb.search.analysed import Analysed
from kb.search.postings import TERM
from kb.search.stored import Array, Moved, Stored


@dataclass(frozen=True, slots=True)
class Rows(Stored):
    """One entry a row, or a list a row with its starts; `term`, `start` and `length` are
    the words of the content; documents of one `group` (groups.py) pass the same filters."""

    HOT: ClassVar[frozenset[str]] = frozenset(
        {"record_starts", "term", "place_starts", "group", "alive"}
    )

    content: Array
    content_starts: Array
    record: Array
    record_starts: Array
    term: Array
    start: Array
    length: Array
    place_starts: Array
    text_length: Array
    title_length: Array
    alive: Array
    group: Array

    def text_of(self, row: int) -> str:
        """Title, summary and body of a row, a line each."""
        first, end = self.content_starts[row], self.content_starts[row + 1]
        return self.content[first:end].tobytes().decode()

    def record_of(self, row: int) -> dict[str, Any]:
        """The record of a row, as `analysed.py` wrote it."""
        first, end = self.record_starts[row], self.record_starts[row + 1]
        record: dict[str, Any] = json.loads(self.record[first:end].tobytes())
        return record


_NONE = np.zeros(0, np.int64)
_START = np.zeros(1, np.int64)
EMPTY = Rows(
    content=np.zeros(0, np.uint8),
    content_starts=_START,
    record=np.zeros(0, np.uint8),
    record_starts=_START,
    term=np.zeros(0, np.int32),
    start=np.zeros(0, np.uint32),
    length=np.zeros(0, np.uint8),
    place_starts=_START,
    text_length=np.zeros(0, np.int32),
    title_length=np.zeros(0, np.int32),
    alive=np.zeros(0, np.bool_),
    group=np.zeros(0, np.int32),
)


def joined(
    old: Rows,
    moved: Moved,
    added: Sequence[Analysed],
    groups: Sequence[int],
    old_terms: Array,
    terms: Array,
) -> Rows:
    """Return the rows that stay, at their new places, and the added ones, whose groups
    are given; places name `terms`."""
    content, content_starts = moved.ragged(
        old.content, old.content_starts, [_bytes(document.content) for document in added]
    )
    record, record_starts = moved.ragged(
        old.record, old.record_starts, [_bytes(document.record) for document in added]
    )
    numbers = [_numbers(document, terms) for document in added]
    renumbered = np.searchsorted(terms, old_terms).astype(np.int32)[old.term]
    term, place_starts = moved.ragged(renumbered, old.place_starts, numbers)
    return Rows(
        content=content,
        content_starts=content_starts,
        record=record,
        record_starts=record_starts,
        term=term,
        start=moved.ragged(old.start, old.place_starts, [each.start for each in added])[0],
        length=moved.ragged(old.length, old.place_starts, [each.length for each in added])[0],
        place_starts=place_starts,
        text_length=moved.flat(old.text_length, [document.text_length for document in added]),
        title_length=moved.flat(old.title_length, [document.title_length for document in added]),
        alive=moved.flat(old.alive, [True] * len(added)),
        group=moved.flat(old.group, groups),
    )


def _bytes(text: str) -> Array:
    return np.frombuffer(text.encode(), np.uint8)


def _numbers(document: Analysed, terms: Array) -> Array:
    """The document's words as numbers of all terms."""
    names = np.array([term.encode() for term in document.terms], TERM)
    return np.searchsorted(terms, names).astype(np.int32)[document.place]
