"""Orders and money on both databases: given once, whatever is clicked or sent twice (R17, R28)."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations
from typing import Any

import pytest

from kb.actions import checkouts
from kb.actions.cases import NotOpened, Opened, open_case
from kb.actions.checkouts import cancel_order, checkout_url, lapse_orders, settle, settle_checkouts
from kb.actions.orders import Placed, Refusal, order_view, orders_of, place_order, shop_for
from kb.actions.payments import Desk, Done, confirm_invoice, give_back, take_notice
from kb.mail import Letters
from kb.outside.payments import PaymentTrouble
from kb.outside.payments.invoice import InvoiceTill
from kb.outside.payments.stripe_checkout import StripeTill
from kb.rules.contact import Wish
from kb.rules.money import PayBy
from kb.rules.orders import Mover, OrderState, PaymentState
from kb.rules.policy import Policy
from kb.store import Database, assets, audit, licences, order_list, outbox
from tests.actions.people import NOW, agent, case_form, customer, days_ago, own
from tests.outside.stripe_twin import StripeTwin, stripe_twin

BOTH = (PayBy.CARD, PayBy.INVOICE)
INCIDENT = "pay-per-incident"


@pytest.fixture(scope="module")
def server() -> Iterator[StripeTwin]:
    with stripe_twin() as twin:
        yield twin


@pytest.fixture
def twin(server: StripeTwin) -> Iterator[StripeTwin]:
    server.sessions.clear()
    server.by_key.clear()
    yield server
    server.trouble = ""


@pytest.fixture
def tills(twin: StripeTwin) -> checkouts.Tills:
    return {PayBy.CARD: StripeTill(twin.settings), PayBy.INVOICE: InvoiceTill()}


@pytest.fixture
def desk(db: Database, policy: Policy, letters: Letters) -> Desk:
    return Desk(db, policy, letters)


def lapsed(db: Database, policy: Policy, **changes: Any) -> tuple[int, int]:
    """A business customer whose plan has ended, and the product."""
    user_id = customer(db, **changes)
    return user_id, own(db, policy, user_id, sold_on=days_ago(400))


def place(desk: Desk, who: tuple[int, int], offer: str = INCIDENT, **changes: Any) -> str:
    made = _place(desk, who, offer, **changes)
    assert isinstance(made, Placed), made
    return made.reference


def _place(
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


# --- what may be ordered ---


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
    assert _place(desk, who, "new-standard") is Refusal.NOT_OFFERED
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
    assert _place(desk, who) is Refusal.NOT_OFFERED


def test_nothing_is_sold_for_somebody_elses_product(desk: Desk) -> None:
    who = lapsed(desk.db, desk.policy)
    other = customer(desk.db, "other@example.com")
    assert shop_for(desk.db, desk.policy, other, who[1], NOW) is None
    assert _place(desk, (other, who[1])) is Refusal.NOT_YOURS


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
    assert _place(desk, who, **changes) is expected
    assert orders_of(desk.db, who[0]) == ()


# --- one order, one payment, one credit ---


def test_the_same_form_and_the_same_wish_make_one_order(desk: Desk) -> None:
    who = lapsed(desk.db, desk.policy)
    first = _place(desk, who)
    again = _place(desk, who)
    another_tab = _place(desk, who, submission_id="another tab")
    assert isinstance(first, Placed)
    assert again == another_tab == replace(first, again=True)
    assert len(orders_of(desk.db, who[0])) == 1


def test_forms_sent_at_the_same_moment_make_one_order(desk: Desk) -> None:
    who = lapsed(desk.db, desk.policy)
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda n: place(desk, who, submission_id=f"tab {n % 3}"), range(12)))
    assert len(set(made)) == 1
    assert len(orders_of(desk.db, who[0])) == 1


def test_R28_a_paid_order_gives_one_credit_and_a_receipt(
    desk: Desk, tills: checkouts.Tills, twin: StripeTwin
) -> None:
    who = lapsed(desk.db, desk.policy)
    reference = place(desk, who)
    assert credits_of(desk, who[0]) == 0
    session = twin.pay(go(desk, tills, who, reference))
    notice = tills[PayBy.CARD].read(*twin.notice(session))
    assert take_notice(desk, "stripe", notice, NOW) is Done.TAKEN
    assert (state(desk, reference), credits_of(desk, who[0])) == ("paid", 1)
    assert mails(desk)[-1:] == ["order-paid"]


@pytest.mark.parametrize("times", [2, 5])
def test_a_notice_sent_again_changes_nothing(
    desk: Desk, tills: checkouts.Tills, twin: StripeTwin, times: int
) -> None:
    who = lapsed(desk.db, desk.policy)
    reference = place(desk, who)
    session = twin.pay(go(desk, tills, who, reference))
    read = tills[PayBy.CARD].read
    notices = [read(*twin.notice(session))] * times
    notices += [read(*twin.notice(session, id_=f"evt_{n}")) for n in range(2, times)]
    done = [take_notice(desk, "stripe", notice, NOW) for notice in notices]
    assert done == [Done.TAKEN, *[Done.AGAIN] * (len(notices) - 1)]
    assert credits_of(desk, who[0]) == 1
    assert mails(desk).count("order-paid") == 1


@pytest.mark.parametrize("order_of_arrival", list(permutations(["paid", "over", "refund"])))
def test_notices_in_any_order_end_the_same(
    desk: Desk, tills: checkouts.Tills, twin: StripeTwin, order_of_arrival: tuple[str, ...]
) -> None:
    who = lapsed(desk.db, desk.policy)
    reference = place(desk, who)
    session = twin.pay(go(desk, tills, who, reference))
    read = tills[PayBy.CARD].read
    sent = {
        "paid": twin.notice(session, id_="evt_paid"),
        "over": twin.notice(session, "checkout.session.expired", id_="evt_over"),
        "refund": twin.notice(twin.charge(session), "charge.refunded", id_="evt_refund"),
    }
    for name in order_of_arrival:
        take_notice(desk, "stripe", read(*sent[name]), NOW)
    assert (state(desk, reference), credits_of(desk, who[0])) == ("refunded", 0)
    view = order_view(desk.db, reference, None)
    assert view is not None
    assert [p.state for p in view.payments] == [PaymentState.REFUNDED]


def test_a_notice_for_an_unknown_order_changes_nothing(
    desk: Desk, tills: checkouts.Tills, twin: StripeTwin
) -> None:
    who = lapsed(desk.db, desk.policy)
    session = twin.pay(go(desk, tills, who, place(desk, who)))
    strange = {**session, "metadata": {"order": "NOSUCHORDER"}, "client_reference_id": None}
    notice = tills[PayBy.CARD].read(*twin.notice(strange))
    assert take_notice(desk, "stripe", notice, NOW) is Done.UNKNOWN
    assert credits_of(desk, who[0]) == 0


@pytest.mark.parametrize("amount", [1, 1999, 2001])
def test_another_amount_is_kept_for_an_agent_and_gives_nothing(
    desk: Desk, tills: checkouts.Tills, twin: StripeTwin, amount: int
) -> None:
    who = lapsed(desk.db, desk.policy)
    reference = place(desk, who)
    session = twin.pay(go(desk, tills, who, reference), amount=amount)
    notice = tills[PayBy.CARD].read(*twin.notice(session))
    assert take_notice(desk, "stripe", notice, NOW) is Done.SURPLUS
    assert (state(desk, reference), credits_of(desk, who[0])) == ("new", 0)


def test_two_browsers_pay_the_same_order_at_one_page(
    desk: Desk, tills: checkouts.Tills, twin: StripeTwin
) -> None:
    who = lapsed(desk.db, desk.policy)
    reference = place(desk, who)
    with ThreadPoolExecutor(6) as pool:
        pages = list(pool.map(lambda _: go(desk, tills, who, reference), range(6)))
    assert len(set(pages)) == 1
    assert len(twin.sessions) == 1


def test_an_order_paid_twice_gives_once_and_the_rest_is_surplus(
    desk: Desk, tills: checkouts.Tills, twin: StripeTwin
) -> None:
    who = lapsed(desk.db, desk.policy)
    reference = place(desk, who)
    session = twin.pay(go(desk, tills, who, reference))
    other = {**session, "id": "cs_other", "payment_intent": "pi_other"}
    read = tills[PayBy.CARD].read
    sent = [twin.notice(session, id_="evt_1"), twin.notice(other, id_="evt_2")]
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda one: take_notice(desk, "stripe", read(*one), NOW), sent))
    assert sorted(done) == [Done.SURPLUS, Done.TAKEN]
    assert credits_of(desk, who[0]) == 1
    with desk.db.read() as conn:
        rows = order_list.listed(conn, tuple(OrderState), "", offset=0, limit=9)
    assert [row.surplus for row in rows] == [1]


def test_one_notice_on_many_connections_gives_one_credit(
    desk: Desk, tills: checkouts.Tills, twin: StripeTwin
) -> None:
    who = lapsed(desk.db, desk.policy)
    reference = place(desk, who)
    session = twin.pay(go(desk, tills, who, reference))
    read = tills[PayBy.CARD].read
    sent = [twin.notice(session, id_=f"evt_{n % 4}") for n in range(16)]
    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(lambda one: take_notice(desk, "stripe", read(*one), NOW), sent))
    assert done.count(Done.TAKEN) == 1
    assert set(done) == {Done.TAKEN, Done.AGAIN}
    assert credits_of(desk, who[0]) == 1


def test_R28_orders_paid_and_cases_opened_at_once_never_share_a_credit(
    desk: Desk, tills: checkouts.Tills, twin: StripeTwin
) -> None:
    """Ten cases, one credit, and the notice that gives it sent four times meanwhile."""
    who = lapsed(desk.db, desk.policy)
    session = twin.pay(go(desk, tills, who, place(desk, who)))
    notice = tills[PayBy.CARD].read(*twin.notice(session))
    wish = Wish(request="technical", topic="backup", edition="full", asset=who[1])

    def work(number: int) -> object:
        if number % 4 == 0:
            return take_notice(desk, "stripe", notice, NOW)
        return open_case(
            desk.db, desk.policy, desk.letters, who[0], wish, case_form(channel="phone"),
            submission_id=f"form {number}", now=NOW,
        )  # fmt: skip

    with ThreadPoolExecutor(8) as pool:
        done = [*pool.map(work, range(16)), *pool.map(work, range(17, 20))]
    assert sum(isinstance(one, Opened) for one in done) == 1
    assert sum(isinstance(one, NotOpened) for one in done) >= 11
    assert credits_of(desk, who[0]) == 0


# --- terms ---


@pytest.mark.parametrize(
    ("sold", "plan", "offer", "starts"),
    [
        pytest.param(400, None, "renew-standard", "2026-11-23", id="R17 lapsed: from today"),
        pytest.param(100, "premier", "renew-standard", "2027-08-16", id="R18 after the Premier"),
    ],
)
def test_a_renewal_gives_a_year(
    desk: Desk, sold: int, plan: str | None, offer: str, starts: str
) -> None:
    user_id, boss = customer(desk.db), agent(desk.db)
    who = user_id, own(desk.db, desk.policy, user_id, sold_on=days_ago(sold), plan=plan)
    reference = place(desk, who, offer, pay_by=PayBy.INVOICE)
    assert mails(desk)[-1:] == ["order-placed"]
    assert confirm_invoice(desk, boss, reference, "bank 1", NOW) is Done.TAKEN
    with desk.db.read() as conn:
        found = assets.by_id(conn, who[1], user_id)
    assert found is not None
    newest = found.contracts[0]
    assert (newest.plan, newest.starts_on.isoformat()) == ("standard", starts)
    assert newest.ends_on - newest.starts_on >= timedelta(days=364)
    running = found.contract_on(date(2026, 11, 23))
    assert running is not None
    assert running.plan == (plan or "standard")


def test_two_renewals_paid_one_after_the_other_follow_each_other(desk: Desk) -> None:
    who, boss = lapsed(desk.db, desk.policy), agent(desk.db)
    first = place(desk, who, "renew-standard", pay_by=PayBy.INVOICE)
    second = place(desk, who, "renew-premier", pay_by=PayBy.INVOICE)
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(
            lambda one: confirm_invoice(desk, boss, one, f"bank {one}", NOW), [first, second]
        ))  # fmt: skip
    assert done == [Done.TAKEN, Done.TAKEN]
    with desk.db.read() as conn:
        found = assets.by_id(conn, who[1], who[0])
    assert found is not None
    later, earlier, _old = found.contracts
    assert later.starts_on == earlier.ends_on + timedelta(days=1)


# --- ends ---


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
    assert _place(desk, who, submission_id="anew") != Placed(reference, again=True)


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


# --- agents ---


def test_a_bank_reference_counts_once(desk: Desk) -> None:
    who, boss = lapsed(desk.db, desk.policy), agent(desk.db)
    first = place(desk, who, pay_by=PayBy.INVOICE)
    second = place(desk, who, "renew-standard", pay_by=PayBy.INVOICE)
    assert confirm_invoice(desk, boss, first, " ", NOW) is Done.NOT_ALLOWED
    assert confirm_invoice(desk, boss, "NOSUCH", "bank 1", NOW) is Done.UNKNOWN
    assert confirm_invoice(desk, boss, first, "bank 1", NOW) is Done.TAKEN
    assert confirm_invoice(desk, boss, first, "bank 1", NOW) is Done.AGAIN
    assert confirm_invoice(desk, boss, second, "bank 1", NOW) is Done.AGAIN
    assert state(desk, second) == "new"


def test_agents_that_confirm_at_once_give_one_credit(desk: Desk) -> None:
    who, boss = lapsed(desk.db, desk.policy), agent(desk.db)
    reference = place(desk, who, pay_by=PayBy.INVOICE)
    with ThreadPoolExecutor(6) as pool:
        done = list(pool.map(
            lambda n: confirm_invoice(desk, boss, reference, f"bank {n}", NOW), range(6)
        ))  # fmt: skip
    assert sorted(set(done)) == [Done.AGAIN, Done.TAKEN]
    assert done.count(Done.TAKEN) == 1
    assert credits_of(desk, who[0]) == 1


def test_a_card_is_never_confirmed_by_hand(desk: Desk) -> None:
    who, boss = lapsed(desk.db, desk.policy), agent(desk.db)
    reference = place(desk, who)
    assert confirm_invoice(desk, boss, reference, "bank 1", NOW) is Done.NOT_ALLOWED


def test_money_back_takes_back_what_it_gave_unless_a_case_used_it(desk: Desk) -> None:
    who, boss = lapsed(desk.db, desk.policy), agent(desk.db)
    reference = place(desk, who, pay_by=PayBy.INVOICE)
    confirm_invoice(desk, boss, reference, "bank 1", NOW)
    view = order_view(desk.db, reference, None)
    assert view is not None
    paid = view.payments[0].id
    assert give_back(desk, boss, reference, paid, " ", NOW) is Done.NOT_ALLOWED
    assert give_back(desk, boss, reference, paid + 99, "wrong", NOW) is Done.UNKNOWN
    assert give_back(desk, boss, reference, paid, "Asked within 14 days", NOW) is Done.REFUNDED
    assert give_back(desk, boss, reference, paid, "again", NOW) is Done.AGAIN
    assert (state(desk, reference), credits_of(desk, who[0])) == ("refunded", 0)
    with desk.db.read() as conn:
        trail = audit.of_subject(conn, f"order:{reference}")
    assert [event.what for event in trail] == ["order.place", "order.paid", "order.refunded"]
    assert trail[-1].data["reason"] == "Asked within 14 days"
    assert trail[-1].actor_id == boss


def test_a_used_incident_is_not_given_back(desk: Desk) -> None:
    who, boss = lapsed(desk.db, desk.policy), agent(desk.db)
    reference = place(desk, who, pay_by=PayBy.INVOICE)
    confirm_invoice(desk, boss, reference, "bank 1", NOW)
    wish = Wish(request="technical", topic="backup", edition="full", asset=who[1])
    opened = open_case(
        desk.db, desk.policy, desk.letters, who[0], wish, case_form(), submission_id="f", now=NOW
    )
    assert isinstance(opened, Opened)
    view = order_view(desk.db, reference, None)
    assert view is not None
    assert view.case_number == opened.number
    assert give_back(desk, boss, reference, view.payments[0].id, "asked", NOW) is Done.USED
    assert state(desk, reference) == "paid"


def test_a_refunded_renewal_ends(desk: Desk) -> None:
    who, boss = lapsed(desk.db, desk.policy), agent(desk.db)
    reference = place(desk, who, "renew-standard", pay_by=PayBy.INVOICE)
    confirm_invoice(desk, boss, reference, "bank 1", NOW)
    view = order_view(desk.db, reference, None)
    assert view is not None
    give_back(desk, boss, reference, view.payments[0].id, "asked", NOW)
    with desk.db.read() as conn:
        found = assets.by_id(conn, who[1], who[0])
    assert found is not None
    assert len(found.contracts) == 1
