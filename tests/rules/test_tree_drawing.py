"""Trees as text, as Mermaid, and as the list of their paths."""

from hypothesis import given

from kb.rules.tree_drawing import label, mermaid, outline, paths, route_words
from kb.rules.trees import (
    ArticleEnd,
    CalculatorEnd,
    Condition,
    LinkEnd,
    Option,
    ProductEnd,
    Question,
    ReturnEnd,
    Route,
    SolvedEnd,
    Subtree,
    Tree,
)
from tests.rules.tree_samples import BACKUP, DONE, ask, grown, sound_forests, tree


def test_outline() -> None:
    assert (
        outline(BACKUP)
        == """\
Tree backup (backup)
[when] when?
  To code → [code] Code?
    E000101F4 → [article] article 1042: Raise the quota
      no → [contact] contact technical · backup · B
    else → [try] Free space
      yes → [done] solved
      no → [contact] contact technical · backup · B
  To try → [try] (see above)
"""
    )


def test_mermaid() -> None:
    drawn = mermaid(BACKUP)
    assert drawn.startswith("flowchart TD\n")
    assert '  n_when{"when?"}' in drawn
    assert '  n_code -->|"E000101F4"| n_article' in drawn
    assert '  n_contact>"contact technical · backup · B"]' in drawn
    risky = tree(Question("a-b", 'Say "<b>" & go?', (Option("o", "Yes", "done"),)), DONE)
    assert 'n_a_b{"Say &quot;&lt;b>&quot; &amp; go?"}' in mermaid(risky)


def test_paths() -> None:
    assert list(paths(BACKUP, grown(BACKUP))) == [
        ("when: To code", "code: E000101F4", "[article] article 1042: Raise the quota"),
        (
            "when: To code",
            "code: E000101F4",
            "article: no",
            "[contact] contact technical · backup · B",
        ),
        ("when: To code", "code: else", "try: yes", "[done] solved"),
        ("when: To code", "code: else", "try: no", "[contact] contact technical · backup · B"),
        ("when: To try", "try: yes", "[done] solved"),
        ("when: To try", "try: no", "[contact] contact technical · backup · B"),
    ]


@given(sound_forests())
def test_paths_are_as_many_as_counted(trees: dict[str, Tree]) -> None:
    for one in trees.values():
        if one.paths <= 2_000:
            assert sum(1 for _ in paths(one, trees)) == one.paths


def test_words_in_boxes() -> None:
    assert label(Subtree("s", "other")) == "use other"
    assert label(ArticleEnd("a", 1042)) == "article 1042"
    assert label(ProductEnd("p", "home")) == "product home"
    assert label(SolvedEnd("s", "Well done")) == "Well done"
    assert route_words(Route("x", Condition(("1", "2"), "3", "4"))) == "1, 2, ≥ 3, < 4"
    assert route_words(Route("x")) == "else"


def test_a_path_returns_from_a_used_tree() -> None:
    inner = tree(ask("deep", "back", "done"), ReturnEnd("back"), DONE, id="inner")
    outer = tree(ask("q", "sub", "done"), Subtree("sub", "inner", "done"), DONE, id="outer")
    assert list(paths(outer, grown(inner, outer))) == [
        ("q: To sub", "deep: To back", "[done] solved"),
        ("q: To sub", "deep: To done", "[done] solved"),
        ("q: To done", "[done] solved"),
    ]
    assert "then → [done] solved" in outline(outer)


def test_more_words_in_boxes() -> None:
    assert (
        label(LinkEnd("l", "https://example.com/", "Forum")) == "link Forum: https://example.com/"
    )
    assert label(CalculatorEnd("c", "Count licences")) == "calculator Count licences"
    assert label(ReturnEnd("r")) == "return"
