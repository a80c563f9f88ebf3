"""What a customer's words mean: terms of the index, phrases, words that must not occur.

Nothing of what is typed is an operator but “quotes” around a phrase and a minus before a word;
anything else, however odd, is only words.
"""

import itertools
import re
from dataclasses import dataclass, replace

import numpy as np

from kb.search import analysis
from kb.search.collection import Collection
from kb.search.lexicon import Lexicon
from kb.search.named import Names
from kb.search.spelling import Speller
from kb.search.stopwords import HARDLY_MEANT
from kb.search.stored import Array
from kb.search.synonyms import FILLER_WEIGHT, Synonyms

LONGEST_QUERY = 1000
MOST_TERMS = 48
MOST_MENDED = 6
"""How many words of a query are corrected: a text with more that nobody knows is no question with
typing errors but something pasted, and each costs about a millisecond."""
JOINED_WEIGHT = 0.5
"""What `webapp` counts for someone who wrote `web app`."""

_NONE = np.zeros(0, np.int64)

_PHRASE = re.compile(r'"([^"]{2,}?)"|“([^”]{2,}?)”|«([^»]{2,}?)»')
_EXCLUDED = re.compile(r"(?<!\S)-([^\W\d_]{2,})(?!\S)")


@dataclass(frozen=True, slots=True)
class Asked:
    """`terms` are all that are looked for, once each, and `weights` what they count; `sequence`
    has the main term of each word in the order typed, or -1; `text` is what was searched,
    corrected or not; `products` are those it names, `line` or `line@version`."""

    text: str
    terms: Array
    weights: Array
    sequence: Array
    phrases: tuple[Array, ...] = ()
    excluded: tuple[int, ...] = ()
    corrected: bool = False
    products: tuple[str, ...] = ()


class Reader:
    """Reads queries with the eyes of one collection."""

    def __init__(self, collection: Collection, speller: Speller) -> None:
        self._lang = collection.lang
        self._empty = not len(collection.postings.terms)
        self._lexicon = Lexicon(collection)
        self._synonyms = Synonyms(collection.lang, collection.vocabulary)
        self._rarity = collection.scores.rarity
        self._names = Names(collection.vocabulary, collection.lang)
        self._speller = speller

    def read(self, text: str, audiences: frozenset[str], verbatim: bool = False) -> Asked:
        """Understand a query; any text at all gives an answer."""
        text = analysis.normal(text[:LONGEST_QUERY])
        if self._empty:
            return Asked(text, _NONE, _NONE.astype(np.float32), _NONE)
        excluded = _EXCLUDED.findall(text)
        plain = _EXCLUDED.sub(" ", text) if excluded else text
        phrases = ["".join(groups) for groups in _PHRASE.findall(plain)]
        asked = self._words(plain, audiences, verbatim)
        if not excluded and not phrases:
            return asked
        if not len(asked.terms):
            return self._words(text, audiences, verbatim)
        not_wanted = {term for word in excluded for term in analysis.terms(word, self._lang)}
        return replace(
            asked,
            phrases=tuple(filter(len, (self._phrase(phrase) for phrase in phrases))),
            excluded=tuple(self._lexicon.numbers(not_wanted, audiences).values()),
        )

    def knows(self, text: str, audiences: frozenset[str]) -> int:
        """Return how many words of a text are words here, as typed: those that documents have, and
        those that carry no meaning. Codes and numbers are of no language."""
        if self._empty:
            return 0
        words = [
            word for word in analysis.words(text[:LONGEST_QUERY])[:MOST_TERMS] if word.isalpha()
        ]
        meant = [analysis.terms(word, self._lang) for word in words]
        known = self._lexicon.numbers({term: None for terms in meant for term in terms}, audiences)
        return sum(
            not terms
            or any(term in known for term in terms)
            or bool(word.isascii() and self._with_accents(word, audiences))
            for word, terms in zip(words, meant, strict=True)
        )

    def _words(self, plain: str, audiences: frozenset[str], verbatim: bool) -> Asked:
        """Look every word up; mend those that the reader's documents do not have."""
        tokens = analysis.tokens(plain, self._lang)[:MOST_TERMS]
        words = [plain[token.start : token.end] for token in tokens]
        joined = _joined(words) | self._compounds(words)
        wanted = {term: None for token in tokens for term in token.terms} | joined
        known = self._lexicon.numbers(wanted, audiences)
        found: list[list[int]] = []
        text, moved, unknown = plain, 0, 0
        for token, word in zip(tokens, words, strict=True):
            numbers = [known[term] for term in token.terms if term in known]
            if word.isascii() and word.isalpha():
                numbers += self._with_accents(word, audiences)
            if not numbers and not verbatim and unknown < MOST_MENDED:
                unknown += 1
                other = self._speller.correct(word.lower(), audiences)
                if other and self._may_be_meant(other):
                    numbers = self._of(other, audiences)
                    text = text[: token.start + moved] + other + text[token.end + moved :]
                    moved += len(other) - len(word)
            found.append(numbers)
        weights = self._weights(tokens, found)
        for term, weight in joined.items():
            if term in known:
                weights.setdefault(known[term], weight)
        weights = dict(list(weights.items())[:MOST_TERMS])
        self._add_synonyms(weights, tokens, audiences)
        return Asked(
            text=" ".join(text.split()),
            terms=np.array(list(weights), np.int64),
            weights=np.array(list(weights.values()), np.float32),
            sequence=np.array([numbers[0] if numbers else -1 for numbers in found], np.int64),
            corrected=text != plain,
            products=self._names.read([token.terms[0] for token in tokens], words),
        )

    def _may_be_meant(self, word: str) -> bool:
        """Tell whether somebody may have meant this word by a mistyped one: words that say nothing
        by themselves are mistyped, too, but mending them finds nothing and reads like a joke."""
        if word in HARDLY_MEANT.get(self._lang, ()):
            return False
        return any(not self._synonyms.is_filler(one) for one in analysis.terms(word, self._lang))

    def _compounds(self, words: list[str]) -> dict[str, float]:
        """Two words that others write as one: `web app`, `spell check`."""
        pairs = itertools.pairwise(words)
        together = [one + two for one, two in pairs if one.isalpha() and two.isalpha()]
        return dict.fromkeys(analysis.terms(" ".join(together), self._lang), JOINED_WEIGHT)

    def _weights(self, tokens: list[analysis.Token], found: list[list[int]]) -> dict[int, float]:
        """What each term counts: words that only dress a question count little beside others."""
        filler = [self._synonyms.is_filler(token.terms[0]) for token in tokens]
        dressed = not all(filler)
        weights: dict[int, float] = {}
        for is_filler, numbers in zip(filler, found, strict=True):
            for number in numbers:
                weights.setdefault(number, FILLER_WEIGHT if is_filler and dressed else 1.0)
        return weights

    def _add_synonyms(
        self, weights: dict[int, float], tokens: list[analysis.Token], audiences: frozenset[str]
    ) -> None:
        """Other words for what was typed count too, but less, and never for more than what they
        stand for: a rare synonym of a common word is no better a sign."""
        same = self._synonyms.of([token.terms[0] for token in tokens])
        said = {term for _, phrase in same.values() for term in phrase}
        known = self._lexicon.numbers({*same, *said}, audiences)
        for term, (weight, phrase) in same.items():
            number = known.get(term)
            if number is not None:
                worth = [float(self._rarity[known[word]]) for word in phrase if word in known]
                most = max(worth, default=float("inf")) / float(self._rarity[number])
                weights.setdefault(number, weight * min(1.0, most))

    def _with_accents(self, word: str, audiences: frozenset[str]) -> list[int]:
        """A word typed without its accents also means the accented words of the index."""
        accented = self._speller.accented(word.lower(), audiences)
        return [number for form in accented for number in self._of(form, audiences)]

    def _of(self, word: str, audiences: frozenset[str]) -> list[int]:
        """The numbers of a word's terms."""
        return list(self._lexicon.numbers(analysis.terms(word, self._lang), audiences).values())

    def _phrase(self, phrase: str) -> Array:
        """A phrase as the main terms of its words; -1 for a word the index does not have."""
        tokens = analysis.tokens(phrase, self._lang)
        return self._lexicon.places([token.terms[0].encode() for token in tokens])


def _joined(words: list[str]) -> dict[str, float]:
    """Codes are often typed in pieces: `E 000101F4`, `0x 8007 000E`."""
    digits = [any(map(str.isdigit, word)) for word in words]
    return {
        "".join(words[first : first + size]).lower(): 1.0
        for size in (2, 3)
        for first in range(len(words) - size + 1)
        if any(digits[first : first + size])
    }


def is_stop_words(text: str, lang: str) -> bool:
    """Tell whether a text has words, and none of them means anything by itself."""
    text = analysis.normal(text[:LONGEST_QUERY])
    return bool(analysis.words(text)) and not analysis.terms(text, lang)
