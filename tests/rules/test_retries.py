"""When what did not work is tried again."""

from datetime import UTC, datetime, timedelta

import pytest

from kb.rules.retries import LONGEST_PAUSE, MOST_TRIES, next_try

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("tries", "pause"), [(1, 1), (2, 2), (3, 4), (8, 128), (9, 240), (15, 240)]
)
def test_pauses_double_up_to_four_hours(tries: int, pause: int) -> None:
    assert next_try(tries, NOW) == NOW + timedelta(minutes=pause)


@pytest.mark.parametrize("tries", [MOST_TRIES, MOST_TRIES + 1, 10_000])
def test_after_the_last_try_there_is_none(tries: int) -> None:
    assert next_try(tries, NOW) is None


def test_all_tries_take_more_than_a_day() -> None:
    """A server that is down over night loses nobody's mail."""
    pauses = [(next_try(tries, NOW) or NOW) - NOW for tries in range(1, MOST_TRIES)]
    assert max(pauses) == LONGEST_PAUSE
    assert timedelta(days=1) < sum(pauses, timedelta()) < timedelta(days=3)
