"""The proof that a tree is sound: every walk ends, nothing is dead, nothing is too large."""

import unicodedata
from collections.abc import Iterator, Mapping

from kb.rules.tree_ends import Known, end_flaws
from kb.rules.tree_flaws import Flaw, flaw, one_of
from kb.rules.tree_measure import Spot, after
from kb.rules.tree_products import product_flaws
from kb.rules.tree_routes import route_flaws
from kb.rules.trees import Input, Node, Question, ReturnEnd, Step, Subtree, Tree, exits

MOST_OPTIONS = 12
MOST_ANSWERS = 40
MOST_NODES = 2000

ACCENTS = frozenset(map(chr, range(0x300, 0x370)))


def prove(tree: Tree, trees: Mapping[str, Tree], known: Known) -> tuple[Flaw, ...]:
    """Return everything that keeps this tree from leading each customer to an end."""
    return (*structure_flaws(tree, trees), *outside_flaws(tree, known))


def structure_flaws(tree: Tree, trees: Mapping[str, Tree]) -> tuple[Flaw, ...]:
    """Return what is wrong with the nodes and the ways between them, ends aside."""
    flaws = [*_dangling(tree, trees)]
    if not flaws:
        flaws += _cycles(tree, trees)
    if not flaws:
        flaws += _returns(tree, trees)
    flaws += _unreached(tree)
    for node in tree.nodes.values():
        flaws += _node_flaws(tree, node)
    return tuple(flaws)


def outside_flaws(tree: Tree, known: Known) -> tuple[Flaw, ...]:
    """Return what is wrong with what a tree names beyond itself: articles, requests, products."""
    return (*end_flaws(tree, known), *product_flaws(tree, known.versions))


def _dangling(tree: Tree, trees: Mapping[str, Tree]) -> Iterator[Flaw]:
    """Yield what a walk would fall over: targets that do not exist."""
    if tree.start not in tree.nodes:
        yield Flaw(
            tree.id,
            tree.start,
            f"the tree starts at “{tree.start}”, which is no node",
            one_of(tree.start, tree.nodes),
            ("start",),
        )
    for node in tree.nodes.values():
        for place, target in exits(node):
            if target not in tree.nodes:
                what = f"“{node.id}” leads to “{target}”, which is no node"
                mend = one_of(target, tree.nodes)
                yield Flaw(tree.id, node.id, what, mend, ("nodes", node.id, *place))
        if isinstance(node, Subtree) and node.use not in trees:
            what = f"“{node.id}” uses the tree “{node.use}”, which does not exist"
            mend = one_of(node.use, trees)
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
        for onward in _after_if_there(spot, trees):
            if onward in on_path:
                circle = list(on_path)[list(on_path).index(onward) :]
                yield _circle(tree, circle)
                return
            stack.append((onward, False))


def _after_if_there(spot: Spot, trees: Mapping[str, Tree]) -> list[Spot]:
    """Return where a node leads, without the targets that are flaws of another tree."""
    node = trees[spot[0]].nodes[spot[1]]
    if isinstance(node, Subtree) and node.use not in trees:
        return []
    onward = after(spot, node, trees)
    return [(name, target) for name, target in onward if target in trees[name].nodes]


def _circle(tree: Tree, circle: list[Spot]) -> Flaw:
    names = [node if name == tree.id else f"{name}.{node}" for name, node in circle]
    inside = [node for name, node in circle if name == tree.id]
    node = inside[-1] if inside else tree.start
    first = circle[0][1]
    back = next((place for place, target in exits(tree.nodes[node]) if target == first), ())
    return Flaw(
        tree.id,
        node,
        f"the walk goes round in a circle: {' → '.join([*names, names[0]])}",
        "lead the last of them to another node or to an end",
        ("nodes", node, *back),
    )


def _returns(tree: Tree, trees: Mapping[str, Tree]) -> Iterator[Flaw]:
    """Yield each use whose `then` and the used tree's `return` do not go together."""
    for node in tree.nodes.values():
        if not isinstance(node, Subtree):
            continue
        returns = any(isinstance(inner, ReturnEnd) for inner in trees[node.use].nodes.values())
        if returns and node.then is None:
            what = f"does not say where to go on when “{node.use}” returns"
            yield flaw(tree, node, what, "add “then: node”", "use")
        if not returns and node.then is not None:
            what = f"goes on after “{node.use}”, which never returns"
            mend = "remove “then”, or give that tree an “end: return”"
            yield flaw(tree, node, what, mend, "then")


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
        yield from _question_flaws(tree, node)
    elif isinstance(node, Input):
        yield from _input_flaws(tree, node)
    elif isinstance(node, Step) and node.solved == node.not_solved:
        what = "leads to the same node whether it solved the problem or not"
        yield flaw(tree, node, what, "lead “solved” to an end of its own", "else")


def _question_flaws(tree: Tree, node: Question) -> Iterator[Flaw]:
    if not node.options:
        yield flaw(tree, node, "has no options", "give it at least two", "options")
    elif not node.closed and not any(option.other for option in node.options):
        mend = "add an option with “other: true”, or say why there is none: “closed: …”"
        place = "yes" if node.yes_no else "options"
        yield flaw(tree, node, "has no way on for those whom no option fits", mend, place)
    if len(node.options) > MOST_OPTIONS:
        what = f"has {len(node.options)} options; more than {MOST_OPTIONS} are hard to read"
        yield flaw(tree, node, what, "ask two questions", "options", MOST_OPTIONS)
    yield from alike(tree, node)


def _input_flaws(tree: Tree, node: Input) -> Iterator[Flaw]:
    if not node.optional and not node.closed:
        what = "has no way on for those who do not know the answer"
        mend = "write “optional: true” in its input, or say why not: “closed: …”"
        yield flaw(tree, node, what, mend, "input")
    yield from route_flaws(tree, node)


def alike(tree: Tree, node: Question) -> Iterator[Flaw]:
    """Yield the options of a question that a customer or a URL cannot tell apart."""
    ids: set[str] = set()
    labels: set[str] = set()
    for number, option in enumerate(node.options):
        place = ("options", number)
        label = folded(option.label)
        if option.id in ids:
            yield flaw(tree, node, f"has two options “{option.id}”", "rename one", *place, "id")
        if label in labels:
            what = f"has two options that say “{option.label}”"
            yield flaw(tree, node, what, "word one of them differently", *place, "label")
        ids.add(option.id)
        labels.add(label)


def folded(text: str) -> str:
    """Return a text without what the eye passes over: case, accents, signs, double spaces."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c if c.isalnum() else " " for c in plain if c not in ACCENTS).split())


def limit_flaws(tree: Tree) -> Iterator[Flaw]:
    """Yield what is too large in a measured tree: more answers than anybody gives."""
    if len(tree.nodes) > MOST_NODES:
        what = f"the tree has {len(tree.nodes)} nodes; more than {MOST_NODES}"
        mend = "lead a part of it into a tree of its own"
        yield Flaw(tree.id, tree.start, what, mend, ("nodes",))
    if tree.ahead[tree.start] > MOST_ANSWERS:
        what = f"a walk can take {tree.ahead[tree.start]} answers, more than {MOST_ANSWERS}"
        yield Flaw(tree.id, tree.start, what, "ask less before it ends", ("start",))
