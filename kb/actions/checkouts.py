"""Checkouts: the provider's page where an order is paid, and the end of orders nobody pays."""

from collections.abc import Mapping
from datetime import datetime

from kb.actions.orders import offer_words
from kb.actions.payments import Desk, Done, take_notice
from kb.outside.payments import Bill, NoticeKind, PaymentTrouble, Till
from kb.rules.money import PayBy, in_coins
from kb.rules.orders import Mover, OrderState, states_before
from kb.store import audit, orders, users
from kb.store.orders import Order

Tills = Mapping[PayBy, Till]


def checkout_url(
    desk: Desk, tills: Tills, user_id: int, reference: str, now: datetime
) -> str | None:
    """Return the provider's page where this person's unpaid order is paid, opening one if none
    is open; None when there is nothing to pay. Raises PaymentTrouble.

    Two browsers get the same page: the provider is asked with the same key, and whoever notes the
    page second takes the one that was noted first."""
    with desk.db.read() as conn:
        order = orders.by_reference(conn, reference, user_id=user_id)
        buyer = users.by_id(conn, user_id)
    till = tills.get(order.pay_by) if order else None
    if order is None or buyer is None or till is None or order.state is not OrderState.NEW:
        return None
    if order.checkout_id and order.checkout_url and order.checkout_until:
        if order.checkout_until > now:
            return order.checkout_url
        if _settle(desk, till, order, now) is not Done.NOTHING:
            return None
    opened = till.open(_bill(desk, order, buyer.email))
    if opened is None:
        return None
    with desk.db.write() as conn:
        if orders.open_checkout(
            conn, order.id, order.checkout_id, opened.id, opened.url, opened.until
        ):
            return opened.url
        there = orders.by_reference(conn, reference, user_id=user_id)
    return there.checkout_url if there and there.state is OrderState.NEW else None


def settle(desk: Desk, tills: Tills, reference: str, now: datetime) -> Done:
    """Ask the provider what became of an order's checkout, for when no notice came; raises
    PaymentTrouble."""
    with desk.db.read() as conn:
        order = orders.by_reference(conn, reference)
    till = tills.get(order.pay_by) if order else None
    if order is None or till is None or not order.checkout_id or order.state is not OrderState.NEW:
        return Done.NOTHING
    return _settle(desk, till, order, now)


def cancel_order(
    desk: Desk, tills: Tills, mover: Mover, user_id: int, reference: str, now: datetime,
    *, reason: str = "",
) -> Done:  # fmt: skip
    """Cancel an unpaid order: a customer their own, an agent any. Its checkout is closed first,
    so nobody can pay for nothing; one that was paid meanwhile is not cancelled."""
    owner = user_id if mover is Mover.CUSTOMER else None
    with desk.db.read() as conn:
        order = orders.by_reference(conn, reference, user_id=owner)
    if order is None:
        return Done.UNKNOWN
    if order.state is not OrderState.NEW:
        return Done.NOT_ALLOWED
    return _end(desk, tills, order, OrderState.CANCELLED, mover, user_id, now, reason)


def lapse_orders(desk: Desk, tills: Tills, now: datetime) -> int:
    """End the orders whose time to pay is over; returns how many. One whose provider does not
    answer waits for the next round."""
    with desk.db.read() as conn:
        late = orders.overdue(conn, now)
    ended = 0
    for order in late:
        try:
            done = _end(desk, tills, order, OrderState.LAPSED, Mover.TIMER, None, now, "")
        except PaymentTrouble:
            continue
        ended += done is Done.CANCELLED
    return ended


def settle_checkouts(desk: Desk, tills: Tills, now: datetime) -> int:
    """Look after checkouts whose notice may have been lost; returns how many were paid."""
    with desk.db.read() as conn:
        open_ = orders.at_checkout(conn, now)
    paid = 0
    for order in open_:
        till = tills.get(order.pay_by)
        try:
            paid += till is not None and _settle(desk, till, order, now) is Done.TAKEN
        except PaymentTrouble:
            continue
    return paid


def _end(
    desk: Desk,
    tills: Tills,
    order: Order,
    to: OrderState,
    mover: Mover,
    actor_id: int | None,
    now: datetime,
    reason: str,
) -> Done:
    till = tills.get(order.pay_by)
    if till and order.checkout_id:
        till.shut(order.checkout_id)
        if _settle(desk, till, order, now) is not Done.NOTHING:
            return Done.NOT_ALLOWED
    with desk.db.write() as conn:
        if not orders.move(conn, order.id, states_before(to, mover), to, ended_at=now):
            return Done.NOT_ALLOWED
        said = {"reason": reason} if reason else {}
        audit.record(conn, actor_id, f"order.{to}", f"order:{order.reference}", now, **said)
    return Done.CANCELLED


def _settle(desk: Desk, till: Till, order: Order, now: datetime) -> Done:
    notice = till.look(order.checkout_id or "")
    if notice.kind is not NoticeKind.PAID or notice.reference != order.reference:
        return Done.NOTHING
    return take_notice(desk, till.provider, notice, now)


def _bill(desk: Desk, order: Order, email: str) -> Bill:
    return Bill(
        reference=order.reference,
        name=offer_words(desk.policy, order.offer, order.lang),
        total=order.due,
        coins=in_coins(order.due, order.decimals),
        email=email,
        lang=order.lang,
        back=f"{desk.letters.base_url}/{order.lang}/my/orders/{order.reference}?back=1",
        previous=order.checkout_id or "",
    )
