"""The index a browser carries: what is in it is public, and reads back as what the server has."""

import math
from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.search.collection import Collection
from kb.search.documents import Document
from kb.search.index import build
from kb.search.portable import MOST, STEP, _character, _numbers, portable

TEXTS = (
    ("1", "Restoring the vault", "The restored vaults are restored once more.", "public"),
    ("2", "The vault is full", "Nothing fits into the vault.", "public"),
    ("3", "Secret plans", "The vault of the grobnitz holds zarquonite.", "internal"),
    ("4", "For customers", "Blorptastic vaults.", "customers"),
)


@pytest.fixture
def collection(tmp_path: Path) -> Collection:
    documents = (
        Document("en", id_, title, url=f"/en/kb/{id_}", body=body, audience=audience)
        for id_, title, body, audience in TEXTS
    )
    build(tmp_path / "search", documents)
    return Collection.open(tmp_path / "search" / "en")


def value(character: str) -> int:
    """As static/offline-search.js reads a character."""
    code = ord(character)
    return code - 35 - (code > 60) - (code > 92)


def numbers(text: str) -> list[int]:
    found, total, scale = [], 0, 1
    for character in text:
        part = value(character)
        total += part % 40 * scale
        scale *= 40
        if part < 40:
            found.append(total)
            total, scale = 0, 1
    return found


def terms(data: dict[str, Any]) -> dict[str, list[str]]:
    """Each term with its spellings."""
    found: dict[str, list[str]] = {}
    before = ""
    for line in data["terms"].split("\n"):
        head, *forms = line.split("|")
        before = before[: value(head[0])] + head[1:]
        found[before] = forms
    return found


def test_only_what_everybody_may_read_is_in_it(collection: Collection) -> None:
    data = portable(collection)
    assert [document["id"] for document in data["docs"]] == ["1", "2"]
    for word in ("secret", "grobnitz", "zarquonit", "blorptast", "custom"):
        assert not any(word in term for term in terms(data)), word
        assert word not in str(data["docs"])


def test_every_posting_is_there_with_its_score(collection: Collection) -> None:
    data = portable(collection)
    known, postings = list(terms(data)), collection.postings
    counts, gaps = numbers(data["counts"]), numbers(data["gaps"])
    assert len(gaps) == len(data["worth"]) == sum(counts)
    place = list(accumulate(counts, initial=0))[known.index("vault")]
    docs = [gap - 1 for gap in accumulate(gaps[place : place + counts[known.index("vault")]])]
    assert docs == [0, 1]
    number = [bytes(term) for term in postings.terms.tolist()].index(b"vault")
    first = int(postings.starts[number])
    for at, row in enumerate(docs):
        exact = collection.scores.score[first + row] / collection.scores.rarity[number]
        assert value(data["worth"][place + at]) / STEP == pytest.approx(exact, abs=0.5 / STEP)
    assert collection.scores.rarity[number] == pytest.approx(math.log(2 / (2 + 1)) + 1)


def test_each_spelling_stands_for_its_term(collection: Collection) -> None:
    found = terms(portable(collection))
    assert sorted(found["restor"]) == ["ed", "ing"]
    assert found["vault"] == ["s"]


@given(st.lists(st.integers(min_value=0, max_value=100_000)))
def test_numbers_read_back(some: list[int]) -> None:
    assert numbers(_numbers(some)) == some


def test_every_character_stands_in_a_script_as_it_is() -> None:
    every = [_character(number) for number in range(MOST + 1)]
    assert [value(character) for character in every] == list(range(MOST + 1))
    assert not set(every) & set('"\\<\n')
