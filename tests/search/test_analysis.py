"""What counts as a word, a code or a version."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.search import analysis


@pytest.mark.parametrize(
    ("typed", "stands_in"),
    [
        pytest.param("backups", "a backup runs", id="plural"),
        pytest.param("restoring", "restore it", id="verb form"),
        pytest.param("E000101F4", "code E000101F4.", id="error code"),
        pytest.param("e-000101f4", "code E000101F4", id="error code with hyphen"),
        pytest.param("000101F4", "code E000101F4", id="error code without its letter"),
        pytest.param("8007000E", "HRESULT 0x8007000E", id="hex without prefix"),
        pytest.param("12.3", "since 12.3.1", id="shorter version"),
        pytest.param("2.4.6", "2.4.6-p1 is out", id="version with patch"),
        pytest.param("CVE-2024", "CVE-2024-34102", id="prefix of a number"),
        pytest.param("email", "an e-mail", id="hyphen left out"),
        pytest.param("discover", "AutoDiscover fails", id="part of camel case"),
        pytest.param("autodiscover", "AutoDiscover fails", id="camel case as one word"),
        pytest.param("user", "the user's folder", id="possessive"),
        pytest.param("naive", "a naïve user", id="accents"),
    ],
)
def test_what_is_typed_meets_what_is_written_in_english(typed: str, stands_in: str) -> None:
    assert set(analysis.terms(typed, "en")) & set(analysis.terms(stands_in, "en"))


@pytest.mark.parametrize(
    ("typed", "stands_in"),
    [
        pytest.param("instalacion", "la instalación", id="-cion"),
        pytest.param("instalaciones", "la instalación", id="plural of -ción"),
        pytest.param("version", "la versión", id="-sion"),
        pytest.param("boveda", "la bóveda", id="acute accent"),
        pytest.param("copias", "una copia", id="plural"),
        pytest.param("contrasena", "la contraseña", id="ñ"),
    ],
)
def test_what_is_typed_meets_what_is_written_in_spanish(typed: str, stands_in: str) -> None:
    assert set(analysis.terms(typed, "es")) & set(analysis.terms(stands_in, "es"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("E000101F4", "E000101F5", id="neighbouring codes"),
        pytest.param("11.5", "11", id="versions"),
        pytest.param("11.5", "115", id="dot left out"),
    ],
)
def test_codes_and_versions_are_exact(one: str, other: str) -> None:
    assert not set(analysis.terms(one, "en")) & set(analysis.terms(other, "en"))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("1." * 100_000, id="dots"),
        pytest.param("x" * 300_000, id="one word"),
        pytest.param("aB" * 100_000, id="camel"),
        pytest.param("a-" * 100_000, id="hyphens"),
        pytest.param("é" * 100_000, id="accents"),
    ],
)
def test_dumps_are_analysed_in_no_time(text: str) -> None:
    assert sum(map(len, analysis.terms(text, "es"))) <= len(text) + analysis.LONGEST


def test_decomposed_letters_are_the_same_as_composed_ones() -> None:
    assert analysis.normal("cio\u0301n") == "ción"


@given(st.text(), st.sampled_from(["en", "es", "fr", "xx"]))
def test_tokens_name_the_text_they_stand_for(text: str, lang: str) -> None:
    text = analysis.normal(text)
    for token in analysis.tokens(text, lang):
        assert text[token.start : token.end].strip()
        for term in token.terms:
            assert 0 < len(term.encode()) <= analysis.LONGEST
            assert "\0" not in term
