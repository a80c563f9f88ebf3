"""Drawing a tree: Graphviz places the boxes where it is installed, our own layout elsewhere."""

from collections.abc import Mapping

from kb.outside import graphviz
from kb.rules import tree_layout
from kb.rules.tree_drawing import ENGLISH, Words
from kb.rules.tree_svg import Marked, picture, svg
from kb.rules.trees import Tree


def draw(
    tree: Tree,
    words: Words = ENGLISH,
    marked: Mapping[str, Marked] | None = None,
    *,
    alone: bool = False,
    about: str = "",
) -> str:
    """Return a tree as SVG: for a page, or `alone` as a file with its own style."""
    drawn = picture(tree, words, marked)
    layout = graphviz.lay_out(drawn.boxes, drawn.ties) or tree_layout.lay_out(
        drawn.boxes, drawn.ties
    )
    return svg(drawn, layout, alone=alone, about=about)
