"""Ready answers and the places in them."""

import pytest

from kb.rules.canned import PLACES, filled, unknown_places


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("Hola, {customer}: su caso {number}", ()),
        ("Hola, {costumer}", ("costumer",)),
        ("{} and {customer name}", ("", "customer name")),
        ("no places { at all", ()),
    ],
)
def test_unknown_places(text: str, unknown: tuple[str, ...]) -> None:
    assert unknown_places(text) == unknown


def test_places_are_filled_once() -> None:
    said = filled("{customer}, {number}, {other}", {"customer": "{number}", "number": "7"})
    assert said == "{number}, 7, {other}"
    assert filled("".join(f"{{{name}}}" for name in PLACES), dict.fromkeys(PLACES, "x")) == "xxxxxx"
