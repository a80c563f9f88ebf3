"""Words that follow each other in the query and in the document too say more than apart."""

import itertools
from collections import defaultdict

import numpy as np

from kb.search.rows import Rows
from kb.search.stored import Array

DEPTH = 40
"""How many of the best documents are looked at again."""
BONUS = 1.2
"""What a pair adds, in units of the rarity of its commoner word, were it in one document only; one
that stands in most of the best documents does not tell them apart and adds next to nothing."""


def bonus(rows: Rows, candidates: Array, sequence: Array, rarity: Array) -> Array:
    """Return what each candidate row gains by pairs of the query's `sequence` of terms
    (-1 for a word the index lacks) that stand side by side in it."""
    gained = np.zeros(len(candidates), np.float32)
    pairs = _pairs(sequence, rarity)
    if not pairs or not len(candidates):
        return gained
    parts = [rows.terms_of(row) for row in candidates.tolist()]
    edges = np.cumsum([len(part) for part in parts])
    terms = np.concatenate(parts)
    wanted = np.zeros(int(max(sequence.max(), terms.max(initial=0))) + 1, np.bool_)
    wanted[sequence[sequence >= 0]] = True
    hits = np.flatnonzero(wanted[terms])
    follows = hits[:-1][np.diff(hits) == 1]
    owners = np.searchsorted(edges, follows, "right")
    ends = np.searchsorted(edges, follows + 1, "right")
    having: dict[tuple[int, int], set[int]] = defaultdict(set)
    firsts, seconds = terms[follows].tolist(), terms[follows + 1].tolist()
    for owner, end, pair in zip(
        owners.tolist(), ends.tolist(), zip(firsts, seconds, strict=True), strict=True
    ):
        if owner == end and pair in pairs:
            having[pair].add(owner)
    for pair, documents in having.items():
        share = len(documents) / (len(candidates) + 1)
        gained[list(documents)] += BONUS * pairs[pair] * (1 - share)
    return gained


def _pairs(sequence: Array, rarity: Array) -> dict[tuple[int, int], float]:
    """The neighbouring terms of the query and what they are worth."""
    worth = rarity.tolist()
    terms = sequence.tolist()
    return {
        (first, second): min(worth[place], worth[place + 1])
        for place, (first, second) in enumerate(itertools.pairwise(terms))
        if first >= 0 and second >= 0 and first != second
    }
