"""The tests that stand beside a tree: which fail, and which ends none of them reaches."""

from collections.abc import Iterator, Mapping

from kb.rules.trees import Flaw, Tree, TreeTest, some
from kb.rules.walk import Position, walk


def failed_tests(tree: Tree, trees: Mapping[str, Tree]) -> tuple[Flaw, ...]:
    """Return every test of a sound tree that reaches another node than it says."""
    return tuple(
        flaw
        for number, test in enumerate(tree.tests)
        for flaw in _failure(test, number, walk(tree, trees, test.answers))
    )


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


def untested_ends(tree: Tree, trees: Mapping[str, Tree]) -> tuple[str, ...]:
    """Return the ends and articles of this tree that no test of it passes, in order."""
    passed = _passed(tree, trees)
    return tuple(
        node.id
        for node in tree.nodes.values()
        if node.kind in ("article", "solved", "contact", "product") and node.id not in passed
    )


def _passed(tree: Tree, trees: Mapping[str, Tree]) -> set[str]:
    reached = [walk(tree, trees, test.answers) for test in tree.tests]
    return {key for position in reached for key in (*position.answers, position.key)}
