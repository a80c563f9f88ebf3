"""Graphviz's `dot`, where it is installed, decides where the parts of a drawing go.

Its twin that needs nothing is `kb/rules/tree_layout.py:lay_out`. Sizes are ours and fixed, no text
goes out, so both give drawings of the same boxes, words and shapes."""

import json
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from typing import Any

from kb.rules.tree_layout import MARGIN, Box, Layout, Line, Point, Tie

SECONDS = 5.0  # a tree of 46 nodes takes 0.1 s
_INCH = 72.0


def lay_out(boxes: Sequence[Box], ties: Sequence[Tie], command: str = "dot") -> Layout | None:
    """Return the places that `dot` finds; None where it is missing, fails or takes too long."""
    program = shutil.which(command)
    if program is None:
        return None
    try:
        done = subprocess.run(  # noqa: S603 # a program of the machine, and numbers as its input
            [program, "-Tjson0"],
            input="\n".join(_source(boxes, ties)),
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=True,
        )
        return _layout(json.loads(done.stdout), boxes, ties)
    except (OSError, subprocess.SubprocessError, ValueError, KeyError):
        return None


def _source(boxes: Sequence[Box], ties: Sequence[Tie]) -> Iterator[str]:
    """Write the graph with numbers for names, so nothing needs quoting."""
    numbers = {box.id: number for number, box in enumerate(boxes)}
    yield 'digraph { nodesep=0.3 ranksep=0.35 node [shape=box fixedsize=true label=""]'
    for number, box in enumerate(boxes):
        yield f"{number} [width={box.width / _INCH:.4f} height={box.height / _INCH:.4f}]"
    for number, tie in enumerate(ties):
        size = f'FIXEDSIZE="TRUE" WIDTH="{tie.width:.0f}" HEIGHT="{tie.height:.0f}"'
        empty = f'<<TABLE BORDER="0" {size}><TR><TD></TD></TR></TABLE>>'
        yield f"{numbers[tie.tail]} -> {numbers[tie.head]} [id=t{number} label={empty}]"
    yield "}"


def _layout(found: dict[str, Any], boxes: Sequence[Box], ties: Sequence[Tie]) -> Layout:
    """Read the answer; its y grows upwards, ours downwards."""
    width, height = (float(part) for part in found["bb"].split(",")[2:])

    def point(text: str) -> Point:
        x, y = (float(part) for part in text.split(",")[-2:])
        return x + MARGIN, height - y + MARGIN

    places = {int(one["name"]): point(one["pos"]) for one in found["objects"]}
    lines = {int(one["id"][1:]): _line(one, point) for one in found.get("edges", [])}
    return Layout(
        width=width + 2 * MARGIN,
        height=height + 2 * MARGIN,
        boxes={box.id: places[number] for number, box in enumerate(boxes)},
        lines=tuple(lines[number] for number in range(len(ties))),
    )


def _line(edge: dict[str, Any], point: Any) -> Line:
    """Read one edge: “e,x,y” is where its arrow ends, the rest a chain of Bézier points."""
    tip, *rest = edge["pos"].split(" ")
    points = [point(part) for part in rest]
    end: Point = point(tip)
    last: Point = points[-1]
    return Line((*points, last, end, end), point(edge["lp"]))
