"""The proof: a tree that passes leads every customer to an end (DESIGN §2)."""

from dataclasses import replace
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.rules.products import ProductRange
from kb.rules.tree_measure import measure
from kb.rules.tree_products import Chosen
from kb.rules.tree_proof import limit_flaws, prove
from kb.rules.tree_tests import cover, failed_tests, untested_ends
from kb.rules.trees import (
    ArticleEnd,
    Condition,
    ContactEnd,
    Input,
    InputKind,
    LinkEnd,
    Node,
    Option,
    ProductEnd,
    Question,
    ReturnEnd,
    Route,
    SolvedEnd,
    Step,
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


def number(*routes: Route, kind: InputKind = InputKind.NUMBER, **parts: object) -> Input:
    return Input("n", "n?", kind, routes, closed="a sample", **parts)  # type: ignore[arg-type]


SERVER_10 = ProductRange("backup-server", "10", "10")
OTHER = Option("other", "Other", "done", other=True)


def option(name: str) -> Option:
    return Option(name, name.upper(), "done")


def only(name: str, line: str, version: str | None = None) -> Option:
    return replace(option(name), only=(ProductRange(line, version, version),))


def two(first: str, second: str, *, labels: tuple[str, str] = ("A", "B")) -> Question:
    return Question(
        "q", "q?", (Option(first, labels[0], "done"), Option(second, labels[1], "done"))
    )


FLAWED = [
    pytest.param(
        replace(BACKUP, start="wen"), ("start",), "starts at “wen”", id="start is no node"
    ),
    pytest.param(
        tree(ask("q", "done", "gone"), DONE),
        ("nodes", "q", "options", 1, "go"),
        "leads to “gone”",
        id="target is no node",
    ),
    pytest.param(
        tree(ask("q", "s"), Subtree("s", "other")),
        ("nodes", "s", "use"),
        "uses the tree “other”",
        id="used tree does not exist",
    ),
    pytest.param(
        tree(ask("q", "s", "done"), Subtree("s", "t"), DONE),
        ("nodes", "s"),
        "circle: q → s → q",
        id="uses itself",
    ),
    pytest.param(
        tree(ask("q", "r"), ask("r", "p"), ask("p", "r", "done"), DONE),
        ("nodes", "p", "options", 0, "go"),
        "circle: r → p → r",
        id="goes round",
    ),
    pytest.param(
        tree(ask("q", "q")),
        ("nodes", "q", "options", 0, "go"),
        "circle: q → q",
        id="leads to itself",
    ),
    pytest.param(
        tree(ask("q", "done"), DONE, CONTACT),
        ("nodes", "contact"),
        "no walk reaches “contact”",
        id="unreachable",
    ),
    pytest.param(
        tree(Question("q", "q?", ())), ("nodes", "q", "options"), "no options", id="no options"
    ),
    pytest.param(
        tree(two("a", "a"), DONE), ("nodes", "q", "options", 1, "id"), "two options “a”", id="ids"
    ),
    pytest.param(
        tree(two("a", "b", labels=("No sé", "no  SÉ")), DONE),
        ("nodes", "q", "options", 1, "label"),
        "that say “no  SÉ”",
        id="labels",
    ),
    pytest.param(
        tree(Step("q", "Try.", "done", "done"), DONE),
        ("nodes", "q", "else"),
        "same node whether it solved",
        id="a step that does not matter",
    ),
    pytest.param(
        tree(number(Route("done", Condition(below="3"))), DONE),
        ("nodes", "n", "route"),
        "no way on for 3, for example",
        id="a gap above",
    ),
    pytest.param(
        tree(
            number(
                Route("done", Condition(below="3")),
                Route("done", Condition(at_least="4")),
                whole=False,
            ),
            DONE,
        ),
        ("nodes", "n", "route"),
        "no way on for 3, for example",
        id="a gap between",
    ),
    pytest.param(
        tree(
            number(
                Route("done", Condition(below="3")),
                Route("done", Condition(("3",))),
                Route("done", Condition(at_least="3.000002")),
            ),
            DONE,
        ),
        ("nodes", "n", "route"),
        "no way on for 3.000001, for example",
        id="the smallest gap",
    ),
    pytest.param(
        tree(
            number(
                Route("done", Condition(below="11")),
                Route("done", Condition(at_least="11.0.1")),
                kind=InputKind.VERSION,
            ),
            DONE,
        ),
        ("nodes", "n", "route"),
        "no way on for 11, for example",
        id="a gap between versions",
    ),
    pytest.param(
        tree(
            number(
                Route("done", Condition(("11.5",))),
                Route("done", Condition(at_least="11.6")),
                kind=InputKind.VERSION,
                lowest="11.5",
            ),
            DONE,
        ),
        ("nodes", "n", "route"),
        "no way on for 11.5.1, for example",
        id="a gap after a version",
    ),
    pytest.param(
        tree(
            number(
                Route("done", Condition(below="2026-01-01")),
                Route("done", Condition(at_least="2026-01-02")),
                kind=InputKind.DATE,
            ),
            DONE,
        ),
        ("nodes", "n", "route"),
        "no way on for 2026-01-01, for example",
        id="a day that is left out",
    ),
    pytest.param(
        tree(
            number(
                Route("done", Condition(below="5")),
                Route("contact", Condition(below="9")),
                Route("done"),
            ),
            DONE,
            CONTACT,
        ),
        ("nodes", "n", "route", 1, "if"),
        "two routes for 0: entries 1 and 2",
        id="overlap",
    ),
    pytest.param(
        tree(
            number(
                Route("done", Condition(("12.3",))),
                Route("contact", Condition(at_least="12")),
                Route("done"),
                kind=InputKind.VERSION,
            ),
            DONE,
            CONTACT,
        ),
        ("nodes", "n", "route", 1, "if"),
        "two routes for 12.3: entries 1 and 2",
        id="a value inside a range",
    ),
    pytest.param(
        tree(
            number(
                Route("done", Condition(below="5")),
                Route("done", Condition(at_least="5")),
                Route("contact"),
            ),
            DONE,
            CONTACT,
        ),
        ("nodes", "n", "route", 2, "else"),
        "an “else” that no value can take",
        id="else is never taken",
    ),
    pytest.param(
        tree(number(Route("done", Condition(at_least="50")), Route("done"), highest="9"), DONE),
        ("nodes", "n", "route", 0, "if"),
        "no value can take",
        id="route outside what may be typed",
    ),
    pytest.param(
        tree(number(Route("done"), lowest="9", highest="1"), DONE),
        ("nodes", "n", "input", "lowest"),
        "lowest value “9” above its highest",
        id="bounds the wrong way round",
    ),
    pytest.param(
        tree(number(Route("done", Condition(("1.5",))), Route("done"), whole=True), DONE),
        ("nodes", "n", "route", 0, "if"),
        "compares with “1.5”, which is no whole number",
        id="half of a whole number",
    ),
    pytest.param(
        tree(number(Route("done", Condition(("E1",))), kind=InputKind.ERROR_CODE), DONE),
        ("nodes", "n", "route"),
        "no way on for all other values",
        id="no else for a code",
    ),
    pytest.param(
        tree(
            number(
                Route("done", Condition(("E1", "E2"))),
                Route("done", Condition(("E2", "E3"))),
                Route("done"),
                kind=InputKind.ERROR_CODE,
            ),
            DONE,
        ),
        ("nodes", "n", "route", 1, "if"),
        "two routes for E2",
        id="a code twice",
    ),
    pytest.param(
        tree(replace(number(Route("done")), closed=""), DONE),
        ("nodes", "n", "input"),
        "no way on for those who do not know the answer",
        id="an input nobody may skip",
    ),
    pytest.param(
        tree(Question("q", "q?", (Option("a", "A", "done"),)), DONE),
        ("nodes", "q", "options"),
        "no way on for those whom no option fits",
        id="no “none of these”",
    ),
    pytest.param(
        tree(Question("q", "q?", (Option("yes", "Yes", "done"),), yes_no=True), DONE),
        ("nodes", "q", "yes"),
        "no way on for those whom no option fits",
        id="yes or no and nothing else",
    ),
    pytest.param(
        tree(ask("q", *(f"e{n}" for n in range(13))), *(SolvedEnd(f"e{n}") for n in range(13))),
        ("nodes", "q", "options", 12),
        "13 options; more than 12",
        id="too wide",
    ),
    pytest.param(
        replace(
            tree(Question("q", "q?", (only("a", "home"), only("b", "home"), OTHER)), DONE),
            products=(ProductRange("home"), ProductRange("backup-server")),
        ),
        ("nodes", "q", "options"),
        "no options for backup-server@12, backup-server@11, backup-server@10",
        id="a product without options",
    ),
    pytest.param(
        tree(Question("q", "q?", (only("a", "home", "9"), option("b"), OTHER)), DONE),
        ("nodes", "q", "options", 0, "only", 0),
        "is only for “home@9”, which this tree does not serve",
        id="only for a version that is not there",
    ),
    pytest.param(
        tree(Step("s", "Try.", "done", "contact", only=(ProductRange("tape"),)), DONE, CONTACT),
        ("nodes", "s", "only", 0),
        "is only for “tape”",
        id="a step for no product",
    ),
    pytest.param(
        tree(LinkEnd("l", "http://forum.example/", "The forum")),
        ("nodes", "l", "url"),
        "no safe address",
        id="link",
    ),
    pytest.param(
        tree(number(Route("done"), Route("done")), DONE),
        ("nodes", "n", "route", 0),
        "routes after “else”",
        id="else too early",
    ),
    pytest.param(
        tree(number(Route("done", Condition()), Route("done")), DONE),
        ("nodes", "n", "route", 0, "if"),
        "empty “if”",
        id="empty condition",
    ),
    pytest.param(
        tree(number(Route("done", Condition(at_least="many")), Route("done")), DONE),
        ("nodes", "n", "route", 0, "if"),
        "compares with “many”, which is no number",
        id="bound is no number",
    ),
    pytest.param(
        tree(
            number(Route("done", Condition(("12.x",))), Route("done"), kind=InputKind.VERSION), DONE
        ),
        ("nodes", "n", "route", 0, "if"),
        "which is no version",
        id="value is no version",
    ),
    pytest.param(
        tree(number(Route("done", Condition((), "9", "9")), Route("done")), DONE),
        ("nodes", "n", "route", 0, "if"),
        "no value can take",
        id="empty range",
    ),
    pytest.param(
        tree(
            number(Route("done", Condition((), "E1")), Route("done"), kind=InputKind.ERROR_CODE),
            DONE,
        ),
        ("nodes", "n", "route", 0, "if"),
        "which has no order",
        id="bounded code",
    ),
    pytest.param(
        tree(
            number(
                Route("done", Condition(("E10", "E11"))),
                Route("contact", Condition(("EIO",))),
                Route("done"),
                kind=InputKind.ERROR_CODE,
            ),
            DONE,
            CONTACT,
        ),
        ("nodes", "n", "route", 1, "if"),
        "never taken",
        id="route that is never taken",
    ),
    pytest.param(
        tree(number(Route("done"), lowest="one"), DONE),
        ("nodes", "n", "input", "lowest"),
        "a bound “one” that is no number",
        id="bad range",
    ),
    pytest.param(
        tree(ArticleEnd("a", 9999)), ("nodes", "a", "article"), "not published", id="no article"
    ),
    pytest.param(
        tree(ArticleEnd("a", 1050)), ("nodes", "a", "article"), "not there in: en", id="language"
    ),
    pytest.param(
        tree(ArticleEnd("a", 1060)),
        ("nodes", "a", "article"),
        "unsupported versions only",
        id="R27 old version",
    ),
    pytest.param(
        tree(ArticleEnd("a", 1042, "causa")),
        ("nodes", "a", "section"),
        "“causa”, which is not in: en",
        id="section",
    ),
    pytest.param(
        tree(ContactEnd("c", "help")), ("nodes", "c", "request"), "asks for “help”", id="request"
    ),
    pytest.param(
        tree(ContactEnd("c", "technical", "A", "tape")),
        ("nodes", "c", "topic"),
        "the topic “tape”",
        id="topic",
    ),
    pytest.param(
        tree(ContactEnd("c", "technical", "E")),
        ("nodes", "c", "severity"),
        "the severity “E”",
        id="R33 severity",
    ),
    pytest.param(
        tree(ProductEnd("p", "tape")), ("nodes", "p", "product"), "is no product", id="product"
    ),
]


@pytest.mark.parametrize(("flawed", "place", "what"), FLAWED)
def test_flaw(flawed: Tree, place: tuple[str | int, ...], what: str) -> None:
    flaws = prove(flawed, {flawed.id: flawed}, KNOWN)
    assert any(flaw.place == place and what in flaw.what and flaw.mend for flaw in flaws), flaws


SOUND = [
    pytest.param(BACKUP, id="every kind of way on"),
    pytest.param(tree(ProductEnd("p", "home")), id="one end"),
    pytest.param(tree(ArticleEnd("a", 1042, "cause")), id="a KCS part is in every language"),
    pytest.param(tree(ArticleEnd("a", 1043, "a")), id="an anchor that all languages share"),
    pytest.param(
        tree(
            number(
                Route("done", Condition(below="5", at_least="2")),
                Route("contact", Condition(("7",))),
                Route("done", Condition(("8",))),
                Route("done"),
                lowest="1",
                highest="9",
            ),
            DONE,
            CONTACT,
        ),
        id="ranges and values",
    ),
    pytest.param(
        tree(
            number(
                Route("done", Condition(below="11")),
                Route("contact", Condition(("11",))),
                Route("done", Condition(at_least="11.0.0.1")),
                kind=InputKind.VERSION,
            ),
            DONE,
            CONTACT,
        ),
        id="no version lies between",
    ),
    pytest.param(
        tree(
            number(
                Route("done", Condition(("1",))),
                Route("contact", Condition(("2",))),
                Route("done", Condition(at_least="3")),
                lowest="1",
                whole=True,
            ),
            DONE,
            CONTACT,
        ),
        id="no whole number lies between",
    ),
    pytest.param(
        replace(
            tree(Question("q", "q?", (only("a", "home"), only("b", "backup-server"), OTHER)), DONE),
            products=(ProductRange("home"), ProductRange("backup-server", "11", "12")),
        ),
        id="each product has an option",
    ),
]


@pytest.mark.parametrize("sound", SOUND)
def test_sound_tree_has_no_flaw(sound: Tree) -> None:
    assert prove(sound, {sound.id: sound}, KNOWN) == ()


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


def test_large_tree_is_proved_without_listing_its_paths() -> None:
    """1,000 nodes and over a million paths: the work follows the nodes, never the paths."""
    large = layered(layers=100, width=10)
    large = replace(large, nodes=Counted(large.nodes))
    assert len(large.nodes) == 1002
    Counted.looks = 0
    started = perf_counter()
    assert prove(large, {"t": large}, KNOWN) == ()
    assert measure({"t": large})["t"].paths > 10**40
    assert perf_counter() - started < 1
    ways = sum(1 for node in large.nodes.values() for _ in exits(node))
    assert Counted.looks <= 4 * (len(large.nodes) + ways)


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
