"""What sales offer in a case, and the customer's one answer to it (R65, R71)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

MOST_LINES = 20
MOST = Decimal("9999999.99")


class QuoteState(StrEnum):
    """OFFERED until the customer answers, its time runs out, or sales take it back; ACCEPTED until
    sales have delivered it."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """One thing that is offered, and its whole price."""

    what: str
    amount: Decimal


def total(lines: Sequence[QuoteLine]) -> Decimal:
    """Return what all of a quote costs."""
    return sum((line.amount for line in lines), Decimal())


def are_sound(lines: Sequence[QuoteLine]) -> bool:
    """Tell whether these may be offered: something is, nothing costs less than nothing, amounts
    have no more than two places, and the sum can be written."""
    return (
        0 < len(lines) <= MOST_LINES
        and all(_is_sound(line) for line in lines)
        and total(lines) <= MOST
    )


def _is_sound(line: QuoteLine) -> bool:
    if not line.what.strip() or not line.amount.is_finite() or not 0 <= line.amount <= MOST:
        return False
    return line.amount == line.amount.quantize(Decimal("0.01"))


def state_at(state: QuoteState, valid_until: datetime, now: datetime) -> QuoteState:
    """Return how a quote stands now; it holds up to and at its last moment."""
    if state is QuoteState.OFFERED and now > valid_until:
        return QuoteState.EXPIRED
    return state


def may_answer(state: QuoteState, valid_until: datetime, now: datetime) -> bool:
    """Tell whether the customer can still accept or decline: once, and in time."""
    return state_at(state, valid_until, now) is QuoteState.OFFERED


def read_lines(text: str) -> tuple[QuoteLine, ...] | None:
    """Read lines like “New disk, delivered: 120.50”; None when one has no amount at its end."""
    found = []
    for line in (one.strip() for one in text.splitlines()):
        if not line:
            continue
        what, colon, amount = line.rpartition(":")
        plain = amount.strip().replace(",", ".")
        if not colon or not plain.replace(".", "", 1).isdecimal() or not plain.isascii():
            return None
        found.append(QuoteLine(what.strip(), Decimal(plain)))
    return tuple(found)
