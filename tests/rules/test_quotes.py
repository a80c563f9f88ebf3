"""R71: what is offered, for how much, until when; answered once."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from kb.rules.quotes import (
    MOST,
    MOST_LINES,
    QuoteLine,
    QuoteState,
    are_sound,
    may_answer,
    read_lines,
    state_at,
    total,
)

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
A_MOMENT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("typed", "amounts"),
    [
        ("New disk: 120.50\nVisit: 60", ["120.50", "60"]),
        ("Disk: 1 TB: 99,90\n\n", ["99.90"]),
        ("Disk 99", None),
        ("Disk: many", None),
        ("Disk: -5", None),
        ("Disk: 1.2.3", None),
        ("Disk: ", None),
        ("Disk: ٣", None),
        ("", []),
    ],
)
def test_lines_are_read(typed: str, amounts: list[str] | None) -> None:
    lines = read_lines(typed)
    read = None if lines is None else [line.amount for line in lines]
    assert read == (None if amounts is None else [Decimal(one) for one in amounts])


@pytest.mark.parametrize(
    ("lines", "sound"),
    [
        ([QuoteLine("Disk", Decimal("10"))], True),
        ([QuoteLine("Free advice", Decimal("0"))], True),
        ([], False),
        ([QuoteLine(" ", Decimal("10"))], False),
        ([QuoteLine("Disk", Decimal("-1"))], False),
        ([QuoteLine("Disk", Decimal("0.001"))], False),
        ([QuoteLine("Disk", Decimal("NaN"))], False),
        ([QuoteLine("Disk", MOST), QuoteLine("Visit", Decimal("1"))], False),
        ([QuoteLine("Disk", Decimal("1")), QuoteLine("Visit", Decimal("-1"))], False),
        ([QuoteLine("Disk", Decimal("1"))] * MOST_LINES, True),
        ([QuoteLine("Disk", Decimal("1"))] * (MOST_LINES + 1), False),
    ],
)
def test_what_may_be_offered(lines: list[QuoteLine], sound: bool) -> None:
    assert are_sound(lines) is sound


def test_the_sum() -> None:
    lines = [QuoteLine("Disk", Decimal("99.90")), QuoteLine("Visit", Decimal("60.10"))]
    assert total(lines) == Decimal("160.00")


@pytest.mark.parametrize(
    ("state", "at", "stands", "open_"),
    [
        pytest.param("offered", NOW, "offered", True, id="at its last moment"),
        pytest.param("offered", NOW + A_MOMENT, "expired", False, id="just after it"),
        pytest.param("accepted", NOW + A_MOMENT, "accepted", False, id="accepted in time"),
        pytest.param("declined", NOW, "declined", False, id="declined"),
        pytest.param("withdrawn", NOW, "withdrawn", False, id="taken back"),
    ],
)
def test_it_is_answered_once_and_in_time(
    state: str, at: datetime, stands: str, open_: bool
) -> None:
    assert state_at(QuoteState(state), NOW, at) is QuoteState(stands)
    assert may_answer(QuoteState(state), NOW, at) is open_
