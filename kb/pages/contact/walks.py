"""The walk through the troubleshooter that led to the form, in the words the customer read."""

from kb.actions.cases import Walked
from kb.pages.frame import lang, live
from kb.pages.texts import gettext as _
from kb.pages.walk_steps import walk_of
from kb.rules.walk import decode, transcript, walk


def walked(encoded: str) -> Walked | None:
    """Replay the walk an address carries; None when there is none that still means anything."""
    tree_id, answers = decode(encoded)
    trees = {id_: texts[lang()] for id_, texts in live().site.trees.items() if lang() in texts}
    tree = trees.get(tree_id)
    if tree is None:
        return None
    position = walk(tree, trees, answers)
    words = {"yes": _("Yes, it works now"), "no": _("No, it still fails"), "skipped": _("Skipped")}
    trail = transcript(position, words)
    return Walked(tree.id, position.key, trail, walk_of(tree.id)) if trail else None


def tree_title(found: Walked | None) -> str:
    """Name the tree of a walk."""
    texts = live().site.trees.get(found.tree, {}) if found else {}
    return texts[lang()].title if lang() in texts else ""
