"""Finding personal data in a text, so that it can go before others read it.

What the case knows (names, organisation) is looked for by itself; the rest by how it looks. The
finding errs towards too much: a person confirms each, and can put one back."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kb.rules.given_names import folded
from kb.rules.known_names import Names, machines
from kb.rules.personal_names import CLOSING, FIRMS, NAME, NO_FIRST_NAME, NO_NAME, PEOPLE
from kb.rules.personal_numbers import AMOUNT, BY_THE_POINT, DATES, DOTTED, NO_NUMBER
from kb.rules.personal_numbers import PATTERNS as NUMBERS
from kb.rules.personal_patterns import NO_ACCOUNT, PATTERNS, Kind

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
_SHORTEST_NUMBER = 8  # digits
_PHONE_DIGITS = range(9, 12)
_WHOLE_NAME = re.compile(NAME)


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """One piece of personal data: where it stands in the text, what it is."""

    start: int
    end: int
    kind: Kind


def personal_data(
    text: str,
    known: Sequence[str] = (),
    spared: Sequence[str] = (),
    told: Sequence[str] = (),
) -> tuple[Found, ...]:
    """Return the personal data of a text in order, none over another; `known` are the names of
    people and organisations that the case knows, `spared` those of products and of the house,
    `told` those that other texts say are somebody's."""
    seen = [*_by_looks(text), *_names(text), *_signature(text)]
    names = Names(known, (*names_told((text,)), *told), spared)
    named = [Found(start, end, Kind.NAME) for start, end in names.found(text)]
    return _apart([*named, *(one for one in seen if not _is_spared(text, one, spared))])


def names_told(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the names that people say in texts are theirs or somebody's, once each."""
    found: dict[str, None] = {}
    for text in texts:
        for pattern in PEOPLE:
            for match in pattern.finditer(text):
                found |= {text[a:b]: None for a, b in _name(text, *match.span("it"))}
        for one in _signature(text):
            first = text[one.start : one.end].partition("\n")[0].strip(" .,-")
            if _WHOLE_NAME.fullmatch(first):
                found[first] = None
    return tuple(found)


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


def _is_spared(text: str, one: Found, spared: Sequence[str]) -> bool:
    """Tell whether what looks like a name is that of a product or of the house."""
    words = folded(text[one.start : one.end])
    return one.kind is Kind.NAME and any(words == folded(name) for name in spared)


def _by_looks(text: str) -> Iterator[Found]:
    dates = [(found.start(), found.end()) for found in DATES.finditer(text)]
    for kind, pattern in (*PATTERNS, *NUMBERS):
        is_part = bool(pattern.groupindex)
        for found in pattern.finditer(text):
            start, end = found.span(found.lastgroup or 0)
            if kind is Kind.PHONE and not is_part:
                start, end = _beside(start, end, dates)
                yield from _number(text, start, end)
            elif kind is not Kind.ACCOUNT or not NO_ACCOUNT.fullmatch(text[start:end]):
                yield Found(start, end, kind)
    yield from (Found(start, end, Kind.NETWORK) for start, end in machines(text))


def _number(text: str, start: int, end: int) -> Iterator[Found]:
    """A long number: one of a telephone by its signs and length, else any; no version, no size."""
    words = text[start:end]
    digits = sum(char.isdigit() for char in words)
    if digits < _SHORTEST_NUMBER or AMOUNT.match(text, end) or NO_NUMBER.search(words):
        return
    if DOTTED.fullmatch(words) and not BY_THE_POINT.fullmatch(words):
        return
    phone = words[0] in "+(" or digits in _PHONE_DIGITS
    yield Found(start, end, Kind.PHONE if phone else Kind.NUMBER)


def _names(text: str) -> Iterator[Found]:
    for pattern in PEOPLE:
        for found in pattern.finditer(text):
            yield from (Found(*place, Kind.NAME) for place in _name(text, *found.span("it")))
    for pattern in FIRMS:
        for found in pattern.finditer(text):
            yield from _firm(text, *found.span("it"))


def _name(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A name up to the first word that no name has."""
    words = text[start:end].split(" ")
    bare = [word.strip(".,'’") for word in words]
    if NO_FIRST_NAME.fullmatch(bare[0]):
        return
    count = next((n for n, word in enumerate(bare) if NO_NAME.fullmatch(word)), len(bare))
    if count:
        name = " ".join(words[:count])
        yield start, start + len(re.sub(r"['’]s$", "", name))


def _firm(text: str, start: int, end: int) -> Iterator[Found]:
    """The name of a firm, without words that a sentence begins with."""
    words = text[start:end].split(" ")
    while len(words) > 1 and NO_NAME.fullmatch(words[0].strip(",")):
        start += len(words.pop(0)) + 1
    if len(words) > 1:
        yield Found(start, end, Kind.NAME)


def _beside(start: int, end: int, dates: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """A number without the dates that stand in it or begin or end it."""
    for first, last in dates:
        if first <= start < last:
            start = min(last, end)
        elif start < first < end:
            end = first
    return start, end


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
