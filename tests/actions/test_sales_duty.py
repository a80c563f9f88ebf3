"""What the worker does about orders, keys that wait and reminders, on the compiled vendor site."""

from dataclasses import replace
from datetime import timedelta

from kb.actions.live_site import LiveSite
from kb.actions.orders import order_view, orders_of, place_order
from kb.actions.payments import Desk
from kb.actions.sales_duty import SalesDuty
from kb.mail import letters_for
from kb.rules.money import PayBy
from kb.settings import Settings
from kb.store import Database, assets, outbox, users
from tests.conftest import NOW


def test_overdue_orders_lapse_and_reminders_go_out_once(settings: Settings) -> None:
    db = Database(settings.database_url)
    site = LiveSite(settings.var).current().site
    desk = Desk(db, site.policy, letters_for(settings, site.site))
    with db.read() as conn:
        owner = users.by_email(conn, "lapsed@example.com")
        assert owner is not None
        (mine,) = assets.of_user(conn, owner.id)
    placed = place_order(
        db, desk.policy, desk.letters, owner.id, mine.id, "pay-per-incident", PayBy.INVOICE,
        ways=[PayBy.INVOICE], submission_id="form", lang="es", now=NOW,
    )  # fmt: skip
    (order,) = orders_of(db, owner.id)
    duty = SalesDuty(db, settings)
    duty.run(NOW)
    assert order_view(db, order.reference, None).order.state == "new"  # type: ignore[union-attr]
    duty.run(NOW + timedelta(days=15))
    duty.run(NOW + timedelta(days=15, seconds=5))
    assert order_view(db, order.reference, None).order.state == "lapsed"  # type: ignore[union-attr]
    with db.read() as conn:
        reminded = [mail.recipient for mail in outbox.all_mail(conn) if mail.kind == "support-ends"]
    assert reminded.count("home-10@example.com") == 2, "at 20 days for 30, at 5 days for 7"
    assert placed
    db.close()


def test_a_site_that_is_not_compiled_reminds_nobody_yet(settings: Settings) -> None:
    db = Database(settings.database_url)
    for var, someone in ((settings.var / "empty", False), (settings.var, True)):
        SalesDuty(db, replace(settings, var=var)).run(NOW + timedelta(days=15))
        with db.read() as conn:
            assert ("support-ends" in {one.kind for one in outbox.all_mail(conn)}) is someone
    db.close()
