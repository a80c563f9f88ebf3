"""What is taken out of a text can be seen, put back, and is found when it is typed again."""

from hypothesis import given, settings
from hypothesis import strategies as st

from kb.rules.confirmed_words import Piece, absent, clean, labels_of, only_labels, settled
from kb.rules.personal_patterns import Kind

TEXT = {"a": "Soy Marta Gil, mi correo es marta@example.com y falla.", "b": "Marta Gil no puede."}
ANA = Piece(Kind.NAME, "Ana")


def test_each_piece_has_a_label_that_stands_in_every_text() -> None:
    done = clean(TEXT, "es")
    assert done.texts == {"a": "Soy ‹nombre 1›, mi correo es ‹correo 1› y falla.",
                          "b": "‹nombre 1› no puede."}  # fmt: skip
    assert [piece.words for piece in done.pieces] == ["Marta Gil", "marta@example.com"]


def test_cleaning_again_changes_nothing() -> None:
    once = clean(TEXT, "es")
    assert clean(once.texts, "es", (), once.pieces) == once


def test_a_piece_goes_back_and_out_again() -> None:
    once = clean(TEXT, "es")
    back = clean(once.texts, "es", (), once.pieces, frozenset({0}))
    assert back.texts["a"] == "Soy Marta Gil, mi correo es ‹correo 1› y falla."
    assert back.texts["b"] == "Marta Gil no puede."
    assert back.pieces == once.pieces
    assert clean(back.texts, "es", (), back.pieces) == once
    assert clean(once.texts, "es", (), once.pieces, frozenset({99})) == once


def test_what_is_given_back_is_markdown_only_in_markdown() -> None:
    pieces = (Piece(Kind.SECRET, "a*b*c9"),)
    texts = {"md": "‹contraseña 1›", "line": "‹contraseña 1›"}
    back = clean(texts, "es", (), pieces, frozenset({0}), frozenset({"line"}))
    assert back.texts == {"md": r"a\*b\*c9", "line": "a*b*c9"}
    again = clean(back.texts, "es", (), pieces, frozenset(), frozenset({"line"}))
    assert again.texts == texts


def test_new_words_are_found_in_what_was_typed_since() -> None:
    once = clean(TEXT, "es")
    typed = {**once.texts, "b": "Llame al 612 345 678."}
    done = clean(typed, "es", (), once.pieces)
    assert done.texts["b"] == "Llame al ‹teléfono 1›."
    assert done.pieces[:2] == once.pieces


def test_further_words_go_wherever_they_stand() -> None:
    pieces = (Piece(Kind.NAME, "Talleres  Mena"),)
    texts = {"a": "En talleres mena, y en Talleres\nMena; no en TalleresMena."}
    done = clean(texts, "en", (), pieces)
    assert done.texts["a"] == "En ‹name 1›, y en ‹name 1›; no en TalleresMena."
    assert not absent(texts, "talleres mena")
    assert absent(texts, "Mena S.L.")


def test_short_pieces_go_only_where_they_were_found() -> None:
    done = clean({"a": "ring 020 7946 0958 ext. 12; version 12 fails"}, "en")
    assert "version 12 fails" in done.texts["a"]
    assert "ext. ‹phone" in done.texts["a"]


def test_known_names_and_a_label_are_no_new_piece() -> None:
    done = clean({"a": "Gracias.\nUn saludo,\n‹nombre 1›\n‹teléfono 1›"}, "es", ("Ana",), (ANA,))
    assert done.pieces == (ANA,)
    assert "‹firma" not in done.texts["a"]
    twice = clean({"a": "Ana llama. Ana escribe."}, "es", ("Ana Ruiz",))
    assert twice.texts["a"] == "‹nombre 1› llama. ‹nombre 1› escribe."


def test_a_label_is_never_changed_by_another_piece() -> None:
    pieces = (ANA, Piece(Kind.NAME, "nombre"))
    assert clean({"a": "‹nombre 1› y nombre"}, "es", (), pieces).texts["a"] == (
        "‹nombre 1› y ‹nombre 2›"
    )


def test_labels_are_counted_by_kind_and_published_without_needless_numbers() -> None:
    pieces = (ANA, Piece(Kind.MAIL, "a@b.example"), Piece(Kind.NAME, "Bo"))
    assert labels_of(pieces, "en") == ("‹name 1›", "‹email 1›", "‹name 2›")
    assert labels_of(pieces, "pt")[0] == "‹name 1›"
    texts = {"a": "‹name 1› and ‹name 2›", "b": "‹email 1›, ‹email 1›"}
    assert settled(texts) == {"a": "‹name 1› and ‹name 2›", "b": "‹email›, ‹email›"}


def test_a_line_of_labels_says_nothing() -> None:
    assert only_labels("‹name 1›, ‹phone 2›.")
    assert not only_labels("‹name 1› called")
    assert not only_labels("—")


@settings(deadline=None)  # a busy machine is no flaw of the rule
@given(st.text("Soy Marta @.x‹›nombre 1\n", max_size=60), st.sets(st.integers(0, 3)))
def test_no_text_breaks_it_and_cleaning_comes_to_an_end(text: str, back: set[int]) -> None:
    once = clean({"a": text}, "es", ("Marta",))
    again = clean(once.texts, "es", ("Marta",), once.pieces, frozenset(back))
    assert again.pieces[: len(once.pieces)] == once.pieces
