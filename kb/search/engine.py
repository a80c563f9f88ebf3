"""Asking one language's collection: scores, filters, counts, hits.

Everything here is read only, so one engine serves every thread.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from markupsafe import Markup

from kb.search import proximity, snippets
from kb.search.collection import Collection
from kb.search.groups import TREE, Group
from kb.search.likeness import Likeness
from kb.search.priors import Priors, is_type
from kb.search.query import Facets, Hit, Query
from kb.search.spelling import Speller
from kb.search.stored import Array
from kb.search.understanding import Asked, Reader

CUT = 0.25
"""A document with less than this share of the best score is no result: with OR, any common
word would otherwise count thousands."""
TREE_SHARE = 0.55
MOST_TREES = 2
MOST_PHRASE_ROWS = 2000


@dataclass(frozen=True, slots=True)
class Found:
    """Scores of all rows for a query before its filters; `best` is the highest of them."""

    asked: Asked
    scores: Array
    cut: float


class Engine:
    """Search in one language."""

    def __init__(self, collection: Collection) -> None:
        self.collection = collection
        self.speller = Speller(collection.forms)
        self._has_trees = any(group.type == TREE for group in collection.groups)
        self._reader = Reader(collection, self.speller)
        self.priors = Priors(collection)
        self.likeness = Likeness(collection)

    def find(self, query: Query) -> Found:
        """Score every row the audiences may read; types and products are not looked at yet."""
        asked = self._reader.read(query.text, query.audiences, query.verbatim)
        scores = self.add_up(asked.terms, asked.weights)
        self.priors.weigh(scores, query.audiences, asked.products)
        for phrase in asked.phrases:
            self._keep_phrase(scores, phrase)
        for term in asked.excluded:
            scores[self._rows_of(term)] = 0
        self._reward_neighbours(scores, asked)
        return Found(asked, scores, float(scores.max(initial=0)) * CUT)

    def knows(self, query: Query) -> int:
        """Return how many of the words of a query are words of this language here."""
        return self._reader.knows(query.text, query.audiences)

    def add_up(self, terms: Array, weights: Array) -> Array:
        """Add the weighted scores of the terms up, one term at a time, for every row."""
        postings, made = self.collection.postings, self.collection.scores
        total = np.zeros(len(self.collection.rows.alive), np.float32)
        for term, weight in zip(terms.tolist(), weights.tolist(), strict=True):
            dense = made.dense_of[term]
            if dense >= 0:
                total += made.dense[dense] if weight == 1 else made.dense[dense] * weight
            else:
                part = slice(postings.starts[term], postings.starts[term + 1])
                gained = made.score[part]
                total[postings.rows[part]] += gained if weight == 1 else gained * weight
        return total

    def page(self, query: Query, found: Found) -> tuple[int, list[Hit]]:
        """Return how many results pass the filters, and one page of them, best first."""
        scores = found.scores * self.priors.passes(query.products, query.types)
        rows = np.flatnonzero(scores >= max(found.cut, 1e-6))
        best = _best(rows, scores[rows], query.offset, query.limit)
        return len(rows), [self._hit(int(row), scores[row], query, found) for row in best]

    def trees(self, query: Query, found: Found) -> list[Hit]:
        """Return the decision trees that fit nearly as well as the best result."""
        if not self._has_trees:
            return []
        scores = found.scores * self.priors.passes(query.products, (TREE,))
        rows = np.flatnonzero(scores >= max(found.cut / CUT * TREE_SHARE, 1e-6))
        best = _best(rows, scores[rows], 0, MOST_TREES)
        return [self._hit(int(row), scores[row], query, found) for row in best]

    def facets(self, query: Query, found: Found) -> Facets:
        """Count the results for each product, version and type that could be chosen."""
        rows = np.flatnonzero(found.scores >= max(found.cut, 1e-6))
        counts = np.bincount(
            self.collection.rows.group[rows], minlength=len(self.collection.groups)
        )
        groups = [
            (group, int(count))
            for group, count in zip(self.collection.groups, counts, strict=True)
            if count
        ]
        return _facets(groups, query)

    def count(self, query: Query) -> int:
        """Return how many results there are, and nothing else."""
        found = self.find(query)
        scores = found.scores * self.priors.passes(query.products, query.types)
        return int((scores >= max(found.cut, 1e-6)).sum())

    @property
    def levels(self) -> Array:
        """Each row's audience, 0 for public."""
        levels = [group.level for group in self.collection.groups]
        return np.array(levels or [0])[self.collection.rows.group]

    def hit(self, row: int, query: Query) -> Hit:
        """Return a row as a result that no words were matched for."""
        return self._hit(row, 0.0, query, None)

    def readable(self, audiences: frozenset[str]) -> Array:
        """Return for each row whether the audiences may read it."""
        return np.asarray(self.priors.readable(audiences) > 0)

    def _reward_neighbours(self, scores: Array, asked: Asked) -> None:
        """Look at the best rows again: the words may stand side by side in them."""
        if len(asked.sequence) < 2 or not len(asked.terms):
            return
        rows = np.flatnonzero(scores >= max(float(scores.max(initial=0)) * CUT, 1e-6))
        rows = _best(rows, scores[rows], 0, proximity.DEPTH)
        rarity = self.collection.scores.rarity[asked.sequence]
        scores[rows] += proximity.bonus(self.collection.rows, rows, asked.sequence, rarity)

    def _keep_phrase(self, scores: Array, phrase: Array) -> None:
        """Let only documents stand in which the words of the phrase follow each other; where
        there are none, the words count as any others: error messages are pasted in quotes."""
        if (phrase < 0).any():
            return
        whole = scores > 0
        for term in set(phrase.tolist()):
            has = np.zeros(len(scores), np.bool_)
            has[self._rows_of(term)] = True
            whole &= has
        rows = np.flatnonzero(whole)
        rows = rows[np.argsort(-scores[rows], kind="stable")][:MOST_PHRASE_ROWS]
        having = [row for row in rows.tolist() if self._has(row, phrase)]
        if having:
            keep = np.zeros(len(scores), np.bool_)
            keep[having] = True
            scores[~keep] = 0

    def _has(self, row: int, phrase: Array) -> bool:
        terms = self.collection.rows.terms_of(row)
        last = max(0, len(terms) - len(phrase) + 1)
        starts = np.flatnonzero(terms[:last] == phrase[0])
        return any((terms[at : at + len(phrase)] == phrase).all() for at in starts.tolist())

    def _rows_of(self, term: int) -> Array:
        postings = self.collection.postings
        return postings.rows[postings.starts[term] : postings.starts[term + 1]]

    def _hit(self, row: int, score: float, query: Query, found: Found | None) -> Hit:
        rows = self.collection.rows
        record = rows.record_of(row)
        snippet = Markup("")
        text = rows.text_of(row) if query.snippets else ""
        if query.snippets:
            terms = found.asked.terms if found else np.zeros(0, np.int64)
            snippet = snippets.snippet(rows, row, terms, self.collection.scores.rarity[terms], text)
        return Hit(
            id=record["id"],
            lang=self.collection.lang,
            kind=record["kind"],
            title=record["title"],
            url=record["url"],
            snippet=snippet,
            score=round(float(score), 4),
            type=self.collection.groups[rows.group[row]].type,
            products=tuple(record["products"]),
            error_codes=tuple(record["error_codes"]),
            updated=date.fromisoformat(record["updated"]) if record["updated"] else None,
            summary=text[len(record["title"]) + 1 :][: record["summary"]],
        )


def _best(rows: Array, scores: Array, offset: int, limit: int) -> Array:
    """The rows of one page, best first; equal scores in the order of the rows."""
    last = offset + limit
    if offset >= len(rows) or limit <= 0:
        return rows[:0]
    if last < len(rows):
        # Everything equal to the last one stays in, so that pages neither repeat nor lose any.
        least = np.partition(scores, len(scores) - last)[len(scores) - last]
        high = scores >= least
        rows, scores = rows[high], scores[high]
    order = np.argsort(-scores, kind="stable")
    return np.asarray(rows[order][offset:last])


def _facets(groups: Sequence[tuple[Group, int]], query: Query) -> Facets:
    types: Counter[str] = Counter()
    products: Counter[str] = Counter()
    lines = {line for group, _ in groups for line in group.lines()}
    for group, count in groups:
        if group.is_for(query.products):
            types[group.type] += count
        if is_type(group, query.types):
            for line in group.lines() or lines:
                products[line] += count
    versions = {
        version: sum(
            count
            for group, count in groups
            if group.is_for((version,)) and is_type(group, query.types)
        )
        for version in query.versions
    }
    return Facets(
        products=dict(products.most_common()),
        types=dict(types.most_common()),
        versions={version: count for version, count in versions.items() if count},
    )
