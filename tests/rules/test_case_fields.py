"""What a request's own fields must hold when no page of ours asked for them (R42, R43)."""

import pytest

from kb.rules.case_fields import LINE_LIMIT, TEXT_LIMIT, FieldFlaw, asked_fields, filled, flaws
from kb.rules.policy import Field, FieldKind, Request, Topic
from kb.rules.texts import NO_TEXT


def field(id_: str, kind: FieldKind = FieldKind.LINE, *, required: bool = False) -> Field:
    return Field(id_, NO_TEXT, required=required, kind=kind)


REQUEST = Request(
    "technical",
    NO_TEXT,
    topics=(Topic("backup", NO_TEXT), Topic("network", NO_TEXT, in_scope=False)),
    fields=(
        field("title", FieldKind.TITLE, required=True),
        field("files", FieldKind.FILES, required=True),
        field("first_name", required=True),
        field("reason", FieldKind.REASON, required=True),
        field("environment", FieldKind.TEXT, required=True),
        field("line"),
        field("second_phone", FieldKind.PHONE),
        field("second_email", FieldKind.EMAIL),
    ),
)
GOOD = {"reason": "backup", "environment": "Debian"}


def test_what_has_a_place_of_its_own_is_not_asked_again() -> None:
    asked = [one.id for one in asked_fields(REQUEST)]
    assert asked == ["reason", "environment", "line", "second_phone", "second_email"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({}, {}, id="good"),
        pytest.param({"environment": " "}, {"environment": FieldFlaw.MISSING}, id="blank"),
        pytest.param({"title": "x"}, {"title": FieldFlaw.UNKNOWN}, id="not here"),
        pytest.param({"line": "x" * LINE_LIMIT}, {}, id="a long line"),
        pytest.param({"line": "x" * (LINE_LIMIT + 1)}, {"line": FieldFlaw.TOO_LONG}, id="longer"),
        pytest.param({"environment": "x" * TEXT_LIMIT}, {}, id="a long text"),
        pytest.param({"reason": "network"}, {"reason": FieldFlaw.CHOICE}, id="out of scope"),
        pytest.param({"second_phone": "+34 600 000 000"}, {}, id="a phone"),
        pytest.param({"second_phone": "call me"}, {"second_phone": FieldFlaw.FORM}, id="no phone"),
        pytest.param({"second_email": "a@example.com"}, {}, id="an address"),
        pytest.param({"second_email": "a at b"}, {"second_email": FieldFlaw.FORM}, id="none"),
    ],
)
def test_flaws(changes: dict[str, str], expected: dict[str, FieldFlaw]) -> None:
    assert flaws(REQUEST, {**GOOD, **changes}) == expected


def test_the_reason_is_the_topic_unless_it_is_said() -> None:
    assert filled(REQUEST, {}, "backup") == {"reason": "backup"}
    assert filled(REQUEST, {"reason": "network"}, "backup") == {"reason": "network"}
    assert filled(REQUEST, {}, "") == {}
