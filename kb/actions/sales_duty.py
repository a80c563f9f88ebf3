"""What the worker does about orders and products: lost notices, unpaid orders, keys that wait,
reminders of the end of support."""

import logging
from datetime import datetime, timedelta

from kb.actions.checkouts import lapse_orders, settle_checkouts
from kb.actions.key_waits import look_again
from kb.actions.payments import Desk
from kb.actions.reminders import remind
from kb.actions.site_duty import SiteDuty
from kb.actions.upgrades import hand_out_upgrades
from kb.content.compiled import CompiledSite
from kb.mail import Letters
from kb.outside.licence_service import licence_service_for
from kb.outside.payments import tills_for
from kb.settings import Settings
from kb.store import Database, orders

REMIND_EVERY = timedelta(hours=1)
NOTICES_KEPT = timedelta(days=90)  # providers send a notice again for some days

log = logging.getLogger("kb.worker")


class SalesDuty(SiteDuty):
    """Looks after orders and products; reminds less often."""

    every = timedelta(minutes=1)

    def __init__(self, db: Database, settings: Settings) -> None:
        super().__init__(db, settings)
        self._tills = tills_for(settings)
        self._licences = licence_service_for(settings)
        self._reminded: datetime | None = None

    def do(self, site: CompiledSite, letters: Letters, now: datetime) -> None:
        """Settle, look again, hand out and remind."""
        desk = Desk(self._db, site.policy, letters)
        self._orders(desk, now)
        secret = self._settings.secret_key
        look_again(self._db, site.policy, desk.letters, secret, self._licences, now)
        hand_out_upgrades(self._db, site.policy, desk.letters, secret, now)
        if self._reminded is None or now - self._reminded >= REMIND_EVERY:
            self._reminded = now
            remind(self._db, site.policy, desk.letters, now)

    def _orders(self, desk: Desk, now: datetime) -> None:
        paid = settle_checkouts(desk, self._tills, now)
        ended = lapse_orders(desk, self._tills, now)
        if paid or ended:
            log.info("orders: %d found paid at the provider, %d not paid in time", paid, ended)
        with self._db.write() as conn:
            orders.purge_notices(conn, now - NOTICES_KEPT)
