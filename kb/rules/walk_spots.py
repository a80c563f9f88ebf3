"""Where a walk can stand: through used trees and back, past what the product does not have."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from kb.rules.tree_products import Chosen, has, question_for
from kb.rules.trees import Node, Question, ReturnEnd, Step, Subtree, Tree, exits, is_asked


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a walk stands: a node, its tree, and the spots that a `return` leads to."""

    home: Tree
    node: Node
    prefix: str = ""
    callers: tuple["Spot", ...] = ()

    @property
    def key(self) -> str:
        return self.prefix + self.node.id

    @property
    def most(self) -> int:
        """The most answers that can still be given, the one here included."""
        most, back = self.home.ahead.get(self.node.id, 0), self.home.back.get(self.node.id)
        if back is None or not self.callers:
            return most
        return max(most, back + self.callers[-1].most)

    @property
    def left(self) -> int:
        return max(self.most - is_asked(self.node), 0)

    def at(self, name: str) -> "Spot":
        """Return another node of the same tree."""
        return replace(self, node=self.home.nodes[name])


def settle(spot: Spot, trees: Mapping[str, Tree], product: Chosen | None) -> Spot:
    """Go on to a node where a walk can stand: into used trees, back out of them, past steps
    that the product does not have."""
    while True:
        node = spot.node
        if isinstance(node, Subtree):
            used = trees[node.use]
            callers = spot.callers if node.then is None else (*spot.callers, spot.at(node.then))
            spot = Spot(used, used.nodes[used.start], f"{spot.key}.", callers)
        elif isinstance(node, ReturnEnd) and spot.callers:
            spot = replace(spot.callers[-1], callers=spot.callers[:-1])
        elif isinstance(node, Step) and not has(node.only, spot.home, product):
            spot = spot.at(node.not_solved)
        elif isinstance(node, Question):
            return replace(spot, node=question_for(node, spot.home, product))
        else:
            return spot


def spare(
    spot: Spot, trees: Mapping[str, Tree], answers: Mapping[str, str], dropped: tuple[str, ...]
) -> tuple[tuple[str, str], ...]:
    """Return the unused answers to questions that can still come after this one: a tree that
    has grown a question in between then asks only that one again."""
    wanted = {key for key in dropped if key != spot.key}
    found: set[str] = set()
    seen: set[str] = set()
    stack = [spot] if wanted else []
    while stack and found != wanted:
        here = settle(stack.pop(), trees, None)
        if here.key not in seen:
            seen.add(here.key)
            found |= {here.key} & wanted
            stack += [here.at(target) for _, target in exits(here.node)]
    return tuple((key, answers[key]) for key in dropped if key in found)
