"""A search index that a browser can carry: what everybody may read of one language, as texts.

It holds the scores that the server's own index adds up, so both rank alike; a browser has no
stemmer, so each term brings the spellings that stand for it. `static/offline-search.js` reads it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from kb.search import analysis, priors
from kb.search.collection import Collection
from kb.search.forms import AUDIENCES
from kb.search.stopwords import STOP_WORDS
from kb.search.stored import Array
from kb.search.synonyms import Synonyms

STEP = 8
"""Steps of one unit in which scores are kept; a score is at most `MOST` of them."""
MOST = 88
FIRST = 35
"""The character of nothing: everything above it stands in a script without being escaped."""


def portable(collection: Collection) -> dict[str, Any]:
    """Return one language's public documents as data for a script: no word, number or statistic
    of a document that is not for everybody is in it."""
    public = _public(collection)
    number = np.cumsum(public) - 1
    postings, scores = collection.postings, collection.scores
    kept = public[postings.rows]
    term_of = np.repeat(np.arange(len(postings.terms)), np.diff(postings.starts))[kept]
    docs = number[postings.rows[kept]]
    counts = np.bincount(term_of, minlength=len(postings.terms))
    used = np.flatnonzero(counts)
    terms = [bytes(term).decode() for term in postings.terms[used].tolist()]
    worth = np.round(scores.score[kept] / scores.rarity[term_of] * STEP).astype(np.int64)
    rows = np.flatnonzero(public).tolist()
    same, fillers = _vocabulary(collection, set(terms))
    return {
        "lang": collection.lang,
        "stop": " ".join(sorted(STOP_WORDS.get(collection.lang, ()))),
        "docs": [_document(collection, row) for row in rows],
        "terms": _spelt(terms, _forms(collection, rows)),
        "counts": _numbers(counts[used].tolist()),
        "gaps": _numbers(_gaps(docs, term_of)),
        "worth": "".join(map(_character, np.clip(worth, 1, MOST).tolist())),
        "same": same,
        "fillers": " ".join(sorted(fillers & set(terms))),
    }


def _public(collection: Collection) -> Array:
    levels = np.array([group.level for group in collection.groups] or [len(AUDIENCES)])
    rows = collection.rows
    return np.asarray(rows.alive & (levels[rows.group] == 0))


def _document(collection: Collection, row: int) -> dict[str, Any]:
    record = collection.rows.record_of(row)
    group = collection.groups[collection.rows.group[row]]
    text = collection.rows.text_of(row)
    return {
        "id": record["id"],
        "url": record["url"],
        "title": record["title"],
        "summary": text[len(record["title"]) + 1 :][: record["summary"]],
        "type": group.type,
        "codes": record["error_codes"],
        "factor": priors.state(group),
    }


def _forms(collection: Collection, rows: Iterable[int]) -> Mapping[str, set[str]]:
    """The unaccented spellings of each term in these rows that are not the term itself."""
    found: dict[str, set[str]] = defaultdict(set)
    lang, seen = collection.lang, set[str]()
    for row in rows:
        keywords = collection.rows.record_of(row)["keywords"]
        text = "\n".join((collection.rows.text_of(row), *keywords))
        for word in analysis.words(text):
            if word in seen or not word.isalpha():
                continue
            seen.add(word)
            plain = analysis.folded(word)
            for term in analysis.terms(word, lang)[:1]:
                if plain != term:
                    found[term].add(plain)
    return found


def _spelt(terms: Sequence[str], forms: Mapping[str, set[str]]) -> str:
    """A line for each term: how much it shares with the one before, the rest, and its spellings,
    each as the term's own letters to take away (none: all stay) and what follows."""
    lines, before = [], ""
    for term in terms:
        shared = _shared(before, term)
        spelt = sorted(_spelling(term, form) for form in forms.get(term, ()))
        lines.append("|".join((_character(shared) + term[shared:], *spelt)))
        before = term
    return "\n".join(lines)


def _spelling(term: str, form: str) -> str:
    shared = _shared(term, form)
    away = len(term) - shared
    return (str(away) if away else "") + form[shared:]


def _shared(one: str, other: str) -> int:
    most = min(len(one), len(other))
    return next((n for n in range(most) if one[n] != other[n]), most)


def _gaps(docs: Array, term_of: Array) -> list[int]:
    """From each document of a term to the next one; the first counts from −1."""
    gaps = np.diff(docs, prepend=-1)
    first = np.flatnonzero(np.diff(term_of, prepend=-1))
    gaps[first] = docs[first] + 1
    return [int(gap) for gap in gaps.tolist()]


def _numbers(numbers: Iterable[int]) -> str:
    """Numbers as characters: up to 39 in one, more in several, low parts first."""
    found = []
    for number in numbers:
        while number >= 40:
            found.append(_character(40 + number % 40))
            number //= 40
        found.append(_character(number))
    return "".join(found)


def _character(number: int) -> str:
    """One printable character for 0 to 88, never a quote, backslash or `<`."""
    return chr(_ALPHABET[number])


_ALPHABET = [code for code in range(FIRST, 127) if code not in (0x5C, 0x3C)]


def _vocabulary(collection: Collection, terms: set[str]) -> tuple[list[list[Any]], set[str]]:
    """Synonyms, each as [typed, words of the index, what each of these counts]; fillers."""
    synonyms = Synonyms(collection.lang, collection.vocabulary)
    same = []
    for said, meant, weight in synonyms.pairs():
        known = [term for term in meant if term in terms]
        if known:
            same.append([" ".join(said), " ".join(known), round(weight / len(meant), 3)])
    return sorted(same), set(synonyms.fillers)
