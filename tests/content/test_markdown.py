"""Authors' Markdown: what it can do, and that nothing unsafe ever comes out."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kb.content.markdown import Context, Image, Rendered, render, with_titles
from kb.rules.articles import Heading
from kb.rules.products import ProductRange


def spanish(source: str) -> Rendered:
    return render(source, Context("es", "a/es.md", 10))


def english(source: str) -> Rendered:
    return render(source, Context("en", "a/en.md", 1))


@pytest.mark.parametrize(
    ("source", "html"),
    [
        pytest.param("[[1042]]", '<a href="article:1042"></a>', id="article link"),
        pytest.param("[[1042|el texto]]", '<a href="article:1042">el texto</a>', id="own text"),
        pytest.param("[[1042#cause]]", '<a href="article:1042#cause"></a>', id="with anchor"),
        pytest.param("`[[1042]]`", "<code>[[1042]]</code>", id="no link in code"),
        pytest.param("1. a\n2. b", '<ol class="steps">', id="steps"),
        pytest.param("Text:\n- one", "<li>one</li>", id="a list right below a paragraph"),
        pytest.param("- [ ] do", '<span class="task-mark">☐</span><div>do</div>', id="task"),
        pytest.param("- [x] did", '<li class="task done">', id="task done"),
        pytest.param("![x](a.png){width=300}", 'width="300"', id="image size"),
        pytest.param("!!! warning\n    text", "Advertencia", id="a box's default title"),
        pytest.param('!!! tip "Vea"\n    x', '<p class="admonition-title">Vea</p>', id="own title"),
        pytest.param("|a|\n|-:|\n|1|", '<td class="right">1</td>', id="table alignment as class"),
        pytest.param("|a|\n|-|\n|1|", '<div class="table" tabindex="0">', id="tables scroll"),
        pytest.param("|a|b|\n|-|-|\n|1|2|", '<th scope="col">a</th>', id="a column's head"),
        pytest.param("||b|\n|-|-|\n|x|1|", '<td></td>\n<th scope="col">b', id="an empty corner"),
        pytest.param("a[^1]\n\n[^1]: note", 'href="#fn:1"', id="footnote"),
        pytest.param('```sh title="X"\nls\n```', "<figcaption>X</figcaption>", id="code title"),
        pytest.param("```python\nif x:\n```", '<span class="k">if</span>', id="highlighting"),
        pytest.param("```\n<b>&amp;\n```", "&lt;b&gt;&amp;amp;", id="code is not HTML"),
        pytest.param("    <b>&", "&lt;b&gt;&amp;", id="indented code is not HTML either"),
        pytest.param(
            "::: only backup-server@12\nText **b**.\n:::",
            '<div class="only" data-only="backup-server@12">\n<p>Text <strong>b</strong>.</p>',
            id="version block",
        ),
        pytest.param(
            '=== "Windows"\n\n    a\n\n=== "Linux"\n\n    b',
            '<details class="tab" name="tabs-1" open=""><summary>Windows</summary>',
            id="tabs",
        ),
        pytest.param(
            "## Entorno\n\n- Producto: X\n- Sistema: Y",
            '<dl class="env"><dt>Producto</dt><dd>X</dd>',
            id="the environment as terms",
        ),
    ],
)
def test_what_authors_can_write(source: str, html: str) -> None:
    rendered = spanish(source)
    assert html in rendered.html
    assert rendered.problems == ()


def test_version_blocks_and_listings_stay_inside_their_step() -> None:
    rendered = english(
        "1. One\n\n    ::: only a@1\n    ```sh\n    ls\n\n    pwd\n    ```\n    :::\n\n2. Two\n"
    )
    step = rendered.html.split("</li>")[0]
    assert 'data-only="a@1"' in step
    assert "pwd" in step
    assert rendered.html.count("<ol") == 1
    assert rendered.only == ((3, ProductRange("a", "1", "1")),)


@pytest.mark.parametrize("lang_parts", [
    "## Problema\n\na\n\n## Entorno\n\nb\n\n## Causa\n\nc\n\n## Resolución\n\nd",
    "## Problem\n\na\n\n## Environment\n\nb\n\n## Cause\n\nc\n\n## Resolution {#x}\n\nd",
])  # fmt: skip
def test_kcs_parts_have_the_same_anchors_in_both_languages(lang_parts: str) -> None:
    rendered = spanish(lang_parts)
    assert [h.anchor for h in rendered.headings] == [
        "problem", "environment", "cause", "resolution",
    ]  # fmt: skip
    assert rendered.sections["resolution"] == "<p>d</p>"


def test_anchors_fold_accents_and_stay_apart() -> None:
    rendered = spanish("## Más opciones\n\n### Versión 12\n\n## Más opciones")
    assert rendered.headings == (
        Heading(2, "mas-opciones", "Más opciones"),
        Heading(3, "version-12", "Versión 12"),
        Heading(2, "mas-opciones-2", "Más opciones"),
    )


def test_a_section_holds_its_subsections_and_ends_at_the_next() -> None:
    rendered = english("intro\n\n## A\n\none\n\n### B\n\ntwo\n\n## C\n\nthree")
    assert rendered.sections["a"] == '<p>one</p>\n<h3 id="b">B</h3>\n<p>two</p>\n'
    assert rendered.sections["b"] == "<p>two</p>\n"
    assert "intro" in rendered.html


def test_text_for_search_has_whole_words() -> None:
    rendered = english(
        "Run **nv**ctl `vault list`.\n\n```sh\nnvctl --x\n```\n\nA[^1]\n\n[^1]: note"
    )
    assert rendered.text == "Run nvctl vault list.\nnvctl --x\nA\nnote"


@pytest.mark.parametrize(
    ("source", "text"),
    [
        pytest.param("one\ntwo\n\nthree", "one two\nthree", id="a wrapped line is one line"),
        pytest.param("## A\n\n1. b\n2. c", "A\nb\nc", id="headings and steps stand alone"),
        pytest.param("```\na\n\nb\n```", "a\nb", id="lines of code"),
        pytest.param("|a|b|\n|-|-|\n|c|d|", "a b\nc d", id="a row is a line"),
    ],
)
def test_text_for_search_has_a_line_for_each_block(source: str, text: str) -> None:
    assert english(source).text == text


def test_a_link_by_number_alone_reads_as_the_title() -> None:
    text = english("See [[7]], [[7#cause]] and [[8|that one]].").text
    assert with_titles(text, {7: "Seven", 8: "Eight"}.__getitem__) == (
        "See Seven, Seven and that one."
    )


def test_images_tell_source_alternative_text_and_line() -> None:
    rendered = english("a\n\n![The console](console.png)\n\n![](https://example.com/x.png)")
    assert rendered.images[0] == Image("console.png", "The console", 3)
    assert rendered.images[1].src == ""


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        pytest.param("a\n\n# Title", "a/es.md:12: “Title” is a heading of the first", id="h1"),
        pytest.param("Title\n=====", "a/es.md:10: “Title” is a heading of the first", id="h1 ==="),
        pytest.param("## A\n\n#### B", "a/es.md:12: “B” skips a heading level; begin it with ###",
                     id="heading order"),
        pytest.param("a\n```sh\nls", "a/es.md:11: the code that begins here is not closed",
                     id="open fence"),
        pytest.param("::: only a@1\nx", "a/es.md:10: “::: only” is not closed", id="open block"),
        pytest.param("x\n:::", "a/es.md:11: “:::” ends a block that was not begun", id="stray end"),
        pytest.param("::: onyl a\n", "a/es.md:10: “::: onyl a” is not a block", id="unknown block"),
        pytest.param("::: only a@x\ny\n:::", "a/es.md:10: “a@x” is not a product", id="bad range"),
        pytest.param("!!! wrning\n    x", "a/es.md:10: there is no box of the kind “wrning”",
                     id="unknown box"),
        pytest.param("## See [[1]]", "es.md:10: a heading holds an article link", id="link in h2"),
        pytest.param("```klingon\nx\n```", "code language “klingon” is not known", id="language"),
        pytest.param("x" * (1024 * 1024 + 1), "the limit is 1024 KB; split it", id="too large"),
    ],
)  # fmt: skip
def test_mistakes_of_form_name_their_line(source: str, problem: str) -> None:
    assert any(problem in str(found) for found in spanish(source).problems)


def test_nothing_in_code_is_a_mistake() -> None:
    source = "```text\n# no heading\n::: no block\n[[1]]\n```\n"
    rendered = spanish(source)
    assert rendered.problems == ()
    assert rendered.links == ()


def test_a_text_that_takes_too_long_is_a_problem_not_a_hang() -> None:
    hostile = "![" * 40_000 + "\n" + "*a_ " * 40_000
    rendered = render(hostile, Context("en", "a/en.md", seconds=0.2))
    assert "takes longer than 0.2 s" in str(rendered.problems[0])
    assert english("still **works**").html == "<p>still <strong>works</strong></p>"


def test_a_text_nested_too_deeply_is_no_traceback() -> None:
    rendered = english("> " * 3000 + "x")
    assert rendered.problems or "x" in rendered.html


_TAGS = {
    *("a", "abbr", "b", "blockquote", "br", "caption", "code", "dd", "del", "details", "div"),
    *("dl", "dt", "em", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i"),
    *("img", "ins", "kbd", "li", "mark", "ol", "p", "pre", "q", "s", "samp", "small", "span"),
    *("strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr"),
    *("u", "ul", "var"),
}


class _Inspector(HTMLParser):
    """Fails on any element, handler, style or address that could run or fetch something."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in _TAGS
        for name, value in attrs:
            assert not name.startswith("on")
            assert name not in ("style", "srcset", "srcdoc", "formaction", "action", "target")
            if name in ("href", "src"):
                address = re.sub(r"[\x00-\x20]", "", value or "").lower()
                scheme = re.match(r"[a-z][a-z0-9+.-]*:", address)
                assert scheme is None or scheme[0] in (
                    "http:", "https:", "mailto:", "tel:", "article:",
                )  # fmt: skip
                assert name != "src" or (scheme is None and not address.startswith("//"))


_PIECES = st.sampled_from([
    "<script>", "</script>", "<img src=x onerror=alert(1)>", "javascript:alert(1)", "[a](", ")",
    "![b](", "<a href=", "'", '"', ">", "<", "\n\n", "\n", "    ", "```", "::: only a@1", ":::",
    "[[1042|", "]]", "<svg onload=alert(1)>", "<iframe src=//x>", "{onclick=alert(1)}", "{#id .x}",
    "<style>", "<!--", "-->", "<math>", "<details open ontoggle=x>", "&#106;avascript:", "\\", "|",
    "- [ ] ", "1. ", "=== \"x\"", "!!! note", "[^1]", "[^1]: ", "data:text/html,<script>", "*", "_",
    "vbscript:x", "<base href=//x>", "<form action=x>", "<input autofocus onfocus=x>", "\x00",
    "\x02", "[x]: javascript:alert(1)\n", "[x][x]", "<div style=x>", "\u2028",
    "<a\thref=java\nscript:x>",
])  # fmt: skip


@given(st.lists(st.one_of(_PIECES, st.text(max_size=8)), max_size=25).map("".join))
@example("<svg><style><img src=x onerror=alert(1)></style></svg>")
@example('<a href="&#x6A;avascript:alert(1)">x</a>')
@example("[x](<javascript:alert(1)>)")
@example('<noscript><p title="</noscript><img src=x onerror=alert(1)>">')
@settings(max_examples=300, deadline=None)
def test_rendered_markdown_holds_no_script(source: str) -> None:
    rendered = render(source, Context("es"))
    inspector = _Inspector(convert_charrefs=True)
    inspector.feed(rendered.html)
    inspector.close()
    for part in (*rendered.sections.values(), *rendered.parts):
        assert "<script" not in part.lower()
