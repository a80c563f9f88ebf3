"""Orders that end, come late or are somebody else's, on both databases (R28)."""

from datetime import timedelta

import pytest

from kb.actions import checkouts
from kb.actions.checkouts import cancel_order, checkout_url, lapse_orders, settle, settle_checkouts
from kb.actions.orders import Placed, order_view
from kb.actions.payments import Desk, Done, confirm_invoice
from kb.outside.payments import PaymentTrouble
from kb.outside.payments.invoice import InvoiceTill
from kb.rules.money import PayBy
from kb.rules.orders import Mover
from tests.actions.ordering import credits_of, go, lapsed, place, state, try_place
from tests.actions.people import NOW, agent, customer
from tests.outside.stripe_twin import StripeTwin


def test_a_cancelled_order_cannot_be_paid_any_more(
    desk: Desk, tills: checkouts.Tills, twin: StripeTwin
) -> None:
    who = lapsed(desk.db, desk.policy)
    reference = place(desk, who)
    page = go(desk, tills, who, reference)
    done = cancel_order(desk, tills, Mover.CUSTOMER, who[0], reference, NOW)
    assert done is Done.CANCELLED
    assert twin.sessions[page]["status"] == "expired"
    assert checkout_url(desk, tills, who[0], reference, NOW) is None
    assert try_place(desk, who, submission_id="anew") != Placed(reference, again=True)


def test_an_order_that_was_just_paid_is_not_cancelled(
    desk: Desk, tills: checkouts.Tills, twin: StripeTwin
) -> None:
    who = lapsed(desk.db, desk.policy)
    reference = place(desk, who)
    twin.pay(go(desk, tills, who, reference))
    done = cancel_order(desk, tills, Mover.CUSTOMER, who[0], reference, NOW)
    assert done is Done.NOT_ALLOWED
    assert (state(desk, reference), credits_of(desk, who[0])) == ("paid", 1)


def test_money_that_comes_after_the_end_still_counts(desk: Desk) -> None:
    who, boss = lapsed(desk.db, desk.policy), agent(desk.db)
    reference = place(desk, who, pay_by=PayBy.INVOICE)
    assert lapse_orders(desk, {PayBy.INVOICE: InvoiceTill()}, NOW + timedelta(days=13)) == 0
    assert lapse_orders(desk, {PayBy.INVOICE: InvoiceTill()}, NOW + timedelta(days=15)) == 1
    assert state(desk, reference) == "lapsed"
    late = NOW + timedelta(days=16)
    assert confirm_invoice(desk, boss, reference, "bank 7", late) is Done.TAKEN
    assert (state(desk, reference), credits_of(desk, who[0])) == ("paid", 1)


def test_while_the_provider_is_away_nothing_ends_and_nothing_is_lost(
    desk: Desk, tills: checkouts.Tills, twin: StripeTwin
) -> None:
    who = lapsed(desk.db, desk.policy)
    reference = place(desk, who)
    page = go(desk, tills, who, reference)
    twin.trouble = "html"
    with pytest.raises(PaymentTrouble):
        cancel_order(desk, tills, Mover.CUSTOMER, who[0], reference, NOW)
    assert lapse_orders(desk, tills, NOW + timedelta(days=15)) == 0
    assert settle_checkouts(desk, tills, NOW) == 0
    assert state(desk, reference) == "new"
    twin.trouble = ""
    twin.pay(page)
    assert settle_checkouts(desk, tills, NOW) == 1
    assert settle(desk, tills, reference, NOW) is Done.NOTHING
    assert (state(desk, reference), credits_of(desk, who[0])) == ("paid", 1)


def test_an_order_that_cannot_be_begun_stays_unpaid(
    desk: Desk, tills: checkouts.Tills, twin: StripeTwin
) -> None:
    who = lapsed(desk.db, desk.policy)
    reference = place(desk, who)
    twin.trouble = "half"
    with pytest.raises(PaymentTrouble):
        checkout_url(desk, tills, who[0], reference, NOW)
    twin.trouble = ""
    assert checkout_url(desk, tills, who[0], reference, NOW) is not None


def test_a_checkout_that_is_over_is_opened_anew(
    desk: Desk, tills: checkouts.Tills, twin: StripeTwin
) -> None:
    who = lapsed(desk.db, desk.policy)
    reference = place(desk, who)
    first = go(desk, tills, who, reference)
    twin.sessions[first]["status"] = "expired"
    later = NOW + timedelta(days=900)  # whatever the twin's own clock says
    url = checkout_url(desk, tills, who[0], reference, later)
    assert url is not None
    assert not url.endswith(first)


def test_somebody_elses_order_does_not_exist(desk: Desk, tills: checkouts.Tills) -> None:
    who = lapsed(desk.db, desk.policy)
    other = customer(desk.db, "other@example.com")
    reference = place(desk, who)
    assert order_view(desk.db, reference, other) is None
    assert checkout_url(desk, tills, other, reference, NOW) is None
    assert cancel_order(desk, tills, Mover.CUSTOMER, other, reference, NOW) is Done.UNKNOWN
    assert state(desk, reference) == "new"
