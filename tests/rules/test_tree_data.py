"""A tree as data for the browser: its structure, and what each product lacks."""

from kb.rules.products import parse_range
from kb.rules.tree_data import tree_data
from kb.rules.tree_products import Chosen
from kb.rules.trees import (
    ArticleEnd,
    Condition,
    Input,
    InputKind,
    Option,
    Question,
    Route,
    SolvedEnd,
    Step,
    Subtree,
    Tree,
)

ONLY = (parse_range("server@12"),)
INNER = Tree("inner", "en", "Inner", "a", {
    "a": ArticleEnd("a", 1042, not_solved="s"),
    "s": SolvedEnd("s"),
})  # fmt: skip
TREE = Tree("outer", "en", "Outer", "q", {
    "q": Question("q", "Which?", (Option("x", "X", "i"), Option("y", "Y", "t", only=ONLY))),
    "i": Input("i", "How many?", InputKind.NUMBER, (
        Route("t", Condition(values=("1",), at_least="0", below="5")), Route("u"),
    ), optional=True, lowest="0"),
    "t": Step("t", "<p>Try</p>", "s", "u", only=ONLY),
    "u": Subtree("u", "inner", then="s"),
    "s": SolvedEnd("s"),
}, revision="1f9c", by_product=True)  # fmt: skip


def test_the_structure_is_all_there_and_no_words() -> None:
    data = tree_data(TREE, {"outer": TREE, "inner": INNER}, ())
    assert data["tree"] == "outer"
    assert data["revision"] == "1f9c"
    assert data["byProduct"]
    assert data["trees"]["outer"] == {
        "start": "q",
        "nodes": {
            "q": {"kind": "question", "options": {"x": "i", "y": "t"}},
            "i": {"kind": "input", "input": "number", "optional": True, "lowest": "0", "routes": [
                {"go": "t", "values": ("1",), "least": "0", "below": "5"}, {"go": "u"},
            ]},
            "t": {"kind": "step", "yes": "s", "no": "u"},
            "u": {"kind": "subtree", "use": "inner", "then": "s"},
            "s": {"kind": "solved"},
        },
    }  # fmt: skip
    assert data["trees"]["inner"]["nodes"]["a"] == {"kind": "article", "no": "s"}


def test_what_a_product_lacks_is_listed_for_it() -> None:
    products = (Chosen("server", "12"), Chosen("server", "11"))
    data = tree_data(TREE, {"outer": TREE, "inner": INNER}, products)
    assert data["without"] == {"server@11": ["outer/q/y", "outer/t"]}
