"""What is kept of an answer, and what the place means where it led."""

from collections.abc import Mapping

import pytest

from kb.rules.tree_figures import (
    Ending,
    trace_of,
)
from kb.rules.trees import (
    ArticleEnd,
    CalculatorEnd,
    Condition,
    Input,
    InputKind,
    ReturnEnd,
    Route,
    Subtree,
    Tree,
)
from kb.rules.walk import walk
from tests.rules.test_tree_figures import NOW
from tests.rules.tree_samples import (
    ARTICLE,
    BACKUP,
    CODE,
    CONTACT,
    DONE,
    TRY,
    ask,
    grown,
    tree,
)

HELPED = ArticleEnd("helped", 1043)
SIZE = Input(
    "size",
    "Size?",
    InputKind.NUMBER,
    (Route("done", Condition(below="10")), Route("contact")),
    optional=True,
)
ASKING = tree(
    ask("q", "size", "helped", "sub"), SIZE, HELPED, Subtree("sub", "backup"), id="asking"
)
ASKING = Tree(
    ASKING.id,
    ASKING.lang,
    ASKING.title,
    ASKING.start,
    {**ASKING.nodes, "done": DONE, "contact": CONTACT},
    revision="r7",
)
TREES = grown(BACKUP, ASKING)


@pytest.mark.parametrize(
    ("answers", "asked", "kept"),
    [
        pytest.param({}, None, ("", "", "q", ""), id="opened"),
        pytest.param({}, "q", None, id="sent without an answer"),
        pytest.param({"q": "nonsense"}, "q", None, id="not an answer"),
        pytest.param({"q": "to-size"}, "q", ("q", "to-size", "size", ""), id="an option"),
        pytest.param({"q": "to-size"}, None, ("q", "to-size", "size", ""), id="the last answer"),
        pytest.param({"q": "to-size", "size": "much"}, "size", None, id="a bad value"),
        pytest.param(
            {"q": "to-size", "size": "7"}, "size", ("size", "< 10", "done", "solved"), id="no value"
        ),
        pytest.param(
            {"q": "to-size", "size": "600123456"},
            "size",
            ("size", "else", "contact", "contact"),
            id="a phone number is not kept",
        ),
        pytest.param(
            {"q": "to-size", "size": ""}, "size", ("size", "", "contact", "contact"), id="skipped"
        ),
        pytest.param(
            {"q": "to-size", "size": "7"}, "q", ("q", "to-size", "done", "solved"), id="changed"
        ),
        pytest.param(
            {"q": "to-helped", "helped": "yes"},
            "helped",
            ("helped", "yes", "helped", "solved"),
            id="an article that helped",
        ),
        pytest.param(
            {"q": "to-helped", "helped": "no"},
            "helped",
            ("helped", "no", "helped", ""),
            id="an article that did not",
        ),
        pytest.param(
            {"q": "to-sub", "sub.when": "to-try"},
            "sub.when",
            ("sub.when", "to-try", "sub.try", ""),
            id="inside a used tree",
        ),
    ],
)
def test_what_is_kept_of_an_answer(
    answers: Mapping[str, str], asked: str | None, kept: tuple[str, ...] | None
) -> None:
    found = trace_of(walk(TREES["asking"], TREES, answers), asked, "w", "en", NOW)
    if kept is None:
        assert found is None
        return
    assert found is not None
    assert (found.node, found.answer, found.reached, str(found.ending)) == kept
    assert found.walk == ("w" if found.node else "")
    assert (found.tree, found.lang, found.at) == ("asking", "en", NOW)


@pytest.mark.parametrize(
    ("end", "ending"),
    [(CalculatorEnd("end"), Ending.ADVISED), (ReturnEnd("end"), Ending.NONE)],
)
def test_other_ends(end: CalculatorEnd | ReturnEnd, ending: Ending) -> None:
    trees = grown(tree(ask("q", "end"), end))
    found = trace_of(walk(trees["t"], trees, {"q": "to-end"}), "q", "w", "en", NOW)
    assert found is not None
    assert found.ending is ending


def test_the_sample_tree_is_the_one_above() -> None:
    assert set(BACKUP.nodes) == {node.id for node in (CODE, TRY, ARTICLE, DONE, CONTACT)} | {"when"}
