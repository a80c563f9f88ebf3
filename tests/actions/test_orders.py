"""Who may order what, and one order for one wish, on both databases (R17, R18, R28)."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from kb.actions.orders import Placed, Refusal, order_view, orders_of, shop_for
from kb.actions.payments import Desk
from kb.rules.money import PayBy
from kb.store import licences
from tests.actions.ordering import INCIDENT, lapsed, offers, place, try_place
from tests.actions.people import NOW, customer, days_ago, own


def test_R17_R28_a_lapsed_business_customer_may_order_all_three(desk: Desk) -> None:
    who = lapsed(desk.db, desk.policy)
    assert offers(desk, who) == [
        "renew-standard",
        "renew-premier",
        "new-standard",
        "new-premier",
        INCIDENT,
    ]


def test_R18_a_running_premier_plan_can_only_be_renewed(desk: Desk) -> None:
    user_id = customer(desk.db)
    who = user_id, own(desk.db, desk.policy, user_id, plan="premier")
    assert offers(desk, who) == ["renew-standard", "renew-premier"]
    assert try_place(desk, who, "new-standard") is Refusal.NOT_OFFERED
    shop = shop_for(desk.db, desk.policy, *who, NOW)
    assert shop is not None
    bought = shop.find("renew-standard")
    assert bought is not None
    assert bought.term is not None
    assert bought.term.starts_on == shop.covered.asset.support_ends_on + timedelta(days=1)  # type: ignore[operator]


def test_R28_home_after_31_days_and_oem_products_are_paid_per_incident(desk: Desk) -> None:
    user_id = customer(desk.db)
    home = own(
        desk.db, desk.policy, user_id, "NHM27" + "A" * 59, product="home", version="2027",
        sold_on=days_ago(31),
    )  # fmt: skip
    oem = own(
        desk.db, desk.policy, user_id, "CDS05" + "A" * 15, product="calder-diskstart",
        version="5", sold_on=days_ago(3),
    )  # fmt: skip
    assert offers(desk, (user_id, home)) == [INCIDENT]
    assert offers(desk, (user_id, oem)) == [INCIDENT]


def test_who_has_a_paid_incident_is_not_sold_another(desk: Desk) -> None:
    who = lapsed(desk.db, desk.policy)
    with desk.db.write() as conn:
        licences.add_credit(conn, who[0], who[1], NOW)
    assert INCIDENT not in offers(desk, who)
    assert try_place(desk, who) is Refusal.NOT_OFFERED


def test_nothing_is_sold_for_somebody_elses_product(desk: Desk) -> None:
    who = lapsed(desk.db, desk.policy)
    other = customer(desk.db, "other@example.com")
    assert shop_for(desk.db, desk.policy, other, who[1], NOW) is None
    assert try_place(desk, (other, who[1])) is Refusal.NOT_YOURS


def test_the_price_is_that_of_the_customers_country_and_stays(desk: Desk) -> None:
    spain = lapsed(desk.db, desk.policy)
    reference = place(desk, spain)
    dearer = replace(desk, policy=replace(desk.policy, prices=None))
    view = order_view(dearer.db, reference, spain[0])
    assert view is not None
    assert (view.order.total, view.order.currency, view.order.tax) == ("20.00", "EUR", "3.47")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({"ways": ()}, Refusal.WAY_CLOSED, id="no provider"),
        pytest.param({"ways": (PayBy.INVOICE,)}, Refusal.WAY_CLOSED, id="not this one"),
        pytest.param({"offer": "upgrade"}, Refusal.NOT_OFFERED, id="not sold here"),
        pytest.param({"offer": "nothing"}, Refusal.NOT_OFFERED, id="no such offer"),
    ],
)
def test_what_cannot_be_ordered(desk: Desk, changes: dict[str, Any], expected: Refusal) -> None:
    who = lapsed(desk.db, desk.policy)
    assert try_place(desk, who, **changes) is expected
    assert orders_of(desk.db, who[0]) == ()


# --- one order, one payment, one credit ---


def test_the_same_form_and_the_same_wish_make_one_order(desk: Desk) -> None:
    who = lapsed(desk.db, desk.policy)
    first = try_place(desk, who)
    again = try_place(desk, who)
    another_tab = try_place(desk, who, submission_id="another tab")
    assert isinstance(first, Placed)
    assert again == another_tab == replace(first, again=True)
    assert len(orders_of(desk.db, who[0])) == 1


def test_forms_sent_at_the_same_moment_make_one_order(desk: Desk) -> None:
    who = lapsed(desk.db, desk.policy)
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda n: place(desk, who, submission_id=f"tab {n % 3}"), range(12)))
    assert len(set(made)) == 1
    assert len(orders_of(desk.db, who[0])) == 1
