"""What a tree's drawing and figures say beside the tree's own texts."""

from collections.abc import Mapping

from kb.pages.texts import gettext as _
from kb.rules.tree_drawing import Words, inside
from kb.rules.tree_figures import Fate
from kb.rules.trees import Subtree, Tree


def drawing_words() -> Words:
    """Return the fixed words of a drawing in the language of this request."""
    return Words(
        yes=_("Yes"),
        no=_("No"),
        otherwise=_("anything else"),
        then=_("then"),
        solved=_("Solved"),
        kinds={
            "question": _("Question"),
            "input": _("Typed answer"),
            "step": _("To try"),
            "subtree": _("Another tree"),
            "article": _("Article"),
            "solved": _("End"),
            "contact": _("To support"),
            "product": _("Product"),
            "calculator": _("Calculator"),
            "link": _("Link"),
            "return": _("Back to the calling tree"),
        },
    )


def fate_names() -> dict[Fate, str]:
    """Name how a walk can go."""
    return {
        Fate.SOLVED: _("Solved"),
        Fate.ESCALATED: _("Handed to support"),
        Fate.ADVISED: _("Shown a product or page"),
        Fate.LEFT: _("Left"),
        Fate.UNDER_WAY: _("Still under way"),
    }


def place_name(tree: Tree, trees: Mapping[str, Tree], key: str) -> str:
    """Name a place of a walk by what stands in its box; '' for one this tree no longer has."""
    first, *more = key.split(".")
    node = tree.nodes.get(first)
    for name in more:
        used = trees.get(node.use) if isinstance(node, Subtree) else None
        node = used.nodes.get(name) if used else None
    return inside(node, drawing_words()) if node else ""
