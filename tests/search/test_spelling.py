"""The nearest word that the documents have."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.search import forms
from kb.search.spelling import Speller, _distances

PUBLIC = frozenset({"public"})
WORDS = ("backup", "backups", "snapshot", "recovery", "quota", "licence", "instalación", "disk")


@pytest.fixture(scope="module")
def speller() -> Speller:
    counts = {"backup": 9, "backups": 3}
    added = [("public", [word]) for word in WORDS for _ in range(counts.get(word, 1))]
    return Speller(forms.changed(forms.EMPTY, [], [*added, ("internal", ["kryptonite"])]))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        pytest.param("bakcup", "backup", id="swapped"),
        pytest.param("bckup", "backup", id="left out"),
        pytest.param("backkup", "backup", id="doubled"),
        pytest.param("bsckup", "backup", id="wrong key"),
        pytest.param("zackup", "backup", id="wrong first letter"),
        pytest.param("snpashto", "snapshot", id="two edits in a long word"),
        pytest.param("instalasion", "instalación", id="accents do not count"),
        pytest.param("quoat", "quota", id="short word, one edit"),
        pytest.param("qutoo", None, id="short word, two edits"),
        pytest.param("dsk", None, id="too short"),
        pytest.param("back123", None, id="not a word"),
        pytest.param("kryptonit", None, id="only in internal articles"),
        pytest.param("x" * 60, None, id="too long"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_correct(speller: Speller, typed: str, meant: str | None) -> None:
    assert speller.correct(typed, PUBLIC) == meant


def test_internal_words_are_for_agents(speller: Speller) -> None:
    assert speller.correct("kryptonit", frozenset({"public", "internal"})) == "kryptonite"


def test_spellings_that_differ_in_accents(speller: Speller) -> None:
    assert speller.accented("instalacion", PUBLIC) == ["instalación"]
    assert speller.accented("backup", PUBLIC) == speller.accented("unknown", PUBLIC) == []


def reference(one: bytes, other: bytes) -> int:
    """Optimal string alignment, letter by letter."""
    table = {(i, 0): i for i in range(len(one) + 1)} | {(0, j): j for j in range(len(other) + 1)}
    for i in range(1, len(one) + 1):
        for j in range(1, len(other) + 1):
            same = one[i - 1] == other[j - 1]
            table[i, j] = min(
                table[i - 1, j] + 1, table[i, j - 1] + 1, table[i - 1, j - 1] + (not same)
            )
            if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
                table[i, j] = min(table[i, j], table[i - 2, j - 2] + 1)
    return table[len(one), len(other)]


@given(st.text("abcd", min_size=1, max_size=8), st.text("abcd", min_size=1, max_size=8))
def test_distance_is_optimal_string_alignment(one: str, other: str) -> None:
    letters = np.frombuffer(other.encode().ljust(24, b"\0"), np.uint8).reshape(1, -1)
    found = _distances(np.frombuffer(one.encode(), np.uint8), letters)
    assert found[0] == reference(one.encode(), other.encode())
