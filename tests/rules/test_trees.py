"""The proof: a tree that passes leads every customer to an end (DESIGN §2)."""

from dataclasses import replace
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.rules.tree_proof import measure, prove
from kb.rules.tree_tests import failed_tests, untested_ends
from kb.rules.trees import (
    ArticleEnd,
    Condition,
    ContactEnd,
    Input,
    InputKind,
    Node,
    Option,
    ProductEnd,
    Question,
    Route,
    SolvedEnd,
    Step,
    Subtree,
    Tree,
    TreeTest,
    exits,
)
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


def number(*routes: Route, kind: InputKind = InputKind.NUMBER, **parts: str) -> Input:
    return Input("n", "n?", kind, routes, **parts)  # type: ignore[arg-type]


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
        ("nodes", "p"),
        "circle: r → p → r",
        id="goes round",
    ),
    pytest.param(tree(ask("q", "q")), ("nodes", "q"), "circle: q → q", id="leads to itself"),
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
        "no way on for all other values",
        id="no else",
    ),
    pytest.param(tree(number(), DONE), ("nodes", "n", "route"), "no way on", id="no routes at all"),
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
        ("nodes", "n"),
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
]


@pytest.mark.parametrize("sound", SOUND)
def test_sound_tree_has_no_flaw(sound: Tree) -> None:
    assert prove(sound, {sound.id: sound}, KNOWN) == ()


def test_flaws_of_another_tree_are_told_there() -> None:
    user = tree(Subtree("s", "broken"), id="user")
    broken = tree(ask("q", "gone", "u"), Subtree("u", "nowhere"), id="broken")
    trees = {"user": user, "broken": broken}
    assert prove(user, trees, KNOWN) == ()
    assert len(prove(broken, trees, KNOWN)) == 2


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


def test_large_tree_is_proved_without_listing_its_paths() -> None:
    nodes: list[Node] = [ask(f"n{n}", f"n{n + 1}", f"n{n + 2}") for n in range(2_000)]
    long = tree(*nodes, SolvedEnd("n2000"), ContactEnd("n2001", "technical"))
    started = perf_counter()
    assert prove(long, {"t": long}, KNOWN) == ()
    assert measure({"t": long})["t"].paths > 10**400
    assert perf_counter() - started < 10  # linear: about 50 ms; paths listed would never end


@given(sound_forests())
def test_random_trees_are_sound(trees: dict[str, Tree]) -> None:
    for one in trees.values():
        assert prove(one, trees, KNOWN) == ()
        assert one.paths >= 1


# Mutations: each makes a sound tree unsound; the proof must catch every one of them.


def without_an_edge(node: Node, _tree: Tree) -> Node:
    match node:
        case Question():
            return replace(node, options=(replace(node.options[0], go=""), *node.options[1:]))
        case Input():
            return replace(node, routes=node.routes[:-1])
        case Step():
            return replace(node, solved="")
        case ArticleEnd():
            return replace(node, not_solved="")
        case Subtree():
            return replace(node, use="")
        case _:
            raise AssertionError(node)


def with_a_renamed_target(node: Node, _tree: Tree) -> Node:
    match node:
        case Question():
            last = replace(node.options[-1], go=node.options[-1].go + "x")
            return replace(node, options=(*node.options[:-1], last))
        case Input():
            return replace(node, routes=(*node.routes[:-1], Route(node.routes[-1].go + "x")))
        case Step():
            return replace(node, not_solved=node.not_solved + "x")
        case ArticleEnd():
            return replace(node, not_solved=f"{node.not_solved}x")
        case Subtree():
            return replace(node, use=node.use + "x")
        case _:
            raise AssertionError(node)


def with_a_cycle(node: Node, tree: Tree) -> Node:
    match node:
        case Question():
            return replace(node, options=(*node.options, Option("back", "Back", tree.start)))
        case Input():
            return replace(node, routes=(*node.routes[:-1], Route(tree.start)))
        case Step():
            return replace(node, not_solved=tree.start)
        case ArticleEnd():
            return replace(node, not_solved=tree.start)
        case Subtree():
            return replace(node, use=tree.id)
        case _:
            raise AssertionError(node)


def with_a_double_option(node: Node, _tree: Tree) -> Node:
    assert isinstance(node, Question)
    return replace(node, options=(*node.options, node.options[0]))


def is_inner(node: Node) -> bool:
    return isinstance(node, Subtree) or any(exits(node))


@pytest.mark.parametrize(
    "mutate", [without_an_edge, with_a_renamed_target, with_a_cycle, with_a_double_option]
)
@given(data=st.data(), trees=sound_forests())
def test_every_mutation_is_caught(mutate, data, trees: dict[str, Tree]) -> None:  # type: ignore[no-untyped-def]
    """The mutation score is 100 %: hypothesis looks for one mutant that survives."""
    spots = [
        (name, node)
        for name, one in trees.items()
        for node in one.nodes.values()
        if is_inner(node) and (mutate is not with_a_double_option or isinstance(node, Question))
    ]
    if not spots:
        return
    name, node = data.draw(st.sampled_from(spots))
    mutant = replace(trees[name], nodes={**trees[name].nodes, node.id: mutate(node, trees[name])})
    assert prove(mutant, {**trees, name: mutant}, KNOWN)


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


def test_samples_are_what_they_say() -> None:
    assert set(BACKUP.nodes) == {"when", "code", "try", "article", "done", "contact"}
    assert CODE.optional
    assert TRY.not_solved == ARTICLE.not_solved == "contact"
