"""The layout without a library: layers, distances, lines that meet their boxes."""

from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.rules.tree_drawing import ways
from kb.rules.tree_layout import Box, Layout, Tie, lay_out
from kb.rules.tree_svg import picture
from kb.rules.trees import Tree
from tests.rules.tree_samples import sound_forests

ROUNDING = 0.01


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[Box], list[Tie]]:
    """Graphs without circles: ties lead to later boxes, several may join the same two."""
    size = draw(st.integers(1, 14))
    boxes = [Box(f"b{n}", draw(st.floats(40, 260)), draw(st.floats(20, 90))) for n in range(size)]
    ties = [
        Tie(f"b{tail}", f"b{draw(st.integers(tail + 1, size - 1))}", draw(st.floats(0, 120)), 18)
        for tail in range(size - 1)
        for _ in range(draw(st.integers(0, 3)))
    ]
    return boxes, ties


def overlap(one: Box, other: Box, layout: Layout) -> bool:
    (x, y), (to_x, to_y) = layout.boxes[one.id], layout.boxes[other.id]
    return (
        abs(x - to_x) < (one.width + other.width) / 2 - ROUNDING
        and abs(y - to_y) < (one.height + other.height) / 2 - ROUNDING
    )


@given(graphs())
def test_boxes_stand_apart_and_inside(graph: tuple[list[Box], list[Tie]]) -> None:
    boxes, ties = graph
    layout = lay_out(boxes, ties)
    assert not any(overlap(one, other, layout) for one, other in combinations(boxes, 2))
    for box in boxes:
        x, y = layout.boxes[box.id]
        assert box.width / 2 - ROUNDING < x < layout.width - box.width / 2 + ROUNDING
        assert box.height / 2 - ROUNDING < y < layout.height - box.height / 2 + ROUNDING


@given(graphs())
def test_lines_lead_downwards_from_box_to_box(graph: tuple[list[Box], list[Tie]]) -> None:
    boxes, ties = graph
    layout = lay_out(boxes, ties)
    sized = {box.id: box for box in boxes}
    for tie, line in zip(ties, layout.lines, strict=True):
        assert len(line.points) % 3 == 1
        for name, (x, y), side in ((tie.tail, line.points[0], 1), (tie.head, line.points[-1], -1)):
            middle, level = layout.boxes[name]
            assert abs(x - middle) <= sized[name].width / 2 + ROUNDING
            assert y == pytest.approx(level + side * sized[name].height / 2)
        heights = [y for _, y in line.points]
        assert all(upper <= lower + ROUNDING for upper, lower in pairwise(heights))


@given(graphs())
def test_a_label_stands_on_its_line_and_on_no_other(graph: tuple[list[Box], list[Tie]]) -> None:
    boxes, ties = graph
    layout = lay_out(boxes, ties)
    labels = [
        (line.label, max(tie.width, 1), tie.height)
        for tie, line in zip(ties, layout.lines, strict=True)
    ]
    for ((x, y), width, height), ((to_x, to_y), to_width, to_height) in combinations(labels, 2):
        beside = abs(x - to_x) >= (width + to_width) / 2 - ROUNDING
        assert beside or abs(y - to_y) >= (height + to_height) / 2 - ROUNDING
    for ((x, _), _, _), line in zip(labels, layout.lines, strict=True):
        assert any(abs(x - point) < ROUNDING for point, _ in line.points)


def test_long_ways_to_one_end_share_a_trunk() -> None:
    chain = [Box(f"b{n}", 100, 40) for n in range(6)]
    ties = [Tie(f"b{n}", f"b{n + 1}", 20, 18) for n in range(5)]
    ties += [Tie(f"b{n}", "b5", 20, 18) for n in range(4)]
    layout = lay_out(chain, ties)
    ends = {line.points[-1][0] for line in layout.lines[5:]}
    assert len(ends) == 1


def test_a_mirrored_graph_is_untangled() -> None:
    """Two parents whose children are given the other way round: no lines cross."""
    boxes = [Box(name, 80, 30) for name in ("top", "left", "right", "of-right", "of-left")]
    ties = [
        Tie("top", "left"),
        Tie("top", "right"),
        Tie("right", "of-right"),
        Tie("left", "of-left"),
    ]
    places = lay_out(boxes, ties).boxes
    left_first = places["left"][0] < places["right"][0]
    assert left_first == (places["of-left"][0] < places["of-right"][0])


@given(sound_forests())
def test_every_sound_tree_can_be_drawn(trees: dict[str, Tree]) -> None:
    for tree in trees.values():
        drawn = picture(tree)
        layout = lay_out(drawn.boxes, drawn.ties)
        assert set(layout.boxes) == set(tree.nodes)
        assert len(layout.lines) == sum(len(ways(node)) for node in tree.nodes.values())
