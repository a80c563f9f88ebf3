"""Error codes as people write them: in pieces, without prefix, in a whole line of a log."""

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kb.rules.trees import Condition, Input, InputKind, Route
from kb.rules.typed import Bad, holds, read
from kb.rules.typed_codes import bare, code_in

KNOWN = ("E000101F4", "E00070021", "0x8007000E", "0x7B", "1603", "112", "E-12")
LOG = "2026-11-23 22:10:01 [ERR] task 12 'nightly' on Server 2016: code {} at 70 %"
ASKED = Input(
    "code",
    "Which code?",
    InputKind.ERROR_CODE,
    (Route("space", Condition(("E000101F4",))), Route("log")),
)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("E000101F4", "E000101F4"),
        ("e 000101f4", "E000101F4"),
        ("E-000101F4", "E000101F4"),
        ("E 0001 01F4", "E000101F4"),
        ("000101F4", "E000101F4"),
        ("0xE000101F4", "E000101F4"),
        ("EOOO1O1F4", "E000101F4"),
        ("8007000e", "0x8007000E"),
        ("0X7b", "0x7B"),
        ("código 1603", "1603"),
        (LOG.format("E000101F4"), "E000101F4"),
        (LOG.format("0x8007000E"), "0x8007000E"),
        ("1603, 112 MB free", "1603"),
    ],
)
def test_a_known_code_is_found_however_it_is_written(typed: str, found: str) -> None:
    assert code_in(typed, KNOWN) == found


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("E0FFFFFF", "E0FFFFFF"),
        (LOG.format("E0FFFFFF"), "E0FFFFFF"),
        ("error 1618", "1618"),
        ("V12.3.1", "V12"),
        ("2026-11-23", None),
        ("16 03", None),
        ("no tengo", None),
        ("0x", None),
    ],
)
def test_else_what_looks_like_a_code_is_taken_and_days_and_times_are_none(
    typed: str, found: str | None
) -> None:
    assert code_in(typed, KNOWN) == found


def test_a_short_code_is_not_put_together_and_an_odd_one_is_no_trouble() -> None:
    assert code_in("16 03", ("1603", "--")) is None
    assert code_in("ZZZZZZ1", ("EZZZZZZ1",)) == "ZZZZZZ1"


def test_what_was_typed_takes_the_way_of_the_code_that_was_meant() -> None:
    """A pasted line must not be answered by the way for “another code”."""
    for typed in ("e 000101f4", "0xE000101F4", "000101F4", LOG.format("E000101F4")):
        value = read(ASKED, typed)
        assert not isinstance(value, Bad)
        assert holds(InputKind.ERROR_CODE, Condition(("E000101F4",)), value), typed
    assert read(ASKED, "2026-11-23") is Bad.NOT_A_CODE
    assert read(replace(ASKED, optional=True), " ") == ""


@given(st.text(max_size=60) | st.from_regex(r"[Ee0OoxX -]{0,4}[0-9A-Fa-f -]{3,12}", fullmatch=True))
@example("0x0x12")
def test_what_was_read_is_read_again_as_itself(typed: str) -> None:
    """A walk is replayed from what was read, so reading twice must change nothing."""
    found = code_in(typed, KNOWN)
    assert found is None or code_in(found, KNOWN) == found
    assert found is None or bare(found)
