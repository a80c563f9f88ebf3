"""A tree as a picture: what each box says and which shape it has, written as SVG.

Colours are classes of the page's style sheet; a file that stands alone carries its own style."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from textwrap import wrap

from kb.rules.tree_drawing import ENGLISH, Words, inside, ways
from kb.rules.tree_layout import Box, Layout, Line, Tie
from kb.rules.trees import Tree

_LETTER = 7.0  # mean width of a letter of a box's text, px
_SMALL = 6.2  # of its small lines and of the words on lines
_ROW = 17.0
_SMALL_ROW = 15.0
_PADDING = 20.0
_COLUMNS = 24  # letters in a row of a box
_ROWS = 3
_WAY_COLUMNS = 20  # letters in a row of a line's words
_WAY_ROWS = 2
_SLANT = 14.0  # how far the shapes of typed answers and hand-overs lean

STYLE = """\
:root { color-scheme: light dark }
svg { font-family: system-ui, sans-serif; background: light-dark(#fff, #101716) }
.tree-map text { fill: light-dark(#15211f, #e7eeec); font-size: 13px }
.tree-map .kind, .tree-map .note { fill: light-dark(#50605c, #a3b2ae); font-size: 11.5px }
.tree-map .way text { font-size: 12px }
.tree-map .way rect { fill: light-dark(#fff, #101716) }
.tree-map .shape { fill: light-dark(#f4f7f6, #172120); stroke: light-dark(#74827f, #74857f) }
.tree-map .solved .shape { fill: light-dark(#e4f3e9, #14301f); stroke: currentcolor }
.tree-map .solved { color: light-dark(#1d6b3b, #7bd3a0) }
.tree-map .contact .shape { fill: light-dark(#e3f0f1, #14333a); stroke: currentcolor }
.tree-map .contact { color: light-dark(#0b5a68, #82cdd6) }
.tree-map .line { fill: none; stroke: light-dark(#74827f, #74857f); stroke-width: 1.25 }
.tree-map .tip { fill: light-dark(#74827f, #74857f) }
"""


@dataclass(frozen=True, slots=True)
class Marked:
    """What a page adds to a node: where it leads, a line of figures, whether many leave here."""

    url: str = ""
    note: str = ""
    loses: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """A box of the drawing: its words, cut to rows, and the whole of them for who cannot see."""

    id: str
    kind: str
    named: str
    rows: tuple[str, ...]
    whole: str
    marked: Marked
    box: Box


@dataclass(frozen=True, slots=True)
class Picture:
    """A tree ready to be laid out: `cards` and `ties` stand for `Layout.boxes` and `.lines`."""

    title: str
    cards: tuple[Card, ...]
    ties: tuple[Tie, ...]
    said: tuple[tuple[str, ...], ...]

    @property
    def boxes(self) -> tuple[Box, ...]:
        return tuple(card.box for card in self.cards)


def picture(
    tree: Tree, words: Words = ENGLISH, marked: Mapping[str, Marked] | None = None
) -> Picture:
    """Return what a tree's drawing shows; `marked` adds links and figures by node."""
    marked = marked or {}
    cards = [_card(tree, name, words, marked.get(name, Marked())) for name in tree.nodes]
    ties: list[Tie] = []
    said: list[tuple[str, ...]] = []
    for node in tree.nodes.values():
        for way, target in ways(node, words):
            rows = _rows(way, _WAY_COLUMNS, _WAY_ROWS)
            width = max(len(row) for row in rows) * _SMALL + 10
            ties.append(Tie(node.id, target, width, len(rows) * _SMALL_ROW + 2))
            said.append(rows)
    return Picture(tree.title, tuple(cards), tuple(ties), tuple(said))


def _card(tree: Tree, name: str, words: Words, marked: Marked) -> Card:
    node = tree.nodes[name]
    whole = inside(node, words)
    rows = _rows(whole, _COLUMNS, _ROWS)
    named = words.kind(node)
    small = max(len(named), len(marked.note)) * _SMALL
    width = max(*(len(row) * _LETTER for row in rows), small, 90.0) + 2 * _PADDING
    height = len(rows) * _ROW + _SMALL_ROW * (2 if marked.note else 1) + _PADDING
    return Card(name, node.kind, named, rows, whole, marked, Box(name, width, height))


def _rows(text: str, columns: int, most: int) -> tuple[str, ...]:
    """Break a text into rows; what has no room ends in an ellipsis."""
    return tuple(wrap(text, columns, max_lines=most, placeholder=" …")) or ("",)


def svg(drawn: Picture, layout: Layout, *, alone: bool = False, about: str = "") -> str:
    """Write the drawing; `alone` makes it a file with its own style; `about` describes it."""
    width, height = f"{layout.width:.0f}", f"{layout.height:.0f}"
    parts = [
        f'<svg class="tree-map" xmlns="http://www.w3.org/2000/svg" width="{width}" '
        f'height="{height}" viewBox="0 0 {width} {height}" role="group" '
        'aria-labelledby="map-title"' + (' aria-describedby="map-desc"' if about else "") + ">",
        f'<title id="map-title">{escape(drawn.title)}</title>',
    ]
    parts += [f'<desc id="map-desc">{escape(about)}</desc>'] if about else []
    parts += [f"<style>{STYLE}</style>"] if alone else []
    parts.append(
        '<defs><marker id="map-tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
        'markerHeight="7" orient="auto"><path class="tip" d="M0 0 8 4 0 8z"/></marker></defs>'
    )
    parts += ['<g aria-hidden="true">', *(_path(line) for line in layout.lines), "</g>"]
    said = zip(layout.lines, drawn.ties, drawn.said, strict=True)
    parts += ['<g aria-hidden="true">', *(_way(*one) for one in said), "</g>"]
    parts += [_node(card, *layout.boxes[card.id]) for card in drawn.cards]
    return "\n".join([*parts, "</svg>", ""])


def _path(line: Line) -> str:
    (x, y), *rest = line.points
    pieces = (rest[number : number + 3] for number in range(0, len(rest), 3))
    curves = "".join("C" + " ".join(f"{a:.1f} {b:.1f}" for a, b in piece) for piece in pieces)
    return f'<path class="line" marker-end="url(#map-tip)" d="M{x:.1f} {y:.1f}{curves}"/>'


def _way(line: Line, tie: Tie, rows: Sequence[str]) -> str:
    x, y = line.label
    left, top = x - tie.width / 2, y - tie.height / 2
    rect = f'<rect x="{left:.1f}" y="{top:.1f}" width="{tie.width:.1f}" height="{tie.height:.1f}"/>'
    return f'<g class="way">{rect}{_texts(rows, x, top + 12, _SMALL_ROW)}</g>'


def _texts(rows: Sequence[str], x: float, y: float, step: float, kind: str = "") -> str:
    class_ = f' class="{kind}"' if kind else ""
    return "".join(
        f'<text{class_} x="{x:.1f}" y="{y + number * step:.1f}" text-anchor="middle">'
        f"{escape(row)}</text>"
        for number, row in enumerate(rows)
    )


def _node(card: Card, x: float, y: float) -> str:
    """Write a box: its shape, kind, words and figures; a link where it leads somewhere."""
    top = y - card.box.height / 2 + _PADDING / 2
    note = card.marked.note
    inside = [
        _SHAPES.get(card.kind, _plain)(x, y, card.box),
        _texts([card.named], x, top + 10, _SMALL_ROW, "kind"),
        _texts(card.rows, x, top + _SMALL_ROW + 12, _ROW),
    ]
    if note:
        below = top + _SMALL_ROW + len(card.rows) * _ROW + 11
        inside.append(_texts([note], x, below, _SMALL_ROW, "note"))
    classes = f"node {escape(card.kind)}" + (" loses" if card.marked.loses else "")
    told = escape(f"{card.named}: {card.whole}" + (f". {note}" if note else ""))
    drawing = f'<title>{told}</title><g aria-hidden="true">{"".join(inside)}</g>'
    if not card.marked.url:
        return f'<g class="{classes}" role="img" aria-label="{told}">{drawing}</g>'
    return (
        f'<a class="{classes}" href="{escape(card.marked.url)}" aria-label="{told}">{drawing}</a>'
    )


def _rect(x: float, y: float, box: Box, radius: float) -> str:
    return (
        f'<rect class="shape" x="{x - box.width / 2:.1f}" y="{y - box.height / 2:.1f}" '
        f'width="{box.width:.1f}" height="{box.height:.1f}" rx="{radius:.1f}"/>'
    )


def _plain(x: float, y: float, box: Box) -> str:
    return _rect(x, y, box, 4)


def _round(x: float, y: float, box: Box) -> str:
    return _rect(x, y, box, box.height / 2)


def _soft(x: float, y: float, box: Box) -> str:
    return _rect(x, y, box, 14)


def _doubled(x: float, y: float, box: Box) -> str:
    left, right, top = x - box.width / 2 + 6, x + box.width / 2 - 6, y - box.height / 2
    bars = f"M{left:.1f} {top:.1f}v{box.height:.1f}M{right:.1f} {top:.1f}v{box.height:.1f}"
    return _plain(x, y, box) + f'<path class="shape" d="{bars}"/>'


def _outline(*corners: tuple[float, float]) -> str:
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)
    return f'<polygon class="shape" points="{points}"/>'


def _leaning(x: float, y: float, box: Box) -> str:
    left, right = x - box.width / 2, x + box.width / 2
    top, bottom = y - box.height / 2, y + box.height / 2
    return _outline((left + _SLANT, top), (right, top), (right - _SLANT, bottom), (left, bottom))


def _pointed(x: float, y: float, box: Box) -> str:
    """A question: a box pointed on both sides, what is left of the flowchart's diamond."""
    left, right = x - box.width / 2, x + box.width / 2
    top, bottom = y - box.height / 2, y + box.height / 2
    upper = ((left + _SLANT, top), (right - _SLANT, top), (right, y))
    return _outline(*upper, (right - _SLANT, bottom), (left + _SLANT, bottom), (left, y))


def _onward(x: float, y: float, box: Box) -> str:
    left, right = x - box.width / 2, x + box.width / 2
    top, bottom = y - box.height / 2, y + box.height / 2
    return _outline(
        (left, top), (right - _SLANT, top), (right, y), (right - _SLANT, bottom), (left, bottom)
    )


_SHAPES: Mapping[str, Callable[[float, float, Box], str]] = {
    "question": _pointed,
    "input": _leaning,
    "step": _plain,
    "subtree": _doubled,
    "article": _soft,
    "solved": _round,
    "contact": _onward,
    "product": _soft,
}
