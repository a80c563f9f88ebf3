"""The picture of a tree: well-formed, nothing inline, every box with its words and its link."""

import xml.etree.ElementTree as Xml
from dataclasses import replace

from kb.rules.tree_drawing import Words, ways
from kb.rules.tree_layout import lay_out
from kb.rules.tree_svg import Marked, picture, svg
from kb.rules.trees import (
    CalculatorEnd,
    LinkEnd,
    Option,
    ProductEnd,
    Question,
    ReturnEnd,
    Subtree,
    Tree,
)
from tests.rules.tree_samples import BACKUP, DONE, ask, tree

SVG = "{http://www.w3.org/2000/svg}"


def drawn(one: Tree, marked: dict[str, Marked] | None = None, **more: str) -> Xml.Element:
    made = picture(one, marked=marked)
    return Xml.fromstring(svg(made, lay_out(made.boxes, made.ties), about="Six nodes."))  # noqa: S314 # our own


def test_every_node_and_way_is_there() -> None:
    root = drawn(BACKUP)
    nodes = [g for g in root.iter(f"{SVG}g") if (g.get("class") or "").startswith("node ")]
    assert {g.get("class") for g in nodes} == {f"node {n.kind}" for n in BACKUP.nodes.values()}
    assert "question: when?" in {g.get("aria-label") for g in nodes}
    lines = [p for p in root.iter(f"{SVG}path") if p.get("class") == "line"]
    assert len(lines) == sum(len(ways(node)) for node in BACKUP.nodes.values())
    said = {
        "".join(t.itertext()) for g in root.iter(f"{SVG}g") if g.get("class") == "way" for t in g
    }
    assert {"To code", "E000101F4", "else", "yes", "no"} <= said


def test_it_is_named_and_described() -> None:
    root = drawn(BACKUP)
    assert root.get("aria-labelledby") == "map-title"
    assert root.get("aria-describedby") == "map-desc"
    assert [e.text for e in root if e.tag in (f"{SVG}title", f"{SVG}desc")] == [
        "Tree backup",
        "Six nodes.",
    ]


def test_on_a_page_nothing_is_styled_inline_and_boxes_are_links() -> None:
    marked = {"try": Marked("/en/x?a=1&b=2", "12 came · 3 left", loses=True)}
    root = drawn(BACKUP, marked)
    assert not [e for e in root.iter() if e.get("style") or e.tag == f"{SVG}style"]
    (link,) = root.iter(f"{SVG}a")
    assert link.get("href") == "/en/x?a=1&b=2"
    assert link.get("class") == "node step loses"
    assert link.get("aria-label") == "to try: Free space. 12 came · 3 left"
    assert "12 came · 3 left" in ["".join(text.itertext()) for text in link.iter(f"{SVG}text")]


def test_a_file_of_its_own_brings_its_style() -> None:
    made = picture(BACKUP)
    assert "<style>" in svg(made, lay_out(made.boxes, made.ties), alone=True)
    assert "aria-describedby" not in svg(made, lay_out(made.boxes, made.ties))


def test_words_are_escaped_broken_and_cut() -> None:
    long = "Does <b>this & that</b> happen " + "again and again " * 10 + "or not?"
    one = tree(Question("q", long, (Option("o", "Yes & no <now>", "done"),)), DONE)
    root = drawn(one)
    (link,) = [g for g in root.iter(f"{SVG}g") if g.get("class") == "node question"]
    rows = ["".join(text.itertext()) for text in link.iter(f"{SVG}text")]
    assert len(rows) == 4  # the kind, and three rows
    assert rows[-1].endswith("…")
    assert link.get("aria-label") == f"question: {long}"


def test_every_kind_has_a_shape_and_unknown_ones_a_plain_box() -> None:
    one = tree(
        ask("q", "sub", "product", "calculator", "link", "return", "done"),
        Subtree("sub", "backup", "done"),
        ProductEnd("product", "home"),
        CalculatorEnd("calculator"),
        LinkEnd("link", "https://example.com/", "Forum"),
        ReturnEnd("return"),
        DONE,
    )
    made = picture(one)
    strange = replace(made, cards=tuple(replace(card, kind="strange") for card in made.cards))
    for each in (made, strange):
        root = Xml.fromstring(svg(each, lay_out(each.boxes, each.ties)))  # noqa: S314 # our own
        shapes = [e for e in root.iter() if e.get("class") == "shape"]
        assert len(shapes) >= len(one.nodes)
    plain = svg(strange, lay_out(strange.boxes, strange.ties))
    assert "<polygon" not in plain


def test_its_fixed_words_can_be_translated() -> None:
    words = Words(yes="Sí", no="No", otherwise="lo demás", kinds={"step": "Para probar"})
    made = picture(BACKUP, words)
    assert ("Sí",) in made.said
    assert {card.named for card in made.cards if card.kind == "step"} == {"Para probar"}
    assert {card.named for card in made.cards if card.kind == "input"} == {"input"}
