"""Quotes in cases: sales offer, the customer accepts or declines once (R65, R71)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from kb.actions.case_letters import mail_requester
from kb.actions.case_steps import Answer, Who, form_id, note_change, open_to, pass_through
from kb.actions.mail_queue import queue
from kb.mail import Letters
from kb.rules.cases import Actor, CaseState, path
from kb.rules.quotes import QuoteLine, QuoteState, are_sound, may_answer, total
from kb.store import Database, cases, quotes, users
from kb.store.cases import Case
from kb.store.quotes import Quote

LONGEST_TERMS = 4_000  # characters
VALID_DAYS = range(1, 91)


def quotes_of(db: Database, number: int) -> tuple[Quote, ...]:
    """Return the quotes of a case, the newest last; the caller has found the case."""
    with db.read() as conn:
        return quotes.of_case(conn, number)


def offer_quote(
    db: Database,
    letters: Letters,
    who: Who,
    number: int,
    lines: Sequence[QuoteLine],
    *,
    currency: str,
    terms: str,
    days: int,
    submission_id: str,
    now: datetime,
) -> Answer:
    """Hand a case to sales with a quote that the customer is mailed. EMPTY: it offers nothing, or
    amounts and days are not sound; NOT_ALLOWED: the case cannot go to sales from its state."""
    sound = are_sound(lines) and days in VALID_DAYS and len(currency) == 3
    if who.actor is not Actor.AGENT or who.user_id is None:
        return Answer.NOT_FOUND
    if not sound or not terms.strip():
        return Answer.EMPTY
    with db.write() as conn:
        case = cases.lock(conn, number)
        if case is None:
            return Answer.NOT_FOUND
        steps = path(case.state, CaseState.ESCALATED_TO_SALES, who.actor)
        if steps is None or not case.is_alive:
            return Answer.NOT_ALLOWED
        id_ = quotes.add(
            conn,
            number,
            who.user_id,
            lines,
            currency=currency,
            terms=terms.strip()[:LONGEST_TERMS],
            valid_until=now + timedelta(days=days),
            submission_id=form_id(submission_id) or "",
            now=now,
        )
        if id_ is None:
            return Answer.AGAIN
        _withdraw_others(conn, case, id_, who, now)
        note_change(
            conn, number, who, "quote", "", str(QuoteState.OFFERED), now, **_of(lines, currency)
        )
        pass_through(conn, case, steps, who, now)
        amount = _of(lines, currency)["amount"]
        mail_requester(conn, letters, "case-quote", case, now, amount=amount, days=days)
    return Answer.DONE


def answer_quote(
    db: Database,
    letters: Letters,
    who: Who,
    number: int,
    id_: int,
    *,
    accepts: bool,
    now: datetime,
) -> Answer:
    """Accept or decline a quote of one's own case, once. NOT_ALLOWED: it was answered, taken back
    or has run out, or the case is finished; whoever has the case is mailed the answer."""
    if who.actor is not Actor.CUSTOMER:
        return Answer.NOT_FOUND
    with db.write() as conn:
        case = open_to(conn, who, number)
        quote = quotes.by_id(conn, number, id_) if case else None
        if case is None or quote is None:
            return Answer.NOT_FOUND
        state = QuoteState.ACCEPTED if accepts else QuoteState.DECLINED
        if quote.state is state:
            return Answer.AGAIN
        if not case.is_alive or not may_answer(quote.state, quote.valid_until, now):
            return Answer.NOT_ALLOWED
        quotes.answer(conn, id_, state, who.user_id, now)
        said = _of(quote.lines, quote.currency)
        note_change(conn, number, who, "quote", str(quote.state), str(state), now, **said)
        cases.change(conn, number, now, customer_spoke_last=True)
        mail_requester(conn, letters, "quote-answered", case, now, accepted=accepts, **said)
        _tell_agents(conn, letters, case, quote, accepts, now)
    return Answer.DONE


def withdraw_quote(db: Database, who: Who, number: int, id_: int, now: datetime) -> Answer:
    """Take back a quote that nobody has answered."""
    if who.actor is not Actor.AGENT:
        return Answer.NOT_FOUND
    with db.write() as conn:
        case = cases.lock(conn, number)
        quote = quotes.by_id(conn, number, id_) if case else None
        if case is None or quote is None:
            return Answer.NOT_FOUND
        if not quotes.answer(conn, id_, QuoteState.WITHDRAWN, who.user_id, now):
            return Answer.NOT_ALLOWED
        _note_withdrawn(conn, quote, who, now)
    return Answer.DONE


def _withdraw_others(conn: Connection, case: Case, id_: int, who: Who, now: datetime) -> None:
    """A new quote takes the place of one that was not answered: only one stands."""
    for quote in quotes.of_case(conn, case.number):
        if quote.id != id_ and quotes.answer(
            conn, quote.id, QuoteState.WITHDRAWN, who.user_id, now
        ):
            _note_withdrawn(conn, quote, who, now)


def _note_withdrawn(conn: Connection, quote: Quote, who: Who, now: datetime) -> None:
    said = _of(quote.lines, quote.currency)
    after = str(QuoteState.WITHDRAWN)
    note_change(conn, quote.case_number, who, "quote", str(quote.state), after, now, **said)


def _of(lines: Sequence[QuoteLine], currency: str) -> dict[str, str]:
    return {"amount": f"{total(lines):.2f} {currency}"}


def _tell_agents(
    conn: Connection, letters: Letters, case: Case, quote: Quote, accepts: bool, now: datetime
) -> None:
    """Mail the answer to who made the quote and to who has the case."""
    concerned = {quote.user_id, case.assignee_id} - {None}
    for agent in users.agents(conn):
        if agent.id in concerned:
            letter = letters.write(
                "agent-quote",
                agent.lang,
                agent.email,
                path=f"desk/cases/{case.number}",
                case=case.number,
                title=case.title,
                accepted=accepts,
                amount=_of(quote.lines, quote.currency)["amount"],
            )
            queue(conn, letter, now)
