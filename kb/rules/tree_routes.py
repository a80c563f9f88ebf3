"""The proof that the routes of a typed answer take every value exactly once.

Conditions change only at the values they name. So it is enough to try each of these values and
one value in each gap between them: what holds there holds for all values of the gap."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal, DecimalException
from itertools import pairwise

from kb.rules.tree_flaws import Flaw, flaw
from kb.rules.trees import Condition, Input, InputKind, Tree
from kb.rules.typed import Comparable, comparable, is_whole_enough, key

MOST_PARTS = 4  # of a version
MOST_IN_PART = 999_999
SMALLEST = Decimal("0.000001")
LARGEST = Decimal("999999999999.999999")


def route_flaws(tree: Tree, node: Input) -> Iterator[Flaw]:
    """Yield what is wrong with the routes and bounds of an input."""
    malformed = [*_malformed(tree, node)]
    yield from malformed
    ordered = node.input is not InputKind.ERROR_CODE
    if ordered and not malformed:
        yield from _uneven(tree, node)
    elif not ordered:
        yield from _doubled_codes(tree, node)
    ends_open = not node.routes or node.routes[-1].condition is not None
    if ends_open and (node.optional or not ordered):
        mend = "end the list with “- {else: node}”"
        yield flaw(tree, node, "has no way on for all other values", mend, "route")


def _malformed(tree: Tree, node: Input) -> Iterator[Flaw]:
    for name in ("lowest", "highest"):
        bound = getattr(node, name)
        if bound is not None and not _readable(node, bound):
            what = f"has a bound “{bound}” that is no {_noun(node)}"
            yield flaw(tree, node, what, "mend it", "input", name)
            return
    if node.lowest is not None and node.highest is not None and _is_upside_down(node):
        what = f"has its lowest value “{node.lowest}” above its highest"
        yield flaw(tree, node, what, "swap them", "input", "lowest")
    for number, route in enumerate(node.routes):
        place = ("route", number)
        if route.condition is None:
            if number < len(node.routes) - 1:
                yield flaw(tree, node, "has routes after “else”", "put “else” last", *place)
            continue
        problem = _condition_problem(node, route.condition)
        if problem:
            yield flaw(tree, node, *problem, *place, "if")


def _is_upside_down(node: Input) -> bool:
    low, high = (comparable(node.input, str(bound)) for bound in (node.lowest, node.highest))
    return low > high


def _noun(node: Input) -> str:
    return f"whole {node.input}" if node.whole else str(node.input)


def _condition_problem(node: Input, test: Condition) -> tuple[str, str] | None:
    bounds = [bound for bound in (test.at_least, test.below) if bound is not None]
    if not test.values and not bounds:
        return "has a route with an empty “if”", "give it “in”, “at-least” or “below”"
    if node.input is InputKind.ERROR_CODE:
        if bounds:
            return "bounds an error code, which has no order", "use “in” with the codes"
        return None
    for value in (*test.values, *bounds):
        if not _readable(node, value):
            what = f"compares with “{value}”, which is no {_noun(node)}"
            return what, "write it in quotes, as typed"
    return None


def _readable(node: Input, value: str) -> bool:
    try:
        size = comparable(node.input, value)
    except (ValueError, DecimalException):
        return False
    return is_whole_enough(node, size)


def _doubled_codes(tree: Tree, node: Input) -> Iterator[Flaw]:
    taken: dict[object, int] = {}
    for number, route in enumerate(node.routes):
        codes = {key(node.input, code): code for code in (route.condition or Condition()).values}
        doubled = [code for one, code in codes.items() if one in taken]
        if codes and len(doubled) == len(codes):
            what = "has a route that is never taken: earlier ones take all its values"
            yield flaw(tree, node, what, "remove it or its double", "route", number, "if")
        elif doubled:
            what = f"has two routes for {doubled[0]}"
            yield flaw(tree, node, what, "take it out of one of them", "route", number, "if")
        taken |= dict.fromkeys(codes, number)


def _uneven(tree: Tree, node: Input) -> Iterator[Flaw]:
    """Try the values where conditions change and one between each two of them."""
    tests = [_Holds(node, r.condition) for r in node.routes if r.condition is not None]
    has_else = len(tests) < len(node.routes)
    alone, used, gap = set[tuple[int, int]](), set[int](), None
    for value in _witnesses(node, tests):
        takers = [number for number, test in enumerate(tests) if test(value)]
        used.update(takers)
        if not takers and gap is None:
            gap = value
        for first, second in pairwise(takers):
            if (first, second) not in alone:
                alone.add((first, second))
                entries = f"entries {first + 1} and {second + 1}"
                what = f"has two routes for {written(node, value)}: {entries}"
                mend = "let each value be taken by one of them only"
                yield flaw(tree, node, what, mend, "route", second, "if")
    for number in sorted(set(range(len(tests))) - used):
        what = "has a route that no value can take"
        mend = "make “at-least” lower than “below”, within “lowest” and “highest”"
        yield flaw(tree, node, what, mend, "route", number, "if")
    if gap is not None and not has_else:
        what = f"has no way on for {written(node, gap)}, for example"
        mend = "widen a route, or end the list with “- {else: node}”"
        yield flaw(tree, node, what, mend, "route")
    if gap is None and has_else and not node.optional:
        what = "has an “else” that no value can take"
        yield flaw(tree, node, what, "remove it", "route", len(tests), "else")


class _Holds:
    """A condition with its values read once."""

    def __init__(self, node: Input, test: Condition) -> None:
        self.values = {comparable(node.input, value) for value in test.values}
        self.low = None if test.at_least is None else comparable(node.input, test.at_least)
        self.below = None if test.below is None else comparable(node.input, test.below)

    def __call__(self, value: Comparable) -> bool:
        if self.values and value not in self.values:
            return False
        above = self.low is None or value >= self.low
        return above and (self.below is None or value < self.below)

    @property
    def edges(self) -> set[Comparable]:
        return self.values | {edge for edge in (self.low, self.below) if edge is not None}


def _witnesses(node: Input, tests: list[_Holds]) -> Iterator[Comparable]:
    """Yield one value for each part of what may be typed, in order."""
    low, high = _domain(node)
    edges = {edge for test in tests for edge in test.edges if low <= edge <= high}
    marks = sorted(edges | {low, high})
    for first, second in pairwise(marks):
        yield first
        middle = between(node, first, second)
        if middle is not None:
            yield middle
    yield marks[-1]


def _domain(node: Input) -> tuple[Comparable, Comparable]:
    """Return the lowest and the highest value that may be typed."""
    least, most = {
        InputKind.NUMBER: ((Decimal(0),), (LARGEST,)),
        InputKind.VERSION: ((), (Decimal(MOST_IN_PART),) * MOST_PARTS),
        InputKind.DATE: (_day(date.min), _day(date.max)),
    }[node.input]
    low = least if node.lowest is None else comparable(node.input, node.lowest)
    high = most if node.highest is None else comparable(node.input, node.highest)
    return low, high


def _day(day: date) -> Comparable:
    return (Decimal(day.toordinal()),)


def between(node: Input, low: Comparable, high: Comparable) -> Comparable | None:
    """Return a value that may be typed and lies between two others; None where there is none."""
    if node.input is InputKind.VERSION:
        return next((one for one in _versions_after(low) if one < high), None)
    next_whole = low[0].to_integral_value(rounding="ROUND_FLOOR") + 1
    if next_whole < high[0]:
        return (next_whole,)
    if node.whole or node.input is InputKind.DATE or low[0] + SMALLEST >= high[0]:
        return None
    return (((low[0] + high[0]) / 2).quantize(SMALLEST, rounding="ROUND_FLOOR"),)


def _versions_after(low: Comparable) -> Iterator[Comparable]:
    """Yield versions above one, the nicest to read first, the nearest last."""
    parts = (*low, *(Decimal(0),) * (MOST_PARTS - len(low)))
    yield from ((*parts[:at], parts[at] + 1) for at in range(MOST_PARTS))


def written(node: Input, value: Comparable) -> str:
    """Return a value as an author would write it."""
    if node.input is InputKind.VERSION:
        return ".".join(f"{part:f}" for part in value) or "0"
    if node.input is InputKind.DATE:
        return date.fromordinal(int(value[0])).isoformat()
    return f"{value[0].normalize():f}"
