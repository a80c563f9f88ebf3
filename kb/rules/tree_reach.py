"""Which answers lead to each place of a tree, so that a drawing can link to it."""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from kb.rules.trees import NO, YES, Input, Node, Question, Tree, is_asked
from kb.rules.walk import walk

# Typed answers that no route names: something for `else` and for what lies beyond every bound.
_BEYOND = ("", "E0", "0", "999999", "1.0", "99.9", "2000-01-01", "2099-12-31")


@dataclass(frozen=True, slots=True)
class Way:
    """The fewest answers to a node, and the key of the page that shows it."""

    key: str
    answers: Mapping[str, str]


def ways_to(tree: Tree, trees: Mapping[str, Tree]) -> dict[str, Way]:
    """Return the way to each node of a sound tree, by the key it has in figures and addresses; a
    node that uses a tree is shown at that tree's first question. Nodes that only an unusual typed
    answer leads to may be missing."""
    found: dict[str, Way] = {}
    waiting: deque[dict[str, str]] = deque([{}])
    while waiting:
        answers = waiting.popleft()
        position = walk(tree, trees, answers)
        if position.key in found or position.outcome or len(position.trail) < len(answers):
            continue
        for name in _ways_up(position.key):
            found.setdefault(name, Way(position.key, answers))
        if is_asked(position.node):
            given = _candidates(position.node)
            waiting.extend({**answers, position.key: answer} for answer in given)
    return found


def _ways_up(key: str) -> Iterator[str]:
    while key:
        yield key
        key = key.rpartition(".")[0]


def _candidates(node: Node) -> Iterator[str]:
    """Yield answers that together take every way out of a node."""
    if isinstance(node, Question):
        yield from (option.id for option in node.options)
    elif isinstance(node, Input):
        for route in node.routes:
            test = route.condition
            if test:
                yield from test.values
                for bound in (test.at_least, test.below):
                    if bound is not None:
                        yield from (bound, _before(bound))
        bounds = (node.lowest, node.highest, node.example)
        yield from (value for value in (*bounds, *_BEYOND) if value is not None)
    else:
        yield from (YES, NO)


def _before(bound: str) -> str:
    """Return a number below a bound; what is no number stays."""
    try:
        return f"{max(Decimal(bound) - 1, Decimal(0)):f}"
    except InvalidOperation:
        return bound
