"""How alike texts are: the cosine between what their words are worth in ranking.

An article's vector is what each of its words adds to its score (`ranking.py`), rare words and
those of titles most; it stands in the index since it was compiled. What is asked here is only which
vectors lie near one, or near each other. Nothing tells of a document one may not read: what a word
is worth comes from public documents alone, and rows that the audiences may not read are left out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from kb.search.collection import Collection
from kb.search.groups import TREE
from kb.search.stored import Array

LEAST = 0.05
"""Below this two texts have nothing to do with each other."""
_LIGHT = 0.6
"""How long, beside the cosine asked for, what is left without a row's heaviest words may be."""


@dataclass(frozen=True, slots=True)
class Alike:
    """An article and how alike it is to the one asked for, from 0 to 1 (the same words)."""

    id: str
    likeness: float


class Likeness:
    """The vectors of one collection; read only, and made when they are first asked for."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection

    def near(self, key: str, readable: Array, limit: int, least: float) -> Iterator[Alike]:
        """Give the articles nearest to a document, nearest first; none for an unknown key."""
        if key not in self._collection.keys:
            return
        row = self._collection.keys[key][1]
        cosines = self._cosines(row) * self._comparable * (readable > 0)
        cosines[row] = 0
        rows = np.flatnonzero(cosines >= max(least, 1e-6))
        for found in rows[np.argsort(-cosines[rows], kind="stable")][:limit].tolist():
            yield Alike(self._id(found), round(float(cosines[found]), 4))

    def pairs(self, readable: Array, least: float) -> Iterator[tuple[str, str, float]]:
        """Give every two articles that are at least so alike, each pair once, by row."""
        open_ = self._comparable & (readable > 0)
        for row in np.flatnonzero(open_).tolist():
            if not self._may_be_like(row, open_, least):
                continue
            cosines = self._cosines(row) * open_
            cosines[: row + 1] = 0
            for other in np.flatnonzero(cosines >= max(least, 1e-6)).tolist():
                yield self._id(row), self._id(other), round(float(cosines[other]), 4)

    def _may_be_like(self, row: int, open_: Array, least: float) -> bool:
        """Tell whether a later row may be so alike, by this row's heaviest words alone.

        What is left of a vector without them is so short that it adds no more than its length to
        any cosine; most rows are done with after a quarter of their words."""
        places = self._row(row)
        worth = self._collection.scores.score[places]
        heaviest = np.argsort(-worth, kind="stable")
        share = np.cumsum(worth[heaviest].astype(np.float64) ** 2) / float(self._norm[row]) ** 2
        count = int(np.searchsorted(share, 1 - (least * _LIGHT) ** 2)) + 1
        if count >= len(places):
            return True
        rest = float(np.sqrt(max(0.0, 1 - share[count - 1]))) + 1e-4  # single precision
        cosines = self._cosines(row, places[heaviest[:count]]) * open_
        return bool((cosines[row + 1 :] >= least - rest).any())

    def _row(self, row: int) -> Array:
        return np.asarray(self._places[self._starts[row] : self._starts[row + 1]])

    def _cosines(self, row: int, places: Array | None = None) -> Array:
        """The cosine of one row's vector with every row's; with `places` what these postings of
        the row add to it."""
        places = self._row(row) if places is None else places
        made, postings = self._collection.scores, self._collection.postings
        total = np.zeros(len(self._norm), np.float32)
        terms = np.searchsorted(postings.starts, places, "right") - 1
        for term, worth in zip(terms.tolist(), made.score[places], strict=True):
            dense = made.dense_of[term]
            if dense >= 0:
                total += made.dense[dense] * worth
            else:
                part = slice(postings.starts[term], postings.starts[term + 1])
                total[postings.rows[part]] += made.score[part] * worth
        return np.asarray(total / (self._norm * max(float(self._norm[row]), 1e-9)))

    @cached_property
    def _norm(self) -> Array:
        """The length of every row's vector; 1 for rows without words, which are like nothing."""
        squares = self._collection.scores.score.astype(np.float64) ** 2
        rows = self._collection.postings.rows
        sums = np.bincount(rows, squares, len(self._collection.rows.alive))
        return np.asarray(np.where(sums > 0, np.sqrt(sums), 1), np.float32)

    @cached_property
    def _places(self) -> Array:
        """The postings of row after row, where the index has them term after term."""
        return np.argsort(self._collection.postings.rows, kind="stable").astype(np.int32)

    @cached_property
    def _starts(self) -> Array:
        counts = np.bincount(
            self._collection.postings.rows, minlength=len(self._collection.rows.alive)
        )
        return np.concatenate(([0], np.cumsum(counts)))

    @cached_property
    def _comparable(self) -> Array:
        """The rows that are articles still in use."""
        groups = self._collection.groups
        fit = [group.type != TREE and not group.archived for group in groups]
        rows = self._collection.rows
        return np.asarray(np.array(fit or [False])[rows.group] & rows.alive)

    def _id(self, row: int) -> str:
        return self._ids[row]

    @cached_property
    def _ids(self) -> dict[int, str]:
        """The ids of all rows; reading each from its record would take as long as comparing it."""
        return {row: key.split(":")[1] for key, (_, row) in self._collection.keys.items()}
