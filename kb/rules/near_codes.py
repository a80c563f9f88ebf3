"""Error codes that nearly are what was typed: to be offered, never to be searched unasked."""

from collections.abc import Iterable

SHORTEST = 4
LEAST_DIGITS = 2


def is_code(word: str) -> bool:
    """Tell whether a word looks like an error code: four characters, two of them digits."""
    plain = canonical(word)
    return len(plain) >= SHORTEST and sum(map(str.isdigit, plain)) >= LEAST_DIGITS


def canonical(code: str) -> str:
    """Return a code as it is compared: capitals and digits alone, without `0x`."""
    plain = "".join(char for char in code.upper() if char.isascii() and char.isalnum())
    return plain.removeprefix("0X")


def near_codes(typed: str, known: Iterable[str], most: int = 3) -> tuple[str, ...]:
    """Return the known codes that differ from the typed one by a slip or two, nearest first.

    One slip (a wrong, missing, added or swapped character) for every four characters, two at
    most. A code that is known was not mistyped: nothing is near it."""
    wanted = canonical(typed)
    allowed = min(2, len(wanted) // 4)
    found: dict[str, int] = {}
    for code in known:
        plain = canonical(code)
        if abs(len(plain) - len(wanted)) <= allowed and _alike(wanted, plain):
            slips = _slips(wanted, plain)
            if not slips:
                return ()
            if slips <= allowed:
                found[code] = slips
    return tuple(sorted(found, key=lambda code: (found[code], code))[:most])


def _alike(one: str, other: str) -> bool:
    """Slips seldom touch both the beginning and the end of a code; cheap to look at first."""
    return one[:1] == other[:1] or one[-2:] == other[-2:]


def _slips(one: str, other: str) -> int:
    """The optimal string alignment distance."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, char in enumerate(one):
        now = [row + 1]
        for column, wanted in enumerate(other):
            least = min(last[column] + (char != wanted), last[column + 1] + 1, now[column] + 1)
            if row and column and char == other[column - 1] and one[row - 1] == wanted:
                least = min(least, before[column - 1] + 1)
            now.append(least)
        before, last = last, now
    return last[-1]
