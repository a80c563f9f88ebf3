"""The proof of typed answers: every value is taken exactly once (DESIGN §2)."""

import pytest

from kb.rules.tree_proof import prove
from kb.rules.trees import (
    Condition,
    InputKind,
    Route,
    Tree,
)
from tests.rules.test_trees import number
from tests.rules.tree_samples import (
    CONTACT,
    DONE,
    KNOWN,
    tree,
)

FLAWED = [
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
]


@pytest.mark.parametrize(("flawed", "place", "what"), FLAWED)
def test_flaw(flawed: Tree, place: tuple[str | int, ...], what: str) -> None:
    flaws = prove(flawed, {flawed.id: flawed}, KNOWN)
    assert any(flaw.place == place and what in flaw.what and flaw.mend for flaw in flaws), flaws
