"""What speaks for a document beside its words: who may read it, its state, its readers' votes, and
whether it is about the product that the query names. All are small but the first.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache, partial

import numpy as np

from kb.search.collection import Collection
from kb.search.groups import TREE, Group
from kb.search.stored import Array

ARCHIVED, UNSUPPORTED = 0.6, 0.85
NAMED, OTHER_VERSION = 1.15, 0.95
"""For what the query's product (and version) is about, and for another version of it."""
VOTED, DOUBT = 0.1, 5
"""Votes move a score by a tenth at most; five imagined votes each way keep few from saying much."""

Votes = Mapping[str, tuple[int, int]]
"""How many readers an article helped and how many not, by its id."""


class Priors:
    """The factors of every row of one collection.

    Caches hold functions of the collection, not of this object: nothing here waits for the
    garbage collector when a newer compiled site takes over."""

    def __init__(self, collection: Collection) -> None:
        self.readable = lru_cache(maxsize=8)(partial(_readable, collection))
        self.passes = lru_cache(maxsize=64)(partial(_passes, collection))
        self._named = lru_cache(maxsize=64)(partial(_named, collection))
        self._collection = collection
        self._voted: Array | None = None

    def weigh(self, scores: Array, audiences: frozenset[str], products: tuple[str, ...]) -> None:
        """Multiply the scores by every factor, in place."""
        scores *= self.readable(audiences)
        voted = self._voted
        if voted is not None:
            scores *= voted
        if products:
            scores *= self._named(products)

    def factors(self, row: int, products: tuple[str, ...]) -> dict[str, float]:
        """Return the factors of one row that are not 1, by name."""
        group = self._collection.groups[self._collection.rows.group[row]]
        factors = {"state": state(group)}
        if self._voted is not None:
            factors["votes"] = float(self._voted[row])
        if products:
            factors["product"] = float(self._named(products)[row])
        return {name: factor for name, factor in factors.items() if factor != 1}

    def take_votes(self, votes: Votes) -> None:
        """Count these votes from now on, in place of those before."""
        voted = np.ones(len(self._collection.rows.alive), np.float32)
        for key, (_, row) in self._collection.keys.items():
            kind, _, rest = key.partition(":")
            counts = votes.get(rest.rpartition(":")[0]) if kind == "article" else None
            if counts:
                voted[row] = vote_factor(*counts)
        self._voted = voted if votes else None


def vote_factor(helped: int, not_helped: int) -> float:
    """Return what votes multiply a score by: 1 without any, 0.9 to 1.1 with many."""
    share = (helped + DOUBT) / (helped + not_helped + 2 * DOUBT)
    return 1 + VOTED * (2 * share - 1)


def state(group: Group) -> float:
    """A little less for what is archived or out of support."""
    if group.archived:
        return ARCHIVED
    return 1.0 if group.supported else UNSUPPORTED


def is_type(group: Group, types: Sequence[str]) -> bool:
    """Trees stand beside the results, not among them, unless they are asked for."""
    return group.type in types if types else group.type != TREE


def _readable(collection: Collection, audiences: frozenset[str]) -> Array:
    """One factor a row: 0 for what these audiences may not read, else its state's."""
    factor = [state(group) if group.audience in audiences else 0.0 for group in collection.groups]
    rows = collection.rows
    return np.asarray(np.array(factor or [0.0])[rows.group] * rows.alive, np.float32)


def _passes(collection: Collection, products: tuple[str, ...], types: tuple[str, ...]) -> Array:
    """One factor a row: 1 where it passes the filters, else 0."""
    passes = [group.is_for(products) and is_type(group, types) for group in collection.groups]
    return np.array(passes or [False], np.float32)[collection.rows.group]


def _named(collection: Collection, products: tuple[str, ...]) -> Array:
    factor = [_about(group, products) for group in collection.groups]
    return np.array(factor or [1.0], np.float32)[collection.rows.group]


def _about(group: Group, products: tuple[str, ...]) -> float:
    lines = group.lines()
    if not lines:
        return 1.0
    if group.is_for(products):
        return NAMED
    return OTHER_VERSION if any(p.partition("@")[0] in lines for p in products) else 1.0
