"""Typeahead: the words of titles and error codes, sorted, so that a prefix is a slice."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from kb.search.analysis import folded, words
from kb.search.stored import Array, Moved, Stored

WIDTH = 24


@dataclass(frozen=True, slots=True)
class Titles(Stored):
    """`word[i]` is word number `place[i]` of the title of `row[i]`; sorted by word."""

    HOT: ClassVar[frozenset[str]] = frozenset({"place", "row", "word"})

    word: Array
    row: Array
    place: Array


EMPTY = Titles(
    word=np.zeros(0, f"S{WIDTH}"), row=np.zeros(0, np.int32), place=np.zeros(0, np.uint8)
)
CODE_PLACE = 200
"""Error codes are not in the order of the title; they come after every word of it."""


def prefixes(text: str) -> list[bytes]:
    """Return the words of what was typed, as they are compared."""
    return [folded(word).encode()[:WIDTH] for word in words(text)]


def joined(old: Titles, moved: Moved, added: Sequence[tuple[str, Iterable[str]]]) -> Titles:
    """Return the title words of the rows that stay and of the added (title, codes)."""
    entries = [
        (word, row, place)
        for (title, codes), row in zip(added, moved.fresh.tolist(), strict=True)
        for word, place in _entries(title, codes)
    ]
    row = moved.move[old.row]
    stays = row >= 0
    word = np.concatenate((old.word[stays], np.array([e[0] for e in entries], old.word.dtype)))
    rows = np.concatenate((row[stays], np.array([e[1] for e in entries], np.int64)))
    place = np.concatenate((old.place[stays], np.array([e[2] for e in entries], np.uint8)))
    order = np.argsort(word, kind="stable")
    return Titles(word[order], rows[order].astype(np.int32), place[order])


def _entries(title: str, codes: Iterable[str]) -> Iterable[tuple[bytes, int]]:
    for place, word in enumerate(prefixes(title)):
        yield word, min(place, CODE_PLACE - 1)
    for code in codes:
        for word in prefixes(code):
            yield word, CODE_PLACE
