"""Plain text put into Markdown says the same there, and is nothing but words."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.content.markdown import Context, plain_text, render
from kb.rules.plain_markdown import as_markdown

SIGNS = "ab1 \n\\*_`[]{}<>#+-.!|~:=?()&;\"'^/"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("C:\\Users\\ana and snake_case stay", "C:\\Users\\ana and snake_case stay"),
        ("*bold* _word_ `code`", r"\*bold\* \_word\_ \`code\`"),
        ("<b>x</b> &amp; [[1042]]", r"&lt;b>x&lt;/b> &amp;amp; \[\[1042\]\]"),
        ("R&D, ?a=1&copy=2 and &#65", "R&D, ?a=1&amp;copy=2 and &amp;#65"),
        ("\\* once more", r"\\\* once more"),
        ("ends in \\\nand goes on", "ends in \\\\\nand goes on"),
        ("# one\n> two\n- three", "\\# one\n\\> two\n\\- three"),
        ("4. four\n5) five", "4\\. four\n5\\) five"),
        ("::: only x\n=== \"a\"", '&#58;:: only x\n&#61;== "a"'),
        ("~~~\n!!! note", "&#126;~~\n\\!!! note"),
        ("    indented", "indented"),
        ("4.5 GB and 2:30 and -5 stay", "4.5 GB and 2:30 and -5 stay"),
    ],
)  # fmt: skip
def test_signs_lose_their_meaning(text: str, written: str) -> None:
    assert as_markdown(text) == written


@settings(deadline=None, max_examples=150)
@given(st.text(SIGNS, max_size=80))
def test_nothing_of_a_customer_means_anything_to_the_renderer(text: str) -> None:
    rendered = render(as_markdown(text), Context("en", "x.md"))
    html = "".join(rendered.parts)
    assert not re.sub(r"</?p>", "", html).count("<"), html
    assert not rendered.links
    assert not rendered.images
    assert plain_text(html).split() == text.split()
