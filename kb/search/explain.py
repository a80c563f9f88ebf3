"""Why a result has the score it has: by word of the query, and by field of the document."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from kb.search import analysed, analysis, ranking
from kb.search.engine import Engine, Found
from kb.search.query import Query


@dataclass(frozen=True, slots=True)
class WordScore:
    """What one term adds; `weight` is 1 for a word as typed, less for synonyms and fillers;
    `fields` share the points out over title, summary, keywords, codes and body."""

    term: str
    weight: float
    fields: Mapping[str, float]

    @property
    def points(self) -> float:
        """What the term adds in all fields together."""
        return sum(self.fields.values())


@dataclass(frozen=True, slots=True)
class Explanation:
    """The words' points, multiplied by every factor, and the points for neighbouring words."""

    words: tuple[WordScore, ...]
    factors: Mapping[str, float]
    neighbours: float
    score: float


def explain(engine: Engine, query: Query, found: Found, key: str) -> Explanation | None:
    """Return why a document scores what it does; None when it is not among what may be read."""
    row = engine.collection.keys.get(key, ("", -1))[1]
    if row < 0 or not engine.readable(query.audiences)[row]:
        return None
    asked = found.asked
    words = [
        _word(engine, row, term, weight)
        for term, weight in zip(asked.terms.tolist(), asked.weights.tolist(), strict=True)
    ]
    factors = engine.priors.factors(row, asked.products)
    score = float(found.scores[row])
    plain = sum(word.points for word in words) * float(np.prod(list(factors.values())))
    return Explanation(
        words=tuple(sorted((word for word in words if word.points), key=lambda w: -w.points)),
        factors=factors,
        neighbours=round(max(score - plain, 0.0), 4) if score else 0.0,
        score=score,
    )


def _word(engine: Engine, row: int, term: int, weight: float) -> WordScore:
    collection = engine.collection
    postings = collection.postings
    name = postings.terms[term].decode()
    part = slice(postings.starts[term], postings.starts[term + 1])
    at = np.flatnonzero(postings.rows[part] == row)
    if not len(at):
        return WordScore(name, weight, {})
    posting = int(postings.starts[term] + at[0])
    whole = float(collection.scores.score[posting]) * weight
    title = ranking.title_points(postings, collection.rows, engine.levels, term, posting) * weight
    shares = _shares(engine, row, name, float(postings.text[posting]))
    fields = {field: (whole - title) * share for field, share in shares.items()}
    if title:
        first = "title" if shares.get("title") else "codes"
        fields[first] = fields.get(first, 0.0) + title
    return WordScore(name, weight, {field: points for field, points in fields.items() if points})


def _shares(engine: Engine, row: int, term: str, total: float) -> dict[str, float]:
    """How a term's weighted frequency comes from the fields; what is left is the body's."""
    collection = engine.collection
    record = collection.rows.record_of(row)
    title, summary, _ = collection.rows.text_of(row).split("\n", 2)
    weighted = {
        "title": (title, analysed.TITLE_WEIGHT),
        "summary": (summary, analysed.SUMMARY_WEIGHT),
        "keywords": ("\n".join(record["keywords"]), analysed.KEYWORD_WEIGHT),
        "codes": ("\n".join(record["error_codes"]), analysed.CODE_WEIGHT),
    }
    shares = {
        field: weight * analysis.terms(text, collection.lang).count(term) / total
        for field, (text, weight) in weighted.items()
    }
    shares["body"] = max(1 - sum(shares.values()), 0.0)
    return {field: share for field, share in shares.items() if share > 1e-6}
