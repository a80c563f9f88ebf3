"""What is wrong with a tree: where in its file, and how to mend it."""

from collections.abc import Iterable
from dataclasses import dataclass

from kb.rules.trees import Node, Place, Tree


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with a tree, where in its file, and how to mend it."""

    tree: str
    node: str
    what: str
    mend: str
    place: Place = ()


def flaw(tree: Tree, node: Node, what: str, mend: str, *place: str | int) -> Flaw:
    """Make the flaw of a node: “<node> has no options”."""
    return Flaw(tree.id, node.id, f"“{node.id}” {what}", mend, ("nodes", node.id, *place))


def some(names: Iterable[str], most: int = 8) -> str:
    """Return the first few of the names there are, for the mending half of a message."""
    listed = sorted(names)
    return ", ".join(listed[:most]) + (", …" if len(listed) > most else "")
