"""Which product, and which version of it, a query is about: read from its words."""

import re
from collections import defaultdict
from collections.abc import Sequence

from kb.rules.vocabulary import Vocabulary
from kb.search.synonyms import Phrase, phrase_of

LONGEST_NAME = 6
_VERSION_WORDS = frozenset({"version", "v", "ver", "release", "edition", "edicion"})
_NUMBER = re.compile(r"v?([0-9]+(?:\.[0-9]+)*)")


class Names:
    """The product names and versions of one language's vocabulary."""

    def __init__(self, vocabulary: Vocabulary, lang: str) -> None:
        self._lines: dict[Phrase, set[str]] = defaultdict(set)
        for line, names in vocabulary.products.items():
            for name in names:
                self._lines[phrase_of(name, lang)].add(line)
        self._lines.pop((), None)
        self._versions = vocabulary.versions

    def read(self, terms: Sequence[str], words: Sequence[str]) -> tuple[str, ...]:
        """Return the products named, as `line` or `line@version`; `terms` are the main terms of
        the query's `words`. The longest name wins: Backup Server is not Backup."""
        if not self._lines and not self._versions:
            return ()
        found: dict[str, None] = {}
        at = 0
        while at < len(terms):
            size = self._name_at(terms, at)
            if size:
                lines = self._lines[tuple(terms[at : at + size])]
                at += size
                found |= dict.fromkeys(self._with_version(lines, words[at : at + 2]))
            else:
                at += 1
        return tuple(found) if found else self._of_versions(words)

    def _name_at(self, terms: Sequence[str], at: int) -> int:
        """How many terms from here on are the longest product name; 0 for none."""
        for size in range(min(LONGEST_NAME, len(terms) - at), 0, -1):
            if tuple(terms[at : at + size]) in self._lines:
                return size
        return 0

    def _with_version(self, lines: set[str], after: Sequence[str]) -> list[str]:
        """The lines, with the version that is written behind the name where they have it."""
        version = next((_number(word) for word in after if not _is_version_word(word)), None)
        return [
            f"{line}@{version}" if version in self._versions.get(line, ()) else line
            for line in sorted(lines)
        ]

    def _of_versions(self, words: Sequence[str]) -> tuple[str, ...]:
        """Without a name, a number is a version only with a point or after the word “version”."""
        for place, word in enumerate(words):
            number = _number(word)
            said = "." in word or (place and _is_version_word(words[place - 1]))
            if number and said:
                lines = [line for line, known in self._versions.items() if number in known]
                if lines:
                    return tuple(f"{line}@{number}" for line in sorted(lines))
        return ()


def _number(word: str) -> str | None:
    match = _NUMBER.fullmatch(word.lower())
    return match[1] if match else None


def _is_version_word(word: str) -> bool:
    return word.lower().replace("ó", "o") in _VERSION_WORDS
