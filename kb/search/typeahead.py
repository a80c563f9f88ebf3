"""Suggestions while one types: titles, error codes and trees whose words begin so."""

import numpy as np

from kb.search.engine import Engine
from kb.search.query import Suggestion
from kb.search.stored import Array
from kb.search.titles import CODE_PLACE, prefixes

MOST_WORDS = 8


def suggest(engine: Engine, text: str, limit: int, audiences: frozenset[str]) -> list[Suggestion]:
    """Return suggestions for what was typed so far, best first."""
    return [_suggestion(engine, row) for row in titled(engine, text, limit, audiences)]


def titled(engine: Engine, text: str, limit: int, audiences: frozenset[str]) -> list[int]:
    """Return the rows whose titles have a word beginning with each of the typed ones,
    those that begin with what was typed first."""
    typed = [word for word in prefixes(text[:200]) if word][:MOST_WORDS]
    if not typed or limit <= 0:
        return []
    points = _points(engine, typed)
    points *= engine.readable(audiences)
    rows = np.flatnonzero(points)
    if len(rows) > limit:
        least = np.partition(points[rows], len(rows) - limit)[len(rows) - limit]
        rows = rows[points[rows] >= least]
    best: list[int] = rows[np.lexsort((rows, -points[rows]))][:limit].tolist()
    return best


def _points(engine: Engine, typed: list[bytes]) -> Array:
    """Points for each row: none unless every typed word begins one of its words; more for whole
    words, for words early in a title and in the order they were typed."""
    titles, total = engine.collection.titles, len(engine.collection.rows.alive)
    points = np.ones(total, np.float32)
    for order, word in enumerate(typed):
        first = int(np.searchsorted(titles.word, word, "left"))
        end = int(np.searchsorted(titles.word, word + b"\xff", "right"))
        whole = int(np.searchsorted(titles.word, word, "right")) - first
        rows, place = titles.row[first:end], titles.place[first:end].astype(np.int16)
        gained = np.zeros(total, np.float32)
        near = np.where(place == CODE_PLACE, 3.0, 2.0 / (1 + np.abs(place - order)))
        near[:whole] += 1.0
        np.maximum.at(gained, rows, 1.0 + near.astype(np.float32))
        points = (points + gained) * (gained > 0)
    return points


def _suggestion(engine: Engine, row: int) -> Suggestion:
    record = engine.collection.rows.record_of(row)
    return Suggestion(
        title=record["title"],
        url=record["url"],
        kind=record["kind"],
        type=engine.collection.groups[engine.collection.rows.group[row]].type,
        error_codes=tuple(record["error_codes"]),
    )
