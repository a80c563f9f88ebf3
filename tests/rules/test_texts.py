"""A text in several languages."""

from kb.rules.texts import NO_TEXT, Text


def test_a_text_is_given_in_the_language_asked_for_or_the_first_there_is() -> None:
    text = Text({"es": "hola", "en": "hello"})
    assert text.in_("en") == "hello"
    assert text.in_("fr") == "hola"
    assert text


def test_no_text_is_empty_in_every_language() -> None:
    assert NO_TEXT.in_("es") == ""
    assert not NO_TEXT
