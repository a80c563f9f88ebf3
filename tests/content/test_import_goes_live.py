"""R63: whatever a foreign knowledge base holds, the site made of it compiles at once."""

import random

import pytest

from kb.content.imports.fields import split_head
from kb.content.imports.report import Report
from tests.content.foreign import Foreign, head

LINES = """
words here|# One|## Two|#### Four|===|---| ...|- item|  - nested|1. one|> quote|> [!NOTE]|>[!TAB x]
```|```sh|~~~|    code|a | b|[x](y.md)|[x]()|[](z.pdf)|[a[b]](c.md)|![p](no.png)|![](x)|[r]: file.md
[r]|[1]: other.txt "t"|[x][1]|<a href=foo>x</a>|<img src=a.png>|<div>|</div>|[[12]]|[[1000#nope|w]]
[w](#nope)|::: only foo|::: tip x|:::|!!! foo|    in box|=== "Tab"|$x[0](1,2)|`[a](b)`|[^1]
[^1]: note|## [[3]]|## [x](y)|[k](file:///c:/x)|[m](<a b.md>)|[o](%E0%A4%A)|[s](C:\\x\\y)
<!-- c|<pre>|</pre>|
""".replace("\n", "|").split("|")


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        pytest.param("$a = [int[]](10,20)", "<p>$a = [int[]](10,20)</p>", id="a cast is no link"),
        pytest.param("Call items[0](x) now", "<p>Call items[0](x) now</p>", id="nor is a call"),
        pytest.param("Call run[a, b[c, d]]() now", "Call run[a, b[c, d]]() now", id="of nothing"),
        pytest.param("See [dial plans [EU]](plans.md).", "See dial plans [EU].", id="brackets"),
        pytest.param("See [the other [B]](1001.md).", "1001-other", id="brackets in a live link"),
        pytest.param("See [this][1].\n\n> x\n[1]: old-page", "See [this]", id="given below"),
        pytest.param(" ...\n======\n\nx", "<h2", id="a heading that begins with a space"),
        pytest.param("## See [[77]]\n\nx", "See [[77]]", id="number in a heading"),
        pytest.param(f"[x]({'a' * 300}.png) y", "<p>x y</p>", id="a name that no disk can hold"),
        pytest.param("<a\nhref=foo.bar>x</a>", "foo.bar", id="a link over two lines"),
    ],
)
def test_what_looks_like_a_link_or_a_block_stays_as_it_was_typed(
    foreign: Foreign, body: str, shown: str
) -> None:
    """R63: nothing of it keeps the site from compiling, and no word is lost."""
    foreign.write("en/1000.md", head(title="Title") + body)
    foreign.write("en/1001.md", head(title="Other") + "x")
    foreign.run({"en": "en"})
    assert shown in foreign.live().current().site.page("en", 1000).html


def test_a_listing_is_not_touched_by_a_dead_link_of_the_same_words(foreign: Foreign) -> None:
    """R63: program text comes as it was written."""
    body = "```text\n[int[]](1,2)\n```\n\nThe cast [int[]](1,2), or `[int[]](1,2)`."
    foreign.write("en/1000.md", head(title="Title") + body)
    foreign.run({"en": "en"})
    html = foreign.html()
    assert "<code>[int[]](1,2)\n</code>" in html or "<code>[int[]](1,2)</code></pre>" in html
    assert "The cast [int[]](1,2), or <code>[int[]](1,2)</code>." in html


def test_any_mix_of_lines_compiles(foreign: Foreign) -> None:
    """R63: 150 articles of lines in any order, one site without a mistake."""
    chosen = random.Random(63)  # noqa: S311
    for number in range(150):
        lines = (chosen.choice(LINES) for _ in range(chosen.randint(1, 12)))
        foreign.write(f"en/{1000 + number}.md", head(title=f"T {number}") + "\n".join(lines))
    foreign.run({"en": "en"})
    assert len(foreign.live().current().site.articles["en"]) == 150


@pytest.mark.parametrize(
    ("keys", "key", "value"),
    [
        pytest.param("title: [A, b]", "title", "A, b", id="a list as title"),
        pytest.param("title: {en: Disk}", "title", "Disk", id="a map as title"),
        pytest.param("title: T\nproducts: [7, 2.5]", "products", "product-7", id="numbers"),
        pytest.param(
            "title: T\nkeywords: [[a, b], {c: d}]", "keywords", ("a", "b", "d"), id="nested"
        ),
        pytest.param("title: T\nkeywords: [1, null, true]", "keywords", ("1", "True"), id="types"),
        pytest.param(
            "title: Error: no disk\nkeywords:\n  - one\n  - two",
            "keywords",
            ("one", "two"),
            id="a list beside a title that is no YAML",
        ),
        pytest.param(
            "title: Error: no disk\nkeywords: [one, two]\n", "keywords", ("one", "two"), id="flow"
        ),
        pytest.param(
            "title: Error: no disk\nsummary: >-\n  It is\n  gone.",
            "summary",
            "It is gone.",
            id="folded",
        ),
        pytest.param(
            'title: "Disk" is gone\n', "title", '"Disk" is gone', id="a quoted first word"
        ),
        pytest.param(
            "title: 'Can't open'", "title", "Can't open", id="quotes around an apostrophe"
        ),
        pytest.param('title: "Disk', "title", "Disk", id="a quote that is not closed"),
        pytest.param("título: x\ntitle: T: u\n", "title", "T: u", id="keys in other languages"),
    ],
)
def test_front_matter_of_any_shape_is_words(
    foreign: Foreign, keys: str, key: str, value: object
) -> None:
    """R63: values of any type come as their words, and what stands beside bad YAML stays."""
    foreign.write("en/1000.md", f"---\n{keys}\n---\nText.\n")
    foreign.run({"en": "en"})
    found = getattr(foreign.article(), key)
    assert (str(found[0].line) if key == "products" else found) == value


def test_numbers_have_an_end(foreign: Foreign) -> None:
    """R63: beside an article with the highest number the others get free ones."""
    foreign.write("en/a.md", head(title="High", id="999999999") + "x")
    foreign.write("en/b.md", head(title="None") + "x")
    foreign.write("en/c.md", head(title="Low", id="1001") + "x")
    foreign.run({"en": "en"})
    assert set(foreign.live().current().site.articles["en"]) == {999999999, 1001, 1002}


def test_what_is_left_out_leaves_no_folder_and_no_link(foreign: Foreign) -> None:
    """R63: a text that is too large is named; the links to it are words, and it is not counted."""
    foreign.write(
        "en/1000.md", head(title="Small") + "See [the large one](1001.md) and [](1001.md)."
    )
    foreign.write("en/1001.md", head(title="Large") + "word " * 300_000)
    for number in (1000, 1001):
        foreign.write(f"es/{number}.md", head(title="Hola") + "x")
    foreign.write("en/1002.md", head(title="Gone") + "word " * 300_000)
    foreign.write("es/1000.md", head(title="Hola") + "[esto](1002.md)")
    foreign.run()
    assert foreign.report.articles == 2
    assert set(foreign.report.left_out) == {"en/1001.md", "en/1002.md"}
    site = foreign.live().current().site
    assert "esto" in site.page("es", 1000).html
    assert not list(foreign.out.rglob("1002-*"))


def test_a_head_without_any_key_loses_nothing() -> None:
    """R63: words between the marks that are no keys give no title and no error."""
    assert split_head("a.md", "---\njust words\n---\nText", Report()) == ({}, "Text")
