"""What a foreign Markdown knowledge base writes in another way is mended, and told."""

import base64

import pytest

from tests.content.foreign import Foreign, head

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 8 + b"\0\0\0\x10\0\0\0\x08"


@pytest.mark.parametrize(
    ("body", "html", "note"),
    [
        pytest.param(
            "## A {#description}\n\n[x](#description)",
            '<h2 id="description">A</h2>',
            None,
            id="own anchors stay",
        ),
        pytest.param(
            "## <b>A</b> &amp; b",
            '<h2 id="a-b">A &amp; b</h2>',
            "heading with tags, entities or links",
            id="tags in a heading",
        ),
        pytest.param(
            "## Save in [!DNL Target] by [!UICONTROL Save]",
            '<h2 id="save-in-target-by-save">Save in Target by Save</h2>',
            "heading with tags, entities or links",
            id="marks in a heading",
        ),
        pytest.param(
            "### A\n\n##### B",
            '<h2 id="a">A</h2>\n<h3 id="b">B</h3>',
            "heading level",
            id="heading levels",
        ),
        pytest.param(
            "# Other title\n\nx", '<h2 id="other-title">', "heading level", id="another h1"
        ),
        pytest.param(
            ">[!NOTE]\n>\n>Mind **this**.\n\nAfter",
            '<div class="admonition note">',
            "box of another tool",
            id="quoted box",
        ),
        pytest.param(
            ":::tip Title\nText\n:::",
            '<p class="admonition-title">Title</p>',
            "box of another tool",
            id="colon box",
        ),
        pytest.param(
            "??? question\n    x",
            '<div class="admonition note">',
            "box of another tool",
            id="unknown box",
        ),
        pytest.param(
            ">[!BEGINTABS]\n>[!TAB Linux]\n\nrun\n\n>[!ENDTABS]",
            "<summary>Linux</summary>",
            "tab of another tool",
            id="tabs",
        ),
        pytest.param(
            ">[!VIDEO](https://v.example/1)",
            '<a href="https://v.example/1">Video</a>',
            "video on another site, now a link",
            id="video",
        ),
        pytest.param("Press [!UICONTROL OK].", "<strong>OK</strong>", None, id="control"),
        pytest.param(
            "![](assets/gone.png) x",
            "<p>x</p>",
            "image that is not there, left out",
            id="missing image",
        ),
        pytest.param(
            "![](pic.png)",
            'alt="Title"',
            "image without alternative text, given the title's",
            id="alternative text",
        ),
        pytest.param(
            '<img src="pic.png" alt="A pic" onerror="x">', 'alt="A pic"', None, id="HTML image"
        ),
        pytest.param(
            f"![a](data:image/png;base64,{base64.b64encode(PNG).decode()})",
            'width="16"',
            "image inside the text, now a file",
            id="data image",
        ),
        pytest.param(
            "![a](https://x.example/a.png)",
            '<a href="https://x.example/a.png">a</a>',
            "image on another site, now a link",
            id="remote image",
        ),
        pytest.param(
            "[other](other.md#x)",
            '<a href="/en/kb/1001-other">other</a>',
            "link to another article, now by its number",
            id="link to an article",
        ),
        pytest.param(
            "[gone](gone.md) [j](javascript:x)",
            "<p>gone j</p>",
            "link that leads nowhere, its words kept",
            id="dead links",
        ),
        pytest.param(
            '<a href="other.md">o</a>', '<a href="/en/kb/1001-other">o</a>', None, id="HTML link"
        ),
        pytest.param(
            "[x](#nope)", "<p>x</p>", "link that leads nowhere, its words kept", id="dead anchor"
        ),
        pytest.param(
            "[x]: ./gone.md\n\n[x]",
            "<p>[x]</p>",
            "link that leads nowhere, its words kept",
            id="dead definition",
        ),
        pytest.param("see [[12]]", "<p>see [[12]]</p>", None, id="double brackets"),
        pytest.param("```sh\nls", "<code>ls</code>", "code that was not closed", id="open code"),
        pytest.param(
            "```klingon\nx\n```", "<code>x</code>", "code language that is not known", id="language"
        ),
        pytest.param(
            "- a\n  - b\n    - c", "<li>b<ul>\n<li>c</li>", "list indents", id="nested list"
        ),
        pytest.param("<script>x</script><b onclick=x>y</b>", "<b>y</b>", None, id="script"),
        pytest.param("a\x07b", "<p>ab</p>", "control characters, dropped", id="control character"),
    ],
)
def test_what_is_mended_is_right_and_reported(
    foreign: Foreign, body: str, html: str, note: str | None
) -> None:
    foreign.write("en/1000.md", head(title="Title") + body)
    foreign.write("en/other.md", head(title="Other", id="1001") + "x")
    foreign.write("en/pic.png", PNG)
    foreign.run({"en": "en"})
    site = foreign.live().current().site
    assert html in site.page("en", 1000).html
    noted = foreign.report.mended.get("en/1000.md", {})
    assert note is None or note in noted


@pytest.mark.parametrize(
    ("written", "title"),
    [
        pytest.param("Set [!UICONTROL Rule Builder] in [!DNL Target]", None, id="marks"),
        pytest.param("'\"Set Rule Builder in Target\"'", None, id="quotes around it all"),
        pytest.param('\'"Set" and "reset"\'', '"Set" and "reset"', id="quotes within"),
    ],
)
def test_a_title_is_plain_words(foreign: Foreign, written: str, title: str | None) -> None:
    """R63: nothing of another tool's marks is left in titles and summaries."""
    foreign.write("en/1000.md", head(title=written, description=written) + "x")
    foreign.run({"en": "en"})
    article = foreign.article()
    assert article.title == article.summary == (title or "Set Rule Builder in Target")


def test_a_keyword_of_signs_alone_does_not_stop_the_site(foreign: Foreign) -> None:
    """R63: quotation marks around nothing are no word; the imported site compiles."""
    foreign.write("en/1000.md", head(title="Quotes", keywords='email, « », " ", a\'b') + "x")
    foreign.run({"en": "en"})
    assert foreign.article().keywords == ("email", "« »", "a'b")
