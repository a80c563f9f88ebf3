"""Orders and payments (R17, R28)."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, or_, select, update

from kb.rules.money import Money, PayBy
from kb.rules.orders import OrderState, PaymentState
from kb.rules.policy import OfferKind
from kb.store import rows
from kb.store.database import insert_once
from kb.store.order_tables import order, payment, payment_notice
from kb.store.organisations import has_asset, shared_with
from kb.store.tables import asset


@dataclass(frozen=True, slots=True)
class NewOrder:
    """An order to be made; amounts are written with a point."""

    reference: str
    user_id: int
    asset_id: int
    licence_id: int
    submission_id: str
    offer: str
    kind: str
    plan: str | None
    net: str
    tax: str
    total: str
    currency: str
    decimals: int
    tax_name: str
    pay_by: str
    lang: str
    policy_revision: str
    ordered_at: datetime
    pay_until: datetime


@dataclass(frozen=True, slots=True)
class Order:
    """One order; `due` is what is to be paid, `given` what it gave once it was."""

    id: int
    reference: str
    user_id: int
    asset_id: int | None
    licence_id: int
    submission_id: str
    offer: str
    kind: OfferKind
    plan: str | None
    net: str
    tax: str
    total: str
    currency: str
    decimals: int
    tax_name: str
    pay_by: PayBy
    state: OrderState
    lang: str
    policy_revision: str
    ordered_at: datetime
    pay_until: datetime
    paid_at: datetime | None
    ended_at: datetime | None
    checkout_id: str | None
    checkout_url: str | None
    checkout_until: datetime | None
    given: Mapping[str, Any]

    def __post_init__(self) -> None:
        for name, kind in (("kind", OfferKind), ("pay_by", PayBy), ("state", OrderState)):
            object.__setattr__(self, name, kind(getattr(self, name)))

    @property
    def due(self) -> Money:
        return Money(Decimal(self.total), self.currency)

    @property
    def tax_part(self) -> Money:
        return Money(Decimal(self.tax), self.currency)

    @property
    def net_part(self) -> Money:
        return Money(Decimal(self.net), self.currency)


@dataclass(frozen=True, slots=True)
class Payment:
    """Money that came in for an order."""

    id: int
    order_id: int
    provider: str
    reference: str
    amount: str
    currency: str
    state: PaymentState
    at: datetime
    actor_id: int | None

    def __post_init__(self) -> None:
        object.__setattr__(self, "state", PaymentState(self.state))

    @property
    def money(self) -> Money:
        return Money(Decimal(self.amount), self.currency)


def add(conn: Connection, new: NewOrder) -> int | None:
    """Insert an order; None when this form, or this reference, made one already."""
    values = {**asdict(new), "state": str(OrderState.NEW), "given": {}}
    return insert_once(conn, order, values)


def of_submission(conn: Connection, user_id: int, submission_id: str) -> Order | None:
    """Return the order that a form has made."""
    same = (order.c.user_id == user_id) & (order.c.submission_id == submission_id)
    return rows.one(conn, Order, select(order).where(same))


def unpaid_like(conn: Connection, licence_id: int, offer: str, user_id: int) -> Order | None:
    """Return a person's unpaid order of the same thing for the same product."""
    same = (order.c.licence_id == licence_id) & (order.c.offer == offer)
    mine = (order.c.user_id == user_id) & (order.c.state == str(OrderState.NEW))
    return rows.one(conn, Order, select(order).where(same, mine).order_by(order.c.id).limit(1))


def by_reference(
    conn: Connection, reference: str, *, user_id: int | None = None, lock: bool = False
) -> Order | None:
    """Find an order by what people quote; with `user_id` only one this person sees. A locked
    one stays as it is until the transaction ends."""
    query = select(order).where(order.c.reference == reference.replace("\x00", ""))
    if user_id is not None:
        query = query.where(_sees(user_id))
    return rows.one(conn, Order, query.with_for_update() if lock else query)


def of_user(conn: Connection, user_id: int) -> tuple[Order, ...]:
    """Return a person's orders, the newest first."""
    query = select(order).where(order.c.user_id == user_id).order_by(order.c.id.desc())
    return rows.many(conn, Order, query)


def seen_by(conn: Connection, user_id: int) -> tuple[Order, ...]:
    """Return the orders a person sees, the newest first."""
    query = select(order).where(_sees(user_id)).order_by(order.c.id.desc())
    return rows.many(conn, Order, query)


def _sees(user_id: int) -> ColumnElement[bool]:
    """Their own, and those for products of their organisation where they see what others do."""
    theirs = select(asset.c.id).where(asset.c.organisation_id.in_(shared_with(user_id)))
    return or_(order.c.user_id == user_id, order.c.asset_id.in_(theirs))


def move(
    conn: Connection, order_id: int, before: Sequence[OrderState], to: OrderState, **values: Any
) -> bool:
    """Bring an order from one of these states to another; False when it is in none of them."""
    ready = (order.c.id == order_id) & order.c.state.in_([str(state) for state in before])
    statement = update(order).where(ready).values(state=str(to), **values)
    return conn.execute(statement).rowcount == 1


def open_checkout(
    conn: Connection, order_id: int, before: str | None, checkout_id: str, url: str, until: datetime
) -> bool:
    """Note where an unpaid order is being paid; False when another request noted one first."""
    same = order.c.checkout_id.is_(None) if before is None else order.c.checkout_id == before
    ready = (order.c.id == order_id) & same & (order.c.state == str(OrderState.NEW))
    values = {"checkout_id": checkout_id, "checkout_url": url, "checkout_until": until}
    return conn.execute(update(order).where(ready).values(**values)).rowcount == 1


def overdue(conn: Connection, now: datetime) -> tuple[Order, ...]:
    """Return unpaid orders whose time is over."""
    late = (order.c.state == str(OrderState.NEW)) & (order.c.pay_until < now)
    return rows.many(conn, Order, select(order).where(late).order_by(order.c.id))


def at_checkout(conn: Connection, now: datetime) -> tuple[Order, ...]:
    """Return unpaid orders that are, or lately were, being paid at a provider."""
    paying = (order.c.state == str(OrderState.NEW)) & order.c.checkout_id.is_not(None)
    return rows.many(conn, Order, select(order).where(paying).order_by(order.c.id).limit(100))


def add_payment(
    conn: Connection,
    order_id: int,
    provider: str,
    reference: str,
    money: Money,
    state: PaymentState,
    now: datetime,
    actor_id: int | None = None,
) -> int | None:
    """Write down money; None when this payment is known already."""
    values = {
        "order_id": order_id,
        "provider": provider,
        "reference": reference[:255],
        "amount": str(money.amount),
        "currency": money.currency,
        "state": str(state),
        "at": now,
        "actor_id": actor_id,
    }
    return insert_once(conn, payment, values)


def payments_of(conn: Connection, order_id: int) -> tuple[Payment, ...]:
    """Return what was paid for an order, in order."""
    query = select(payment).where(payment.c.order_id == order_id).order_by(payment.c.id)
    return rows.many(conn, Payment, query)


def payment_by(conn: Connection, provider: str, reference: str) -> Payment | None:
    """Find a payment by its provider's reference."""
    same = (payment.c.provider == provider) & (payment.c.reference == reference)
    return rows.one(conn, Payment, select(payment).where(same))


def set_payment(conn: Connection, payment_id: int, state: PaymentState) -> None:
    """Note that a payment went back."""
    conn.execute(update(payment).where(payment.c.id == payment_id).values(state=str(state)))


def note_notice(conn: Connection, provider: str, notice: str, kind: str, now: datetime) -> bool:
    """Write down a provider's notice; False when it came before."""
    values = {"provider": provider, "notice": notice[:255], "kind": kind[:80], "at": now}
    return insert_once(conn, payment_notice, values) is not None


def purge_notices(conn: Connection, before: datetime) -> None:
    """Forget notices that no provider sends again."""
    conn.execute(delete(payment_notice).where(payment_notice.c.at < before))


def asset_of(conn: Connection, licence_id: int, user_id: int) -> int | None:
    """Return the registration of a licence that this person has now."""
    query = select(asset.c.id).where(asset.c.licence_id == licence_id, has_asset(user_id))
    return conn.execute(query).scalar_one_or_none()
