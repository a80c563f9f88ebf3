"""The tests that stand beside a tree: which fail, and what none of them reaches."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kb.rules.products import parse_range
from kb.rules.tree_flaws import Flaw, some
from kb.rules.tree_products import Chosen
from kb.rules.trees import END_KINDS, Question, Step, Tree, TreeTest
from kb.rules.walk import Position, walk


@dataclass(frozen=True, slots=True)
class Cover:
    """What the tests of a tree reach of it: nodes (ends among them) and options chosen."""

    nodes: int
    ends: int
    options: int
    missed_nodes: tuple[str, ...]
    missed_ends: tuple[str, ...]
    missed_options: tuple[str, ...]


def failed_tests(tree: Tree, trees: Mapping[str, Tree]) -> tuple[Flaw, ...]:
    """Return every test of a sound tree that reaches another node than it says."""
    return tuple(
        flaw
        for number, test in enumerate(tree.tests)
        for flaw in _failure(test, number, _walked(tree, trees, test))
    )


def _walked(tree: Tree, trees: Mapping[str, Tree], test: TreeTest) -> Position:
    range_ = parse_range(test.product) if test.product else None
    chosen = Chosen(range_.line, range_.lowest) if range_ else None
    return walk(tree, trees, test.answers, product=chosen)


def _failure(test: TreeTest, number: int, reached: Position) -> Iterator[Flaw]:
    tree = reached.tree.id
    if reached.problem:
        what = f"the test's answer “{reached.typed}” does not fit “{reached.key}”"
        mend = "answer it as a customer could"
        yield Flaw(tree, reached.key, what, mend, ("tests", number, "answers", reached.key))
        return
    if reached.key != test.reaches:
        what = f"the test reaches “{reached.key}”, not “{test.reaches}”"
        mend = "mend the answers, the way there, or “reaches”"
        yield Flaw(tree, reached.key, what, mend, ("tests", number, "reaches"))
    if reached.dropped:
        what = f"the test answers what is not asked on its way: {some(reached.dropped)}"
        yield Flaw(tree, reached.key, what, "remove it", ("tests", number, "answers"))


def cover(tree: Tree, trees: Mapping[str, Tree]) -> Cover:
    """Return what the tests of a sound tree reach; the nodes of a used tree count there."""
    positions = [_walked(tree, trees, test) for test in tree.tests]
    keys = {key for position in positions for key in (*position.answers, position.key)}
    seen = keys | {key.partition(".")[0] for key in keys}
    chosen = {pair for position in positions for pair in position.answers.items()}
    ends = [name for name, node in tree.nodes.items() if node.kind in END_KINDS]
    options = list(_options(tree))
    return Cover(
        nodes=len(tree.nodes),
        ends=len(ends),
        options=len(options),
        missed_nodes=tuple(name for name in tree.nodes if name not in seen),
        missed_ends=tuple(name for name in ends if name not in seen),
        missed_options=tuple(f"{one[0]}={one[1]}" for one in options if one not in chosen),
    )


def _options(tree: Tree) -> Iterator[tuple[str, str]]:
    for node in tree.nodes.values():
        if isinstance(node, Question):
            yield from ((node.id, option.id) for option in node.options)
        elif isinstance(node, Step):
            yield from ((node.id, answer) for answer in ("yes", "no"))


def untested_ends(tree: Tree, trees: Mapping[str, Tree]) -> tuple[str, ...]:
    """Return the ends and articles of this tree that no test of it passes, in order."""
    return cover(tree, trees).missed_ends
