"""The geometry of a small chart of bars; templates draw it."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar, from its upper left corner, with the number it stands for."""

    x: int
    y: float
    height: float
    number: int


@dataclass(frozen=True, slots=True)
class BarChart:
    """Bars side by side in a box; `top` is the number as high as the box."""

    width: int
    height: int
    bar: int
    top: int
    bars: tuple[Bar, ...]


def bar_chart(
    numbers: Sequence[int], *, top: int = 0, step: int = 20, height: int = 56
) -> BarChart:
    """Return bars for these numbers, each `step` pixels from the next, four of them gap. A `top`
    shared by several charts makes them comparable; a number above nought is never unseen."""
    highest = max([1, top, *numbers])
    bars = []
    for place, number in enumerate(numbers):
        tall = round(max(number / highest * height, 2.0), 1) if number else 0.0
        bars.append(Bar(place * step, round(height - tall, 1), tall, number))
    return BarChart(max(1, len(numbers)) * step, height, step - 4, highest, tuple(bars))
