"""The figures of trees: how many ways lead through them, how many answers the longest takes.

All of it is linear in the size of the trees: paths are counted, never listed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from kb.rules.tree_products import limits
from kb.rules.trees import ArticleEnd, Node, ReturnEnd, Subtree, Tree, exits, is_asked

Spot = tuple[str, str]
"""A node of one tree: (tree id, node id)."""


@dataclass(slots=True)
class _Figures:
    """Of one node: ways that end and ways that return; the most answers each of them takes
    (None: there is no such way)."""

    ends: int = 0
    returns: int = 0
    longest: int | None = None
    back: int | None = None

    def take(self, onward: "_Figures") -> None:
        """Add the ways of a node that comes after."""
        self.ends += onward.ends
        self.returns += onward.returns
        self.longest = _most(self.longest, onward.longest)
        self.back = _most(self.back, onward.back)

    def follow(self, then: "_Figures") -> None:
        """Let every way that returns go on at `then`."""
        self.ends += self.returns * then.ends
        self.returns *= then.returns
        self.longest = _most(self.longest, _sum(self.back, then.longest))
        self.back = _sum(self.back, then.back)


def _most(one: int | None, other: int | None) -> int | None:
    return other if one is None else one if other is None else max(one, other)


def _sum(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one + other


def measure(trees: Mapping[str, Tree]) -> dict[str, Tree]:
    """Return sound trees with their figures filled in, each node looked at once."""
    figures: dict[Spot, _Figures] = {}
    by_product = {name: any(True for _ in limits(tree)) for name, tree in trees.items()}
    for spot in _inside_out(trees):
        figures[spot] = _figures_of(spot, trees, figures)
        used = getattr(trees[spot[0]].nodes[spot[1]], "use", "")
        by_product[spot[0]] |= by_product.get(used, False)
    return {name: _measured(tree, figures, by_product[name]) for name, tree in trees.items()}


def _measured(tree: Tree, figures: Mapping[Spot, _Figures], uses_product: bool) -> Tree:
    own = {node: figures[tree.id, node] for node in tree.nodes}
    start = own[tree.start]
    return replace(
        tree,
        ahead={node: _most(found.longest, found.back) or 0 for node, found in own.items()},
        back={node: found.back for node, found in own.items() if found.back is not None},
        paths=start.ends + start.returns,
        by_product=uses_product,
    )


def _figures_of(
    spot: Spot, trees: Mapping[str, Tree], figures: Mapping[Spot, _Figures]
) -> _Figures:
    node = trees[spot[0]].nodes[spot[1]]
    if isinstance(node, ReturnEnd):
        return _Figures(returns=1, back=0)
    if isinstance(node, Subtree):
        found = replace(figures[node.use, trees[node.use].start])
        if node.then:
            found.follow(figures[spot[0], node.then])
        return found
    found = _Figures()
    onward = list(exits(node))
    for _, target in onward:
        found.take(figures[spot[0], target])
    if isinstance(node, ArticleEnd) or not onward:
        # An article that helped is an end of its own, beside the ways that go on.
        found.take(_Figures(ends=1, longest=0))
    if is_asked(node):
        found.longest = None if found.longest is None else found.longest + 1
        found.back = None if found.back is None else found.back + 1
    return found


def after(spot: Spot, node: Node, trees: Mapping[str, Tree]) -> list[Spot]:
    """Return the nodes that a node leads to; a used tree's start comes before its `then`."""
    onward = [(spot[0], target) for _, target in exits(node)]
    if isinstance(node, Subtree):
        return [(node.use, trees[node.use].start), *onward]
    return onward


def _inside_out(trees: Mapping[str, Tree]) -> Iterator[Spot]:
    """Yield every node after all the nodes it leads to; without recursion, for long trees."""
    done: set[Spot] = set()
    for name, tree in trees.items():
        for start in tree.nodes:
            stack: list[tuple[Spot, bool]] = [((name, start), False)]
            while stack:
                spot, left = stack.pop()
                if left:
                    yield spot
                elif spot not in done:
                    done.add(spot)
                    stack.append((spot, True))
                    node = trees[spot[0]].nodes[spot[1]]
                    stack += [(s, False) for s in after(spot, node, trees) if s not in done]
