"""The proof that a tree is sound, and its figures: paths and most answers still to come.

All of it is linear in the size of the trees: paths are counted, never listed."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import DecimalException

from kb.rules.tree_ends import Known, end_flaws
from kb.rules.trees import (
    ArticleEnd,
    Condition,
    Flaw,
    Input,
    InputKind,
    Node,
    Question,
    Route,
    Step,
    Subtree,
    Tree,
    exits,
    flaw,
    is_asked,
    some,
)
from kb.rules.typed import comparable, key

Spot = tuple[str, str]
"""A node of one tree: (tree id, node id)."""


def prove(tree: Tree, trees: Mapping[str, Tree], known: Known) -> tuple[Flaw, ...]:
    """Return everything that keeps this tree from leading each customer to an end."""
    return (*structure_flaws(tree, trees), *end_flaws(tree, known))


def structure_flaws(tree: Tree, trees: Mapping[str, Tree]) -> tuple[Flaw, ...]:
    """Return what is wrong with the nodes and the ways between them, ends aside."""
    flaws = [*_dangling(tree, trees)]
    if not flaws:
        flaws += _cycles(tree, trees)
    flaws += _unreached(tree)
    for node in tree.nodes.values():
        flaws += _node_flaws(tree, node)
    return tuple(flaws)


def measure(trees: Mapping[str, Tree]) -> dict[str, Tree]:
    """Return sound trees with `ahead` and `paths` filled in, each node looked at once."""
    ahead: dict[Spot, int] = {}
    paths: dict[Spot, int] = {}
    for spot in _inside_out(trees):
        node = trees[spot[0]].nodes[spot[1]]
        after = _after(spot, node, trees)
        ahead[spot] = is_asked(node) + max((ahead[s] for s in after), default=0)
        # An article that helped is an end of its own, beside the ways that go on.
        helped = isinstance(node, ArticleEnd) or not after
        paths[spot] = helped + sum(paths[s] for s in after)
    return {
        name: replace(
            tree,
            ahead={node: ahead[name, node] for node in tree.nodes},
            paths=paths[name, tree.start],
        )
        for name, tree in trees.items()
    }


def _after(spot: Spot, node: Node, trees: Mapping[str, Tree]) -> list[Spot]:
    if isinstance(node, Subtree):
        return [(node.use, trees[node.use].start)]
    return [(spot[0], target) for _, target in exits(node)]


def _inside_out(trees: Mapping[str, Tree]) -> Iterator[Spot]:
    """Yield every node after all the nodes it leads to; without recursion, for long trees."""
    done: set[Spot] = set()
    for name, tree in trees.items():
        for start in tree.nodes:
            stack = [((name, start), False)]
            while stack:
                spot, left = stack.pop()
                if left:
                    yield spot
                elif spot not in done:
                    done.add(spot)
                    stack.append((spot, True))
                    node = trees[spot[0]].nodes[spot[1]]
                    stack += [(s, False) for s in _after(spot, node, trees) if s not in done]


def _dangling(tree: Tree, trees: Mapping[str, Tree]) -> Iterator[Flaw]:
    """Yield what a walk would fall over: targets that do not exist."""
    if tree.start not in tree.nodes:
        yield Flaw(
            tree.id,
            tree.start,
            f"the tree starts at “{tree.start}”, which is no node",
            f"name one of: {some(tree.nodes)}",
            ("start",),
        )
    for node in tree.nodes.values():
        for place, target in exits(node):
            if target not in tree.nodes:
                what = f"“{node.id}” leads to “{target}”, which is no node"
                mend = f"name one of: {some(tree.nodes)}"
                yield Flaw(tree.id, node.id, what, mend, ("nodes", node.id, *place))
        if isinstance(node, Subtree) and node.use not in trees:
            what = f"“{node.id}” uses the tree “{node.use}”, which does not exist"
            mend = f"name one of: {some(trees)}"
            yield Flaw(tree.id, node.id, what, mend, ("nodes", node.id, "use"))


def _cycles(tree: Tree, trees: Mapping[str, Tree]) -> Iterator[Flaw]:
    """Yield the first way round in a circle, other trees included."""
    on_path: dict[Spot, None] = {}
    done: set[Spot] = set()
    stack: list[tuple[Spot, bool]] = [((tree.id, tree.start), False)]
    while stack:
        spot, leaving = stack.pop()
        if leaving:
            del on_path[spot]
            done.add(spot)
            continue
        if spot in done or spot in on_path:
            continue
        on_path[spot] = None
        stack.append((spot, True))
        for after in _after_if_there(spot, trees):
            if after in on_path:
                circle = list(on_path)[list(on_path).index(after) :]
                yield _circle(tree, circle)
                return
            stack.append((after, False))


def _after_if_there(spot: Spot, trees: Mapping[str, Tree]) -> list[Spot]:
    """Return where a node leads, without the targets that are flaws of another tree."""
    node = trees[spot[0]].nodes[spot[1]]
    if isinstance(node, Subtree) and node.use not in trees:
        return []
    after = _after(spot, node, trees)
    return [(name, target) for name, target in after if target in trees[name].nodes]


def _circle(tree: Tree, circle: list[Spot]) -> Flaw:
    names = [node if name == tree.id else f"{name}.{node}" for name, node in circle]
    inside = [node for name, node in circle if name == tree.id]
    node = inside[-1] if inside else tree.start
    return Flaw(
        tree.id,
        node,
        f"the walk goes round in a circle: {' → '.join([*names, names[0]])}",
        "lead the last of them to another node or to an end",
        ("nodes", node),
    )


def _unreached(tree: Tree) -> Iterator[Flaw]:
    seen: set[str] = set()
    stack = [tree.start]
    while stack:
        name = stack.pop()
        if name not in seen and name in tree.nodes:
            seen.add(name)
            stack += [target for _, target in exits(tree.nodes[name])]
    for name in tree.nodes:
        if name not in seen:
            what = f"no walk reaches “{name}”"
            mend = "lead an answer to it, or remove it"
            yield Flaw(tree.id, name, what, mend, ("nodes", name))


def _node_flaws(tree: Tree, node: Node) -> Iterator[Flaw]:
    if isinstance(node, Question):
        if not node.options:
            yield flaw(tree, node, "has no options", "give it at least two", "options")
        yield from alike(tree, node)
    elif isinstance(node, Input):
        yield from _route_flaws(tree, node)
    elif isinstance(node, Step) and node.solved == node.not_solved:
        what = "leads to the same node whether it solved the problem or not"
        yield flaw(tree, node, what, "lead “solved” to an end of its own", "else")


def alike(tree: Tree, node: Question) -> Iterator[Flaw]:
    """Yield the options of a question that a customer or a URL cannot tell apart."""
    ids: set[str] = set()
    labels: set[str] = set()
    for number, option in enumerate(node.options):
        place = ("options", number)
        label = " ".join(option.label.casefold().split())
        if option.id in ids:
            yield flaw(tree, node, f"has two options “{option.id}”", "rename one", *place, "id")
        if label in labels:
            what = f"has two options that say “{option.label}”"
            yield flaw(tree, node, what, "word one of them differently", *place, "label")
        ids.add(option.id)
        labels.add(label)


def _route_flaws(tree: Tree, node: Input) -> Iterator[Flaw]:
    if not node.routes or node.routes[-1].condition is not None:
        mend = "end the list with “- {else: node}”"
        yield flaw(tree, node, "has no way on for all other values", mend, "route")
    taken: set[object] = set()
    for number, route in enumerate(node.routes):
        place = ("route", number)
        if route.condition is None:
            if number < len(node.routes) - 1:
                yield flaw(tree, node, "has routes after “else”", "put “else” last", *place)
            continue
        problem = _condition_problem(node.input, route.condition)
        if problem:
            yield flaw(tree, node, *problem, *place, "if")
        elif _is_only_membership(route):
            keys = {key(node.input, value) for value in route.condition.values}
            if keys <= taken:
                what = "has a route that is never taken: earlier ones take all its values"
                yield flaw(tree, node, what, "remove it or its double", *place, "if")
            taken |= keys
    for name in ("lowest", "highest"):
        bound = getattr(node, name)
        if bound is not None and not _readable(node.input, bound):
            yield flaw(tree, node, f"has a bound “{bound}” that is no {node.input}", "mend it")


def _is_only_membership(route: Route) -> bool:
    test = route.condition
    return test is not None and test.at_least is None and test.below is None


def _condition_problem(kind: InputKind, test: Condition) -> tuple[str, str] | None:
    bounds = [bound for bound in (test.at_least, test.below) if bound is not None]
    if not test.values and not bounds:
        return "has a route with an empty “if”", "give it “in”, “at-least” or “below”"
    if kind is InputKind.ERROR_CODE:
        if bounds:
            return "bounds an error code, which has no order", "use “in” with the codes"
        return None
    for value in (*test.values, *bounds):
        if not _readable(kind, value):
            return f"compares with “{value}”, which is no {kind}", "write it in quotes, as typed"
    if len(bounds) == 2 and comparable(kind, bounds[0]) >= comparable(kind, bounds[1]):
        return "has a route that no value can take", "make “at-least” lower than “below”"
    return None


def _readable(kind: InputKind, value: str) -> bool:
    try:
        comparable(kind, value)
    except (ValueError, DecimalException):
        return False
    return True
