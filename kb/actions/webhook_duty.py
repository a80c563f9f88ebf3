"""The worker's part in telling webhooks: a thread of its own, so that no target holds up mail."""

import logging
from threading import Event

from kb.actions.live_site import LiveSite, NoLiveSite
from kb.actions.webhook_delivery import Caller, Clock, tell_webhooks
from kb.mail import Letters, letters_for
from kb.outside.webhooks import Target
from kb.settings import Settings
from kb.store import Database, StoreError

IDLE_SECONDS = 1.0
TROUBLE_SECONDS = 10.0

log = logging.getLogger("kb.worker")


def caller_for(settings: Settings, db: Database, clock: Clock) -> Caller:
    """Return what telling needs, as the settings say."""
    live = LiveSite(settings.var)

    def letters() -> Letters | None:
        try:
            return letters_for(settings, live.current().site.site)
        except NoLiveSite:
            return None

    return Caller(
        db=db,
        target=Target(settings.webhook_networks),
        secret=settings.secret_key,
        base_url=settings.base_url,
        letters=letters,
        clock=clock,
    )


def tell_until(caller: Caller, stop: Event) -> None:
    """Tell webhooks until told to stop; trouble with the database is waited out."""
    while not stop.is_set():
        try:
            taken = tell_webhooks(caller)
        except StoreError as error:
            log.error("%s", error)
            stop.wait(TROUBLE_SECONDS)
            continue
        if not taken:
            stop.wait(IDLE_SECONDS)


def tell_due(caller: Caller) -> None:
    """Tell everything that is due now; what fails is put back and does not come again here."""
    while tell_webhooks(caller):
        pass
