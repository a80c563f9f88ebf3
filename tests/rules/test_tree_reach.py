"""The answers that lead to each node, checked by walking them."""

from hypothesis import given

from kb.rules.tree_reach import Way, ways_to
from kb.rules.trees import Condition, Input, InputKind, Route, Subtree, Tree
from kb.rules.walk import walk
from tests.rules.tree_samples import BACKUP, CONTACT, DONE, ask, grown, sound_forests, tree


def test_each_node_has_its_fewest_answers() -> None:
    found = ways_to(BACKUP, grown(BACKUP))
    assert found["when"] == Way("when", {})
    assert found["try"] == Way("try", {"when": "to-try"})
    assert found["article"] == Way("article", {"when": "to-code", "code": "E000101F4"})
    assert found["contact"].answers == {"when": "to-try", "try": "no"}


def test_a_used_tree_is_shown_at_its_first_question() -> None:
    outer = tree(ask("q", "boot", "done"), Subtree("boot", "backup"), DONE, id="outer")
    trees = grown(BACKUP, outer)
    found = ways_to(trees["outer"], trees)
    assert found["boot"] == Way("boot.when", {"q": "to-boot"})
    assert found["boot.try"] == Way("boot.try", {"q": "to-boot", "boot.when": "to-try"})


def test_bounds_are_met_from_both_sides() -> None:
    routes = (
        Route("low", Condition(below="10")),
        Route("mid", Condition(at_least="10", below="20")),
        Route("high"),
    )
    ends = (ask("low", "done"), ask("mid", "done"), ask("high", "done"), DONE)
    for kind in (InputKind.NUMBER, InputKind.VERSION):
        sized = tree(Input("n", "N?", kind, routes), *ends)
        assert set(ways_to(sized, grown(sized))) == set(sized.nodes)
    dated = tree(
        Input(
            "n",
            "When?",
            InputKind.DATE,
            (Route("low", Condition(below="2026-01-01")), Route("high")),
        ),
        ask("low", "done"),
        ask("high", "done"),
        DONE,
    )
    assert set(ways_to(dated, grown(dated))) == set(dated.nodes)


def test_a_node_that_only_an_unusual_value_reaches_may_be_missing() -> None:
    odd = tree(
        Input(
            "n", "N?", InputKind.NUMBER, (Route("done", Condition(at_least="0")), Route("contact"))
        ),
        DONE,
        CONTACT,
    )
    assert set(ways_to(odd, grown(odd))) == {"n", "done"}


@given(sound_forests())
def test_every_way_leads_there_and_no_node_of_a_sound_tree_is_missing(
    trees: dict[str, Tree],
) -> None:
    for one in trees.values():
        found = ways_to(one, trees)
        for name, way in found.items():
            assert walk(one, trees, way.answers).key == way.key
            assert way.key == name or way.key.startswith(f"{name}.")
        assert set(one.nodes) <= set(found)
