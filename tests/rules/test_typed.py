"""What customers type: codes, numbers, versions, days; what is read, refused and routed."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.rules.trees import (
    Condition,
    Input,
    InputKind,
    Route,
)
from kb.rules.typed import VERSION, Bad, canonical, comparable, holds, read
from kb.rules.walk import (
    walk,
)
from tests.rules.tree_samples import (
    CONTACT,
    DONE,
    grown,
    tree,
)


def typed(kind: InputKind, **parts: object) -> Input:
    base = Input("n", "n?", kind, (Route("done"),))
    return replace(base, **parts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (InputKind.ERROR_CODE, " e000101f4 ", "E000101F4"),
        (InputKind.ERROR_CODE, "Error E000101F4: no hay espacio", "E000101F4"),
        (InputKind.ERROR_CODE, "0x0000007B", "0X0000007B"),
        (InputKind.ERROR_CODE, "1603", "1603"),
        (InputKind.ERROR_CODE, "no tengo", Bad.NOT_A_CODE),
        (InputKind.NUMBER, "12", "12"),
        (InputKind.NUMBER, "2,50", "2.5"),
        (InputKind.NUMBER, "100", "100"),
        (InputKind.NUMBER, "1.500", Bad.THOUSANDS),
        (InputKind.NUMBER, "1,500,000", Bad.THOUSANDS),
        (InputKind.NUMBER, "-1", Bad.NOT_A_NUMBER),
        (InputKind.NUMBER, "veinte", Bad.NOT_A_NUMBER),
        (InputKind.NUMBER, "٣", Bad.NOT_A_NUMBER),
        (InputKind.VERSION, "v12.3.1", "12.3.1"),
        (InputKind.VERSION, "versión 11.5", "11.5"),
        (InputKind.VERSION, "doce", Bad.NOT_A_VERSION),
        (InputKind.DATE, "2026-11-03", "2026-11-03"),
        (InputKind.DATE, "3/11/2026", "2026-11-03"),
        (InputKind.DATE, "31.2.2026", Bad.NOT_A_DATE),
        (InputKind.DATE, "ayer", Bad.NOT_A_DATE),
    ],
)
def test_typed_answers(kind: InputKind, text: str, value: str) -> None:
    assert read(typed(kind), text) == value


def test_missing_and_out_of_range() -> None:
    assert read(typed(InputKind.NUMBER), "  ") is Bad.EMPTY
    assert read(typed(InputKind.NUMBER, optional=True), "") == ""
    ranged = typed(InputKind.NUMBER, lowest="1", highest="9")
    assert [read(ranged, text) for text in ("0", "1", "9", "10")] == [
        Bad.TOO_LOW, "1", "9", Bad.TOO_HIGH,
    ]  # fmt: skip
    whole = typed(InputKind.NUMBER, whole=True)
    assert [read(whole, text) for text in ("2,5", "2,0")] == [Bad.NOT_WHOLE, "2"]
    recent = typed(InputKind.DATE, lowest="2020-01-01")
    assert read(recent, "1/1/2019") is Bad.TOO_LOW


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (InputKind.VERSION, "0", "0"),
        (InputKind.VERSION, "0.0", "0.0"),
        (InputKind.VERSION, "12.5", "12.5"),
        (InputKind.DATE, "2026-11-23", "2026-11-23"),
        (InputKind.ERROR_CODE, "E1-2", "E1-2"),
        (InputKind.NUMBER, "0", "0"),
        (InputKind.NUMBER, "0,5", Bad.NOT_WHOLE),
    ],
)
def test_only_numbers_have_to_be_whole(kind: InputKind, text: str, value: str | Bad) -> None:
    assert read(typed(kind, whole=True), text) == value


@pytest.mark.parametrize(
    ("kind", "condition", "value", "expected"),
    [
        (InputKind.ERROR_CODE, Condition(("E000101F4",)), "EOOO1O1F4", True),
        (InputKind.ERROR_CODE, Condition(("E000101F4",)), "E000101F6", False),
        (InputKind.NUMBER, Condition(("4",), below="9"), "4.0", True),
        (InputKind.NUMBER, Condition(at_least="2", below="5"), "5", False),
        (InputKind.NUMBER, Condition(at_least="2"), "1.5", False),
        (InputKind.VERSION, Condition(below="11.5"), "11.10", False),
        (InputKind.VERSION, Condition(("12",)), "12.0", True),
        (InputKind.DATE, Condition(below="2026-11-20"), "2026-11-19", True),
    ],
)
def test_conditions(kind: InputKind, condition: Condition, value: str, expected: bool) -> None:
    assert holds(kind, condition, value) is expected


def test_codes_have_no_order() -> None:
    with pytest.raises(ValueError, match="no order"):
        comparable(InputKind.ERROR_CODE, "E1")


@given(st.sampled_from(InputKind), st.text() | st.from_regex(VERSION), st.booleans())
def test_reading_never_raises_and_is_stable(kind: InputKind, text: str, whole: bool) -> None:
    value = read(typed(kind, whole=whole), text)
    if not isinstance(value, Bad):
        assert canonical(kind, value) == value


def test_numbers_route_by_bounds() -> None:
    routes = (Route("done", Condition(below="3")), Route("contact"))
    few = tree(Input("n", "n?", InputKind.NUMBER, routes), DONE, CONTACT)
    trees = grown(few)
    assert walk(trees["t"], trees, {"n": "2"}).key == "done"
    assert walk(trees["t"], trees, {"n": "3"}).key == "contact"
