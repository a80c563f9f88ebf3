"""What a customer has ordered and has still to pay, told wherever it could be ordered again."""

from flask import url_for

from kb.actions.orders import orders_of
from kb.pages.frame import wiring
from kb.pages.order_words import offer_name
from kb.rules.orders import OrderState


def unpaid(user_id: int, licence_id: int | None, offer: str = "") -> list[tuple[str, str]]:
    """Return what a customer has ordered for a product and has still to pay, of one offer or of
    all: its name, and where it is paid. Nobody shall order twice for want of knowing."""
    return [
        (offer_name(order.offer), url_for("orders.order", reference=order.reference))
        for order in orders_of(wiring().db, user_id)
        if order.licence_id == licence_id
        and order.state is OrderState.NEW
        and offer in {"", order.offer}
    ]
