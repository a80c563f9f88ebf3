"""What tests of orders do again and again: a customer who may buy, placing, paying, looking."""

from typing import Any

from kb.actions import checkouts
from kb.actions.checkouts import checkout_url
from kb.actions.orders import Placed, Refusal, order_view, place_order, shop_for
from kb.actions.payments import Desk
from kb.rules.money import PayBy
from kb.rules.policy import Policy
from kb.store import Database, licences, outbox
from tests.actions.people import NOW, customer, days_ago, own

BOTH = (PayBy.CARD, PayBy.INVOICE)
INCIDENT = "pay-per-incident"


def lapsed(db: Database, policy: Policy, **changes: Any) -> tuple[int, int]:
    """A business customer whose plan has ended, and the product."""
    user_id = customer(db, **changes)
    return user_id, own(db, policy, user_id, sold_on=days_ago(400))


def place(desk: Desk, who: tuple[int, int], offer: str = INCIDENT, **changes: Any) -> str:
    made = try_place(desk, who, offer, **changes)
    assert isinstance(made, Placed), made
    return made.reference


def try_place(
    desk: Desk, who: tuple[int, int], offer: str = INCIDENT, **changes: Any
) -> Placed | Refusal:
    said: dict[str, Any] = {"ways": BOTH, "submission_id": f"form-{offer}", "lang": "es"}
    said |= {"now": NOW, "pay_by": PayBy.CARD, **changes}
    pay_by = said.pop("pay_by")
    return place_order(desk.db, desk.policy, desk.letters, *who, offer, pay_by, **said)


def go(desk: Desk, tills: checkouts.Tills, who: tuple[int, int], reference: str) -> str:
    """Begin to pay and return the checkout's id."""
    url = checkout_url(desk, tills, who[0], reference, NOW)
    assert url is not None
    return url.rpartition("/")[2]


def state(desk: Desk, reference: str) -> str:
    view = order_view(desk.db, reference, None)
    assert view is not None
    return str(view.order.state)


def credits_of(desk: Desk, user_id: int) -> int:
    with desk.db.read() as conn:
        return len(licences.unused_credits(conn, user_id))


def mails(desk: Desk) -> list[str]:
    with desk.db.read() as conn:
        return [mail.kind for mail in outbox.all_mail(conn)]


def offers(desk: Desk, who: tuple[int, int]) -> list[str]:
    shop = shop_for(desk.db, desk.policy, *who, NOW)
    assert shop is not None
    return [one.offer.id for one in shop.offers]
