"""Words as they are spelt in the documents, for correcting typing errors and lost accents."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from kb.search.analysis import folded
from kb.search.stored import Array, Stored

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
    change = Counter[tuple[str, int]]()
    for sign, documents in ((-1, removed), (1, added)):
        for audience, words in documents:
            level = AUDIENCES.index(audience)
            for word in words:
                change[word, level] += sign
    if not change:
        return old
    words = np.array([word.encode() for word, _ in change], old.form.dtype)
    form = np.union1d(old.form, words)
    counts = np.zeros((len(AUDIENCES), len(form)), np.int32)
    counts[:, np.searchsorted(form, old.form)] = old.counts
    levels = np.array([level for _, level in change])
    np.add.at(counts, (levels, np.searchsorted(form, words)), list(change.values()))
    used = counts.sum(axis=0) > 0
    return _sorted(form[used], counts[:, used], old)


def _sorted(form: Array, counts: Array, old: Forms) -> Forms:
    known = dict(zip(old.form.tolist(), old.plain.tolist(), strict=True))
    plain = np.array(
        [known.get(word) or folded(word.decode()).encode() for word in form.tolist()],
        old.plain.dtype,
    )
    order = np.argsort(plain, kind="stable")
    return Forms(plain[order], form[order], counts[:, order])
