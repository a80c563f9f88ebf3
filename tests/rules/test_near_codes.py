"""Error codes that nearly are what was typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.rules.near_codes import is_code, near_codes

KNOWN = ("E000101F4", "E000101F7", "E00070021", "0x8007000E", "1603")


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        pytest.param("E000101F5", ("E000101F4", "E000101F7"), id="one wrong character"),
        pytest.param("e-000101f", ("E000101F4", "E000101F7"), id="one missing, other spelling"),
        pytest.param("E0001011F4", ("E000101F4", "E000101F7"), id="one too many"),
        pytest.param("E00010F14", ("E000101F4", "E000101F7"), id="two swapped"),
        pytest.param("8007000F", ("0x8007000E",), id="without prefix"),
        pytest.param("1063", ("1603",), id="digits swapped"),
        pytest.param("E000101F4", (), id="a code that is known was not mistyped"),
        pytest.param("2222", (), id="two slips in a short code are another code"),
        pytest.param("E0001ZZ99", (), id="four slips"),
        pytest.param("XX70002199", (), id="neither beginning nor end"),
        pytest.param("", (), id="nothing"),
    ],
)
def test_near_codes(typed: str, near: tuple[str, ...]) -> None:
    assert near_codes(typed, KNOWN) == near


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("E000101F4", True),
        ("0x8007000E", True),
        ("1603", True),
        ("11.5", False),
        ("windows10", True),
        ("backup", False),
        ("12", False),
        ("٣٤٥٦", False),
    ],
)
def test_what_looks_like_a_code(word: str, code: bool) -> None:
    assert is_code(word) is code


@given(st.text(max_size=40), st.lists(st.text(max_size=20), max_size=8))
def test_any_text_gets_an_answer(typed: str, known: list[str]) -> None:
    near = near_codes(typed, known)
    assert set(near) <= set(known)
    assert len(near) <= 3
