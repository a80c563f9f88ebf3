"""A text in several languages."""

import pytest

from kb.rules.texts import NO_TEXT, Text, nested


def test_a_text_is_given_in_the_language_asked_for_or_the_first_there_is() -> None:
    text = Text({"es": "hola", "en": "hello"})
    assert text.in_("en") == "hello"
    assert text.in_("fr") == "hola"
    assert text


def test_no_text_is_empty_in_every_language() -> None:
    assert NO_TEXT.in_("es") == ""
    assert not NO_TEXT


@pytest.mark.parametrize(
    ("lang", "title", "told"),
    [
        ("en", "It stops with “No space”", "It stops with ‘No space’"),
        ("es", "Se detiene con «Sin espacio»", "Se detiene con “Sin espacio”"),
        ("es", "No marks", "No marks"),
    ],
)
def test_a_title_in_quotation_marks_has_the_inner_ones(lang: str, title: str, told: str) -> None:
    assert nested(title, lang) == told
