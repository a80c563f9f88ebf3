"""Orders settled by hand: bank references, money back, terms given (R17, R18, R28)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest

from kb.actions.cases import Opened, open_case
from kb.actions.orders import order_view
from kb.actions.payments import Desk, Done, confirm_invoice, give_back
from kb.rules.contact import Wish
from kb.rules.money import PayBy
from kb.store import assets, audit
from tests.actions.ordering import credits_of, lapsed, mails, place, state
from tests.actions.people import NOW, agent, case_form, customer, days_ago, own


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
