"""Orders: who may move them, which money counts, what they give (R17, R18, R28)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.rules.money import Money
from kb.rules.orders import (
    Mover,
    OrderState,
    PaymentState,
    buyable,
    is_sold,
    judge,
    may_move,
    states_before,
    term_bought,
)
from kb.rules.policy import Offer, OfferKind, Plan
from tests.requirements.vendor import vendor
from tests.rules.policies import text

TWENTY = Money(Decimal("20.00"), "USD")
TODAY = date(2026, 11, 23)
PLAN = Plan("standard", text(), (), "office", term_days=365)

ALLOWED = {
    ("new", "paid"): {"payment", "agent"},
    ("new", "cancelled"): {"customer", "agent"},
    ("new", "lapsed"): {"timer"},
    ("new", "refunded"): {"payment"},
    ("cancelled", "paid"): {"payment", "agent"},
    ("lapsed", "paid"): {"payment", "agent"},
    ("paid", "refunded"): {"payment", "agent"},
}


@pytest.mark.parametrize("state", OrderState)
@pytest.mark.parametrize("to", OrderState)
@pytest.mark.parametrize("mover", Mover)
def test_who_may_move_an_order(state: OrderState, to: OrderState, mover: Mover) -> None:
    assert may_move(state, to, mover) == (mover in ALLOWED.get((state, to), set()))
    assert (state in states_before(to, mover)) == may_move(state, to, mover)


@pytest.mark.parametrize(
    ("state", "paid", "expected"),
    [
        pytest.param("new", TWENTY, "taken", id="exactly"),
        pytest.param("new", Money(Decimal(20), "USD"), "taken", id="the same amount"),
        pytest.param("lapsed", TWENTY, "taken", id="late money is not lost"),
        pytest.param("cancelled", TWENTY, "taken", id="nor is money for a cancelled order"),
        pytest.param("paid", TWENTY, "surplus", id="paid twice"),
        pytest.param("refunded", TWENTY, "surplus", id="paid after a refund"),
        pytest.param("new", Money(Decimal("19.99"), "USD"), "surplus", id="too little"),
        pytest.param("new", Money(Decimal(20), "EUR"), "surplus", id="another money"),
    ],
)
def test_which_money_pays_an_order(state: str, paid: Money, expected: str) -> None:
    assert judge(OrderState(state), TWENTY, paid) is PaymentState(expected)


@given(st.lists(st.sampled_from(["pay", "cancel", "lapse", "refund"]), max_size=12))
def test_an_order_is_paid_once_at_most_between_refunds(moves: list[str]) -> None:
    state, taken = OrderState.NEW, 0
    steps = {
        "cancel": (OrderState.CANCELLED, Mover.CUSTOMER),
        "lapse": (OrderState.LAPSED, Mover.TIMER),
        "refund": (OrderState.REFUNDED, Mover.PAYMENT),
    }
    for move in moves:
        if move == "pay":
            if judge(state, TWENTY, TWENTY) is PaymentState.TAKEN:
                taken += 1
                state = OrderState.PAID
            continue
        to, mover = steps[move]
        state = to if may_move(state, to, mover) else state
    assert taken <= 1


@pytest.mark.parametrize(
    ("runs_until", "starts", "ends"),
    [
        pytest.param(None, "2026-11-23", "2027-11-23", id="no plan before"),
        pytest.param("2026-11-22", "2026-11-23", "2027-11-23", id="R17 lapsed yesterday"),
        pytest.param("2026-11-23", "2026-11-24", "2027-11-23", id="its last day"),
        pytest.param("2027-05-07", "2027-05-08", "2028-05-06", id="R18 not before its end"),
    ],
)
def test_the_term_that_is_bought(runs_until: str | None, starts: str, ends: str) -> None:
    before = date.fromisoformat(runs_until) if runs_until else None
    term = term_bought(PLAN, before, TODAY)
    assert (term.plan, str(term.starts_on), str(term.ends_on)) == ("standard", starts, ends)


def test_a_plan_lasts_its_own_term_and_without_one_a_year() -> None:
    assert term_bought(replace(PLAN, term_days=30), None, TODAY).ends_on == date(2026, 12, 23)
    assert term_bought(replace(PLAN, term_days=None), None, TODAY).ends_on == date(2027, 11, 23)


@pytest.mark.parametrize(
    ("now", "later", "expected"),
    [
        pytest.param(["pay-per-incident"], [], ["pay-per-incident"], id="R28"),
        pytest.param(
            [],
            ["renew-standard", "renew-premier", "new-standard", "pay-per-incident"],
            ["renew-standard", "renew-premier"],
            id="R18 a running plan can only be renewed",
        ),
        pytest.param(["upgrade", "buy-licence", "gone"], ["gone"], [], id="not sold here"),
        pytest.param(["renew-standard"], ["renew-standard"], ["renew-standard"], id="once"),
    ],
)
def test_what_can_be_ordered(now: list[str], later: list[str], expected: list[str]) -> None:
    assert [offer.id for offer in buyable(vendor(), now, later)] == expected


@pytest.mark.parametrize(
    ("kind", "url", "plan", "sold"),
    [
        ("incident", "", "pay-per-incident", True),
        ("renewal", "", "standard", True),
        ("renewal", "", "gone", False),
        ("incident", "", "", True),  # R28: it gives one case, not a plan
        ("renewal", "https://shop.example", "standard", False),
        ("upgrade", "", "standard", False),
    ],
)
def test_what_is_sold_here(kind: str, url: str, plan: str, sold: bool) -> None:
    offer = Offer("pay-per-incident", text(), text(), plan=plan, kind=OfferKind(kind), url=url)
    assert is_sold(vendor(), offer) is sold
    assert not is_sold(replace(vendor(), prices=None), offer)


def test_every_state_is_left_or_final() -> None:
    moves = list(product(OrderState, OrderState, Mover))
    final = {s for s in OrderState if not any(may_move(s, to, m) for a, to, m in moves if a is s)}
    assert final == {OrderState.REFUNDED}
