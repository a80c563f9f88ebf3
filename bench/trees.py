"""Proving and walking decision trees: milliseconds, and times the standard library's own sorter.

The peer is `graphlib.TopologicalSorter` over the same nodes and ways: it finds cycles and nothing
else, so it is the least that any proof must do. Best of a few rounds each, in one process."""

import sys
from collections.abc import Callable, Mapping
from graphlib import TopologicalSorter
from pathlib import Path
from time import perf_counter

from kb.content.policy_source import load_policy
from kb.content.trees_known import known_to_trees
from kb.content.trees_source import load_trees
from kb.rules.tree_ends import Known
from kb.rules.tree_measure import measure
from kb.rules.tree_proof import prove
from kb.rules.trees import Option, Question, SolvedEnd, Subtree, Tree, exits
from kb.rules.walk import walk

ROOT = Path(__file__).parent.parent
ROUNDS = 7
NOTHING = Known(("en",), {}, {}, frozenset())


def layered(layers: int, width: int) -> Tree:
    """A tree whose every question leads to three of the next layer."""
    nodes = {}
    for layer in range(layers):
        for w in range(width):
            last = layer == layers - 1
            onward = ["done"] if last else [f"n{layer + 1}-{(w + n) % width}" for n in range(3)]
            options = tuple(Option(f"to-{way}", f"To {way}", way) for way in onward)
            nodes[f"n{layer}-{w}"] = Question(f"n{layer}-{w}", "?", options, closed="a sample")
    every = tuple(Option(f"to-{w}", f"To {w}", f"n0-{w}", other=not w) for w in range(width))
    root = Question("root", "?", every, closed="a sample")
    return Tree("large", "en", "Large", "root", {"root": root, **nodes, "done": SolvedEnd("done")})


def sorted_only(trees: Mapping[str, Tree]) -> None:
    """What the peer does: put the nodes in order, or find that they go round in a circle."""
    graph = {}
    for name, tree in trees.items():
        for node in tree.nodes.values():
            onward = {(name, target) for _, target in exits(node)}
            if isinstance(node, Subtree):
                onward.add((node.use, trees[node.use].start))
            graph[name, node.id] = onward
    tuple(TopologicalSorter(graph).static_order())


def best(work: Callable[[], object]) -> float:
    """Return the best time of a few rounds, in milliseconds."""
    times = []
    for _ in range(ROUNDS):
        begun = perf_counter()
        work()
        times.append(perf_counter() - begun)
    return 1000 * min(times)


def row(name: str, trees: Mapping[str, Tree], known: Known) -> None:
    """Prove some trees and print how long it took, and the longest walk."""
    nodes = sum(len(tree.nodes) for tree in trees.values())
    measured = measure(trees)
    paths = sum(tree.paths for tree in measured.values())
    proof = best(lambda: [prove(tree, trees, known) for tree in trees.values()] + [measure(trees)])
    peer = best(lambda: sorted_only(trees))
    longest, answers = longest_walk(measured)
    taken = best(lambda: walk(longest, measured, answers))
    print(f"{name:<16}{nodes:>7}{paths:>16.3g}{proof:>11.1f}{peer:>11.1f}{proof / peer:>8.1f}"
          f"{len(answers):>9}{1000 * taken:>10.0f}")  # fmt: skip


def longest_walk(trees: Mapping[str, Tree]) -> tuple[Tree, dict[str, str]]:
    """Return the tree with the longest walk and answers that go on and on."""
    tree = max(trees.values(), key=lambda one: one.ahead[one.start])
    answers: dict[str, str] = {}
    while True:
        position = walk(tree, trees, answers)
        left = []
        for value in given(position.node):
            after = walk(tree, trees, {**answers, position.key: value})
            if len(after.trail) > len(answers):
                left.append((after.left + (after.outcome is None), value))
        if not left or position.outcome is not None:
            return tree, answers
        answers[position.key] = max(left)[1]


def given(node: object) -> list[str]:
    """Answers worth trying at a node."""
    if isinstance(node, Question):
        return [option.id for option in node.options]
    return ["no", "yes", "", "3", "12.3", "2026-01-01", "E0001"]


def main() -> None:
    """Print one row for a large tree and one for all the site's own."""
    print(f"{'trees':<16}{'nodes':>7}{'paths':>16}{'proof ms':>11}{'sort ms':>11}{'ratio':>8}"
          f"{'answers':>9}{'walk µs':>10}")  # fmt: skip
    row("1,000 nodes", {"large": layered(39, 26)}, NOTHING)
    languages = ("es", "en")
    policy, problems = load_policy(ROOT, languages)
    if policy is None:
        sys.exit(f"the policy has mistakes: {problems[0]}")
    by_lang, _ = load_trees(ROOT, languages)
    shipped = {name: texts["es"] for name, texts in by_lang.items()}
    row("the site's own", shipped, known_to_trees(languages, policy, {}))


if __name__ == "__main__":
    main()
