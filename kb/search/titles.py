"""Typeahead: the words of titles and error codes, sorted, so that a prefix is a slice."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from kb.search.analysis import folded, words
from kb.search.stored import Array, Moved, Stored, spliced

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
    entries = sorted(
        (word, row, place)
        for (title, codes), row in zip(added, moved.fresh.tolist(), strict=True)
        for word, place in _entries(title, codes)
    )
    words = np.array([entry[0] for entry in entries], old.word.dtype)
    stays = moved.move[old.row]
    drop = np.flatnonzero(stays < 0)
    word, row, place = spliced(
        drop,
        np.searchsorted(old.word, words, "right"),
        (old.word, words),
        (stays.astype(np.int32), np.array([entry[1] for entry in entries], np.int32)),
        (old.place, np.array([entry[2] for entry in entries], np.uint8)),
    )
    return Titles(word, row, place)


def _entries(title: str, codes: Iterable[str]) -> Iterable[tuple[bytes, int]]:
    for place, word in enumerate(prefixes(title)):
        yield word, min(place, CODE_PLACE - 1)
    for code in codes:
        for word in prefixes(code):
            yield word, CODE_PLACE
