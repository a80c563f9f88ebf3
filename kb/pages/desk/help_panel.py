"""What the panel of a case shows of a technician's help."""

from typing import Any

from kb.actions.quotes import quotes_of
from kb.actions.remote_sessions import session_of
from kb.actions.technician_time import clock_of, time_of
from kb.pages.desk.acting import me
from kb.pages.desk.help_forms import ExtendForm, QuoteForm, TimeForm
from kb.pages.fields import Form
from kb.pages.frame import live, now, wiring
from kb.pages.quote_words import quote_rows
from kb.pages.remote_form import RemoteForm
from kb.pages.spans import countdown, span
from kb.rules.cases import Actor, CaseState, path
from kb.store.cases import Case


def help_panel(case: Case, sent: Form | None) -> dict[str, Any]:
    """Return what the template draws; `sent` is a form that came back with its mistakes."""
    db, secret = wiring().db, wiring().settings.secret_key
    log, credit = time_of(db, live().site.policy, case)
    clock = clock_of(db, live().site.policy, me(), case, now())
    may_quote = path(case.state, CaseState.ESCALATED_TO_SALES, Actor.AGENT) is not None
    return {
        "time_log": log,
        "credit": credit,
        "credit_left": None if credit.left is None else span(credit.left),
        "spent": span(credit.spent),
        "clock": clock,
        "clock_left": None if clock is None or clock.left is None else countdown(clock.left),
        "time_form": sent
        if isinstance(sent, TimeForm)
        else TimeForm(formdata=None, minutes=clock.minutes if clock else None),
        "extend_form": sent if isinstance(sent, ExtendForm) else ExtendForm(formdata=None),
        "quotes": quote_rows(quotes_of(db, case.number), now()),
        "quote_form": _quote_form(sent) if case.is_alive and may_quote else None,
        "remote": session_of(db, secret, case.number, now()),
        "remote_form": sent if isinstance(sent, RemoteForm) else RemoteForm(formdata=None),
    }


def _quote_form(sent: Form | None) -> QuoteForm:
    if isinstance(sent, QuoteForm):
        return sent
    prices = live().site.policy.prices
    currency = prices.currencies[0].id if prices else "EUR"
    return QuoteForm(formdata=None, currency=currency)
