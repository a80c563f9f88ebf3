"""Text to terms: what counts as a word, a code or a version, and what its stem is.

The same function serves documents and queries, so both always agree. A term is at most
`LONGEST` bytes of UTF-8, lower case, without accents.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple, cast

from whoosh.lang import snowball

from kb.search.stopwords import STOP_WORDS

LONGEST = 32
LONGEST_CHUNK = 64
"""Beyond it stand addresses and dumps: only their plain parts are words."""
VERSION = 3
"""Raise this when the same text would give other terms: older indexes are then not reused."""

_CHUNK = re.compile(r"[^\W_]+(?:[.\-_'’/][^\W_]+)*")
_CAMEL = re.compile(r"[A-Z]?[a-zß-öø-ÿ]+|[A-Z]+(?![a-zß-öø-ÿ])|[0-9]+|[^\WA-Za-z0-9_]+")
_SEPARATORS = re.compile(r"[.\-_'’/]")
_DIGIT = re.compile(r"[0-9]")
_CODE = re.compile(r"(?:0x|[a-z]{1,8})([0-9a-f]{4,})")
_ELISIONS = frozenset({"s", "t", "d", "m", "re", "ve", "ll"})
_STEMMERS = {
    "da": snowball.DanishStemmer,
    "de": snowball.GermanStemmer,
    "en": snowball.EnglishStemmer,
    "es": snowball.SpanishStemmer,
    "fr": snowball.FrenchStemmer,
    "it": snowball.ItalianStemmer,
    "nl": snowball.DutchStemmer,
    "pt": snowball.PortugueseStemmer,
    "sv": snowball.SwedishStemmer,
}
_UNACCENTED_ENDINGS = {"es": (("cion", "ción"), ("sion", "sión"))}


class Token(NamedTuple):
    """A word of a query and the terms it stands for; the first term is its main one."""

    terms: tuple[str, ...]
    start: int
    end: int


def normal(text: str) -> str:
    """Return `text` composed (NFC) and without control characters, as it is stored."""
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    return text.replace("\0", " ").encode("utf-8", "replace").decode()


def folded(word: str) -> str:
    """Return `word` without accents: 'instalación' -> 'instalacion'; ñ becomes n."""
    if word.isascii():
        return word
    apart = unicodedata.normalize("NFD", word)
    return unicodedata.normalize("NFC", "".join(c for c in apart if not unicodedata.combining(c)))


def chunks(text: str, lang: str) -> tuple[list[str], list[int], list[tuple[str, ...]]]:
    """Return all words of normal text, where each begins and its terms (none for a stop word)."""
    words, starts = [], []
    for match in _CHUNK.finditer(text):
        words.append(match.group())
        starts.append(match.start())
    return words, starts, list(map(_analyser(lang), words))


def tokens(text: str, lang: str) -> list[Token]:
    """Return the words of normal text that mean something, in order."""
    return [
        Token(terms, start, start + len(word))
        for word, start, terms in zip(*chunks(text, lang), strict=True)
        if terms
    ]


def terms(text: str, lang: str) -> list[str]:
    """Return every term of `text`, one for each time it occurs."""
    of = _analyser(lang)
    return [term for chunk in _CHUNK.findall(text) for term in of(chunk)]


def words(text: str) -> list[str]:
    """Return the words of `text`, lower case, as a person would spell them."""
    return [chunk.lower() for chunk in _CHUNK.findall(normal(text))]


@lru_cache(maxsize=16)
def _analyser(lang: str) -> Callable[[str], tuple[str, ...]]:
    """One function a language, which remembers the words it has seen."""
    stem = _stemmer(lang)
    stop = STOP_WORDS.get(lang, frozenset())

    @lru_cache(maxsize=65_536)
    def of(chunk: str) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for word in _spellings(chunk):
            if word not in stop:
                plain = _DIGIT.search(word) or len(word) > LONGEST_CHUNK
                term = folded(word) if plain else stem(word)
                found[_clipped(term)] = None
        return tuple(found)

    return of


def _stemmer(lang: str) -> Callable[[str], str]:
    made = _STEMMERS.get(lang)
    if made is None:
        return folded
    inner = cast("Callable[[str], str]", made().stem)
    endings = _UNACCENTED_ENDINGS.get(lang, ())

    def stem(word: str) -> str:
        for plain, accented in endings:
            if word.endswith(plain):
                word = word[: -len(plain)] + accented
        return folded(inner(word))

    return stem


def _spellings(chunk: str) -> list[str]:
    """A chunk's words: itself, its parts, and the shapes a customer may type it in."""
    word = chunk.lower()
    if len(chunk) > LONGEST_CHUNK:
        return [part for part in _SEPARATORS.split(word) if part]
    if word.isalpha():
        return [word, *_camel_parts(chunk)]
    if not _SEPARATORS.search(word):
        return [word, *_code_parts(word)]
    return _compound(chunk)


def _camel_parts(chunk: str) -> list[str]:
    if chunk[1:].islower() or chunk.isupper() or chunk.islower() or len(chunk) < 6:
        return []
    parts = [part.lower() for part in _CAMEL.findall(chunk)]
    return [part for part in parts if len(part) > 2] if len(parts) > 1 else []


def _code_parts(word: str) -> list[str]:
    """An error code is also found without its prefix: 0x8007000E, E000101F4."""
    match = _CODE.fullmatch(word)
    return [match.group(1)] if match else []


def _compound(chunk: str) -> list[str]:
    """Words of `e-mail`, `don't`, `CVE-2024-1`, `11.5`, `E-000101F4`, `and/or`."""
    parts = [part for part in re.split(r"[\-_'’/]", chunk) if part]
    if len(parts) == 2 and parts[1].lower() in _ELISIONS:
        return _spellings(parts[0])
    found = []
    joined = "".join(parts).lower()
    if len(parts) > 1 and "/" not in chunk:
        found.append(joined)
        if _DIGIT.search(joined):
            found += ["".join(parts[:n]).lower() for n in range(2, len(parts))]
    for part in parts:
        found += _dotted(part) if "." in part else _spellings(part)
    return [word for word in found if len(word) > 1 or word.isdigit()] or [joined]


def _dotted(part: str) -> list[str]:
    """`12.3.1` is also found as 12.3; `file.txt` also as file and txt."""
    pieces = part.split(".")
    if _DIGIT.match(part) and all(piece.isdigit() for piece in pieces[:2]):
        return [part.lower(), *(".".join(pieces[:n]) for n in range(2, len(pieces)))]
    return [part.lower(), *(word for piece in pieces for word in _spellings(piece))]


def _clipped(term: str) -> str:
    raw = term.encode()
    return term if len(raw) <= LONGEST else raw[:LONGEST].decode(errors="ignore")
