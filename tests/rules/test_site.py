"""The site's colours must be readable."""

import pytest

from kb.rules.site import Site, contrast, luminance
from kb.rules.texts import Text


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        pytest.param("#000000", "#ffffff", 21.0, id="black on white"),
        pytest.param("#ffffff", "#ffffff", 1.0, id="white on white"),
        pytest.param("#0b5a68", "#ffffff", 7.8, id="the look's action colour"),
        pytest.param("#ffc933", "#ffffff", 1.5, id="the look's yellow"),
        pytest.param("#82cdd6", "#101716", 10.1, id="the dark action colour"),
    ],
)
def test_contrast_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.06)
    assert contrast(other, one) == contrast(one, other)


@pytest.mark.parametrize("colour", ["red", "#fff", "#0b5a6g", "0b5a68f"])
def test_a_colour_that_is_none_is_refused(colour: str) -> None:
    with pytest.raises(ValueError, match=r"colour|invalid literal"):
        luminance(colour)


def test_the_first_language_is_the_default() -> None:
    assert Site(name=Text({"es": "X"}), brand="X", languages=("es", "en")).default_language == "es"
