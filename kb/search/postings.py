"""Whoosh's postings as arrays: for each term the rows it occurs in, and how much.

Every term of a title is also in the text, so one list a term holds both scored fields.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import ClassVar

import numpy as np

from kb.search.analysed import Analysed
from kb.search.analysis import LONGEST
from kb.search.stored import Array, Moved, Stored, spliced

TERM = f"S{LONGEST}"


@dataclass(frozen=True, slots=True)
class Postings(Stored):
    """`rows[starts[t]:starts[t + 1]]` are the rows of `terms[t]`, ascending."""

    HOT: ClassVar[frozenset[str]] = frozenset({"rows", "starts", "terms"})

    terms: Array
    starts: Array
    rows: Array
    text: Array
    title: Array


EMPTY = Postings(
    terms=np.zeros(0, TERM),
    starts=np.zeros(1, np.int64),
    rows=np.zeros(0, np.int32),
    text=np.zeros(0, np.float32),
    title=np.zeros(0, np.float32),
)


@dataclass(frozen=True, slots=True)
class Fresh:
    """Postings of added documents, by term and row; `term` is a place in the sorted `terms`."""

    terms: Array
    term: Array
    row: Array
    text: Array
    title: Array


MOST_SPLICED = 20_000
"""Up to so many postings are put in and taken out one by one; more are sorted in."""


def joined(old: Postings, moved: Moved, added: Sequence[Analysed]) -> Postings:
    """Return the postings of the old rows that stay, at their new places, and the added ones."""
    new_terms, term, row, text, title = _of(added, moved.fresh)
    drop = np.flatnonzero((moved.move < 0)[old.rows])
    if moved.in_place and len(drop) + len(row) < MOST_SPLICED:
        order = np.argsort(term * moved.total + row)
        fresh = Fresh(new_terms, term[order], row[order], text[order], title[order])
        return _spliced(old, drop, fresh)
    return _sorted(old, moved, Fresh(new_terms, term, row, text, title))


def _spliced(old: Postings, drop: Array, fresh: Fresh) -> Postings:
    """The old postings without the dropped ones, the fresh ones put in where they belong.

    Rows that stay keep their numbers and fresh ones have higher, so each goes to its term's end."""
    at = np.searchsorted(old.terms, fresh.terms)
    near = np.minimum(at, max(len(old.terms) - 1, 0))
    known = old.terms[near] == fresh.terms if len(old.terms) else np.zeros(len(at), np.bool_)
    ends = np.where(known, old.starts[np.minimum(at + 1, len(old.terms))], old.starts[at])
    rows, text, title = spliced(
        drop,
        ends[fresh.term],
        (old.rows, fresh.row.astype(np.int32)),
        (old.text, fresh.text),
        (old.title, fresh.title),
    )
    counts = np.diff(old.starts)
    lost = np.searchsorted(old.starts, drop, "right") - 1
    counts -= np.bincount(lost, minlength=len(counts))
    gained = np.bincount(fresh.term, minlength=len(fresh.terms))
    counts[at[known]] += gained[known]
    gone = np.flatnonzero(counts == 0)
    terms, counts = spliced(
        gone, at[~known], (old.terms, fresh.terms[~known]), (counts, gained[~known])
    )
    starts = np.zeros(len(counts) + 1, np.int64)
    np.cumsum(counts, out=starts[1:])
    return Postings(terms, starts, rows, text, title)


def _sorted(old: Postings, moved: Moved, fresh: Fresh) -> Postings:
    """The same for much that is new, or when rows change places: everything is sorted anew."""
    terms = np.union1d(old.terms, fresh.terms) if len(fresh.terms) else old.terms
    old_number = np.searchsorted(terms, old.terms)
    old_term = np.repeat(old_number, np.diff(old.starts))
    old_row = moved.move[old.rows]
    stays = old_row >= 0
    term = np.concatenate((old_term[stays], np.searchsorted(terms, fresh.terms)[fresh.term]))
    row = np.concatenate((old_row[stays], fresh.row))
    order = np.argsort(term * moved.total + row, kind="stable")
    counts = np.bincount(term, minlength=len(terms))
    used = counts > 0
    starts = np.zeros(int(used.sum()) + 1, np.int64)
    np.cumsum(counts[used], out=starts[1:])
    return Postings(
        terms=terms[used],
        starts=starts,
        rows=row[order].astype(np.int32),
        text=np.concatenate((old.text[stays], fresh.text))[order].astype(np.float32),
        title=np.concatenate((old.title[stays], fresh.title))[order].astype(np.float32),
    )


def _of(added: Sequence[Analysed], fresh: Array) -> tuple[Array, Array, Array, Array, Array]:
    """The added documents' sorted terms, and number, row and weights of each posting."""
    numbers: dict[str, int] = {}
    for document in added:
        for word in document.terms:
            numbers.setdefault(word, len(numbers))
    names = np.array([word.encode() for word in numbers], TERM)
    order = np.argsort(names)
    rank = np.empty(len(names), np.int64)
    rank[order] = np.arange(len(names))
    sizes = [len(document.terms) for document in added]
    all_terms = chain.from_iterable(document.terms for document in added)
    term = np.fromiter((numbers[word] for word in all_terms), np.int64, sum(sizes))
    none = np.zeros(0, np.float32)
    return (
        names[order],
        rank[term],
        np.repeat(fresh, sizes).astype(np.int64),
        np.concatenate([none, *(document.text for document in added)]),
        np.concatenate([none, *(document.title for document in added)]),
    )
