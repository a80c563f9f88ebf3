"""Finding personal data in a text, so that it can go before others read it.

What the case knows (names, organisation) is looked for by itself; the rest by how it looks. The
finding errs towards too much: a person confirms each, and can put one back."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kb.rules.personal_patterns import (
    CLOSING,
    DATES,
    NO_ACCOUNT,
    NO_FIRST_NAME,
    NO_NAME,
    PATTERNS,
    Kind,
)

LABELS = {
    Kind.NAME: {"es": "[nombre]", "en": "[name]"},
    Kind.MAIL: {"es": "[correo]", "en": "[email]"},
    Kind.PHONE: {"es": "[teléfono]", "en": "[phone]"},
    Kind.NUMBER: {"es": "[número]", "en": "[number]"},
    Kind.KEY: {"es": "[clave]", "en": "[key]"},
    Kind.ADDRESS: {"es": "[dirección]", "en": "[address]"},
    Kind.ACCOUNT: {"es": "[usuario]", "en": "[user]"},
    Kind.SECRET: {"es": "[contraseña]", "en": "[password]"},
    Kind.NETWORK: {"es": "[dirección de red]", "en": "[network address]"},
    Kind.SIGNATURE: {"es": "[firma]", "en": "[signature]"},
}
_SIGNATURE_LINES = 8
_LONGEST_LINE = 80
_SHORTEST_NAME = 3
_SHORTEST_NUMBER = 8  # digits
_PHONE_DIGITS = range(9, 12)
_JOINED = re.compile(r"[\\/._-]")
_NAMED = re.compile(
    r"\b(?:soy|me llamo|hola|aqu[íi]|hi|hello|hey|dear|this is|it['’]s|i['’]?m|i am|"
    r"my name is),? $",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """One piece of personal data: where it stands in the text, what it is."""

    start: int
    end: int
    kind: Kind


def personal_data(text: str, known: Sequence[str] = ()) -> tuple[Found, ...]:
    """Return the personal data of a text in order, none over another; `known` are the names of
    people and organisations that the case knows."""
    return _apart([*_known(text, known), *_by_looks(text), *_signature(text)])


def without(text: str, found: Iterable[Found], lang: str) -> str:
    """Return the text with each piece replaced by a word for its kind."""
    parts: list[str] = []
    at = 0
    for one in sorted(found):
        parts += [text[at : one.start], LABELS[one.kind].get(lang, LABELS[one.kind]["en"])]
        at = one.end
    return "".join([*parts, text[at:]])


def _apart(found: list[Found]) -> tuple[Found, ...]:
    """Of pieces that overlap, the one that begins first and reaches farthest, and what of another
    reaches beyond it."""
    kept: list[Found] = []
    for one in sorted(found, key=lambda piece: (piece.start, -piece.end)):
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
        elif one.end > kept[-1].end:
            kept[-1] = Found(kept[-1].start, one.end, kept[-1].kind)
    return tuple(kept)


def _by_looks(text: str) -> Iterator[Found]:
    dates = [(found.start(), found.end()) for found in DATES.finditer(text)]
    for kind, pattern in PATTERNS:
        is_part = bool(pattern.groupindex)
        for found in pattern.finditer(text):
            start, end = found.span(found.lastgroup or 0)
            if kind is Kind.PHONE and not is_part:
                start, end = _beside(start, end, dates)
                yield from _number(text, start, end)
            elif kind is Kind.NAME:
                yield from _name(text, start, end)
            elif kind is not Kind.ACCOUNT or not NO_ACCOUNT.fullmatch(text[start:end]):
                yield Found(start, end, kind)


def _number(text: str, start: int, end: int) -> Iterator[Found]:
    """A long number: one of a telephone by its signs and length, else any."""
    digits = sum(char.isdigit() for char in text[start:end])
    if digits >= _SHORTEST_NUMBER:
        phone = text[start] in "+(" or digits in _PHONE_DIGITS
        yield Found(start, end, Kind.PHONE if phone else Kind.NUMBER)


def _name(text: str, start: int, end: int) -> Iterator[Found]:
    """A name up to the first word that no name has."""
    words = text[start:end].split(" ")
    bare = [word.strip(".,'’") for word in words]
    if NO_FIRST_NAME.fullmatch(bare[0]):
        return
    count = next((n for n, word in enumerate(bare) if NO_NAME.fullmatch(word)), len(bare))
    if count:
        yield Found(start, start + len(" ".join(words[:count])), Kind.NAME)


def _beside(start: int, end: int, dates: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """A number without the dates that stand in it or begin or end it."""
    for first, last in dates:
        if first <= start < last:
            start = min(last, end)
        elif start < first < end:
            end = first
    return start, end


def _known(text: str, known: Sequence[str]) -> Iterator[Found]:
    plain = _folded(text)
    bare = _lower(plain)
    for name in known:
        whole = _lower(_folded(name).strip())
        if len(whole) >= _SHORTEST_NAME:
            yield from _each(bare, whole)
        for part in whole.split():
            for one in _each(bare, part) if len(part) >= _SHORTEST_NAME and part.isalpha() else ():
                if plain[one.start].isupper() or _is_joined(text, one) or _is_named(text, one):
                    yield one


def _each(text: str, words: str) -> Iterator[Found]:
    for found in re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", text):
        yield Found(found.start(), found.end(), Kind.NAME)


def _is_joined(text: str, one: Found) -> bool:
    """Tell whether a word is part of a path or an account, where names are in lower case."""
    around = text[max(0, one.start - 1) : one.start] + text[one.end : one.end + 1]
    return _JOINED.search(around.rstrip(".")) is not None


def _is_named(text: str, one: Found) -> bool:
    """Tell whether somebody says who they are, or greets, with the word."""
    return _NAMED.search(text[max(0, one.start - 20) : one.start]) is not None


def _folded(text: str) -> str:
    """The text without accents, character by character, so that places stay the same."""
    return "".join(unicodedata.normalize("NFD", char)[0] for char in text)


def _lower(text: str) -> str:
    """In lower case, character by character as well."""
    return "".join(char.casefold()[0] for char in text)


def _signature(text: str) -> Iterator[Found]:
    """What follows the last closing words, when it is as short as signatures are."""
    at = 0
    places: list[tuple[int, str]] = []
    for line in text.split("\n"):
        places.append((at, line))
        at += len(line) + 1
    closings = [n for n, (_, line) in enumerate(places) if CLOSING.fullmatch(line.strip())]
    if not closings:
        return
    below = [(begin, line) for begin, line in places[closings[-1] + 1 :] if line.strip()]
    if 0 < len(below) <= _SIGNATURE_LINES and all(len(line) <= _LONGEST_LINE for _, line in below):
        last, line = below[-1]
        yield Found(below[0][0], last + len(line), Kind.SIGNATURE)
