"""The agents' list of orders."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection, exists, func, or_, select

from kb.rules.money import Money, PayBy
from kb.rules.orders import OrderState, PaymentState
from kb.store import rows
from kb.store.order_tables import order, payment
from kb.store.tables import licence, user


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order of the agents' list."""

    reference: str
    state: OrderState
    offer: str
    total: str
    currency: str
    pay_by: PayBy
    ordered_at: datetime
    product: str
    customer: str
    email: str
    surplus: int

    def __post_init__(self) -> None:
        for name, kind in (("pay_by", PayBy), ("state", OrderState)):
            object.__setattr__(self, name, kind(getattr(self, name)))

    @property
    def due(self) -> Money:
        return Money(Decimal(self.total), self.currency)


def listed(
    conn: Connection,
    states: Sequence[OrderState],
    words: str,
    *,
    offset: int,
    limit: int,
    surplus: bool = False,
) -> tuple[OrderRow, ...]:
    """Return a page of all orders for agents, the newest first; `words` are part of the
    reference, the name or the address; with `surplus` those with money to be given back."""
    too_much = (payment.c.order_id == order.c.id) & (payment.c.state == str(PaymentState.SURPLUS))
    count = select(func.count()).where(too_much).scalar_subquery()
    query = (
        select(
            order.c.reference,
            order.c.state,
            order.c.offer,
            order.c.total,
            order.c.currency,
            order.c.pay_by,
            order.c.ordered_at,
            licence.c.product,
            (user.c.first_name + " " + user.c.last_name).label("customer"),
            user.c.email,
            count.label("surplus"),
        )
        .join(user, user.c.id == order.c.user_id)
        .join(licence, licence.c.id == order.c.licence_id)
        .where(order.c.state.in_([str(state) for state in states]))
        .order_by(order.c.id.desc())
        .offset(offset)
        .limit(limit)
    )
    if surplus:
        query = query.where(exists().where(too_much))
    for word in words.replace("\x00", "").split()[:6]:
        found = (order.c.reference, user.c.email_key, user.c.first_name, user.c.last_name)
        query = query.where(or_(*(place.icontains(word, autoescape=True) for place in found)))
    return rows.many(conn, OrderRow, query)
