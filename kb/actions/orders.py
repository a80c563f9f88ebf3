"""Ordering a paid incident, a renewal or a subscription for a product (R17, R28, R29)."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection

from kb.actions import limits
from kb.actions.case_work import form_id
from kb.actions.cover import Covered, covered_in
from kb.actions.entitlements import office_day, state_of
from kb.actions.mail_queue import queue
from kb.mail import Letters
from kb.rules.accounts import ORDERS_BY_ACCOUNT
from kb.rules.cover import support_request
from kb.rules.entitlement import decide
from kb.rules.facts import OTHER, AssetState, Edition, facts_for
from kb.rules.money import PayBy, Quote, quote
from kb.rules.orders import Term, buyable, term_bought
from kb.rules.policy import Offer, OfferKind, Policy
from kb.store import Database, audit, licences, orders, users
from kb.store.orders import NewOrder, Order, Payment
from kb.store.users import User

_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that looks like something else


@dataclass(frozen=True, slots=True)
class Buyable:
    """An offer for one product, at this customer's price; `term` is what it would give today."""

    offer: Offer
    quote: Quote
    term: Term | None


@dataclass(frozen=True, slots=True)
class Shop:
    """A registered product and what may be ordered for it now."""

    covered: Covered
    offers: tuple[Buyable, ...]

    def find(self, offer_id: str) -> Buyable | None:
        """Return the offer with this id if it may be ordered now."""
        return next((one for one in self.offers if one.offer.id == offer_id), None)


class Refusal(StrEnum):
    """Why nothing was ordered."""

    NOT_YOURS = "not-yours"
    NOT_OFFERED = "not-offered"
    WAY_CLOSED = "way-closed"  # this way of paying is not there
    TOO_MANY = "too-many"  # orders in one day


@dataclass(frozen=True, slots=True)
class Placed:
    """The order is there; `again` says that it was made before."""

    reference: str
    again: bool = False


def shop_for(
    db: Database, policy: Policy, user_id: int, asset_id: int, now: datetime
) -> Shop | None:
    """Return what this person may order for a product of theirs; None for anybody else's."""
    with db.read() as conn:
        return _shop(conn, policy, user_id, asset_id, now)


def place_order(
    db: Database,
    policy: Policy,
    letters: Letters,
    user_id: int,
    asset_id: int,
    offer_id: str,
    pay_by: PayBy,
    *,
    ways: Collection[PayBy],
    submission_id: str,
    lang: str,
    now: datetime,
) -> Placed | Refusal:
    """Make an order at today's price, in one transaction; nothing is paid yet.

    The same form makes one order, and who has an unpaid order of the same thing gets that one."""
    submission_id = form_id(submission_id) or secrets.token_hex(16)
    with db.write() as conn:
        before = orders.of_submission(conn, user_id, submission_id)
        if before:
            return Placed(before.reference, again=True)
        shop = _shop(conn, policy, user_id, asset_id, now)
        if shop is None:
            return Refusal.NOT_YOURS
        licence_id = shop.covered.asset.licence_id
        licences.lock(conn, licence_id)
        same = orders.unpaid_like(conn, licence_id, offer_id, user_id)
        if same:
            return Placed(same.reference, again=True)
        wanted = shop.find(offer_id)
        if wanted is None:
            return Refusal.NOT_OFFERED
        if pay_by not in ways_to_pay(policy, ways):
            return Refusal.WAY_CLOSED
        if not limits.count_within(conn, f"orders:{user_id}", ORDERS_BY_ACCOUNT, now):
            return Refusal.TOO_MANY
        new = _new_order(policy, user_id, shop, wanted, pay_by, submission_id, lang, now)
        order_id = orders.add(conn, new)
        if order_id is None:  # the same form in another transaction
            before = orders.of_submission(conn, user_id, submission_id)
            return Placed(before.reference, again=True) if before else Refusal.NOT_OFFERED
        audit.record(
            conn,
            user_id,
            "order.place",
            f"order:{new.reference}",
            now,
            offer=offer_id,
            total=f"{new.total} {new.currency}",
        )
        if pay_by is PayBy.INVOICE:
            _mail_invoice(conn, policy, letters, new, now)
        return Placed(new.reference)


def ways_to_pay(policy: Policy, ways: Collection[PayBy]) -> tuple[PayBy, ...]:
    """Return the ways of paying that both the policy names and the site is set up for."""
    return tuple(one for one in (policy.prices.pay_by if policy.prices else ()) if one in ways)


def orders_of(db: Database, user_id: int) -> tuple[Order, ...]:
    """Return the orders a person sees, the newest first: their own, and those for products of
    their organisation if they may see what the others do there."""
    with db.read() as conn:
        return orders.seen_by(conn, user_id)


@dataclass(frozen=True, slots=True)
class OrderView:
    """An order as its page shows it: `asset_id` is the product if the viewer still has it."""

    order: Order
    product: str
    key_last4: str
    asset_id: int | None
    payments: tuple[Payment, ...]
    case_number: int | None  # that has used what was bought
    let_go: bool  # nobody asks for the money of that case any more
    customer: User | None
    trail: tuple[audit.AuditEvent, ...] = ()


def order_view(db: Database, reference: str, user_id: int | None) -> OrderView | None:
    """Return an order of this person, or, without one, any order with its trail, for agents."""
    with db.read() as conn:
        order = orders.by_reference(conn, reference, user_id=user_id)
        if order is None:
            return None
        licence = licences.by_id(conn, order.licence_id)
        credit = licences.credit(conn, order.given.get("credit", 0))
        return OrderView(
            order=order,
            product=licence.product if licence else "",
            key_last4=licence.key_last4 if licence else "",
            asset_id=orders.asset_of(conn, order.licence_id, user_id or order.user_id),
            payments=orders.payments_of(conn, order.id),
            case_number=credit.case_number if credit else None,
            let_go=credit is not None and credit.void_at is not None,
            customer=users.by_id(conn, order.user_id),
            trail=audit.of_subject(conn, f"order:{order.reference}") if user_id is None else (),
        )


def _shop(
    conn: Connection, policy: Policy, user_id: int, asset_id: int, now: datetime
) -> Shop | None:
    found = covered_in(conn, policy, user_id, asset_id, now)
    buyer = users.by_id(conn, user_id)
    if found is None or buyer is None:
        return None
    today = office_day(policy, now)
    state = replace(state_of(found.asset, (), today), unused_credits=0)
    until = state.plan_until if state.plan_until and state.plan_until >= today else None
    ahead = _offers(policy, found, state, until + timedelta(days=1)) if until else ()
    here = [
        Buyable(offer, price, _term(policy, offer, found, now))
        for offer in buyable(policy, _offers(policy, found, state, today), ahead)
        if (price := quote(policy.prices, offer.id, buyer.country))
        and not (offer.kind is OfferKind.INCIDENT and found.unused_credits)
    ]
    return Shop(found, tuple(here))


def _offers(policy: Policy, found: Covered, state: AssetState, day: date) -> tuple[str, ...]:
    """What the decision about support offers on a day, without paid incidents."""
    request = support_request(policy)
    if request is None or found.product is None:
        return ()
    facts = facts_for(policy, request.id, OTHER, Edition.FULL, found.product, state, today=day)
    return decide(policy, facts).offers


def _term(policy: Policy, offer: Offer, found: Covered, now: datetime) -> Term | None:
    plan = policy.plans.get(offer.plan or "")
    if offer.kind is OfferKind.INCIDENT or plan is None:
        return None
    return term_bought(plan, found.asset.support_ends_on, office_day(policy, now))


def _new_order(
    policy: Policy,
    user_id: int,
    shop: Shop,
    wanted: Buyable,
    pay_by: PayBy,
    submission_id: str,
    lang: str,
    now: datetime,
) -> NewOrder:
    price = wanted.quote
    days = policy.prices.pay_within_days if policy.prices else 1
    return NewOrder(
        reference="".join(secrets.choice(_LETTERS) for _ in range(10)),
        user_id=user_id,
        asset_id=shop.covered.asset.id,
        licence_id=shop.covered.asset.licence_id,
        submission_id=submission_id,
        offer=wanted.offer.id,
        kind=str(wanted.offer.kind),
        plan=wanted.offer.plan,
        net=str(price.net.amount),
        tax=str(price.tax.amount),
        total=str(price.total.amount),
        currency=price.total.currency,
        decimals=price.decimals,
        tax_name=price.tax_name.in_(lang),
        pay_by=str(pay_by),
        lang=lang,
        policy_revision=policy.revision,
        ordered_at=now,
        pay_until=now + timedelta(days=days),
    )


def _mail_invoice(
    conn: Connection, policy: Policy, letters: Letters, new: NewOrder, now: datetime
) -> None:
    buyer = users.by_id(conn, new.user_id)
    if buyer is None or policy.prices is None:
        return
    letter = letters.write(
        "order-placed",
        new.lang,
        buyer.email,
        path=f"my/orders/{new.reference}",
        first_name=buyer.first_name,
        reference=new.reference,
        what=offer_words(policy, new.offer, new.lang),
        total=f"{new.total} {new.currency}",
        tax_name=new.tax_name,
        tax=f"{new.tax} {new.currency}",
        how=policy.prices.invoice.in_(new.lang),
        until=new.pay_until.date().isoformat(),
    )
    queue(conn, letter, now)


def offer_words(policy: Policy, offer_id: str, lang: str) -> str:
    """Name an offer; one that has left the policy by its id."""
    offer = policy.offers.get(offer_id)
    return offer.name.in_(lang) if offer else offer_id
