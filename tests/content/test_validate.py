"""Checked objects from YAML: every mistake at once, in plain words, with its line."""

from datetime import date, time
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

import pytest
from pydantic import Field, ValidationError, field_validator

from kb.content.validate import Form, did_you_mean, validate
from kb.content.yaml_source import read_yaml


class Kind(StrEnum):
    HOW_TO = "how-to"
    PROBLEM = "problem"


class Part(Form):
    q: str
    within: Annotated[int, Field(ge=1)] = 3


class Sheet(Form):
    title: Annotated[str, Field(min_length=1, max_length=10)]
    kind: Kind = Kind.HOW_TO
    side: Literal["left", "right"] = "left"
    parts: tuple[Part, ...] = ()
    by_name: dict[str, Part | None] = Field(default_factory=dict)
    first: date | None = None
    at: time | None = None
    price: Decimal | None = None
    loud: bool = False
    code: Annotated[str, Field(pattern=r"^E\d+$")] = "E1"
    even: int = 0
    start: Annotated[int, Field(alias="from")] = 0

    @field_validator("even")
    @classmethod
    def _even(cls, value: int) -> int:
        if value % 2:
            raise ValueError(f"{value} is odd; write an even number")
        return value


def told(text: str) -> list[str]:
    sheet, problems = validate(Sheet, read_yaml("s.yaml", text))
    assert sheet is None
    return [str(one) for one in problems]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kind: problem", "s.yaml:1: “title” is missing; add it"),
        ("title: x\nkind: how_to", "s.yaml:2: “kind” cannot be “how_to”; did you mean “how-to”?"),
        ("title: x\nside: up", "s.yaml:2: “side” cannot be “up”; known: left, right"),
        ("title: x\ntitel: y", "s.yaml:2: “titel” is not a key known here; did you mean “title”?"),
        (
            "title: x\nparts:\n- {q: a}\n- {q: b,\n   whithin: 2}",
            "s.yaml:5: “whithin” is not a key known here; did you mean “within”?",
        ),
        (
            "title: x\nby_name:\n  n:\n    q: x\n    withn: 2",
            "s.yaml:5: “withn” is not a key known here; did you mean “within”?",
        ),
        ("title: x\nparts: [{q: a, within: 0}]", "“within” must be at least 1, not “0”; change it"),
        ("title: x\nparts: [a]", "entry 1 of “parts” must be a group of keys, not “a”"),
        ("title: x\nparts: {a: 1}", "“parts” must be a list, not a group of keys"),
        ("title: [x]", "“title” must be a text, not a list"),
        ("title: 2026-01-01", "“title” must be a text, not “2026-01-01”"),
        ("title: true", "“title” must be a text, not “true”"),
        ("title:", "“title” must be a text, not empty"),
        ('title: ""', "“title” is empty; fill it in"),
        ("title: much too long", "“title” is longer than 10; shorten it"),
        ("title: x\nfirst: 2026-02-30", "“first” must be a date, not “2026-02-30”; write it like"),
        ("title: x\nat: noon", "“at” must be a time, not “noon”; write it like 08:00"),
        ("title: x\nprice: cheap", "“price” must be an amount, not “cheap”"),
        ("title: x\nloud: maybe", "“loud” must be true or false, not “maybe”"),
        ("title: x\neven: a", "“even” must be a whole number, not “a”"),
        ("title: x\neven: 3", "s.yaml:2: 3 is odd; write an even number"),
        ("title: x\ncode: X", "“code” cannot be “X”; it must look like"),
        ("- a", "s.yaml:1: this file must be a group of keys, not a list"),
        ("", "s.yaml:1: there is nothing here; write its keys"),
    ],
)
def test_a_mistake_is_told_in_plain_words(text, expected):
    assert any(expected in one for one in told(text)), told(text)


def test_all_mistakes_come_at_once_in_the_order_of_lines():
    lines = [one.split(":")[1] for one in told("side: up\nkind: x\nfrm: 2\nparts: [{q: a, w: 1}]")]
    assert lines == ["1", "1", "2", "3", "4"]


def test_a_sound_file_becomes_an_object_and_numbers_may_be_texts():
    text = "title: 12\nparts: [{q: no}]\nprice: 20.00\nat: 20:00\nfrom: 4\nfirst: 2026-11-03"
    sheet, problems = validate(Sheet, read_yaml("s.yaml", text))
    assert problems == ()
    assert sheet is not None
    assert (sheet.title, sheet.parts[0].q, str(sheet.price)) == ("12", "no", "20.00")
    assert (sheet.at, sheet.start, sheet.first) == (time(20), 4, date(2026, 11, 3))


def test_a_part_of_a_file_can_be_read_by_itself():
    source = read_yaml("s.yaml", "items:\n- {q: a}\n- {q: b, wthin: 2}\n- ")
    assert validate(Part, source, ("items", 0)) == (Part(q="a"), ())
    part, problems = validate(Part, source, ("items", 1))
    assert part is None
    assert [one.line for one in problems] == [3]
    assert validate(Part, source, ("items", 2))[1][0].line == 4


def test_forms_are_closed_and_frozen():
    with pytest.raises(ValidationError):
        Part(q="x").q = "y"  # type: ignore[misc]


def test_the_nearest_word_is_offered():
    assert did_you_mean("Emial", ["email", "phone"]) == "did you mean “email”?"
    assert did_you_mean("fax", ["email", "phone"]) == "known: email, phone"
    assert did_you_mean("fax", []) == "there is none yet"
