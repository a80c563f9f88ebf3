"""Personal data in what customers write is found, and nothing else goes with it."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.rules.personal_names import PEOPLE
from kb.rules.personal_patterns import Kind
from kb.rules.personal_words import LABELS, Found, names_told, personal_data
from tests.rules.personal_examples import EXAMPLES, MISSED, SPARED, Example, without


def cleaned(example: Example) -> str:
    found = personal_data(example.text, example.known, SPARED)
    return without(example.text, found, example.lang)


def words_of(text: str) -> list[str]:
    return re.findall(r"[\w%‰°/\\:.-]*\w[\w%]*", text)


def parts_of(text: str) -> set[str]:
    return set(re.findall(r"\w+", text))


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_personal_word_goes(name: str) -> None:
    """What is missed is on the list, and what is on it is missed still."""
    example = EXAMPLES[name]
    personal = parts_of(" ".join(example.personal)) - parts_of(example.rest)
    left = parts_of(cleaned(example)) & personal
    assert left == MISSED.get(name, set()), cleaned(example)


@pytest.mark.parametrize("name", EXAMPLES)
def test_everything_else_stays(name: str) -> None:
    example = EXAMPLES[name]
    result = cleaned(example)
    gone = [word for word in words_of(example.rest) if word not in result]
    assert not gone, result


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("I paid with 5500 0000 0000 0004 yesterday", Kind.NUMBER),
        ("el número de serie 00123456 no sirve", Kind.NUMBER),
        ("ring 020 7946 0958", Kind.PHONE),
        ("ring +1 (555) 010-4477 or nobody", Kind.PHONE),
        ("the call of 2026-11-05 10:30 612 345 678", Kind.PHONE),
        ("on 612 345 678 2026-11-05", Kind.PHONE),
        ("I'm Mohamed and it fails", Kind.NAME),
        ("Thomas Reed, I'm Thomas Reed", Kind.NAME),
    ],
)
def test_each_piece_is_called_what_it_is(text: str, kind: Kind) -> None:
    assert {one.kind for one in personal_data(text)} == {kind}


@pytest.mark.parametrize(
    "text",
    [
        "Mr Support, Sra. Ayuda and D. Windows",
        "I'm Locked out and I am Using build 4021",
        "This is Windows 11 with Outlook",
        "soy administrador; El usuario es nuevo; the user is not found; password is wrong",
        "Dear all, Hi Support, Hola Equipo,",
        "version 12.4.1.0, versión 10.0.0.1",
        "2026-11-05T10:30:00 and 2026-11-05 10:30 and 05/11/2026",
        "0x8004100E, E000101F4, KB5034441, LS-204, 4194304 bytes",
        "the server SRV-01, \\\\nas2\\backup and \\\\?\\C:\\x; servidor SQL-2019, equipo nuevo",
        "http://localhost:8080/x, http://127.0.0.1:9876, https://help.example.com/es/kb/1042",
        "la contraseña caduca en 30 días; password expired; password policy",
        "number of serials; serial port; the computer is called later",
        "gracias por favor no lo cierren todavía, que sigue",
    ],
)
def test_what_only_looks_like_it_is_left_alone(text: str) -> None:
    assert personal_data(text) == ()


@pytest.mark.parametrize(
    ("text", "known", "left"),
    [
        ("Kevin Backup Server", (), "[name] Backup Server"),
        ("Kevin van der Berg Windows", (), "[name] Windows"),
        ("SAM hive, Ana and ana, DAVE and dave", (), "SAM hive, [name] and ana, [name] and [name]"),
        ("Backup of Monday", ("Backup Experts S.L.",), "Backup of Monday"),
        ("Experts say so", ("Backup Experts S.L.",), "[name] say so"),
        ("the puerto. Puerto 443", ("Ana Puerto",), "the puerto. Puerto 443"),
        ("Grant me that, asked Grant", ("Hugh Grant",), "Grant me that, asked [name]"),
        ("Mar me dijo: mar", ("Mar Gil",), "[name] me dijo: mar"),
        ("by May, May asks; in May 2027", ("May Lin",), "by May, [name] asks; in May 2027"),
        ("p. s. mark will do", ("Mark Will",), "p. s. mark will do"),
        ("mark-up in D:\\data\\mark", ("Mark Orr",), "mark-up in D:\\data\\mark"),
        ("Soy Zelma Quist. Zelma cree que no; zelma", (), "Soy [name]. [name] cree que no; zelma"),
        (
            "Norvault Support and Norvault",
            ("Norvault Support", "Ann Orr"),
            "Norvault Support and Norvault",
        ),
        ("My Inc. and Our Zed Ltd", (), "My Inc. and Our [name]"),
        ("dear Norvault, I'm Norvault", (), "dear Norvault, I'm Norvault"),
    ],
)
def test_who_is_known_and_who_says_so(text: str, known: tuple[str, ...], left: str) -> None:
    """The house and its products are nobody's name; a word that is one too needs a sign."""
    assert without(text, personal_data(text, known, SPARED), "en") == left


def test_who_is_named_in_one_text_is_looked_for_in_others() -> None:
    assert names_told(["Soy Zelma Quist.", "Gracias\nUn saludo,\nOtho Prim\nGerente"]) == (
        "Zelma Quist",
        "Otho Prim",
    )
    assert without("Ask Zelma", personal_data("Ask Zelma", told=("Zelma Quist",)), "en") == (
        "Ask [name]"
    )


def test_long_words_below_thanks_are_no_signature() -> None:
    told = "Thanks.\n" + "I tried all of it again, and this is what the log says about it. " * 3
    assert personal_data(told) == ()
    assert personal_data("Thanks.\n" + "one more line\n" * 9) == ()
    assert personal_data("Thanks.\n") == ()


def test_a_language_without_words_of_its_own_gets_the_english_ones() -> None:
    found = personal_data("Write to ana@example.com")
    assert without("Write to ana@example.com", found, "de") == "Write to [email]"
    assert all({"es", "en"} == set(words) for words in LABELS.values())


@given(st.text(max_size=400), st.lists(st.text(max_size=30), max_size=3))
def test_any_text_is_looked_at_and_pieces_stand_apart(text: str, known: list[str]) -> None:
    found = personal_data(text, known)
    assert list(found) == sorted(found)
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    kept = without(text, found, "es")
    ends = [0, *(one.end for one in found)]
    starts = [*(one.start for one in found), len(text)]
    for place in (text[end:start] for end, start in zip(ends, starts, strict=True)):
        assert place in kept, "what stands between pieces stays as it was typed"


@given(st.sampled_from(sorted(EXAMPLES)), st.text(alphabet="aA1@.:-/\\ +=\n", max_size=300))
def test_words_around_do_not_hide_what_is_known(name: str, around: str) -> None:
    example = EXAMPLES[name]
    text = f"{around}\n{example.text}\n{around}"
    cleaned_ = without(text, personal_data(text, example.known), example.lang)
    assert not [one for one in example.known if one in cleaned_]


def test_pieces_over_one_another_are_one() -> None:
    found = personal_data("Sr. García Pons", ("García",))
    assert found == (Found(4, 15, Kind.NAME),)
    assert personal_data("Sr. Ana García y co, 2", ("García y co",)) == (Found(4, 19, Kind.NAME),)


def test_a_letter_that_is_two_in_lower_case_moves_nothing() -> None:
    assert without("Straße: Ana", personal_data("Straße: Ana", ("Ana",)), "en") == "Straße: [name]"


@pytest.mark.parametrize("line", ["  Hola Ana,", "> > From: Ana Ruiz <x>", " - Ana Ruiz"])
def test_a_name_is_looked_for_within_its_line(line: str) -> None:
    """From every one of twenty thousand empty lines a search would else look at all that follow."""
    text = "\n" * 9 + line
    starts = [found.start() for one in PEOPLE for found in one.finditer(text)]
    assert [text[start:].lstrip("\n") for start in starts] == [line]
    assert all(text[start:].count("\n") <= 1 for start in starts)
    kinds = [found.kind for found in personal_data(text, (), ())]
    assert Kind.NAME in kinds
