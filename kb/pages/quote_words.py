"""Quotes in words, for customers and for agents."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from kb.pages.case_words import Next
from kb.pages.formats import show_datetime, show_money
from kb.pages.texts import gettext as _
from kb.rules.cases import CaseState
from kb.rules.money import Money
from kb.rules.quotes import QuoteLine, QuoteState, state_at
from kb.store.cases import Case
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


def quote_step(case: Case, rows: Sequence[QuoteRow]) -> Next | None:
    """Say what a case waits for where the newest quote decides it: the customer's answer, which
    comes before all else, or what follows from it while the case is with sales (R71)."""
    newest = next(iter(rows), None)
    if newest is None or not case.is_alive:
        return None
    if newest.is_open:
        until = show_datetime(newest.quote.valid_until)
        amount = Money(newest.quote.amount, newest.quote.currency)
        return Next(
            _("Waiting for you"),
            "warn",
            "clock",
            _("A quote of %(amount)s waits for your answer", amount=show_money(amount)),
            _(
                "It stands below and is valid until %(when)s. You may also ask about it.",
                when=until,
            ),
        )
    if case.state is not CaseState.ESCALATED_TO_SALES:
        return None
    if newest.state is QuoteState.ACCEPTED:
        text = _("Our sales team writes to you about delivery and payment.")
        return Next(_("With sales"), "", "inbox", _("You have accepted the quote"), text)
    if newest.state is QuoteState.DECLINED:
        text = _("Nothing is charged. Write below what would suit you better, or close the case.")
        return Next(_("With sales"), "", "inbox", _("You have declined the quote"), text)
    return None


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
