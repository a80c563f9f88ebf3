"""What agents are left to do about orders; who else sees an order (R17, R28, R49)."""

from datetime import timedelta

from kb.actions.case_steps import Answer, Who
from kb.actions.cases import Opened, open_case
from kb.actions.order_desk import OrderList, order_counts, order_page, write_off
from kb.actions.orders import Placed, Refusal, order_view, orders_of, place_order
from kb.actions.out_of_scope import close_out_of_scope
from kb.actions.payments import Desk, Done, take_notice
from kb.outside.payments import Notice, NoticeKind
from kb.rules.accounts import ORDERS_BY_ACCOUNT
from kb.rules.cases import Actor
from kb.rules.contact import Wish
from kb.rules.money import PayBy
from kb.rules.organisations import MemberRole
from kb.store import audit, licences, organisations, outbox
from tests.actions.people import NOW, agent, case_form, customer, days_ago, own

INCIDENT = "pay-per-incident"


def place(desk: Desk, user_id: int, asset_id: int, form: str = "f") -> Placed | Refusal:
    return place_order(
        desk.db, desk.policy, desk.letters, user_id, asset_id, INCIDENT, PayBy.CARD,
        ways=(PayBy.CARD,), submission_id=form, lang="es", now=NOW,
    )  # fmt: skip


def notice(kind: NoticeKind, reference: str) -> Notice:
    return Notice(
        id=f"{kind}-{reference}", name=str(kind), kind=kind, reference=reference,
        payment="pi_1", coins=2000, currency="EUR",
    )  # fmt: skip


def used_and_refunded(desk: Desk) -> tuple[str, int, int]:
    """A paid incident that a case uses and whose money then goes back at the provider."""
    ana = customer(desk.db)
    mine = own(desk.db, desk.policy, ana, sold_on=days_ago(400))
    placed = place(desk, ana, mine)
    assert isinstance(placed, Placed)
    assert take_notice(desk, "stripe", notice(NoticeKind.PAID, placed.reference), NOW) is Done.TAKEN
    wish = Wish(request="technical", topic="backup", edition="full", asset=mine)
    opened = open_case(
        desk.db, desk.policy, desk.letters, ana, wish, case_form(channel="phone", severity="B"),
        submission_id="c", now=NOW,
    )  # fmt: skip
    assert isinstance(opened, Opened)
    back = take_notice(desk, "stripe", notice(NoticeKind.REFUNDED, placed.reference), NOW)
    assert back is Done.REFUNDED
    return placed.reference, opened.number, ana


def listed(desk: Desk) -> list[str]:
    rows = order_page(desk.db, OrderList.UNPAID_CASES, "", 1).rows
    assert order_counts(desk.db)[OrderList.UNPAID_CASES] == len(rows)
    return [row.reference for row in rows]


def test_money_that_went_back_for_a_used_incident_waits_for_an_agent(desk: Desk) -> None:
    reference, number, _ana = used_and_refunded(desk)
    assert listed(desk) == [reference]
    view = order_view(desk.db, reference, None)
    assert view is not None
    assert view.case_number == number
    boss = agent(desk.db)
    assert write_off(desk.db, boss, reference, " ", NOW) is Done.NOT_ALLOWED
    assert write_off(desk.db, boss, reference, "A gesture", NOW) is Done.WRITTEN_OFF
    assert listed(desk) == []
    assert write_off(desk.db, boss, reference, "Again", NOW) is Done.NOTHING
    assert write_off(desk.db, boss, "NOSUCH", "Again", NOW) is Done.UNKNOWN
    with desk.db.read() as conn:
        last = audit.of_subject(conn, f"order:{reference}")[-1]
    assert (last.what, last.actor, last.data) == (
        "order.written-off", "Irene Otero", {"reason": "A gesture"},
    )  # fmt: skip


def test_a_case_out_of_scope_gives_no_incident_back_whose_money_went_back(desk: Desk) -> None:
    _reference, number, ana = used_and_refunded(desk)
    who = Who(Actor.AGENT, agent(desk.db))
    done = close_out_of_scope(desk.db, desk.policy, desk.letters, who, number, "A network", NOW)
    assert done is Answer.DONE
    assert listed(desk) == []
    with desk.db.read() as conn:
        assert licences.unused_credits(conn, ana) == ()
        told = [mail.text for mail in outbox.all_mail(conn) if mail.kind == "case-out-of-scope"]
    assert "pago por incidencia" not in told[0]


def test_orders_of_an_organisation_are_seen_by_its_contacts_who_may(desk: Desk) -> None:
    ana, eva, leo, zoe = (
        customer(desk.db, f"{name}@example.com") for name in ("ana", "eva", "leo", "zoe")
    )
    with desk.db.write() as conn:
        house = organisations.found(conn, "Prieto", ana, NOW)
        assert house is not None
        organisations.join(conn, house, eva, MemberRole.CONTACT, True, NOW)
        organisations.join(conn, house, leo, MemberRole.CONTACT, False, NOW)
    mine = own(desk.db, desk.policy, eva, sold_on=days_ago(400))
    placed = place(desk, eva, mine)
    assert isinstance(placed, Placed)
    seen = {who: [one.reference for one in orders_of(desk.db, who)] for who in (ana, eva, leo, zoe)}
    assert seen == {ana: [placed.reference], eva: [placed.reference], leo: [], zoe: []}
    assert order_view(desk.db, placed.reference, ana) is not None
    assert order_view(desk.db, placed.reference, leo) is None
    assert order_view(desk.db, placed.reference, zoe) is None


def test_ordering_has_an_end_for_a_day(desk: Desk) -> None:
    ana = customer(desk.db)
    own_many = [
        own(desk.db, desk.policy, ana, f"NBS12{n:020d}", sold_on=days_ago(400))
        for n in range(ORDERS_BY_ACCOUNT.tries + 1)
    ]
    done = [place(desk, ana, one, form=f"f{one}") for one in own_many]
    assert done[-1] is Refusal.TOO_MANY
    assert all(isinstance(one, Placed) for one in done[:-1])
    again = place(desk, ana, own_many[0], form="another")
    assert isinstance(again, Placed), "an order that is there is not a new one"
    assert ORDERS_BY_ACCOUNT.window == timedelta(days=1)
