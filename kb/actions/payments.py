"""Money for orders: taking a payment once, giving it back (R17, R28)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection

from kb.actions.entitlements import office_day
from kb.actions.mail_queue import queue
from kb.actions.orders import offer_words
from kb.mail import Letters
from kb.outside.payments import Notice, NoticeKind
from kb.rules.money import Money, PayBy, from_coins
from kb.rules.orders import (
    Mover,
    OrderState,
    PaymentState,
    judge,
    states_before,
    term_bought,
)
from kb.rules.policy import OfferKind, Policy
from kb.store import Database, audit, licences, orders, users
from kb.store.licences import Contract
from kb.store.orders import Order


class Done(StrEnum):
    """What became of a notice, a confirmation, a cancellation, a refund."""

    TAKEN = "taken"
    SURPLUS = "surplus"
    REFUNDED = "refunded"
    CANCELLED = "cancelled"
    AGAIN = "again"  # it was known already; nothing changed
    NOTHING = "nothing"  # there is nothing to do about it
    UNKNOWN = "unknown"  # no such order
    NOT_ALLOWED = "not-allowed"
    USED = "used"  # a case has used what was bought
    WRITTEN_OFF = "written-off"  # nobody asks for the money of that case any more


@dataclass(frozen=True, slots=True)
class Desk:
    """What every action about money needs."""

    db: Database
    policy: Policy
    letters: Letters


@dataclass(frozen=True, slots=True)
class Moved:
    """Money that came or went: by which provider, under which reference of theirs, when, and the
    agent who said so (None: the provider's own notice)."""

    provider: str
    reference: str
    money: Money
    at: datetime
    agent_id: int | None = None

    @property
    def mover(self) -> Mover:
        return Mover.AGENT if self.agent_id else Mover.PAYMENT


def take_notice(desk: Desk, provider: str, notice: Notice, now: datetime) -> Done:
    """Do what a provider's notice says, once, in one transaction; notices may come twice and in
    any order."""
    if notice.kind not in (NoticeKind.PAID, NoticeKind.REFUNDED):
        return Done.NOTHING
    with desk.db.write() as conn:
        order = orders.by_reference(conn, notice.reference, lock=True)
        if order is None:
            return Done.UNKNOWN
        if not orders.note_notice(conn, provider, notice.id, notice.name, now):
            return Done.AGAIN
        money = from_coins(notice.coins, notice.currency, order.decimals)
        moved = Moved(provider, notice.payment, money, now)
        if notice.kind is NoticeKind.REFUNDED:
            return _refunded(conn, desk, order, moved)
        return _paid(conn, desk, order, moved)


def confirm_invoice(
    desk: Desk, agent_id: int, reference: str, bank_reference: str, now: datetime
) -> Done:
    """An agent says that the money of an invoice came; `bank_reference` counts once."""
    with desk.db.write() as conn:
        order = orders.by_reference(conn, reference, lock=True)
        if order is None:
            return Done.UNKNOWN
        if order.pay_by is not PayBy.INVOICE or not bank_reference.strip():
            return Done.NOT_ALLOWED
        if order.state not in states_before(OrderState.PAID, Mover.AGENT):
            return Done.AGAIN
        moved = Moved("invoice", bank_reference.strip(), order.due, now, agent_id)
        return _paid(conn, desk, order, moved)


def give_back(
    desk: Desk, agent_id: int, reference: str, payment_id: int, reason: str, now: datetime
) -> Done:
    """An agent says that the money of an invoice went back. What it gave is taken back; a paid
    incident that a case has used is not."""
    with desk.db.write() as conn:
        order = orders.by_reference(conn, reference, lock=True)
        paid = next(
            (p for p in orders.payments_of(conn, order.id) if p.id == payment_id), None
        ) if order else None  # fmt: skip
        if order is None or paid is None:
            return Done.UNKNOWN
        if paid.provider != "invoice" or not reason.strip():
            return Done.NOT_ALLOWED
        if paid.state is PaymentState.REFUNDED:
            return Done.AGAIN
        if paid.state is PaymentState.TAKEN and _is_used(conn, order):
            return Done.USED
        moved = Moved(paid.provider, paid.reference, paid.money, now, agent_id)
        return _refunded(conn, desk, order, moved, reason)


def _paid(conn: Connection, desk: Desk, order: Order, moved: Moved) -> Done:
    verdict = judge(order.state, order.due, moved.money)
    if not _note(conn, order, moved, verdict):
        return Done.AGAIN  # this money is known, perhaps as given back before we heard of it
    said = {"amount": f"{moved.money.amount} {moved.money.currency}", "payment": moved.reference}
    what = "order.paid" if verdict is PaymentState.TAKEN else "order.surplus"
    audit.record(conn, moved.agent_id, what, f"order:{order.reference}", moved.at, **said)
    if verdict is PaymentState.SURPLUS:
        return Done.SURPLUS
    given = _give(conn, desk.policy, order, moved.at)
    before = states_before(OrderState.PAID, moved.mover)
    orders.move(conn, order.id, before, OrderState.PAID, paid_at=moved.at, given=given)
    _mail(conn, desk, order, "order-paid", moved.at, given=given)
    return Done.TAKEN


def _refunded(conn: Connection, desk: Desk, order: Order, moved: Moved, reason: str = "") -> Done:
    known = orders.payment_by(conn, moved.provider, moved.reference)
    if known is None:  # the notice that it was paid is still on its way
        _note(conn, order, moved, PaymentState.REFUNDED)
    else:
        orders.set_payment(conn, known.id, PaymentState.REFUNDED)
    said = {"payment": moved.reference, **({"reason": reason.strip()} if reason else {})}
    subject = f"order:{order.reference}"
    audit.record(conn, moved.agent_id, "order.refunded", subject, moved.at, **said)
    if known is not None and known.state is not PaymentState.TAKEN:
        return Done.REFUNDED
    if known is None and order.state is not OrderState.NEW:
        return Done.REFUNDED
    _take_back(conn, order, moved.at)
    before = states_before(OrderState.REFUNDED, moved.mover)
    if orders.move(conn, order.id, before, OrderState.REFUNDED, ended_at=moved.at):
        _mail(conn, desk, order, "order-refunded", moved.at)
    return Done.REFUNDED


def _note(conn: Connection, order: Order, moved: Moved, state: PaymentState) -> bool:
    """Keep that the money moved; False: it is known already."""
    added = orders.add_payment(
        conn, order.id, moved.provider, moved.reference, moved.money, state, moved.at,
        moved.agent_id,
    )  # fmt: skip
    return added is not None


def _give(conn: Connection, policy: Policy, order: Order, now: datetime) -> dict[str, Any]:
    """What was bought, in the transaction that takes the money."""
    plan = policy.plans.get(order.plan or "")
    if order.kind is OfferKind.INCIDENT or plan is None:
        credit_id = licences.add_credit(conn, order.user_id, order.asset_id, now, order.id)
        return {"credit": credit_id}
    licences.lock(conn, order.licence_id)
    contracts = licences.contracts_of(conn, order.licence_id)
    until = contracts[0].ends_on if contracts else None
    term = term_bought(plan, until, office_day(policy, now))
    bought = Contract(term.plan, term.starts_on, term.ends_on, "bought")
    contract_id = licences.add_contract(conn, order.licence_id, bought)
    return {
        "contract": contract_id,
        "plan": term.plan,
        "starts": term.starts_on.isoformat(),
        "ends": term.ends_on.isoformat(),
    }


def _take_back(conn: Connection, order: Order, now: datetime) -> None:
    if "credit" in order.given:
        licences.void_credit(conn, order.given["credit"], now)
    if "contract" in order.given:
        licences.end_contract(conn, order.given["contract"])


def _is_used(conn: Connection, order: Order) -> bool:
    credit = licences.credit(conn, order.given.get("credit", 0))
    return credit is not None and credit.case_number is not None


def _mail(
    conn: Connection, desk: Desk, order: Order, kind: str, now: datetime, **said: Any
) -> None:
    buyer = users.by_id(conn, order.user_id)
    if buyer is None or buyer.deleted_at:
        return
    letter = desk.letters.write(
        kind,
        order.lang,
        buyer.email,
        path=f"my/orders/{order.reference}",
        first_name=buyer.first_name,
        reference=order.reference,
        what=offer_words(desk.policy, order.offer, order.lang),
        total=f"{order.total} {order.currency}",
        tax_name=order.tax_name,
        tax=f"{order.tax} {order.currency}",
        **said,
    )
    queue(conn, letter, now)
