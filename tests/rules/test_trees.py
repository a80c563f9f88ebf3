"""The proof: a tree that passes leads every customer to an end (DESIGN §2)."""

from dataclasses import replace

import pytest

from kb.rules.products import ProductRange
from kb.rules.tree_proof import prove
from kb.rules.trees import (
    ArticleEnd,
    Condition,
    ContactEnd,
    Input,
    InputKind,
    LinkEnd,
    Option,
    ProductEnd,
    Question,
    Route,
    SolvedEnd,
    Step,
    Subtree,
    Tree,
)
from tests.rules.tree_samples import (
    BACKUP,
    CONTACT,
    DONE,
    KNOWN,
    ask,
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
