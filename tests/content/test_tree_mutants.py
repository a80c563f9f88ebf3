"""The shipped trees, broken in every way at every node: the proof catches each of them."""

import sys
from pathlib import Path

import pytest

from kb.content.policy_source import load_policy
from kb.content.trees_known import known_to_trees
from kb.content.trees_source import load_trees
from kb.rules.trees import Tree
from tests.rules.tree_mutants import MUTANTS, score

ROOT = Path(__file__).parents[2]


def shipped() -> dict[str, Tree]:
    trees, _ = load_trees(ROOT, ("es", "en"))
    return {name: by_lang["es"] for name, by_lang in trees.items()}


@pytest.mark.slow
def test_mutation_score_of_the_shipped_trees(capsys: pytest.CaptureFixture[str]) -> None:
    policy, _ = load_policy(ROOT, ("es", "en"))
    assert policy is not None
    told = score(shipped(), known_to_trees(("es", "en"), policy, {}))
    with capsys.disabled():
        made, caught = (sum(column) for column in zip(*told.values(), strict=True))
        sys.stdout.write(
            f"\nmutation score: {caught} of {made} caught ({100 * caught / made:.1f} %)\n"
        )
        for name, (one, found) in told.items():
            sys.stdout.write(f"  {name:<24}{found:>6} of {one:>5}\n")
    assert set(told) == {mutate.__name__ for mutate in MUTANTS}
    assert {name: made - caught for name, (made, caught) in told.items() if made != caught} == {}
