"""Whole numbers that people and programs write."""

import pytest

from kb.rules.whole_numbers import whole


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("0", 0),
        ("7", 7),
        ("007", 7),
        ("999", 999),
        pytest.param("1000", None, id="too long"),
        pytest.param("9" * 5000, None, id="longer than Python reads"),
        ("", None),
        ("-1", None),
        ("+1", None),
        ("1.5", None),
        ("1_0", None),
        (" 1", None),
        ("one", None),
        pytest.param("٣", None, id="digits of another script"),
        pytest.param("²", None, id="a raised digit"),
    ],
)
def test_a_whole_number_of_at_most_three_digits(text: str, found: int | None) -> None:
    assert whole(text, 3) == found
