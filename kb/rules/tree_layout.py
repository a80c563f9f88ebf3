"""Where the boxes and lines of a drawing go: layers from top to bottom, few crossings, no library.

Layers are longest paths from the start; a long way to a node runs as one trunk that others join, so
an end that half the tree leads to does not become a knot. Crossings are lessened by barycentres,
places are means of the neighbours kept in order (isotonic regression). Used where Graphviz is not
installed; its answer has the same form (`kb/outside/graphviz.py`)."""

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

MARGIN = 12.0
GAP = 22.0  # between boxes of a layer, and between a layer and the labels below it
FALL = 30.0  # between labels and the layer below them, where the lines turn
TRUNK = 14.0  # the room a passing line takes
PORT = 16.0  # lines end at least this far from a box's corner
_ORDERINGS = 12
_PLACINGS = 24

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A node of the drawing with its size."""

    id: str
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Tie:
    """A line from one box to another with the size of its label (0 without one)."""

    tail: str
    head: str
    width: float = 0.0
    height: float = 0.0


@dataclass(frozen=True, slots=True)
class Line:
    """A line as cubic Bézier points (1 + 3 for each piece) and the middle of its label."""

    points: tuple[Point, ...]
    label: Point


@dataclass(frozen=True, slots=True)
class Layout:
    """The size of the whole, the middle of each box, and a line for each tie, in order."""

    width: float
    height: float
    boxes: Mapping[str, Point]
    lines: tuple[Line, ...]


_Element = tuple[str, str | int, int]
"""What takes room in a layer: ("box", id, 0), ("label", number of the tie, 0) or
("trunk", head, layer): the way to a head, shared by all ties that pass here."""


def lay_out(boxes: Sequence[Box], ties: Sequence[Tie]) -> Layout:
    """Place the boxes of a graph without circles, every tie leading downwards."""
    net = _Net(boxes, ties)
    layers = _ordered(net)
    across = _placed(net, layers)
    down = _heights(net, layers)
    left = min(across[one] - net.width[one] / 2 for layer in layers for one in layer) - MARGIN
    across = {one: x - left for one, x in across.items()}
    return Layout(
        width=max(across[one] + net.width[one] / 2 for one in across) + MARGIN,
        height=down[-1][1] + MARGIN,
        boxes={box.id: (across["box", box.id, 0], _middle(net, down, box)) for box in boxes},
        lines=tuple(_line(net, number, across, down) for number in range(len(ties))),
    )


class _Net:
    """The elements, their layers and sizes, and which of neighbouring layers hang together."""

    def __init__(self, boxes: Sequence[Box], ties: Sequence[Tie]) -> None:
        self.boxes = {box.id: box for box in boxes}
        self.ties = ties
        ranks = _ranks(boxes, ties)
        self.layer: dict[_Element, int] = {}
        self.width: dict[_Element, float] = {}
        self.ways: list[list[_Element]] = []
        for box in boxes:
            self._put(("box", box.id, 0), 2 * ranks[box.id], box.width)
        for number, tie in enumerate(ties):
            first, last = 2 * ranks[tie.tail] + 1, 2 * ranks[tie.head]
            self._put(("label", number, 0), first, max(tie.width, TRUNK))
            trunk: list[_Element] = [("trunk", tie.head, at) for at in range(first + 1, last)]
            for one in trunk:
                self._put(one, one[2], TRUNK)
            ends: tuple[_Element, _Element] = (("box", tie.tail, 0), ("box", tie.head, 0))
            self.ways.append([ends[0], ("label", number, 0), *trunk, ends[1]])
        self.above: defaultdict[_Element, set[_Element]] = defaultdict(set)
        self.below: defaultdict[_Element, set[_Element]] = defaultdict(set)
        for way in self.ways:
            for upper, lower in pairwise(way):
                self.below[upper].add(lower)
                self.above[lower].add(upper)

    def _put(self, one: _Element, layer: int, width: float) -> None:
        self.layer[one] = layer
        self.width[one] = width

    def layers(self) -> list[list[_Element]]:
        """The elements of each layer, in the order they were met."""
        found: list[list[_Element]] = [[] for _ in range(max(self.layer.values()) + 1)]
        for one, layer in self.layer.items():
            found[layer].append(one)
        return found


def _ranks(boxes: Sequence[Box], ties: Sequence[Tie]) -> dict[str, int]:
    """Return the longest way from a start to each box, in ties."""
    onward: defaultdict[str, list[str]] = defaultdict(list)
    open_ties = dict.fromkeys((box.id for box in boxes), 0)
    for tie in ties:
        onward[tie.tail].append(tie.head)
        open_ties[tie.head] += 1
    ranks = dict.fromkeys(open_ties, 0)
    ready = [name for name, count in open_ties.items() if not count]
    while ready:
        name = ready.pop()
        for head in onward[name]:
            ranks[head] = max(ranks[head], ranks[name] + 1)
            open_ties[head] -= 1
            if not open_ties[head]:
                ready.append(head)
    return ranks


def _ordered(net: _Net) -> list[list[_Element]]:
    """Order each layer by the middle of its neighbours, down and up, and keep the best seen."""
    layers = net.layers()
    best, fewest = layers, _crossings(net, layers)
    for turn in range(_ORDERINGS):
        down = turn % 2 == 0
        near = net.above if down else net.below
        layers = [list(layer) for layer in layers]
        numbers = range(1, len(layers)) if down else range(len(layers) - 2, -1, -1)
        for number in numbers:
            fixed = _places(layers[number - 1 if down else number + 1])
            layers[number] = _by_neighbours(layers[number], near, fixed)
        crossings = _crossings(net, layers)
        if crossings < fewest:
            best, fewest = layers, crossings
    return best


def _places(layer: Sequence[_Element]) -> dict[_Element, int]:
    return {one: place for place, one in enumerate(layer)}


def _by_neighbours(
    layer: list[_Element],
    near: Mapping[_Element, set[_Element]],
    fixed: Mapping[_Element, int],
) -> list[_Element]:
    means = {}
    for place, one in enumerate(layer):
        found = [fixed[other] for other in near.get(one, ())]
        means[one] = sum(found) / len(found) if found else float(place)
    return sorted(layer, key=means.__getitem__)


def _crossings(net: _Net, layers: Sequence[Sequence[_Element]]) -> int:
    """Count the pairs of lines that cross between neighbouring layers."""
    total = 0
    for upper, lower in pairwise(layers):
        places = _places(lower)
        passed: list[int] = []
        for one in upper:
            ends = sorted(places[other] for other in net.below[one])
            total += sum(len(passed) - bisect_right(passed, end) for end in ends)
            for end in ends:
                insort(passed, end)
    return total


def _placed(net: _Net, layers: Sequence[Sequence[_Element]]) -> dict[_Element, float]:
    """Return the middle of each element across: near its neighbours, none over another."""
    across: dict[_Element, float] = {}
    for layer in layers:
        for one, x in zip(layer, _apart(net, layer, [0.0] * len(layer)), strict=True):
            across[one] = x
    for turn in range(_PLACINGS):
        both = turn >= _PLACINGS - 4
        near = (net.above, net.below) if both else ((net.above, net.below)[turn % 2],)
        for layer in layers if turn % 2 == 0 else reversed(layers):
            wanted = [_wanted(one, near, across) for one in layer]
            across.update(zip(layer, _apart(net, layer, wanted), strict=True))
    return across


def _wanted(
    one: _Element,
    near: Sequence[Mapping[_Element, set[_Element]]],
    across: Mapping[_Element, float],
) -> float:
    """Return where an element would stand if it were alone; trunks pull each other straight."""
    weight = total = 0.0
    for side in near:
        for other in side.get(one, ()):
            pull = 8.0 if one[0] == other[0] == "trunk" else 1.0
            weight += pull
            total += pull * across[other]
    return total / weight if weight else across[one]


def _apart(net: _Net, layer: Sequence[_Element], wanted: Sequence[float]) -> list[float]:
    """Return the places nearest to those wanted (least squares) that keep order and distance."""
    shifts = [0.0]
    for left, right in pairwise(layer):
        shifts.append(shifts[-1] + (net.width[left] + net.width[right]) / 2 + _gap(left, right))
    blocks: list[tuple[float, int]] = []  # mean and number of those that must stand together
    for x, shift in zip(wanted, shifts, strict=True):
        mean, count = x - shift, 1
        while blocks and blocks[-1][0] > mean:
            before, number = blocks.pop()
            mean = (mean * count + before * number) / (count + number)
            count += number
        blocks.append((mean, count))
    flat = [mean for mean, count in blocks for _ in range(count)]
    return [mean + shift for mean, shift in zip(flat, shifts, strict=True)]


def _gap(left: _Element, right: _Element) -> float:
    return GAP if left[0] == right[0] == "box" else GAP / 2


def _heights(net: _Net, layers: Sequence[Sequence[_Element]]) -> list[tuple[float, float]]:
    """Return top and bottom of each layer."""
    found: list[tuple[float, float]] = []
    top = MARGIN
    for number, layer in enumerate(layers):
        bottom = top + max(_height(net, one) for one in layer)
        found.append((top, bottom))
        top = bottom + (GAP if number % 2 == 0 else FALL)
    return found


def _height(net: _Net, one: _Element) -> float:
    kind, name, _ = one
    if kind == "label":
        return net.ties[int(name)].height
    return net.boxes[str(name)].height if kind == "box" else 0.0


def _middle(net: _Net, down: Sequence[tuple[float, float]], box: Box) -> float:
    top, bottom = down[net.layer["box", box.id, 0]]
    return (top + bottom) / 2


def _line(
    net: _Net,
    number: int,
    across: Mapping[_Element, float],
    down: Sequence[tuple[float, float]],
) -> Line:
    """Draw one tie: out of its box, straight through its label and its trunk, into its head."""
    tie, (tail, label, *trunk, head) = net.ties[number], net.ways[number]
    start = _port(net, tail, across, across[label])
    stops: list[tuple[float, float, float]] = []  # across, from, to
    from_bottom = _middle(net, down, net.boxes[tie.tail]) + net.boxes[tie.tail].height / 2
    stops.append((start, from_bottom, from_bottom))
    stops += [(across[one], *down[net.layer[one]]) for one in (label, *trunk)]
    last = across[trunk[-1] if trunk else label]
    into = _middle(net, down, net.boxes[tie.head]) - net.boxes[tie.head].height / 2
    stops.append((_port(net, head, across, last), into, into))
    points: list[Point] = [(start, from_bottom)]
    for (x, _, bottom), (to_x, to_top, to_bottom) in pairwise(stops):
        half = (to_top - bottom) / 2
        points += [(x, bottom + half), (to_x, to_top - half), (to_x, to_top)]
        if to_bottom > to_top:
            points += [(to_x, to_top), (to_x, to_bottom), (to_x, to_bottom)]
    top, bottom = down[net.layer[label]]
    return Line(tuple(points), (across[label], (top + bottom) / 2))


def _port(net: _Net, one: _Element, across: Mapping[_Element, float], toward: float) -> float:
    """Return where a line touches a box: as straight above or below its other end as can be."""
    room = max(net.width[one] / 2 - PORT, 0.0)
    return min(max(toward, across[one] - room), across[one] + room)
