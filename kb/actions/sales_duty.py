"""What the worker does about orders: lost notices, orders nobody paid."""

import logging
from datetime import datetime, timedelta

from kb.actions.checkouts import lapse_orders, settle_checkouts
from kb.actions.live_site import LiveSite, NoLiveSite
from kb.actions.payments import Desk
from kb.mail import letters_for
from kb.outside.payments import tills_for
from kb.settings import Settings
from kb.store import Database, orders

EVERY = timedelta(minutes=1)
NOTICES_KEPT = timedelta(days=90)  # providers send a notice again for some days

log = logging.getLogger("kb.worker")


class SalesDuty:
    """Does what is due each time it is called; remembers only when it last did."""

    def __init__(self, db: Database, settings: Settings) -> None:
        self._db = db
        self._settings = settings
        self._tills = tills_for(settings)
        self._live = LiveSite(settings.var)
        self._next: datetime | None = None

    def run(self, now: datetime) -> None:
        """Do what is due now; raises StoreError. A site that is not compiled sells nothing."""
        if self._next is not None and now < self._next:
            return
        self._next = now + EVERY
        try:
            site = self._live.current().site
        except NoLiveSite:
            return
        self._orders(Desk(self._db, site.policy, letters_for(self._settings, site.site)), now)

    def _orders(self, desk: Desk, now: datetime) -> None:
        paid = settle_checkouts(desk, self._tills, now)
        ended = lapse_orders(desk, self._tills, now)
        if paid or ended:
            log.info("orders: %d found paid at the provider, %d not paid in time", paid, ended)
        with self._db.write() as conn:
            orders.purge_notices(conn, now - NOTICES_KEPT)
