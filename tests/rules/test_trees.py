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
