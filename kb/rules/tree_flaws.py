"""What is wrong with a tree: where in its file, and how to mend it."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

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


def one_of(wanted: str, names: Iterable[str]) -> str:
    """Return how to mend a name that does not exist: the one it is close to, or some there are."""
    listed = sorted(names)
    near = get_close_matches(wanted, listed, n=1)
    return f"did you mean “{near[0]}”?" if near else f"name one of: {some(listed)}"


def some(names: Iterable[str], most: int = 8) -> str:
    """Return the first few of the names there are, for the mending half of a message."""
    listed = sorted(names)
    return ", ".join(listed[:most]) + (", …" if len(listed) > most else "")
