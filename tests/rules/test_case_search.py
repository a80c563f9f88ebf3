"""Which words of a text a case is found by, and which words of a search count."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.rules.case_search import ASKED, LONGEST_WORD, asked_words, forms_of, words_of
from kb.rules.tags import LONGEST, tag_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("La copia, ¿se detiene?", ("la", "copia", "se", "detiene")),
        ("Avería avería AVERIA", ("averia",)),
        ("ana.prieto@example.com #100234", ("ana", "prieto", "example", "com", "100234")),
        ("snake_case ß ﬁle", ("snake", "case", "ss", "file")),
        ("% _ ' \" *", ()),
        ("", ()),
        ("x" * 99, ("x" * LONGEST_WORD,)),
    ],
)
def test_words(text: str, words: tuple[str, ...]) -> None:
    assert words_of(text) == words


def test_only_so_many_words_count() -> None:
    many = " ".join(f"w{number}" for number in range(50))
    assert len(asked_words(many)) == ASKED
    assert words_of(many, limit=3) == ("w0", "w1", "w2")


@given(st.text())
def test_what_was_written_is_found_by_its_own_words(text: str) -> None:
    assert set(asked_words(text)) <= set(words_of(text))
    assert words_of(" ".join(words_of(text))) == words_of(text)


@pytest.mark.parametrize(
    ("typed", "tag"),
    [
        ("Restore slow", "restore-slow"),
        (" c++ ", "c++"),
        ("v12.1", "v12.1"),
        ("año", "año"),
        ("!!!", None),
        ("", None),
        ("a" * LONGEST, "a" * LONGEST),
        ("a" * (LONGEST + 1), None),
    ],
)
def test_tags(typed: str, tag: str | None) -> None:
    assert tag_of(typed) == tag


@pytest.mark.parametrize(
    ("word", "forms"),
    [
        ("copia", ("copia", "copias", "copiaes")),
        ("servidores", ("servidores", "servidoress", "servidoreses", "servidore", "servidor")),
        ("gas", ("gas", "gass", "gases")),
        ("e000101f4", ("e000101f4",)),
    ],
)
def test_plural_and_singular(word: str, forms: tuple[str, ...]) -> None:
    assert forms_of(word) == forms
