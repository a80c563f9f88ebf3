"""The agents' list of orders."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, Connection, exists, func, or_, select, update

from kb.rules.money import Money, PayBy
from kb.rules.orders import OrderState, PaymentState
from kb.store import rows
from kb.store.order_tables import order, payment
from kb.store.tables import incident_credit, licence, user


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
    used: bool = False,
) -> tuple[OrderRow, ...]:
    """Return a page of all orders for agents, the newest first; `words` are part of the
    reference, the name or the address; with `surplus` those with money to be given back, with
    `used` those whose paid incident a case has used and nobody has let go of."""
    too_many = select(func.count()).where(_SURPLUS).scalar_subquery()
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
            too_many.label("surplus"),
        )
        .join(user, user.c.id == order.c.user_id)
        .join(licence, licence.c.id == order.c.licence_id)
        .where(order.c.state.in_([str(state) for state in states]))
        .order_by(order.c.id.desc())
        .offset(offset)
        .limit(limit)
    )
    query = query.where(*_wanted(surplus=surplus, used=used))
    for word in words.replace("\x00", "").split()[:6]:
        found = (order.c.reference, user.c.email_key, user.c.first_name, user.c.last_name)
        query = query.where(or_(*(place.icontains(word, autoescape=True) for place in found)))
    return rows.many(conn, OrderRow, query)


def count(
    conn: Connection, states: Sequence[OrderState], *, surplus: bool = False, used: bool = False
) -> int:
    """Count the orders of a list."""
    asked = order.c.state.in_([str(state) for state in states])
    query = select(func.count()).select_from(order).where(asked)
    return rows.number_of(conn, query.where(*_wanted(surplus=surplus, used=used)))


def _wanted(*, surplus: bool, used: bool) -> list[ColumnElement[bool]]:
    spent = (incident_credit.c.order_id == order.c.id) & _USED
    found = ((surplus, _SURPLUS), (used, spent))
    return [exists().where(what) for asked, what in found if asked]


def is_given_back(conn: Connection, credit_id: int) -> bool:
    """Tell whether the money for a paid incident went back."""
    query = (
        select(order.c.id)
        .join(incident_credit, incident_credit.c.order_id == order.c.id)
        .where(incident_credit.c.id == credit_id, order.c.state == str(OrderState.REFUNDED))
    )
    return conn.execute(query).first() is not None


def write_off(conn: Connection, order_id: int, now: datetime) -> bool:
    """Let go of a paid incident that a case has used though its money went back; False when there
    is none, or it was let go of before."""
    statement = update(incident_credit).where(incident_credit.c.order_id == order_id, _USED)
    return conn.execute(statement.values(void_at=now)).rowcount > 0


_SURPLUS = (payment.c.order_id == order.c.id) & (payment.c.state == str(PaymentState.SURPLUS))
_USED = incident_credit.c.case_number.is_not(None) & incident_credit.c.void_at.is_(None)
