"""Finding terms in the sorted list of all of them."""

from collections.abc import Collection as Terms

import numpy as np

from kb.search.collection import Collection
from kb.search.forms import AUDIENCES
from kb.search.postings import TERM
from kb.search.stored import Array


class Lexicon:
    """The terms of one collection, by the numbers they have in it."""

    def __init__(self, collection: Collection) -> None:
        self._terms = collection.postings.terms
        self._seen = collection.scores.seen

    def numbers(self, terms: Terms[str], audiences: frozenset[str]) -> dict[str, int]:
        """Return the numbers of those terms that documents of these audiences have."""
        if not terms:
            return {}
        numbers = self.places([term.encode() for term in terms])
        mask = sum(1 << AUDIENCES.index(audience) for audience in audiences)
        seen = (numbers >= 0) & ((self._seen[numbers] & mask) > 0)
        return {
            term: number
            for term, number, is_seen in zip(terms, numbers.tolist(), seen.tolist(), strict=True)
            if is_seen
        }

    def places(self, terms: list[bytes]) -> Array:
        """Return each term's number, or -1; the index has at least one term."""
        wanted = np.array(terms, TERM)
        places = np.searchsorted(self._terms, wanted)
        places[places == len(self._terms)] = 0
        return np.where(self._terms[places] == wanted, places, -1)
