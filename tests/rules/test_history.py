"""Who sees which change, what differs between two texts, and old names in one step."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.rules.articles import Audience
from kb.rules.history import (
    Change,
    Passage,
    Piece,
    Shown,
    authors_of,
    differences,
    find_change,
    flatten,
    sees_change,
    sees_history,
)

NOW = datetime(2026, 11, 23, tzinfo=UTC)
CHANGE = Change("a" * 40, NOW, "Ana", "First", "articles/a/1-a/es.md", "b" * 40)


@pytest.mark.parametrize(
    ("shown", "agent", "sees"),
    [
        (Shown.OFF, True, False),
        (Shown.OFF, False, False),
        (Shown.AGENTS, True, True),
        (Shown.AGENTS, False, False),
        (Shown.ALL, True, True),
        (Shown.ALL, False, True),
    ],
)
def test_who_sees_the_history(shown: Shown, agent: bool, sees: bool) -> None:
    assert sees_history(shown, agent=agent) is sees


@pytest.mark.parametrize(
    ("audience", "stranger", "customer"),
    [
        (Audience.PUBLIC, True, True),
        (Audience.CUSTOMERS, False, True),
        (Audience.INTERNAL, False, False),
    ],
)
def test_what_was_internal_then_stays_so(
    audience: Audience, stranger: bool, customer: bool
) -> None:
    change = replace(CHANGE, audience=audience)
    assert sees_change(change, signed_in=False, agent=False) is stranger
    assert sees_change(change, signed_in=True, agent=False) is customer
    assert sees_change(change, signed_in=True, agent=True)


def test_authors_by_how_much_they_changed() -> None:
    names = ["Ana", "Luis", "Ana", "Eva"]
    changes = [
        replace(CHANGE, author=name, at=NOW + timedelta(days=n)) for n, name in enumerate(names)
    ]
    assert authors_of(changes) == ("Ana", "Eva", "Luis")


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("a" * 40, True),
        ("a" * 7, True),
        ("a" * 6, False),
        ("A" * 40, False),
        ("c" * 40, False),
        ("HEAD", False),
        ("--all", False),
        ("a" * 7 + "\n", False),
        ("", False),
    ],
)
def test_a_commit_is_found_by_its_id_alone(asked: str, found: bool) -> None:
    assert (find_change([CHANGE], asked) is not None) is found


def test_a_shortened_id_of_two_commits_is_none() -> None:
    assert find_change([CHANGE, replace(CHANGE, commit="a" * 7 + "b" * 33)], "a" * 7) is None


@pytest.mark.parametrize(
    ("moved", "here", "ends"),
    [
        ({"1": 2}, [2], {"1": 2}),
        ({"1": 2, "2": 3, "old": 1}, [3], {"1": 3, "2": 3, "old": 3}),
        ({"1": 2, "2": 1}, [3], {}),
        ({"1": 1}, [1], {}),
        ({"1": 2}, [3], {}),
        ({"1": 2, "2": 3}, [2, 3], {"1": 2, "2": 3}),
        ({"a": 1, "1": 1}, [2], {}),
    ],
)
def test_chains_become_one_step_and_circles_none(
    moved: dict[str, int], here: list[int], ends: dict[str, int]
) -> None:
    assert flatten(moved, here) == ends


@given(
    st.dictionaries(st.integers(1, 9).map(str), st.integers(1, 9)),
    st.sets(st.integers(1, 9)),
)
def test_every_old_name_leads_to_an_article_that_is_there(
    moved: dict[str, int], here: set[int]
) -> None:
    assert set(flatten(moved, here).values()) <= here


def test_words_that_went_and_came() -> None:
    assert differences("Press the red button.\n", "Press the green button.\n") == (
        Passage(
            (
                Piece("same", "Press the "),
                Piece("gone", "red"),
                Piece("new", "green"),
                Piece("same", " button.\n"),
            )
        ),
    )


def test_lines_that_stayed_are_counted_not_shown() -> None:
    before = "".join(f"line {n}\n" for n in range(40))
    after = before.replace("line 20\n", "").replace("line 38\n", "line 38 and more\n")
    first, second = differences(before, after)
    assert first.skipped == 18
    assert first.pieces[0].text == "line 18\nline 19\n"
    assert first.pieces[1] == Piece("gone", "line 20\n")
    assert second.skipped == 13
    assert Piece("new", " and more") in second.pieces


def test_sentences_without_a_common_word_are_shown_whole() -> None:
    (passage,) = differences("one two three\n", "uno dos tres cuatro cinco\n")
    kinds = [piece.kind for piece in passage.pieces]
    assert kinds == ["gone", "new"]


@pytest.mark.parametrize("text", ["", "one\n", "x" * 10, "a\nb\n" * 4000])
def test_the_same_text_has_no_difference(text: str) -> None:
    assert differences(text, text) == ()


def test_very_long_texts_are_compared_as_a_whole() -> None:
    before, after = "a\n" * 4000, "b\n" * 4000
    assert differences(before, after) == (Passage((Piece("gone", before), Piece("new", after))),)
    words = ("a " * 2000 + "\n", "b " * 2000 + "\n")
    assert differences(*words) == (Passage((Piece("gone", words[0]), Piece("new", words[1]))),)


LINES = st.lists(
    st.sampled_from(["one two\n", "one three\n", "four\n", "\n", "five six"]), max_size=30
)


@given(LINES.map("".join), LINES.map("".join))
def test_a_difference_holds_every_changed_word(old: str, new: str) -> None:
    passages = differences(old, new)
    gone = "".join(p.text for one in passages for p in one.pieces if p.kind != "new")
    came = "".join(p.text for one in passages for p in one.pieces if p.kind != "gone")
    skipped = sum(one.skipped for one in passages)
    if old == new:
        assert passages == ()
    if not skipped and passages and len(old.splitlines()) <= 3:
        assert old.startswith(gone)
        assert new.startswith(came)
