"""YAML with lines: what is read, what is refused, and where."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.content.problems import ContentError, Level, Problem
from kb.content.yaml_source import DEPTH_LIMIT, SIZE_LIMIT, read_file, read_yaml


def told(text: str | bytes, first_line: int = 1) -> list[str]:
    with pytest.raises(ContentError) as error:
        read_yaml("a.yaml", text, first_line)
    assert str(error.value) == "\n".join(str(one) for one in error.value.problems)
    return [str(one) for one in error.value.problems]


def test_a_problem_is_printed_with_its_place_and_its_mending():
    assert str(Problem("a.yaml", 3, "wrong", "mend it")) == "a.yaml:3: wrong; mend it"
    assert str(Problem("a.yaml", 3, "wrong", level=Level.WARNING)) == "a.yaml:3: wrong"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("no", "no"),
        ("yes", "yes"),
        ("true", True),
        ("false", False),
        ("null", None),
        ("12", 12),
        ("-3", -3),
        ("007", "007"),
        ("11.10", "11.10"),
        ("1e5", "1e5"),
        ("20:00", "20:00"),
        ("0x7B", "0x7B"),
        ("2026-11-03", date(2026, 11, 3)),
        ("2026-02-30", "2026-02-30"),
        ("'2026-11-03'", "2026-11-03"),
        ('"12"', "12"),
        ("|\n  two\n  lines\n", "two\nlines\n"),
        ("", None),
    ],
)
def test_only_plain_words_that_cannot_be_anything_else_are_not_text(written, read):
    assert read_yaml("a.yaml", f"key: {written}").data == {"key": read}


def test_every_part_has_its_line():
    source = read_yaml("a.yaml", "a: 1\nb:\n  - x\n  - c: 2\n    d: 3\n")
    assert [source.line_of(loc) for loc in [(), ("a",), ("b", 1), ("b", 1, "d")]] == [1, 1, 4, 5]
    assert source.line_of(("b", 1, "SomeUnion", "d", "unknown")) == 5
    assert source.line_of(("unknown",)) == 1


def test_front_matter_counts_from_its_own_line():
    assert read_yaml("a.md", "title: x\nid: 4", first_line=2).line_of(("id",)) == 3
    assert told("a: 1\nb: \x01", first_line=2)[0].startswith("a.yaml:3:")


def test_bom_and_windows_lines_are_read():
    source = read_yaml("a.yaml", b"\xef\xbb\xbfa: 1\r\nb: 2\r\n")
    assert source.data == {"a": 1, "b": 2}
    assert source.line_of(("b",)) == 2


def test_keys_are_words():
    assert read_yaml("a.yaml", "1042: x\nno: y\n2026-01-01: z").data == {
        "1042": "x",
        "no": "y",
        "2026-01-01": "z",
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: [1\nb: 3", "a.yaml:2: a list or group in brackets is not closed here"),
        ("a: &x 1", "a.yaml:1: “&x” names this place in the file"),
        ("a: *x", "a.yaml:1: “*x” refers to another place"),
        ("a: !!str 1", "a.yaml:1: the tag “tag:yaml.org,2002:str” is not used here"),
        ("a: !python/object:x {}", "a.yaml:1: the tag “!python/object:x” is not used here"),
        ("a: 1\na: 2", "a.yaml:2: “a” is there twice (first in line 1); keep one"),
        ("\ta: 1", "a.yaml:1: this line starts with a tab"),
        ("a: b: c", "a.yaml:1: there is a colon where no key can be"),
        ('a: "1', "a.yaml:1: a quoted text is not closed"),
        ('a: "\\q"', "a.yaml:1: a \\ sign in a double-quoted text"),
        ("- a\nb: 1", "a.yaml:2: the indent does not fit the list above"),
        ("a:\n  b: 1\n c: 2", "a.yaml:3: the indent does not fit the lines above"),
        ("a: 1\nb", "a.yaml:2: a key without its colon"),
        ("%YAML 9.9\n---\na: 1", "a.yaml:1: this is not YAML"),
        ("---\na: 1\n---\nb: 2", "a.yaml:3: a second document starts here"),
        ("? [a]\n: b", "a.yaml:1: a list or group cannot be a key"),
        ("a: " + "[" * 200, f"a.yaml:1: more than {DEPTH_LIMIT} levels"),
        ("a: [x] y", "a.yaml:1: something stands after the end of this value; put the whole text"),
        ('b: 1\na: "x" y', "a.yaml:2: something stands after the end of this value"),
        ("a: *x* y", "a.yaml:1: a text begins with * or &"),
        ("a: 1\n<<<<<<< HEAD\nb: 1\n=======\nb: 2\n>>>>>>> x\n", "a.yaml:2: a conflict of git"),
        (b"a: 1\nb: \xff", "a.yaml:2: this file is not UTF-8 text (byte 0xff); save it"),
        ("a: \ud800", "a.yaml:1: this file is not UTF-8 text"),
        ("a: \x00", "a.yaml:1: a control character (U+0000) stands in this line; delete it"),
        ("a: " + "x" * SIZE_LIMIT, "a.yaml:1: this file has 256 KB; the limit is 256 KB"),
    ],
)
def test_a_mistake_of_form_is_told_with_its_line(text, expected):
    assert told(text)[0].startswith(expected)


def test_several_mistakes_are_told_at_once():
    lines = [one.split(":")[1] for one in told("a: &x 1\nb: 1\nb: 2\nc: *x\nd: !t 1\n")]
    assert lines == ["1", "3", "4", "5"]


@given(st.text() | st.binary())
def test_any_input_is_read_or_told(text):
    with suppress(ContentError):
        assert read_yaml("a.yaml", text).lines


def test_files_that_are_missing_or_no_files_are_told(tmp_path):
    with pytest.raises(ContentError, match=r"site\.yaml:1: this file is missing"):
        read_file(tmp_path, "site.yaml")
    (tmp_path / "folder").mkdir()
    with pytest.raises(ContentError, match="folder:1: this file cannot be read"):
        read_file(tmp_path, "folder")
