"""Orders in words."""

from kb.pages.formats import show_date
from kb.pages.frame import lang, live
from kb.pages.texts import gettext as _
from kb.rules.money import Money, PayBy, quote
from kb.rules.orders import OrderState, PaymentState, Term
from kb.rules.policy import Offer
from kb.store.orders import Order


def state_words(state: OrderState) -> tuple[str, str]:
    """Name an order's state, and the chip's kind."""
    return {
        OrderState.NEW: (_("To be paid"), "warn"),
        OrderState.PAID: (_("Paid"), "ok"),
        OrderState.CANCELLED: (_("Cancelled"), "line"),
        OrderState.LAPSED: (_("Not paid in time"), "line"),
        OrderState.REFUNDED: (_("Given back"), "line"),
    }[state]


def payment_words(state: PaymentState) -> str:
    """Name what became of a payment."""
    return {
        PaymentState.TAKEN: _("Taken"),
        PaymentState.SURPLUS: _("Surplus, to be given back"),
        PaymentState.REFUNDED: _("Given back"),
    }[state]


def pay_by_words(way: PayBy) -> str:
    """Name a way of paying."""
    return _("By card") if way is PayBy.CARD else _("By invoice")


def offer_name(offer_id: str) -> str:
    """Name an offer; one that has left the policy by its id."""
    offer = live().site.policy.offers.get(offer_id)
    return offer.name.in_(lang()) if offer else offer_id


def tax_name(order: Order) -> str:
    """Name an order's tax line in the reader's language; one that has left the policy as it was
    named when it was ordered."""
    prices = live().site.policy.prices
    names = [tax.name for tax in prices.taxes] if prices else []
    same = (name for name in names if order.tax_name == name.in_(order.lang))
    found = next(same, None)
    return found.in_(lang()) if found and order.tax_name else order.tax_name


def term_words(term: Term | None) -> str:
    """Say what is bought: one case, or a plan from one day to another."""
    if term is None:
        return _("Valid for exactly one case")
    plan = live().site.policy.plans.get(term.plan)
    return _(
        "%(plan)s from %(first)s to %(last)s",
        plan=plan.name.in_(lang()) if plan else term.plan,
        first=show_date(term.starts_on),
        last=show_date(term.ends_on),
    )


def price_of(offer: Offer, country: str) -> Money | None:
    """Return what an offer costs a customer of this country, where that is known."""
    policy = live().site.policy
    asked = quote(policy.prices, offer.id, country)
    plan = policy.plans.get(offer.plan or "")
    if asked:
        return asked.total
    return offer.price or (plan.price if plan else None)
