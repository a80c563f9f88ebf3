"""Licence keys as people type them (R6, R7)."""

import re
from collections.abc import Iterable
from enum import StrEnum

MOST_KEYS_AT_ONCE = 1000
_SHORTEST_KEY = 12
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTUVWXYZ"  # as canonical() leaves them
_BOX_SERIAL = re.compile(r"[0-9]{8}|[0-9]{16}")  # no other script's digits
_NOT_OF_A_KEY = re.compile(r"[\W_]+")
_LOOK_ALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})
_BETWEEN_KEYS = re.compile(r"[\r\n\t\v\f\x1c-\x1e\x85\u2028\u2029,;|]+")


class KeyShape(StrEnum):
    """What a text looks like before anybody looks it up."""

    FULL = "full"
    BOX_SERIAL = "box-serial"
    MALFORMED = "malformed"


class KeyCheck(StrEnum):
    """How a product's keys show that they were typed right; O, I and L count as 0, 1 and 1."""

    NONE = "none"
    MOD_33 = "mod-33"  # the last character, over the 33 that do not look alike
    MOD_97 = "mod-97"  # the last two digits, as in bank account numbers (ISO 7064)


def is_typed_right(written: str, check: KeyCheck) -> bool:
    """Tell whether a key's check characters fit the rest of it."""
    text = [char for char in canonical(written) if char.isascii()]
    if check is KeyCheck.MOD_33:
        values = [_ALPHABET.index(char) for char in reversed(text)]
        return bool(values) and sum(v * (1 + at % 2) for at, v in enumerate(values)) % 33 == 0
    if check is KeyCheck.MOD_97:
        return int("".join(str(int(char, 36)) for char in text) or "0") % 97 == 1
    return True


def with_check(text: str, check: KeyCheck) -> str:
    """Return a key's text with its check characters put behind it."""
    if check is KeyCheck.NONE:
        return text
    digits = [f"{n:02d}" for n in range(98)] if check is KeyCheck.MOD_97 else _ALPHABET
    return next(text + end for end in digits if is_typed_right(text + end, check))


def canonical(written: str) -> str:
    """Return the one spelling of a key: upper case, no separators, and the letters that look
    like digits (O, I, L) as those digits; two keys are the same when this is the same."""
    return compact(written).translate(_LOOK_ALIKES)


def compact(written: str) -> str:
    """Return a key in upper case without spaces, hyphens and other separators."""
    return _NOT_OF_A_KEY.sub("", written).upper()


def shape(written: str, patterns: Iterable[str]) -> KeyShape:
    """Tell a full key from a short box serial (8 or 16 digits, R7) and from anything else.

    `patterns` are the products' regular expressions over a key in upper case without
    separators; without any pattern every long enough run of letters and digits is a key."""
    tight, same = compact(written), canonical(written)
    patterns = tuple(patterns)
    if any(re.fullmatch(pattern, text) for pattern in patterns for text in (tight, same)):
        return KeyShape.FULL
    if _BOX_SERIAL.fullmatch(same):
        return KeyShape.BOX_SERIAL
    if not patterns and len(tight) >= _SHORTEST_KEY and tight.isascii():
        return KeyShape.FULL
    return KeyShape.MALFORMED


def split(pasted: str, patterns: Iterable[str]) -> tuple[str, ...]:
    """Cut pasted text into keys, in the order written; one written twice stands there twice (R6).

    Line ends, commas, semicolons and tabs part keys. Spaces do so only when each piece is a key
    or a serial by itself, because people also write one key in groups. A label before a colon,
    as order mails have it, is no part of a key."""
    patterns = tuple(patterns)
    found: list[str] = []
    for line in _BETWEEN_KEYS.split(pasted):
        text = line.rpartition(":")[2].strip()
        pieces = text.split()
        alone = len(pieces) > 1 and all(
            shape(piece, patterns) is not KeyShape.MALFORMED for piece in pieces
        )
        for piece in pieces if alone and not _one_serial(text) else [text]:
            if compact(piece):
                found.append(piece)
        if len(found) >= MOST_KEYS_AT_ONCE:
            break
    return tuple(found[:MOST_KEYS_AT_ONCE])


def last_four(written: str) -> str:
    """Return the part of a key that may be shown."""
    return compact(written)[-4:]


def _one_serial(text: str) -> bool:
    """A 16-digit serial written as two groups of eight is one serial, not two."""
    return _BOX_SERIAL.fullmatch(canonical(text)) is not None
