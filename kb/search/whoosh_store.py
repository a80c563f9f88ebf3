"""All that is known of Whoosh: one folder of it for one language.

A folder is written once, by one process, and never again: a change makes a new folder, into which
the segments of the one before are hard-linked. Whoosh pickles its schema, so the folder is
readable by its owner only.
"""

import os
import shutil
from array import array
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from whoosh import fields, formats
from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex
from whoosh.reading import SegmentReader
from whoosh.util.numeric import byte_to_length
from whoosh.writing import SegmentWriter

from kb.search.analysed import Analysed
from kb.search.stored import Array, Moved

MOST_SEGMENTS = 8
MOST_DEAD = 0.3
_AT_ONCE = 100_000


class Terms(fields.FieldType):  # type: ignore[misc]
    """A scored field that is given its terms, already analysed and weighted."""

    def __init__(self) -> None:
        super().__init__(formats.Existence(), None, scorable=True)

    def index(
        self, value: tuple[tuple[str, ...], Array, int], **_: Any
    ) -> Iterator[tuple[bytes, int, float, bytes]]:
        terms, weights, length = value
        for term, weight in zip(terms, weights.tolist(), strict=True):
            if weight:
                # Whoosh adds frequencies up to the field's length: the first term brings it all.
                yield term.encode(), length, weight, b""
                length = 0


def _schema() -> fields.Schema:
    return fields.Schema(
        key=fields.ID(stored=True, unique=True),
        fingerprint=fields.STORED,
        record=fields.STORED,
        content=fields.STORED,
        text=Terms(),
        title=Terms(),
    )


class _Pool:
    """Whoosh's posting pool, kept in arrays: a tenth of the memory and no sorting of tuples."""

    def __init__(self) -> None:
        self.fieldnames: set[str] = set()
        self._numbers: dict[tuple[str, bytes], int] = {}
        self._terms = array("q")
        self._rows = array("q")
        self._weights = array("f")

    def add(self, item: tuple[str, bytes, int, float, bytes]) -> None:
        numbers = self._numbers
        self._terms.append(numbers.setdefault(item[:2], len(numbers)))
        self._rows.append(item[2])
        self._weights.append(item[3])

    def iter_postings(self) -> Iterator[tuple[str, bytes, int, float, bytes]]:
        names = sorted(self._numbers)
        rank = np.empty(len(names), np.int64)
        rank[[self._numbers[name] for name in names]] = np.arange(len(names))
        terms = rank[np.frombuffer(self._terms, np.int64)]
        rows = np.frombuffer(self._rows, np.int64)
        weights = np.frombuffer(self._weights, np.float32)
        order = np.argsort(terms * (int(rows.max(initial=0)) + 1) + rows)
        for first in range(0, len(order), _AT_ONCE):
            part = order[first : first + _AT_ONCE]
            for number, row, weight in zip(
                terms[part].tolist(), rows[part].tolist(), weights[part].tolist(), strict=True
            ):
                field, term = names[number]
                yield field, term, row, weight, b""

    def cleanup(self) -> None:
        self._numbers.clear()


class _Lengths:
    """The field lengths of a new segment, read once instead of once a posting."""

    def __init__(self, reader: Any, rows: int) -> None:
        self._reader = reader
        self._of = {
            field: [reader.doc_field_length(row, field) for row in range(rows)]
            for field in ("text", "title")
        }

    def doc_field_length(self, row: int, field: str, default: int = 0) -> int:
        """Return a length in the name and shape Whoosh asks for it."""
        return self._of[field][row] if field in self._of else default

    def close(self) -> None:
        """Close the reader it was read from."""
        self._reader.close()


class _Writer(SegmentWriter):  # type: ignore[misc]
    """Whoosh's writer with our pool and our lengths."""

    def __init__(self, index: FileIndex) -> None:
        super().__init__(index, compound=False)
        self.pool = _Pool()

    def per_document_reader(self) -> _Lengths:
        """Give the field writer the lengths it wants for every posting."""
        return _Lengths(super().per_document_reader(), self.docnum)


def write(
    folder: Path, previous: Path | None, removed: Sequence[int], added: Iterable[Analysed]
) -> Moved:
    """Make `folder` from the previous one, less `removed` rows, plus the `added` documents."""
    folder.mkdir(mode=0o700, parents=True)
    if previous is None:
        index = FileIndex.create(FileStorage(str(folder)), _schema(), "MAIN")
    else:
        _link(previous, folder)
        index = FileIndex(FileStorage(str(folder)))
    writer = _Writer(index)
    for row in removed:
        writer.delete_document(row)
    before = list(writer.segments)
    count = 0
    for document in added:
        count += 1
        writer.add_document(
            key=document.key,
            fingerprint=document.fingerprint,
            record=document.record,
            content=document.content,
            text=(document.terms, document.text, document.text_length),
            title=(document.terms, document.title, document.title_length),
        )
    merged = _to_merge(before)
    move, start = _moves(before, merged, count)
    writer.commit(mergetype=lambda writer, _: _merge(writer, before, merged))
    rows = index.doc_count_all()
    index.close()
    kept = tuple(place for place in range(len(before)) if place not in merged)
    return Moved(move, np.arange(start, start + count), rows, kept)


def rows(folder: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the live rows of a folder with their stored fields."""
    index = FileIndex(FileStorage(str(folder)))
    with index.reader() as reader:
        yield from reader.iter_docs()
    index.close()


def count(folder: Path) -> int:
    """Return how many live documents Whoosh itself counts in a folder."""
    index = FileIndex(FileStorage(str(folder)))
    try:
        return int(index.doc_count())
    finally:
        index.close()


def rounded(lengths: Array) -> Array:
    """Return field lengths as Whoosh keeps them, in one byte each."""
    known = np.array([byte_to_length(byte) for byte in range(256)])
    return np.asarray(known[np.minimum(np.searchsorted(known, lengths), 255)])


def _link(previous: Path, folder: Path) -> None:
    for source in previous.iterdir():
        if source.is_file() and not source.name.endswith("LOCK"):
            _link_file(source, folder / source.name)


def _link_file(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:  # another file system, or one without links
        shutil.copyfile(source, target)


def _to_merge(segments: Sequence[Any]) -> set[int]:
    """All, when too many rows are dead; all but the largest, when there are too many."""
    total = sum(segment.doc_count_all() for segment in segments)
    if sum(segment.deleted_count() for segment in segments) > MOST_DEAD * total:
        return set(range(len(segments)))
    if len(segments) < MOST_SEGMENTS:
        return set()
    sizes = [segment.doc_count_all() for segment in segments]
    largest = sizes.index(max(sizes))
    return {place for place in range(len(segments)) if place != largest}


def _moves(segments: Sequence[Any], merged: set[int], added: int) -> tuple[Array, int]:
    """Where each old row goes: kept segments move up, merged ones follow the added documents."""
    total = sum(segment.doc_count_all() for segment in segments)
    move = np.full(total, -1, np.int64)
    starts = np.cumsum([0, *(segment.doc_count_all() for segment in segments)])
    row = 0
    for place, segment in enumerate(segments):
        if place not in merged:
            size = segment.doc_count_all()
            move[starts[place] : starts[place] + size] = np.arange(row, row + size)
            move[[starts[place] + doc for doc in segment.deleted_docs()]] = -1
            row += size
    start = row
    row += added
    for place in sorted(merged):
        dead = set(segments[place].deleted_docs())
        live = [doc for doc in range(segments[place].doc_count_all()) if doc not in dead]
        move[starts[place] + np.array(live, np.int64)] = np.arange(row, row + len(live))
        row += len(live)
    return move, start


def _merge(writer: _Writer, segments: Sequence[Any], merged: set[int]) -> list[Any]:
    for place in sorted(merged):
        reader = SegmentReader(writer.storage, writer.schema, segments[place])
        if reader.doc_count():
            writer.add_reader(reader)
        reader.close()
    return [segment for place, segment in enumerate(segments) if place not in merged]
