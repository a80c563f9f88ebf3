"""One order, one payment, one credit, on both databases, whatever is sent twice (R28)."""

from concurrent.futures import ThreadPoolExecutor
from itertools import permutations

import pytest

from kb.actions import checkouts
from kb.actions.cases import NotOpened, Opened, open_case
from kb.actions.orders import order_view
from kb.actions.payments import Desk, Done, take_notice
from kb.rules.contact import Wish
from kb.rules.money import PayBy
from kb.rules.orders import OrderState, PaymentState
from kb.store import order_list
from tests.actions.ordering import credits_of, go, lapsed, mails, place, state
from tests.actions.people import NOW, case_form
from tests.outside.stripe_twin import StripeTwin


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
