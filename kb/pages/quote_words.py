"""Quotes in words, for customers and for agents."""

from dataclasses import dataclass
from datetime import datetime

from kb.pages.texts import gettext as _
from kb.rules.money import Money
from kb.rules.quotes import QuoteLine, QuoteState, state_at
from kb.store.quotes import Quote


@dataclass(frozen=True, slots=True)
class QuoteRow:
    """A quote as it stands now; `kind` is the colour of its chip."""

    quote: Quote
    state: QuoteState
    words: str
    kind: str

    def price(self, line: QuoteLine) -> Money:
        """Return what one line of it costs."""
        return Money(line.amount, self.quote.currency)

    @property
    def is_open(self) -> bool:
        return self.state is QuoteState.OFFERED


def quote_rows(quotes: tuple[Quote, ...], now: datetime) -> list[QuoteRow]:
    """Return the quotes with the newest on top."""
    return [_row(one, state_at(one.state, one.valid_until, now)) for one in reversed(quotes)]


def _row(quote: Quote, state: QuoteState) -> QuoteRow:
    good = state in (QuoteState.ACCEPTED, QuoteState.DELIVERED)
    return QuoteRow(quote, state, quote_state(state), "ok" if good else "")


def quote_state(state: QuoteState | str) -> str:
    """Return how a quote stands, in a word or two."""
    names = {
        QuoteState.OFFERED: _("Offered"),
        QuoteState.ACCEPTED: _("Accepted by the customer"),
        QuoteState.DELIVERED: _("Delivered"),
        QuoteState.DECLINED: _("Declined by the customer"),
        QuoteState.WITHDRAWN: _("Taken back"),
        QuoteState.EXPIRED: _("Expired"),
    }
    return names.get(QuoteState(state), str(state)) if state in set(QuoteState) else str(state)
