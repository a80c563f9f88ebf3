"""Tables of one column in foreign HTML: a list of words, or a frame around a text."""

import pytest

from kb.content.imports.html import markdown_of, soup_of


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        pytest.param(
            "<table><tr><th>Names</th></tr><tr><td><p>a</p></td></tr><tr><td></td></tr>"
            "<tr><td><b>b</b></td></tr><tr><td>c</td></tr></table>",
            "Names\n\n- a\n- **b**\n- c",
            id="a column of names",
        ),
        pytest.param(
            "<table><tr><td>a</td></tr><tr><td>b</td></tr></table>", "a\n\nb", id="a frame"
        ),
        pytest.param(
            "<table><tr><td>a<p>b</p><p>c</p></td></tr><tr><td>d</td></tr><tr><td>e</td></tr></table>",
            "a\n\nb\n\nc\n\nd\n\ne",
            id="a frame of paragraphs",
        ),
    ],
)
def test_a_table_of_one_column_is_a_list_or_a_frame(html: str, markdown: str) -> None:
    """R63: what was one line below the other does not fall apart into paragraphs."""
    made = markdown_of(soup_of(html))
    assert "\n".join(line.rstrip() for line in made.strip().split("\n")) == markdown
