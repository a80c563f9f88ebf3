"""R51: what was said, added up by week and month."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.rules.feedback import Ratio, Stretch, Trend, first_day, in_every, stretches, trends

MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("day", "by", "first"),
    [
        (date(2026, 11, 23), Stretch.WEEK, date(2026, 11, 23)),
        (date(2026, 11, 29), Stretch.WEEK, date(2026, 11, 23)),
        (date(2027, 1, 1), Stretch.WEEK, date(2026, 12, 28)),
        (date(2026, 11, 30), Stretch.MONTH, date(2026, 11, 1)),
    ],
)
def test_a_day_belongs_to_its_week_and_its_month(day: date, by: Stretch, first: date) -> None:
    assert first_day(day, by) == first


def test_stretches_end_with_today() -> None:
    assert stretches(date(2026, 1, 15), Stretch.MONTH, 3) == (
        date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1),
    )  # fmt: skip


def test_the_most_frequent_comes_first_and_what_is_older_is_left_out() -> None:
    starts = stretches(MONDAY, Stretch.WEEK, 2)
    counted = [
        (MONDAY, "content", 1),
        (MONDAY - timedelta(days=1), "content", 2),
        (MONDAY + timedelta(days=6), "rating", 4),
        (MONDAY - timedelta(days=8), "rating", 90),
        (MONDAY, "a", 3),
    ]
    found = trends(counted, starts, Stretch.WEEK)
    assert found == (Trend("rating", (0, 4)), Trend("a", (0, 3)), Trend("content", (2, 1)))
    assert in_every(["b", "a"], found, 2) == (Trend("b", (0, 0)), Trend("a", (0, 3)))


@given(st.lists(st.tuples(st.integers(0, 83), st.sampled_from("abc"), st.integers(1, 9))))
def test_nothing_within_the_time_is_lost(said: list[tuple[int, str, int]]) -> None:
    starts = stretches(MONDAY, Stretch.WEEK, 12)
    counted = [(starts[0] + timedelta(days=days), name, number) for days, name, number in said]
    found = trends(counted, starts, Stretch.WEEK)
    assert sum(one.total for one in found) == sum(number for _, _, number in said)


@pytest.mark.parametrize(("helped", "failed", "share"), [(3, 1, 0.75), (0, 0, 0.0), (0, 2, 0.0)])
def test_the_share_that_an_article_helped(helped: int, failed: int, share: float) -> None:
    assert Ratio(1, helped, failed).share == share
