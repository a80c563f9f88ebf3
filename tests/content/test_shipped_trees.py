"""The trees of the vendor site: deep, tested to every end, with the severity of their topic."""

from pathlib import Path

import pytest

from kb.content.problems import Level
from kb.content.trees_source import load_trees
from kb.rules.tree_tests import failed_tests, untested_ends
from kb.rules.trees import Input, Tree, is_asked
from kb.rules.typed import Bad
from kb.rules.walk import walk

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def shipped() -> dict[str, Tree]:
    trees, found = load_trees(ROOT, ("es", "en"))
    assert not [problem for problem in found if problem.level is Level.ERROR]
    return {name: by_lang["es"] for name, by_lang in trees.items()}


def test_shipped_trees_are_deep_and_every_end_is_tested(shipped: dict[str, Tree]) -> None:
    assert {
        "backup-fails", "restore-fails", "no-boot-after-restore", "cannot-activate",
        "product-selector", "licensing-guide",
    } <= set(shipped)  # fmt: skip
    for tree in shipped.values():
        assert len(tree.nodes) >= 10
        assert failed_tests(tree, shipped) == ()
        assert untested_ends(tree, shipped) == ()


def test_shipped_examples_fit_their_own_question(shipped: dict[str, Tree]) -> None:
    from kb.rules.typed import read

    for tree in shipped.values():
        for node in tree.nodes.values():
            if isinstance(node, Input):
                assert not isinstance(read(node, node.example), Bad), (tree.id, node.id)


SEVERITIES = {
    "backup": "A", "recovery": "ABC", "validation": "A", "boot": "A", "install": "A",
    "deployment": "A", "disks": "A", "system-failure": "A", "connection": "B", "management": "B",
    "scheduler": "B", "boot-management": "B", "cloning": "B", "rescue-media": "B", "vault": "B",
    "commands": "B", "slow": "C", "log-errors": "C", "behaviour": "C", "notifications": "C",
    "how-to": "D", "interface": "D",
}  # fmt: skip


def test_contact_ends_carry_the_severity_of_their_topic(shipped: dict[str, Tree]) -> None:
    """R33–R36: what stops work is A, what hampers it B or C, everything else D."""
    for tree in shipped.values():
        for node in tree.nodes.values():
            if node.kind == "contact":
                wanted = SEVERITIES.get(node.topic or "", "D")
                assert (node.severity or "") in wanted, (tree.id, node.id)
                assert (node.request == "technical") == (node.topic in SEVERITIES)


def test_shipped_trees_never_leave_anyone_without_a_way_on(shipped: dict[str, Tree]) -> None:
    for tree in shipped.values():
        start = walk(tree, shipped, {})
        assert is_asked(start.node)
        for node in tree.nodes.values():
            if node.kind == "article":
                assert node.not_solved is not None, (tree.id, node.id)
