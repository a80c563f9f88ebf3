"""Finding names in a text: those that a case knows, and given names that can be nothing else."""

import re
from collections.abc import Iterable, Iterator

from kb.rules.given_names import GIVEN_NAMES, WORDS_TOO, folded
from kb.rules.personal_names import (
    BEGINS,
    DOES,
    IN_A_MONTH,
    INITIALS,
    MONTHS,
    NAMED,
    NO_NAME,
    SURNAMES,
)

_SHORTEST = 3
_SHORTEST_SMALL = 4  # letters of a given name in small or great letters only
_MOST_WORDS = 6
_JOINED = re.compile(r"[\\/._-]")
_ALONE = re.compile(r"(?<![\w@.\\/-])[^\W\d_]{3,20}(?![\w@\\/-]|\.\w)")
_COMPOUND = re.compile(
    r"(?<![\w@.\\/-])(?=[^\W_]{1,20}-)[^\W_a-z]{2,20}(?:-[^\W_a-z]{2,20}){1,3}(?![\w-])"
)
Place = tuple[int, int]


class Names:
    """The names that are looked for: `known` are those of the case, `told` those that texts say
    are somebody's; `spared` are names of products and of the house, whose words are nobody's."""

    def __init__(
        self, known: Iterable[str], told: Iterable[str] = (), spared: Iterable[str] = ()
    ) -> None:
        self._ordinary = {word for name in spared for word in _plain(name).split()}
        self._parts: set[str] = set()
        self._wholes: set[str] = set()
        for name in known:
            self._add(_plain(name))
        self._sure = frozenset(self._parts)
        for name in told:
            self._add(_plain(name))

    def _add(self, name: str) -> None:
        words = name.split()
        ours = all(word in self._ordinary or NO_NAME.fullmatch(word) for word in words)
        if len(name) >= _SHORTEST and not ours:
            (self._wholes if len(words) > 1 or not name.isalpha() else self._parts).add(name)
        telling = [self.is_telling(word) for word in words]
        for first in range(len(words)):
            for last in range(first + 1, min(len(words), first + _MOST_WORDS)):
                if telling[first] and telling[last]:
                    self._wholes.add(" ".join(words[first : last + 1]))
        self._parts |= {word for word, tells in zip(words, telling, strict=True) if tells}

    def is_telling(self, word: str) -> bool:
        """Tell whether a word (small, without accents) may say by itself who somebody is."""
        return (
            len(word) >= _SHORTEST
            and word.isalpha()
            and word not in self._ordinary
            and not NO_NAME.fullmatch(word)
        )

    def found(self, text: str) -> Iterator[Place]:
        """Yield where the names stand in a text."""
        small = folded(text)
        for whole in sorted(self._wholes):
            words_too = all(word in WORDS_TOO for word in whole.split())
            for place in _each(small, whole):
                if not (words_too and text[place[0]].islower()):
                    yield _with_initials(text, place)
        for part in sorted(self._parts):
            places = list(_each(small, part))
            doubtful = part in WORDS_TOO or (
                part not in GIVEN_NAMES and any(_is_a_word(text, place) for place in places)
            )
            for place in places:
                if _is_meant(text, place, part, doubtful, part in self._sure):
                    yield _with_initials(text, place)
        yield from self._given(text, small)

    def _given(self, text: str, small: str) -> Iterator[Place]:
        for found in _ALONE.finditer(text):
            start, end = found.span()
            name, word = found[0], small[start:end]
            if word in GIVEN_NAMES and word not in self._ordinary:
                if name[0].isupper() and name[1:].islower():
                    yield start, self._surnames(text, end)
                elif len(name) >= _SHORTEST_SMALL and (name.islower() or name.isupper()):
                    yield start, end

    def _surnames(self, text: str, end: int) -> int:
        """Where a name ends that begins with a given one."""
        found = SURNAMES.match(text, end)
        for word in found[0].split() if found else ():
            plain = _plain(word).strip("'’-")
            if word[0].isupper():
                if NO_NAME.fullmatch(plain) or plain in self._ordinary:
                    break
                end = text.index(word, end) + len(word)
        return end


def machines(text: str) -> Iterator[Place]:
    """Yield names in capitals, with dashes, that hold somebody's given name."""
    for found in _COMPOUND.finditer(text):
        words = folded(found[0]).split("-")
        if any(len(word) >= _SHORTEST_SMALL and word in GIVEN_NAMES for word in words):
            yield found.span()


def _plain(name: str) -> str:
    return " ".join(folded(name).split())


def _each(small: str, words: str) -> Iterator[Place]:
    for found in re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", small):
        yield found.span()


def _with_initials(text: str, place: Place) -> Place:
    before = INITIALS.search(text[max(0, place[0] - 8) : place[0]])
    return (place[0] - len(before[0]) if before else place[0]), place[1]


def _is_meant(text: str, place: Place, part: str, doubtful: bool, sure: bool) -> bool:
    """Tell whether a word of a name stands for somebody: in doubt by what is around it; `sure` is
    one that the case knows."""
    start, end = place
    if sure and NAMED.search(text[max(0, start - 20) : start]):
        return True
    if text[start].isupper():
        return not doubtful or _acts(text, place, part)
    if sure and _is_joined(text, place):
        return part not in WORDS_TOO
    return part in GIVEN_NAMES and end - start >= _SHORTEST_SMALL


def _acts(text: str, place: Place, part: str) -> bool:
    """Tell whether a word with a capital, which is a word as well, is somebody who does
    something, or stands where a word would have none."""
    before, after = text[max(0, place[0] - 40) : place[0]], text[place[1] : place[1] + 20]
    if BEGINS.search(before):
        return DOES.match(after) is not None
    return part not in MONTHS or IN_A_MONTH.search(before) is None


def _is_a_word(text: str, place: Place) -> bool:
    """Tell whether a known word stands in small letters, as a word of the text would."""
    start = place[0]
    named = NAMED.search(text[max(0, start - 20) : start])
    return text[start].islower() and not named and not _is_joined(text, place)


def _is_joined(text: str, place: Place) -> bool:
    """Tell whether a word is part of a path or an account, where names are in lower case."""
    around = text[max(0, place[0] - 1) : place[0]] + text[place[1] : place[1] + 1]
    return _JOINED.search(around.rstrip(".")) is not None
