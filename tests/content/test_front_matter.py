"""Keys of an article are changed where they stand; what nobody changed stays byte for byte."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.content.front_matter import composed, split_source
from kb.content.problems import ContentError

PATH = "articles/backup/1-one/en.md"
FILE = """\
---
# on top: é €
title: "Old ñ"   # keep this
mine: {a: 1, b: [x, y]}   # a key of somebody's own
products:
  # newest first
  - alpha
  - "be ta"
summary: >
  Long
  words

# between
keywords: [a, b] # told
empty: # what: ever
find_with:
  - q: two
  - {q: one, within: 5}
last: x
---

Body
"""


def keys(raw: bytes) -> Any:
    return split_source(PATH, raw).data


def test_nothing_changed_is_byte_for_byte_the_same() -> None:
    for text in (FILE, FILE.replace("\n", "\r\n"), "\ufeff" + FILE):
        assert composed(PATH, text.encode(), {}, "Body\r\n".replace("\r", "")) == text.encode()


def test_a_changed_key_leaves_every_other_line_and_comment() -> None:
    made = composed(PATH, FILE.encode(), {"title": "New"}, "Body").decode()
    assert made == FILE.replace('"Old ñ"', "New")
    made = composed(PATH, FILE.encode(), {"keywords": ["c, d", "no"]}, "Body").decode()
    assert made == FILE.replace("[a, b]", '["c, d", "no"]')
    made = composed(PATH, FILE.encode(), {"products": ["gamma@11"]}, "Body").decode()
    assert made == FILE.replace('  - alpha\n  - "be ta"\n', "  - gamma@11\n")
    made = composed(PATH, FILE.encode(), {"find_with": [{"q": "a b", "within": 3}]}, "Body")
    old = "  - q: two\n  - {q: one, within: 5}\n"
    assert made.decode() == FILE.replace(old, "  - {q: a b, within: 3}\n")
    made = composed(PATH, FILE.encode(), {"empty": "full"}, "Body").decode()
    assert made == FILE.replace("empty:", "empty: full")


def test_keys_are_taken_out_and_added() -> None:
    made = composed(PATH, FILE.encode(), {"summary": "", "keywords": ()}, "Body").decode()
    assert "summary" not in made
    assert "\n\n# between\n# told\nempty:" in made
    assert keys(made.encode())["products"] == ["alpha", "be ta"]
    new = {"status": "draft", "updated": date(2026, 11, 23), "codes": ["E-1"]}
    made = composed(PATH, FILE.encode(), new, "Body").decode()
    assert made.replace("status: draft\nupdated: 2026-11-23\ncodes: [E-1]\n", "") == FILE


def test_the_body_changes_alone_and_keeps_its_first_indent() -> None:
    made = composed(PATH, FILE.encode(), {}, "\n    code\n\nMore\n\n").decode()
    assert made == FILE.replace("\nBody\n", "\n    code\n\nMore\n")
    crlf = composed(PATH, FILE.replace("\n", "\r\n").encode(), {"title": "T"}, "New\nwords")
    assert crlf.count(b"\r\n") == crlf.count(b"\n")
    assert b"\r\r" not in crlf


@pytest.mark.parametrize(
    "trick",
    [
        "x\n---\nstatus: published",
        'x"\naudience: public',
        "---",
        "&anchor x",
        "*alias",
        "!!python/object:os.system x",
        "x # y",
        "{a: b}",
        "[x]",
        "x: y",
        "null",
        "2026-01-01",
        "12",
        "1e5",
        "- x",
        "? x",
        "%x",
        "@x",
        "`x",
        "| x",
        "> x",
        "a\0b",
        "a\u2028b",
        "a\x85b",
        "\ufeffx",
        "…",
        "'",
        '"',
        "\\",
    ],
)
def test_a_trick_in_a_field_stays_the_text_of_that_field(trick: str) -> None:
    """Front matter tricks: nothing typed into a field becomes another key, tag or document."""
    before = keys(FILE.encode())
    for name, value in (("title", trick), ("keywords", [trick]), ("find_with", [{"q": trick}])):
        made = keys(composed(PATH, FILE.encode(), {name: value}, "Body"))
        told = made.pop(name)
        assert made == {key: one for key, one in before.items() if key != name}
        text = told if name == "title" else told[0]["q"] if name == "find_with" else told[0]
        assert isinstance(text, str)
        assert "".join(text.split()) == "".join(c for c in trick if c.isprintable() and c != " ")


@given(st.text(max_size=40), st.lists(st.text(min_size=1, max_size=20), min_size=1, max_size=4))
def test_any_text_is_read_back_as_one_line_of_text(title: str, words: list[str]) -> None:
    made = composed(PATH, FILE.encode(), {"title": title, "keywords": words}, "Body")
    data = keys(made)
    assert isinstance(data.get("title", ""), str)
    assert all(isinstance(one, str) for one in data["keywords"])
    assert set(data) - {"title"} == {"mine", "products", "summary", "keywords", "empty",
                                     "find_with", "last"}  # fmt: skip


@pytest.mark.parametrize(
    "head",
    [
        "{title: x}",
        "- x",
        "title: [",
        "a: &x [b]\nc: *x",
        "a: x\na: y",
        "a: &a [x]\n" + "\n".join(f"{c}: [*a, *a]" for c in "bcdefgh"),
    ],
)
def test_keys_that_cannot_be_changed_one_by_one_are_refused(head: str) -> None:
    """Anchors, bombs of aliases and broken keys are never expanded or guessed at."""
    raw = f"---\n{head}\n---\n\nBody\n".encode()
    with pytest.raises(ContentError) as told:
        split_source(PATH, raw)
    assert told.value.problems[0].line >= 2
