"""How results are ranked: BM25F, computed when the index is built, added up when it is asked.

A document's score for a word is `bm25(text) + TITLE_BOOST * bm25(title)`, as Whoosh's own BM25F
gives it. In `text` the fields are weighted and added before they saturate (`analysed.py`);
`title` counts again by itself, so that short titles that say it all come first. Statistics are
taken from public documents alone: no score tells of a document one may not read.
"""

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from kb.search.forms import AUDIENCES
from kb.search.postings import Postings
from kb.search.rows import Rows
from kb.search.stored import Array, Stored
from kb.search.whoosh_store import rounded

K1, B, TITLE_BOOST = 1.2, 0.75, 1.0
DENSE_SHARE, DENSE_ROWS, DENSE_LEAST = 12, 512, 1000
"""A word in more than 1/12 of at least 1,000 documents is kept as a full row of scores: adding two
arrays is faster than adding at places. At most 512 words are."""


@dataclass(frozen=True, slots=True)
class Scores(Stored):
    """`score[i]` is what posting i adds; `rarity[t]` is how rare term t is among public documents;
    `seen[t]` has a bit for each audience that has it; `dense_of[t]` is its row in `dense` or -1."""

    HOT: ClassVar[frozenset[str]] = frozenset({"seen", "dense", "rarity", "score", "dense_of"})

    score: Array
    rarity: Array
    seen: Array
    dense: Array
    dense_of: Array


def scores(postings: Postings, rows: Rows, level: Array) -> Scores:
    """Compute what every posting adds; `level` is each row's audience (0 is public)."""
    counted = _counted(rows, level)
    rarity = _idf(postings.text, postings, counted).astype(np.float32)
    in_title = _idf(postings.title, postings, counted).astype(np.float32)
    single = _bm25(postings.text, postings, rows.text_length, counted)
    single *= np.repeat(rarity, np.diff(postings.starts))
    titled = np.flatnonzero(postings.title)
    short = replace(postings, rows=postings.rows[titled], title=postings.title[titled])
    points = _bm25(short.title, short, rows.title_length, counted)
    term = np.searchsorted(postings.starts, titled, "right") - 1
    single[titled] += np.float32(TITLE_BOOST) * in_title[term] * points
    dense, dense_of = _dense(postings, single, len(level))
    return Scores(single, rarity, _seen(postings, level), dense, dense_of)


def title_points(postings: Postings, rows: Rows, level: Array, term: int, posting: int) -> float:
    """Return how many of a posting's points come from the title counting again."""
    counted = _counted(rows, level)
    part = slice(postings.starts[term], postings.starts[term + 1])
    one = Postings(
        terms=postings.terms[term : term + 1],
        starts=np.array([0, part.stop - part.start]),
        rows=postings.rows[part],
        text=postings.text[part],
        title=postings.title[part],
    )
    rarity = _idf(one.title, one, counted)
    points = _bm25(one.title, one, rows.title_length, counted)[posting - int(part.start)]
    return float(TITLE_BOOST * rarity[0] * points)


def _counted(rows: Rows, level: Array) -> Array:
    """The rows that statistics are taken from: the most public there are."""
    widest = level[rows.alive].min(initial=len(AUDIENCES))
    return np.asarray(rows.alive & (level == widest))


def _idf(weight: Array, postings: Postings, counted: Array) -> Array:
    """How rare each term is in a field of the counted documents; every term has a posting."""
    documents = max(int(counted.sum()), 1)
    has = (weight > 0) & counted[postings.rows]
    frequency = np.add.reduceat(has, postings.starts[:-1], dtype=np.int32)
    return np.asarray(np.log(documents / (frequency + 1)) + 1)


def _bm25(weight: Array, postings: Postings, length: Array, counted: Array) -> Array:
    """What each posting adds for a term of rarity 1."""
    average = length[counted].sum() / max(int(counted.sum()), 1) or 1
    norm = (K1 * ((1 - B) + B * rounded(length) / average)).astype(np.float32)
    return np.asarray(weight * np.float32(K1 + 1) / (weight + norm[postings.rows]))


def _seen(postings: Postings, level: Array) -> Array:
    bits = (1 << level).astype(np.uint8)
    return np.asarray(np.bitwise_or.reduceat(bits[postings.rows], postings.starts[:-1]))


def _dense(postings: Postings, score: Array, rows: int) -> tuple[Array, Array]:
    frequency = np.diff(postings.starts)
    dense_of = np.full(len(frequency), -1, np.int32)
    frequent = np.argsort(-frequency, kind="stable")[:DENSE_ROWS]
    frequent = frequent[frequency[frequent] > rows / DENSE_SHARE]
    if rows < DENSE_LEAST:
        frequent = frequent[:0]
    dense = np.zeros((len(frequent), rows), np.float32)
    for place, term in enumerate(frequent.tolist()):
        part = slice(postings.starts[term], postings.starts[term + 1])
        dense[place, postings.rows[part]] = score[part]
    dense_of[frequent] = np.arange(len(frequent))
    return dense, dense_of
