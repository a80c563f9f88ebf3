"""What became of visits: solved only when said, a case outweighs all, silence is leaving."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.rules.visits import (
    PATIENCE,
    Asked,
    End,
    Step,
    StepKind,
    end_of,
    searched_before,
    visits,
)

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=3)


def steps(story: str, visit: str = "v", at: datetime = LONG_AGO) -> Iterator[Step]:
    """A visit minute by minute: `disk=0` a search with that many results, `#7` article 7 opened,
    `+7` it helped, `!` a case."""
    for minute, word in enumerate(story.split()):
        moment = at + timedelta(minutes=minute)
        if word == "!":
            yield Step(visit, StepKind.CASE, moment, "en")
        elif word[0] in "#+":
            kind = StepKind.OPENED if word[0] == "#" else StepKind.HELPED
            yield Step(visit, kind, moment, "en", article=int(word[1:]))
        else:
            query, _, results = word.partition("=")
            yield Step(
                visit, StepKind.SEARCHED, moment, "en", query.replace("_", " "), int(results)
            )


@pytest.mark.parametrize(
    ("story", "end"),
    [
        ("disk=0", End.NOTHING),
        ("disk=4", End.NOTHING),
        ("disk=4 #7", End.LEFT),
        ("disk=4 #7 +7", End.SOLVED),
        ("disk=4 #7 +7 !", End.CASE),
        ("disk=4 ! #7 +7", End.CASE),
        ("disk=0 !", End.CASE),
    ],
)
def test_how_a_visit_went(story: str, end: End) -> None:
    assert end_of(list(steps(story)), NOW) is end


def test_who_may_still_be_reading_has_not_left() -> None:
    just = NOW - PATIENCE
    assert end_of(list(steps("disk=4", at=just + timedelta(seconds=1))), NOW) is End.UNDER_WAY
    assert end_of(list(steps("disk=4", at=just)), NOW) is End.NOTHING


@pytest.mark.parametrize(
    ("story", "asked"),
    [
        ("disk=0", [Asked("disk", "en", 1, 1, 0, 0)]),
        ("disk=4", [Asked("disk", "en", 1, 0, 1, 0)]),
        ("disk=4 #7", [Asked("disk", "en", 1, 0, 0, 0)]),
        ("disk=4 disk=4 #7", [Asked("disk", "en", 1, 0, 0, 0)]),
        ("Disk=0 dísk=0", [Asked("Disk", "en", 1, 1, 0, 0)]),
        ("disk=0 !", [Asked("disk", "en", 1, 1, 0, 1)]),
        ("disk=4 #7 !", [Asked("disk", "en", 1, 0, 0, 1)]),
        ("disk=4 volume=4 #7", [Asked("disk", "en", 1, 0, 1, 0), Asked("volume", "en", 1)]),
        ("#7", []),
        ("!", []),
    ],
)
def test_what_came_of_each_search(story: str, asked: list[Asked]) -> None:
    assert list(visits(steps(story), NOW).asked) == asked


def test_a_case_counts_for_the_searches_of_a_day_before_it() -> None:
    early = list(steps("disk=0"))
    late = Step("v", StepKind.CASE, LONG_AGO + timedelta(hours=25), "en")
    assert visits([*early, late], NOW).asked == (Asked("disk", "en", 1, 1),)


def test_visits_add_up_with_the_words_typed_most() -> None:
    told = [
        *steps("Disk_full=0", "a"),
        *steps("disk_full=0", "b"),
        *steps("disk_full=3 #7", "c"),
        *steps("price=2 #8 +8", "d"),
        *steps("!", "e"),
    ]
    found = visits(told, NOW)
    assert found.asked == (Asked("disk full", "en", 3, 2), Asked("price", "en", 1))
    assert found.ends == {End.NOTHING: 2, End.LEFT: 1, End.SOLVED: 1}
    assert found.opened == {7: 1, 8: 1}
    assert found.total == 4
    assert found.weeks == {date(2026, 11, 16): found.ends}


def test_what_is_still_under_way_is_not_called_unopened() -> None:
    found = visits(steps("disk=4", at=NOW - timedelta(minutes=5)), NOW)
    assert found.asked == (Asked("disk", "en", 1),)
    assert found.ends == {End.UNDER_WAY: 1}


def test_nothing_adds_up_to_nothing() -> None:
    found = visits([], NOW)
    assert (found.total, found.asked, found.weeks) == (0, (), {})


def test_searches_before_a_case_stand_once_each_the_latest_last() -> None:
    told = [*steps("disk=0 volume=1 Disk=2 #7")]
    assert [
        (one.query, one.results) for one in searched_before(told, NOW - timedelta(days=2.5))
    ] == [
        ("volume", 1),
        ("Disk", 2),
    ]
    assert searched_before(told, NOW) == ()


def test_what_was_opened_from_a_search_goes_with_it() -> None:
    story = "#5 disk=2 #7 #8 volume=0 price=3 disk=1 +9 tape=4 #6 tape=4"
    found = searched_before(steps(story), LONG_AGO + timedelta(hours=1))
    assert [(one.query, one.article) for one in found] == [
        ("volume", 0),
        ("price", 0),
        ("disk", 7),
        ("tape", 6),
    ]


WORDS = st.sampled_from(["disk=0", "disk=3", "price=1", "#7", "#8", "+7", "!"])


@given(st.lists(st.lists(WORDS, max_size=6), max_size=8))
def test_every_visit_ends_in_one_way_and_counts_never_exceed_it(stories: list[list[str]]) -> None:
    told = [step for n, one in enumerate(stories) for step in steps(" ".join(one), f"v{n}")]
    found = visits(told, NOW)
    counted = [one for one in stories if one and set(one) != {"!"}]
    assert found.total == len(counted)
    for one in found.asked:
        assert one.times >= one.without_result + one.not_opened
        assert one.times >= one.before_case
    assert sum(found.opened.values()) >= found.ends.get(End.LEFT, 0)
