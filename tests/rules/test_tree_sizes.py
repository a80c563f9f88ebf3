"""Many trees at once: returns, figures, limits, random and broken trees, tests beside them."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.rules.products import ProductRange
from kb.rules.tree_measure import measure
from kb.rules.tree_products import Chosen
from kb.rules.tree_proof import limit_flaws, prove
from kb.rules.tree_tests import cover, failed_tests, untested_ends
from kb.rules.trees import (
    Node,
    Option,
    Question,
    ReturnEnd,
    SolvedEnd,
    Subtree,
    Tree,
    TreeTest,
    exits,
)
from tests.rules.tree_mutants import MUTANTS, broken
from tests.rules.tree_samples import (
    ARTICLE,
    BACKUP,
    CODE,
    CONTACT,
    DONE,
    KNOWN,
    TRY,
    ask,
    grown,
    sound_forests,
    tree,
)
from tests.work import calls

OTHER = Option("other", "Other", "done", other=True)


def only(name: str, line: str, version: str | None = None) -> Option:
    return replace(option(name), only=(ProductRange(line, version, version),))


def option(name: str) -> Option:
    return Option(name, name.upper(), "done")


def test_flaws_of_another_tree_are_told_there() -> None:
    user = tree(Subtree("s", "broken"), id="user")
    bad = tree(ask("q", "gone", "u"), Subtree("u", "nowhere"), id="broken")
    trees = {"user": user, "broken": bad}
    assert prove(user, trees, KNOWN) == ()
    assert len(prove(bad, trees, KNOWN)) == 2


def test_circle_through_another_tree() -> None:
    first = tree(ask("q", "s", "done"), Subtree("s", "second"), DONE, id="first")
    second = tree(ask("p", "back", "done"), Subtree("back", "first"), DONE, id="second")
    third = tree(Subtree("in", "second"), id="third")
    trees = {t.id: t for t in (first, second, third)}
    assert "q → s → second.p → second.back → q" in prove(first, trees, KNOWN)[0].what
    assert "second.p" in prove(third, trees, KNOWN)[0].what  # the circle it leads into


def test_figures() -> None:
    used = tree(ask("q", "done", "contact"), DONE, CONTACT, id="used")
    user = tree(ask("a", "done", "sub"), Subtree("sub", "used"), DONE, id="user")
    trees = grown(BACKUP, used, user)
    # when → code → article (helped) | contact; when → code → try → done | contact; when → try …
    assert trees["backup"].paths == 6
    assert trees["backup"].ahead == {
        "when": 3, "code": 2, "try": 1, "article": 1, "done": 0, "contact": 0,
    }  # fmt: skip
    assert trees["user"].paths == 3
    assert trees["user"].ahead == {"a": 2, "sub": 1, "done": 0}


class Counted(dict[str, Node]):
    """Nodes that count how often one of them is looked at."""

    looks = 0

    def __getitem__(self, name: str) -> Node:
        Counted.looks += 1
        return super().__getitem__(name)


def layered(layers: int, width: int) -> Tree:
    """A tree whose every node leads to three of the next layer: 3 to the power of its depth."""
    nodes: list[Node] = [ask("root", *(f"n0-{w}" for w in range(width)))]
    for layer in range(layers):
        onward = (
            [f"n{layer + 1}-{w}" for w in range(width)] if layer < layers - 1 else ["done"] * width
        )
        for w in range(width):
            ways = dict.fromkeys(onward[(w + n) % width] for n in range(3))
            nodes.append(ask(f"n{layer}-{w}", *ways))
    return tree(*nodes, DONE)


def worked(one: Tree) -> int:
    """Functions entered while a tree is proved and measured."""
    return calls(lambda: (prove(one, {"t": one}, KNOWN), measure({"t": one}))).total()


def test_large_tree_is_proved_without_listing_its_paths() -> None:
    """1,000 nodes and over a million paths: the work follows the nodes, never the paths (and
    bench/trees.py tells the milliseconds)."""
    large = layered(layers=100, width=10)
    large = replace(large, nodes=Counted(large.nodes))
    assert len(large.nodes) == 1002
    Counted.looks = 0
    assert prove(large, {"t": large}, KNOWN) == ()
    assert measure({"t": large})["t"].paths > 10**40
    ways = sum(1 for node in large.nodes.values() for _ in exits(node))
    assert Counted.looks <= 4 * (len(large.nodes) + ways)
    assert worked(layered(layers=100, width=10)) < 2.2 * worked(layered(layers=50, width=10))


@given(sound_forests())
def test_random_trees_are_sound(trees: dict[str, Tree]) -> None:
    for one in trees.values():
        assert prove(one, trees, KNOWN) == ()
        assert one.paths >= 1


@pytest.mark.parametrize("mutate", MUTANTS, ids=lambda mutate: mutate.__name__)
@settings(max_examples=40)
@given(data=st.data(), trees=sound_forests())
def test_every_mutation_is_caught(mutate, data, trees: dict[str, Tree]) -> None:  # type: ignore[no-untyped-def]
    """The mutation score is 100 %: hypothesis looks for one mutant that survives."""
    mutants = [mutant for tree_ in trees.values() for mutant in broken(tree_, mutate, KNOWN)]
    if mutants:
        mutant = data.draw(st.sampled_from(mutants))
        assert prove(mutant, {**trees, mutant.id: mutant}, KNOWN)


def returning(*, then: str | None, end: Node) -> dict[str, Tree]:
    part = tree(ask("p", "back", "done"), end, DONE, id="part")
    user = tree(ask("q", "use", "after"), Subtree("use", "part", then), ask("after", "done"), DONE)
    return {"part": part, "t": user}


@pytest.mark.parametrize(
    ("then", "end", "told"),
    [
        (None, ReturnEnd("back"), "does not say where to go on when “part” returns"),
        ("after", SolvedEnd("back"), "goes on after “part”, which never returns"),
    ],
)
def test_returns_and_then_go_together(then: str | None, end: Node, told: str) -> None:
    trees = returning(then=then, end=end)
    assert [told in flaw.what for flaw in prove(trees["t"], trees, KNOWN)] == [True]
    assert prove(trees["part"], trees, KNOWN) == ()


def test_figures_of_a_tree_that_returns() -> None:
    trees = returning(then="after", end=ReturnEnd("back"))
    assert prove(trees["t"], trees, KNOWN) == ()
    grown_ = measure(trees)
    # q → p → done; q → p → back → after → done; q → after → done
    assert grown_["t"].paths == 3
    assert grown_["t"].ahead == {"q": 3, "use": 2, "after": 1, "done": 0}
    assert grown_["part"].paths == 2
    assert grown_["part"].back == {"p": 1, "back": 0}
    twice = tree(Subtree("one", "part", "two"), Subtree("two", "part", "done"), DONE, id="u")
    assert measure({**trees, "u": twice})["u"].paths == 3


def test_circle_behind_a_return() -> None:
    part = tree(ask("p", "back", "done"), ReturnEnd("back"), DONE, id="part")
    user = tree(ask("q", "use", "done"), Subtree("use", "part", "q"), DONE)
    flaws = prove(user, {"part": part, "t": user}, KNOWN)
    assert "circle: q → use → q" in flaws[0].what


def test_depth_and_size_have_limits() -> None:
    deep = measure({"t": tree(*(ask(f"n{n}", f"n{n + 1}") for n in range(41)), SolvedEnd("n41"))})
    assert [flaw.what for flaw in limit_flaws(deep["t"])] == [
        "a walk can take 41 answers, more than 40"
    ]
    wide = tree(DONE, *(SolvedEnd(f"n{n}") for n in range(2000)))
    told = [flaw.what for flaw in limit_flaws(measure({"t": wide})["t"])]
    assert told == ["the tree has 2001 nodes; more than 2000"]


def test_a_line_without_versions_is_served_whole() -> None:
    cloud = replace(tree(Question("q", "q?", (only("a", "cloud"), option("b"), OTHER)), DONE),
                    products=(ProductRange("cloud"),))  # fmt: skip
    known = replace(KNOWN, versions={"cloud": ()})
    assert prove(cloud, {"t": cloud}, known) == ()
    assert known.in_support(Chosen("cloud"))


def test_tests_beside_the_tree() -> None:
    tests = (
        TreeTest({"when": "to-try", "try": "no"}, "contact"),
        TreeTest({"when": "to-try", "try": "yes"}, "contact"),
        TreeTest({"when": "to-try", "code": "E1"}, "try"),
        TreeTest({"when": "to-code", "code": "?"}, "article"),
    )
    tested = replace(BACKUP, tests=tests)
    flaws = failed_tests(tested, grown(tested))
    assert [(flaw.place, flaw.what) for flaw in flaws] == [
        (("tests", 1, "reaches"), "the test reaches “done”, not “contact”"),
        (("tests", 2, "answers"), "the test answers what is not asked on its way: code"),
        (("tests", 3, "answers", "code"), "the test's answer “?” does not fit “code”"),
    ]
    assert untested_ends(tested, grown(tested)) == ("article",)
    found = cover(tested, grown(tested))
    assert (found.nodes, found.ends, found.options) == (6, 3, 4)
    assert found.missed_nodes == ("article",)
    assert found.missed_options == ()


def test_cover_counts_the_way_through_another_tree() -> None:
    trees = returning(then="after", end=ReturnEnd("back"))
    tested = replace(
        trees["t"],
        tests=(
            TreeTest({"q": "to-use", "use.p": "to-back"}, "after"),
            TreeTest({"q": "to-after", "after": "to-done"}, "done", "home@5"),
        ),
    )
    trees = measure({**trees, "t": tested})
    assert failed_tests(trees["t"], trees) == ()
    found = cover(trees["t"], trees)
    assert (found.missed_nodes, found.missed_ends, found.missed_options) == ((), (), ())
    assert cover(trees["part"], trees).missed_nodes == ("p", "back", "done")


def test_samples_are_what_they_say() -> None:
    assert set(BACKUP.nodes) == {"when", "code", "try", "article", "done", "contact"}
    assert CODE.optional
    assert TRY.not_solved == ARTICLE.not_solved == "contact"
