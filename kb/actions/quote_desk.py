"""Quotes of all cases as sales see them: what waits for an answer and for delivery (R71)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kb.actions.case_steps import Answer, Who, note_change
from kb.rules.cases import Actor
from kb.rules.quotes import QuoteState, total
from kb.store import Database, cases, quotes
from kb.store.quotes import QuoteAt

__all__ = ["QuoteAt", "QuoteList", "QuotePage", "deliver_quote", "quote_counts", "quote_page"]

PAGE = 25


class QuoteList(StrEnum):
    """The lists of the desk."""

    ACCEPTED = "accepted"  # to be delivered and charged
    OPEN = "open"  # the customer has not answered
    DELIVERED = "delivered"
    OVER = "over"  # declined or taken back


_STATES: Mapping[QuoteList, tuple[QuoteState, ...]] = {
    QuoteList.ACCEPTED: (QuoteState.ACCEPTED,),
    QuoteList.OPEN: (QuoteState.OFFERED,),
    QuoteList.DELIVERED: (QuoteState.DELIVERED,),
    QuoteList.OVER: (QuoteState.DECLINED, QuoteState.WITHDRAWN),
}


@dataclass(frozen=True, slots=True)
class QuotePage:
    """A page of quotes; `more` says that another follows."""

    rows: tuple[QuoteAt, ...]
    page: int
    more: bool


def quote_page(db: Database, which: QuoteList, page: int) -> QuotePage:
    """Return a page of a list, the newest quote first."""
    with db.read() as conn:
        found = quotes.listed(conn, _STATES[which], offset=(page - 1) * PAGE, limit=PAGE + 1)
    return QuotePage(found[:PAGE], page, len(found) > PAGE)


def quote_counts(db: Database) -> dict[QuoteList, int]:
    """Return how many quotes wait: for sales, and for customers."""
    with db.read() as conn:
        return {
            QuoteList.ACCEPTED: quotes.count(conn, QuoteState.ACCEPTED),
            QuoteList.OPEN: quotes.count(conn, QuoteState.OFFERED),
        }


def deliver_quote(db: Database, who: Who, id_: int, now: datetime) -> Answer:
    """Say that what a customer accepted is delivered; the case tells it. NOT_ALLOWED: it was not
    accepted, or is delivered already."""
    if who.actor is not Actor.AGENT:
        return Answer.NOT_FOUND
    with db.write() as conn:
        number = quotes.case_of(conn, id_)
        case = cases.lock(conn, number) if number is not None else None
        quote = quotes.by_id(conn, case.number, id_) if case else None
        if case is None or quote is None:
            return Answer.NOT_FOUND
        if not quotes.deliver(conn, id_):
            return Answer.NOT_ALLOWED
        amount = f"{total(quote.lines):.2f} {quote.currency}"
        before, after = str(QuoteState.ACCEPTED), str(QuoteState.DELIVERED)
        note_change(conn, case.number, who, "quote", before, after, now, amount=amount)
    return Answer.DONE
