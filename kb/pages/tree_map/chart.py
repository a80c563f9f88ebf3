"""Walks week by week as stacked bars: the geometry of an SVG, and its numbers as a table."""

from collections.abc import Sequence
from dataclasses import dataclass

from kb.pages.formats import show_date
from kb.pages.tree_map.words import fate_names
from kb.rules.tree_figures import Fate, Week

HEIGHT = 140
STEP = 44  # px from week to week
BAR = 28
LEFT = 40
_ORDER = (Fate.SOLVED, Fate.ESCALATED, Fate.ADVISED, Fate.UNDER_WAY, Fate.LEFT)


@dataclass(frozen=True, slots=True)
class Piece:
    """One part of a bar."""

    fate: str
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Bar:
    """The walks of one week: place, words, parts, and the numbers as the table tells them."""

    x: int
    day: str
    said: str
    walks: int
    pieces: tuple[Piece, ...]
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything the template draws; `top` is the number at the upper line."""

    width: int
    height: int
    top: int
    bars: tuple[Bar, ...]
    names: tuple[tuple[str, str], ...]


def chart(weeks: Sequence[Week]) -> Chart:
    """Return the bars of these weeks, the highest as high as the chart."""
    names = fate_names()
    used = [fate for fate in _ORDER if any(week.fates.get(fate) for week in weeks)]
    top = max((week.walks for week in weeks), default=0)
    return Chart(
        width=LEFT + STEP * len(weeks),
        height=HEIGHT,
        top=top,
        bars=tuple(_bar(number, week, used, top) for number, week in enumerate(weeks)),
        names=tuple((str(fate), names[fate]) for fate in used),
    )


def _bar(number: int, week: Week, used: Sequence[Fate], top: int) -> Bar:
    names = fate_names()
    pieces: list[Piece] = []
    level = float(HEIGHT)
    for fate in used:
        height = week.fates.get(fate, 0) / top * (HEIGHT - 10)
        level -= height
        if height:
            pieces.append(Piece(str(fate), round(level, 1), round(height, 1)))
    numbers = tuple(week.fates.get(fate, 0) for fate in used)
    day = show_date(week.monday, "d MMM")
    parts = ", ".join(f"{names[f]} {n}" for f, n in zip(used, numbers, strict=True) if n)
    return Bar(
        LEFT + STEP * number + (STEP - BAR) // 2,
        day,
        f"{day}: {week.walks}" + (f" ({parts})" if parts else ""),
        week.walks,
        tuple(pieces),
        numbers,
    )
