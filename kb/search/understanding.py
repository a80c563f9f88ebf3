"""What a customer's words mean: terms of the index, phrases, words that must not occur.

Nothing of what is typed is an operator but “quotes” around a phrase and a minus before a word;
anything else, however odd, is only words.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from kb.search import analysis
from kb.search.collection import Collection
from kb.search.forms import AUDIENCES
from kb.search.postings import TERM
from kb.search.spelling import Speller
from kb.search.stored import Array
from kb.search.synonyms import FILLER_WEIGHT, Synonyms

LONGEST_QUERY = 1000
MOST_TERMS = 48

_NONE = np.zeros(0, np.int64)

_PHRASE = re.compile(r'"([^"]{2,}?)"|“([^”]{2,}?)”|«([^»]{2,}?)»')
_EXCLUDED = re.compile(r"(?<!\S)-([^\W\d_]{2,})(?!\S)")


@dataclass(frozen=True, slots=True)
class Asked:
    """`terms` are all that are looked for, once each, and `weights` what they count; `sequence`
    has the main term of each word in the order typed, or -1; `text` is what was searched,
    corrected or not."""

    text: str
    terms: Array
    weights: Array
    sequence: Array
    phrases: tuple[Array, ...] = ()
    excluded: Array | None = None
    corrected: bool = False


class Reader:
    """Reads queries with the eyes of one collection."""

    def __init__(self, collection: Collection, speller: Speller) -> None:
        self._collection = collection
        self._synonyms_of = Synonyms(collection.lang)
        self._speller = speller

    def read(self, text: str, audiences: frozenset[str], verbatim: bool = False) -> Asked:
        """Understand a query; any text at all gives an answer."""
        text = analysis.normal(text[:LONGEST_QUERY])
        excluded = _EXCLUDED.findall(text)
        plain = _EXCLUDED.sub(" ", text)
        phrases = ["".join(groups) for groups in _PHRASE.findall(plain)]
        seen = sum(1 << AUDIENCES.index(audience) for audience in audiences)
        asked = self._words(plain, audiences, seen, verbatim)
        if not excluded and not phrases:
            return asked
        if not len(asked.terms):
            return self._words(text, audiences, seen, verbatim)
        return replace(
            asked,
            phrases=tuple(filter(len, (self._phrase(phrase) for phrase in phrases))),
            excluded=self._numbers(
                [t for word in excluded for t in analysis.terms(word, self._collection.lang)], seen
            ),
        )

    def _words(self, plain: str, audiences: frozenset[str], seen: int, verbatim: bool) -> Asked:
        """Look every word up; mend those that the reader's documents do not have."""
        lang = self._collection.lang
        tokens = analysis.tokens(plain, lang)[:MOST_TERMS]
        known = [self._numbers(token.terms, seen) for token in tokens]
        found: list[Array] = []
        text, moved = plain, 0
        for token, numbers in zip(tokens, known, strict=True):
            word = plain[token.start : token.end]
            if word.isalpha():
                numbers = self._with_accents(word, numbers, audiences, seen)
            if not len(numbers) and not verbatim:
                other = self._speller.correct(word.lower(), audiences)
                if other:
                    numbers = self._numbers(analysis.terms(other, lang), seen)
                    text = text[: token.start + moved] + other + text[token.end + moved :]
                    moved += len(other) - len(word)
            found.append(numbers)
        sequence = np.array([numbers[0] if len(numbers) else -1 for numbers in found], np.int64)
        weights = self._weights(tokens, found)
        for number in self._joined([plain[t.start : t.end].lower() for t in tokens], seen).tolist():
            weights.setdefault(number, 1.0)
        said = " ".join(text.split())
        terms = np.array(list(weights)[:MOST_TERMS], np.int64)
        counts = np.array(list(weights.values())[:MOST_TERMS], np.float32)
        synonyms, lower = self._synonyms(terms, seen)
        return Asked(
            said,
            np.concatenate((terms, synonyms)),
            np.concatenate((counts, lower)),
            sequence,
            corrected=text != plain,
        )

    def _weights(self, tokens: list[analysis.Token], found: list[Array]) -> dict[int, float]:
        """What each term counts: words that only dress a question count little beside others."""
        filler = [self._synonyms_of.is_filler(token.terms[0]) for token in tokens]
        dressed = not all(filler)
        weights: dict[int, float] = {}
        for is_filler, numbers in zip(filler, found, strict=True):
            for number in numbers.tolist():
                weights.setdefault(number, FILLER_WEIGHT if is_filler and dressed else 1.0)
        return weights

    def _synonyms(self, terms: Array, seen: int) -> tuple[Array, Array]:
        """The numbers and weights of the terms that mean the same."""
        names = [name.decode() for name in self._collection.postings.terms[terms].tolist()]
        found = self._synonyms_of.of(names)
        numbers = self._lookup(np.array([term.encode() for term in found], TERM))
        weights = np.array(list(found.values()), np.float32)
        known = numbers >= 0
        known[known] = (self._collection.scores.seen[numbers[known]] & seen) > 0
        return numbers[known], weights[known]

    def _with_accents(
        self, word: str, numbers: Array, audiences: frozenset[str], seen: int
    ) -> Array:
        """A word typed without its accents also means the accented words of the index."""
        if not word.isascii():
            return numbers
        spelt = self._speller.forms_like(word.lower(), audiences)
        accented = [form for form in spelt if not form.isascii()]
        if not accented:
            return numbers
        lang = self._collection.lang
        terms = [term for form in accented for term in analysis.terms(form, lang)]
        return np.concatenate((numbers, self._numbers(terms, seen)))

    def _joined(self, words: list[str], seen: int) -> Array:
        """Codes are often typed in pieces: `E 000101F4`, `0x 8007 000E`."""
        joined = [
            "".join(words[first : first + size])
            for size in (2, 3)
            for first in range(len(words) - size + 1)
        ]
        return self._numbers(
            [word for word in joined if any(letter.isdigit() for letter in word)], seen
        )

    def _phrase(self, phrase: str) -> Array:
        """A phrase as the main terms of its words; -1 for a word the index does not have."""
        tokens = analysis.tokens(phrase, self._collection.lang)
        words = np.array([token.terms[0].encode() for token in tokens], TERM)
        return self._lookup(words)

    def _numbers(self, terms: Sequence[str], seen: int) -> Array:
        """The numbers of those terms that documents of the audiences have."""
        if not terms:
            return _NONE
        numbers = self._lookup(np.array([term.encode() for term in terms], TERM))
        numbers = numbers[numbers >= 0]
        return np.asarray(numbers[(self._collection.scores.seen[numbers] & seen) > 0])

    def _lookup(self, words: Array) -> Array:
        terms = self._collection.postings.terms
        if not len(terms):
            return np.full(len(words), -1, np.int64)
        places = np.minimum(np.searchsorted(terms, words), len(terms) - 1)
        return np.where(terms[places] == words, places, -1)


def is_stop_words(text: str, lang: str) -> bool:
    """Tell whether a text has words, and none of them means anything by itself."""
    text = analysis.normal(text[:LONGEST_QUERY])
    return bool(analysis.words(text)) and not analysis.terms(text, lang)
