"""The life of an order: states, who may move it, what may be bought, what it gives (R17, R28)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from kb.rules.money import Money, quote, same_money
from kb.rules.policy import Offer, OfferKind, Plan, Policy

YEAR = 365  # days of a plan that names no term
SOLD_HERE = (OfferKind.INCIDENT, OfferKind.RENEWAL, OfferKind.SUBSCRIPTION)


class OrderState(StrEnum):
    NEW = "new"  # made, not paid
    PAID = "paid"
    CANCELLED = "cancelled"
    LAPSED = "lapsed"  # not paid in time
    REFUNDED = "refunded"


class Mover(StrEnum):
    """Who moves an order; a payment is told by a provider and signed."""

    CUSTOMER = "customer"
    AGENT = "agent"
    PAYMENT = "payment"
    TIMER = "timer"


class PaymentState(StrEnum):
    """What became of money that came in; SURPLUS is to be given back by an agent."""

    TAKEN = "taken"
    SURPLUS = "surplus"
    REFUNDED = "refunded"


_MONEY = frozenset({Mover.PAYMENT, Mover.AGENT})

# Money that comes after an order was cancelled or has lapsed is never kept for nothing: the order
# is fulfilled after all.
_STEPS: Mapping[OrderState, Mapping[OrderState, frozenset[Mover]]] = {
    OrderState.NEW: {
        OrderState.PAID: _MONEY,
        OrderState.CANCELLED: frozenset({Mover.CUSTOMER, Mover.AGENT}),
        OrderState.LAPSED: frozenset({Mover.TIMER}),
        OrderState.REFUNDED: frozenset({Mover.PAYMENT}),  # the two notices came in wrong order
    },
    OrderState.CANCELLED: {OrderState.PAID: _MONEY},
    OrderState.LAPSED: {OrderState.PAID: _MONEY},
    OrderState.PAID: {OrderState.REFUNDED: _MONEY},
    OrderState.REFUNDED: {},
}


def may_move(state: OrderState, to: OrderState, mover: Mover) -> bool:
    """Tell whether this mover may take an order from `state` to `to`."""
    return mover in _STEPS[state].get(to, frozenset())


def states_before(to: OrderState, mover: Mover) -> tuple[OrderState, ...]:
    """Return the states from which this mover may bring an order to `to`."""
    return tuple(state for state in OrderState if may_move(state, to, mover))


def judge(state: OrderState, due: Money, paid: Money) -> PaymentState:
    """Say what an arriving payment is: taken when it pays an unpaid order exactly, else surplus,
    so an order is fulfilled once however often and however much is paid."""
    if same_money(due, paid) and may_move(state, OrderState.PAID, Mover.PAYMENT):
        return PaymentState.TAKEN
    return PaymentState.SURPLUS


@dataclass(frozen=True, slots=True)
class Term:
    """A plan for a time; `ends_on` is the last day that counts."""

    plan: str
    starts_on: date
    ends_on: date


def term_bought(plan: Plan, runs_until: date | None, today: date) -> Term:
    """Return the term that a renewal or subscription gives.

    While a plan runs the new one begins on the day after, so changing the plan takes effect only
    then (R18) and no paid day is lost; else it begins today."""
    runs = runs_until if runs_until is not None and runs_until >= today else None
    begins = runs + timedelta(days=1) if runs else today
    return Term(plan.id, begins, (runs or today) + timedelta(days=plan.term_days or YEAR))


def buyable(policy: Policy, now: Iterable[str], once_ended: Iterable[str]) -> tuple[Offer, ...]:
    """Return what may be ordered on this site: what the decision `now` offers, and the renewals
    it would offer `once_ended`, so a plan can be renewed before its end and only renewed (R18)."""
    found = [policy.offers[id_] for id_ in now if id_ in policy.offers]
    ahead = [policy.offers[id_] for id_ in once_ended if id_ in policy.offers]
    found += [offer for offer in ahead if offer.kind is OfferKind.RENEWAL]
    by_id = {offer.id: offer for offer in found if is_sold(policy, offer)}
    return tuple(by_id.values())


def is_sold(policy: Policy, offer: Offer) -> bool:
    """Tell whether this site takes orders for an offer: it has a price and gives a plan."""
    if offer.kind not in SOLD_HERE or offer.url:
        return False
    known = offer.kind is OfferKind.INCIDENT or offer.plan in policy.plans
    return known and quote(policy.prices, offer.id, "") is not None
