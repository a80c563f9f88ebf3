"""Words of a query that stand for others, and words of it that only dress the question.

Both are looked at in queries alone, never in documents, so changing them analyses nothing again.
A site's own groups stand beside those of `thesaurus.py` and count more.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from kb.rules.vocabulary import NO_VOCABULARY, Vocabulary
from kb.search import analysis
from kb.search.thesaurus import FILLERS, SAME

SYNONYM_WEIGHT = 0.5
"""What a synonym's match counts, beside 1 for the word that was typed."""
OWN_WEIGHT = 0.7
"""What a match of the site's own synonyms counts: they are meant for these very articles."""
FILLER_WEIGHT = 0.2
"""What a word counts that says how one asks, not what about."""
LONGEST_PHRASE = 5

Phrase = tuple[str, ...]
_NOTHING: tuple[float, Phrase] = (0.0, ())


class Synonyms:
    """The synonyms and fillers of one language, by stem."""

    def __init__(self, lang: str, own: Vocabulary = NO_VOCABULARY) -> None:
        self._others: dict[Phrase, dict[Phrase, float]] = defaultdict(dict)
        for group in _lines(SAME.get(lang, "")):
            self._add(group, SYNONYM_WEIGHT, lang)
        for phrases in own.same:
            self._add(phrases, OWN_WEIGHT, lang)
        fillers = f"{FILLERS.get(lang, '')} {analysis.normal(own.brand)}"
        self._fillers = frozenset(analysis.terms(fillers, lang))

    def _add(self, group: Iterable[str], weight: float, lang: str) -> None:
        phrases = {phrase_of(words, lang) for words in group} - {()}
        for phrase in phrases:
            for other in phrases - {phrase}:
                self._others[phrase][other] = weight

    def of(self, terms: list[str]) -> Mapping[str, tuple[float, Phrase]]:
        """Return the terms that mean the same as some of these: their weights, and for what."""
        found: dict[str, tuple[float, Phrase]] = {}
        for first in range(len(terms)):
            for size in range(1, LONGEST_PHRASE + 1):
                said = tuple(terms[first : first + size])
                for other, weight in self._others.get(said, {}).items():
                    for term in other:
                        found[term] = max(found.get(term, _NOTHING), (weight / len(other), said))
        return {term: meant for term, meant in found.items() if term not in terms}

    def pairs(self) -> Iterator[tuple[Phrase, Phrase, float]]:
        """Yield every phrase, one that means the same, and what that counts."""
        for said, others in self._others.items():
            for meant, weight in others.items():
                yield said, meant, weight

    @property
    def fillers(self) -> frozenset[str]:
        """The terms that only dress a question."""
        return self._fillers

    def is_filler(self, term: str) -> bool:
        """Tell whether a term only dresses a question."""
        return term in self._fillers


def phrase_of(words: str, lang: str) -> Phrase:
    """Return some words as their main terms."""
    return tuple(token.terms[0] for token in analysis.tokens(analysis.normal(words), lang))


def _lines(text: str) -> list[list[str]]:
    return [line.split(",") for line in text.strip().splitlines() if line.strip()]
