"""The error code in what was typed or pasted at a question of a tree."""

import re
from collections.abc import Iterable, Iterator

LOOK_ALIKE = str.maketrans("OIL", "011")
LONG = 6
"""From so many characters on a code may also be written in pieces, or without its first letter."""
MOST_PIECES = 4

_PIECE = re.compile(r"[0-9A-Z]+")
_WRITTEN = re.compile(
    r"(?<![0-9A-Z])(?=[A-Z-]*[0-9])[0-9A-Z](?:[0-9A-Z]|-(?=[0-9A-Z])){2,23}(?![0-9A-Z])"
)
_DAY = re.compile(r"[0-9]{1,4}-[0-9]{1,2}-[0-9]{1,4}")
_LETTERED = re.compile(r"(?=.*[A-Z]).{5}")
_HEXADECIMAL = re.compile(r"[0-9A-F]+")


def bare(code: str) -> str:
    """Return what two spellings of one code share: `0xE-1O` and `e10` are one; O and 0, I, l and
    1 are often mistaken."""
    plain = "".join(_PIECE.findall(code.upper())).translate(LOOK_ALIKE)
    return plain.removeprefix("0X") or plain


def code_in(text: str, known: Iterable[str] = ()) -> str | None:
    """Return the error code in a text: the longest that is `known`, in the spelling known, else
    what looks most like a code; None where nothing does.

    People copy codes in pieces, without prefix, and in the middle of whole lines of a log, whose
    day and time are no codes."""
    upper = text.upper()
    spelt = _spellings(known)
    found = max((one for one in _tries(upper) if one in spelt), key=len, default=None)
    if found is not None:
        return spelt[found]
    written = [one for one in _WRITTEN.findall(upper) if not _DAY.fullmatch(one)]
    lettered = (one for one in written if _LETTERED.match(one))
    return next(lettered, written[0] if written else None)


def _spellings(known: Iterable[str]) -> dict[str, str]:
    """The known codes by their bare form, long ones without their first letter too."""
    spelt: dict[str, str] = {}
    for code in known:
        spelt.setdefault(bare(code), code)
    for form, code in list(spelt.items()):
        rest = form[1:]
        if form[:1].isalpha() and len(rest) >= LONG and _HEXADECIMAL.fullmatch(rest):
            spelt.setdefault(rest, code)
    return spelt


def _tries(upper: str) -> Iterator[str]:
    """The words of a text in their bare form, and neighbours written as one."""
    pieces = _PIECE.findall(upper)
    for first in range(len(pieces)):
        yield bare(pieces[first])
        for end in range(first + 2, min(first + MOST_PIECES, len(pieces)) + 1):
            joined = bare("".join(pieces[first:end]))
            if len(joined) >= LONG:
                yield joined
