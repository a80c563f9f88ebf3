"""Words as they are spelt in the documents, for correcting typing errors and lost accents."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from kb.search.analysis import folded
from kb.search.stored import Array, Stored, spliced

WIDTH = 24
AUDIENCES = ("public", "customers", "internal")


@dataclass(frozen=True, slots=True)
class Forms(Stored):
    """Sorted by `plain`, the unaccented form; `counts[audience]` are documents that have it."""

    HOT: ClassVar[frozenset[str]] = frozenset({"plain", "counts"})

    plain: Array
    form: Array
    counts: Array


EMPTY = Forms(
    plain=np.zeros(0, f"S{WIDTH}"),
    form=np.zeros(0, f"S{2 * WIDTH}"),
    counts=np.zeros((len(AUDIENCES), 0), np.int32),
)


Spelt = Iterable[tuple[str, Iterable[str]]]


def changed(old: Forms, removed: Spelt, added: Spelt) -> Forms:
    """Return the forms less those of removed documents, plus those of added ones; each
    is given as its audience and its distinct words."""
    change: dict[bytes, list[int]] = {}
    for sign, documents in ((-1, removed), (1, added)):
        for audience, words in documents:
            level = AUDIENCES.index(audience)
            for word in words:
                cut = word.encode()[: 2 * WIDTH]
                change.setdefault(cut, [0] * len(AUDIENCES))[level] += sign
    differs = sorted(
        (folded(word.decode(errors="ignore")).encode()[:WIDTH], word, by)
        for word, by in change.items()
        if any(by)
    )
    return _with(old, differs) if differs else old


def _with(old: Forms, change: Sequence[tuple[bytes, bytes, list[int]]]) -> Forms:
    """The forms with each changed count; the change is sorted as they are: (plain, form, by)."""
    plains = np.array([plain for plain, _, _ in change], old.plain.dtype)
    first = np.searchsorted(old.plain, plains, "left").tolist()
    end = np.searchsorted(old.plain, plains, "right").tolist()
    counts = old.counts.copy()
    new, at = [], []
    for number, (_, word, by) in enumerate(change):
        beside = old.form[first[number] : end[number]].tolist()
        place = first[number] + bisect_left(beside, word)
        if word in beside:
            counts[:, place] += by
        else:
            new.append(number)
            at.append(place)
    return _spliced(old, counts, np.array(at, np.int64), [change[number] for number in new])


def _spliced(
    old: Forms, counts: Array, at: Array, new: Sequence[tuple[bytes, bytes, list[int]]]
) -> Forms:
    """The old forms with their changed counts, less what no document has, plus the new ones."""
    plain, form, *by_level = spliced(
        np.flatnonzero(counts.sum(axis=0) <= 0),
        at,
        (old.plain, np.array([plain for plain, _, _ in new], old.plain.dtype)),
        (old.form, np.array([form for _, form, _ in new], old.form.dtype)),
        *(
            (counts[level], np.array([by[level] for _, _, by in new], counts.dtype))
            for level in range(len(AUDIENCES))
        ),
    )
    return Forms(plain, form, np.array(by_level))
