"""R65: sixty minutes of a technician for each case, from the first contact on; may be extended."""

from datetime import UTC, datetime, timedelta

import pytest

from kb.rules.technician_time import Entry, clock_at, credit_of

HOUR = timedelta(minutes=60)


def worked(minutes: int, *, charged: bool = True) -> Entry:
    return Entry(timedelta(minutes=minutes), is_charged=charged)


def given(minutes: int) -> Entry:
    return Entry(timedelta(minutes=minutes), is_credit=True)


@pytest.mark.parametrize(
    ("entries", "left", "fits", "too_long"),
    [
        pytest.param([], 60, 60, 61, id="R65 nothing worked yet"),
        pytest.param([worked(20), worked(15)], 25, 25, 26, id="R65 what was worked is taken off"),
        pytest.param([worked(60)], 0, 0, 1, id="R65 used up to the minute"),
        pytest.param([worked(60), given(30)], 30, 30, 31, id="R65 the technician extends"),
        pytest.param([worked(45, charged=False)], 60, 60, 61, id="R65 before the first contact"),
        pytest.param([worked(90)], 0, -30, 1, id="never less than nothing is left"),
    ],
)
def test_credit(entries: list[Entry], left: int, fits: int, too_long: int) -> None:
    credit = credit_of(HOUR, entries)
    assert credit.left == timedelta(minutes=left)
    assert credit.takes(timedelta(minutes=fits))
    assert not credit.takes(timedelta(minutes=too_long))


def test_a_request_without_credit_sets_no_limit() -> None:
    credit = credit_of(None, [worked(600), given(5)])
    assert credit.left is None
    assert credit.allowed is None
    assert credit.takes(timedelta(days=9))


@pytest.mark.parametrize(
    ("seconds", "charged", "minutes", "left"),
    [
        pytest.param(0, True, 1, 60 * 60, id="a begun minute is a minute"),
        pytest.param(61, True, 2, 59 * 60 - 1, id="R65 the credit counts down by the second"),
        pytest.param(3 * 3600, True, 180, 0, id="never less than nothing is left"),
        pytest.param(600, False, 10, None, id="R65 before the first contact nothing counts"),
        pytest.param(-50, True, 1, 3600, id="a clock that was put back"),
        pytest.param(90 * 3600, True, 24 * 60, 0, id="forgotten over a week-end"),
    ],
)
def test_R65_a_running_clock(seconds: int, charged: bool, minutes: int, left: int | None) -> None:
    since = datetime(2026, 11, 23, 9, tzinfo=UTC)
    clock = clock_at(
        credit_of(HOUR, []), since, since + timedelta(seconds=seconds), is_charged=charged
    )
    assert clock.minutes == minutes
    assert clock.left == (None if left is None else timedelta(seconds=left))


def test_without_a_credit_a_clock_counts_up_only() -> None:
    since = datetime(2026, 11, 23, 9, tzinfo=UTC)
    assert clock_at(credit_of(None, []), since, since, is_charged=True).left is None
