"""R63: lists, listings and tables mean what they mean in other tools; no step is ever swallowed."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.content.markdown import Context, render

KEPT = re.compile(r"<(/?)(ol|ul|table|pre|hr)\b[^>]*>")


def shape(source: str) -> str:
    """The words of what is rendered, with its lists, tables and listings: `ol(a ul(b) c)`."""
    rendered = render(source, Context("en"))
    assert rendered.problems == ()
    named = KEPT.sub(lambda tag: ")" if tag[1] else f" {tag[2]}(", rendered.html)
    return spaced(re.sub(r"<[^>]*>", " ", named))


def spaced(outline: str) -> str:
    return " ".join(re.sub(r"[()]", r" \g<0> ", outline).split())


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("1. a\n\n    - b\n2. c\n3. d", "ol(a ul(b) c d)", id="list in a loose step"),
        pytest.param("1. a\n\n    text\n2. c", "ol(a text c)", id="a paragraph in a step"),
        pytest.param("1. a\n\n   text\n\n2. c", "ol(a text c)", id="indented by three"),
        pytest.param("1. a\n\n   text\n2. c", "ol(a text c)", id="by three, no line after it"),
        pytest.param("- a\n\n  text\n- c", "ul(a text c)", id="indented by two"),
        pytest.param("- a\n  - b\n    - c\n- d", "ul(a ul(b ul(c)) d)", id="nested by two"),
        pytest.param("1. a\n   1. b\n   2. c\n2. d", "ol(a ol(b c) d)", id="nested by three"),
        pytest.param("10. a\n    - b\n11. c", "ol(a ul(b) c)", id="two figures"),
        pytest.param("10. a\n\n   b\n11. c", "ol(a b c)", id="two figures, by three"),
        pytest.param("-   a\n\n    b\n-   c", "ul(a b c)", id="a wide mark"),
        pytest.param("1) a\n2) b", "ol(a b)", id="numbers with a bracket"),
        pytest.param(
            "1. a\n\n   ```sh\n   ls\n\n     -l\n   ```\n2. c",
            "ol(a pre(ls -l) c)",
            id="a listing in a step",
        ),
        pytest.param("1. a\n   ```\n   x\n   ```\n2. c", "ol(a pre(x) c)", id="close below it"),
        pytest.param("a\n```\nx\n```\nb", "a pre(x) b", id="a listing between two lines"),
        pytest.param("1. a\n\n```\nx\n```\n2. c", "ol(a) pre(x) ol(c)", id="between two steps"),
        pytest.param("1. a\n- b", "ol(a) ul(b)", id="a list of another kind"),
        pytest.param("a\n| x | y |\n|---|---|\n| 1 | 2 |", "a table(x y 1 2)", id="a table"),
        pytest.param(
            "1. a\n   | x |y|\n   |---|-|\n   | 1 | 2 |\n2. c",
            "ol(a table(x y 1 2) c)",
            id="a table in a step",
        ),
        pytest.param("| x | y |\n|---|---|", "table(x y)", id="a table's head has no empty row"),
        pytest.param("1. a\n\n   !!! note\n       b\n2. c", "ol(a Note b c)", id="a box in a step"),
        pytest.param("1. a\n\n   ::: only x@1\n   b\n   :::\n2. c", "ol(a b c)", id="a version's"),
        pytest.param("It was\n2026. So\n\n   it went", "It was 2026. So it went", id="no list"),
        pytest.param("a | b\n--- and so on", "a | b --- and so on", id="no table"),
        pytest.param("a | b\n--- | x", "a | b --- | x", id="a line of dashes and words"),
        pytest.param("a | b\n:-- | --: ", "table(a b)", id="sides, and a space at the end"),
        pytest.param("- a\n\n* * *\n\n1. b", "ul(a) hr( ol(b)", id="a line between"),
    ],
)
def test_lists_mean_what_they_mean_elsewhere(source: str, expected: str) -> None:
    assert shape(source) == spaced(expected)


def test_a_backslash_at_the_end_breaks_the_line() -> None:
    assert "one<br>\ntwo" in render("one\\\ntwo", Context("en")).html
    assert "<br>" not in render("`one\\\ntwo`", Context("en")).html


def test_an_item_that_is_indented_too_little_to_be_nested_is_told() -> None:
    """R63: what looks nested and will not be is said with its line; what is nested is not."""
    (problem,) = render("- a\n- b\n - c\n", Context("en", "a/en.md", 10)).problems
    assert (problem.line, problem.rule) == (12, "list-indent")
    assert render("- a\n  - b\n    - c\n", Context("en")).problems == ()
    assert render("1. a\n  - b\n", Context("en")).problems != ()


def test_preformatted_html_stays_as_it_is() -> None:
    html = render("<pre>\n1) a\n\n   b\n2) c\n</pre>", Context("en")).html
    assert "1) a\n\n   b\n2) c" in html


Item = tuple[str, list]  # type: ignore[type-arg]
WORDS = st.text("abcdefgh", min_size=1, max_size=6)
TREES = st.recursive(
    st.lists(st.tuples(WORDS, st.just([])), min_size=1, max_size=3),
    lambda below: st.lists(st.tuples(WORDS, below), min_size=1, max_size=3),
    max_leaves=12,
)


@given(TREES, st.sampled_from(["-", "*", "1.", "1)"]), st.booleans(), st.booleans())
def test_however_a_list_is_indented_it_has_all_its_items(
    tree: list[Item], mark: str, by_four: bool, loose: bool
) -> None:
    """R63: indented by four or to where the words begin, close or with lines between."""

    def written(items: list[Item], indent: int) -> list[str]:
        lines = []
        for words, below in items:
            lines += [f"{' ' * indent}{mark} {words}", *([""] if loose else [])]
            lines += written(below, indent + (4 if by_four else len(mark) + 1))
        return lines

    def outline(items: list[Item]) -> str:
        return "".join(f"[{words}{outline(below)}]" for words, below in items)

    html = render("\n".join(written(tree, 0)), Context("en")).html
    flat = html.replace("<li>", "[").replace("</li>", "]")
    assert re.sub(r"<[^>]*>|\s", "", flat) == outline(tree)


@pytest.mark.parametrize(
    ("source", "html"),
    [
        pytest.param(
            "a\n<details>\n<summary>More</summary>\n\n**x**\n\n- y\n</details>\nb",
            "<p>a</p> <details><summary>More</summary> <p><strong>x</strong></p> "
            "<ul> <li>y</li> </ul> </details> <p>b</p>",
            id="its summary on a line of its own",
        ),
        pytest.param(
            "<details open><summary>A</summary>\n<details>\n*b*\n</details>\n</details>",
            '<details open=""><summary>A</summary> <details> <p><em>b</em></p> </details> '
            "</details>",
            id="one in another, open",
        ),
        pytest.param("</details>\n<details>", "<details></details>", id="the wrong way round"),
    ],
)
def test_what_is_folded_away_is_markdown_too(source: str, html: str) -> None:
    """R63: as in other tools, the text between the tags of `<details>` is rendered."""
    assert " ".join(render(source, Context("en")).html.split()) == html
