"""What is shown of the rows of one segment, and the places of their words: never changed.

A segment's arrays are linked into the next index for as long as the segment stays, with the texts
of its dead rows, as Whoosh's own are; nothing asks for a dead row.
"""

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import ClassVar

import numpy as np

from kb.search.stored import Array, Stored

Row = tuple[Array, Array, Array, Array, Array]
"""Content and record as bytes; numbers, starts and lengths of the words of the content."""


@dataclass(frozen=True, slots=True)
class Texts(Stored):
    """A list a row, with its starts: `content` and `record` as bytes; `term`, `start` and `length`
    are the words of the content, `term` numbered for good (`Rows.number` tells the term)."""

    HOT: ClassVar[frozenset[str]] = frozenset({"record_starts", "term", "place_starts"})

    content: Array
    content_starts: Array
    record: Array
    record_starts: Array
    term: Array
    start: Array
    length: Array
    place_starts: Array

    def __len__(self) -> int:
        return len(self.record_starts) - 1

    def row(self, row: int) -> Row:
        """Return all that is kept of one row."""
        content = slice(self.content_starts[row], self.content_starts[row + 1])
        record = slice(self.record_starts[row], self.record_starts[row + 1])
        places = slice(self.place_starts[row], self.place_starts[row + 1])
        return (
            self.content[content],
            self.record[record],
            self.term[places],
            self.start[places],
            self.length[places],
        )


def texts_of(rows: Sequence[Row]) -> Texts:
    """Return a new segment's texts."""
    return Texts(
        content=_end_to_end([row[0] for row in rows], np.uint8),
        content_starts=_starts([len(row[0]) for row in rows]),
        record=_end_to_end([row[1] for row in rows], np.uint8),
        record_starts=_starts([len(row[1]) for row in rows]),
        term=_end_to_end([row[2] for row in rows], np.int32),
        start=_end_to_end([row[3] for row in rows], np.uint32),
        length=_end_to_end([row[4] for row in rows], np.uint8),
        place_starts=_starts([len(row[2]) for row in rows]),
    )


def link(source: Path, target: Path) -> None:
    """Share a saved segment's files, which never change; copy them where that cannot be."""
    target.mkdir(parents=True)
    for field in fields(Texts):
        name = f"{field.name}.npy"
        try:
            os.link(source / name, target / name)
        except OSError:
            shutil.copyfile(source / name, target / name)


def _end_to_end(parts: Sequence[Array], kind: type[np.generic]) -> Array:
    return np.concatenate([np.zeros(0, kind), *parts]).astype(kind)


def _starts(lengths: Sequence[int]) -> Array:
    starts = np.zeros(len(lengths) + 1, np.int64)
    np.cumsum(np.array(lengths, np.int64), out=starts[1:])
    return starts
