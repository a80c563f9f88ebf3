"""Where events of cases are told: what agents set up, try out, stop and send again."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from kb.actions.sealing import seal, unseal
from kb.rules import webhooks as rules
from kb.rules.webhooks import MOST, SECRET_PREFIX, Network, UrlFlaw, WebhookEvent
from kb.store import Database, audit, webhook_outbox, webhooks
from kb.store.webhook_outbox import Delivery
from kb.store.webhooks import Webhook

PURPOSE = "webhook"  # of the seal
SHOWN = 50  # deliveries on a page


@dataclass(frozen=True, slots=True)
class Made:
    """A new target and its secret, which is shown this once."""

    id: int
    secret: str


@dataclass(frozen=True, slots=True)
class NotMade:
    """Why there is no new target: the address, no event chosen, or too many targets."""

    url: UrlFlaw | None = None
    no_events: bool = False
    too_many: bool = False


def subscribe(
    db: Database,
    secret: str,
    allowed: Sequence[Network],
    agent_id: int,
    url: str,
    events: Sequence[str],
    now: datetime,
) -> Made | NotMade:
    """Tell these events to this address from now on."""
    chosen = _known(events)
    flaw = rules.url_flaw(url, allowed)
    if flaw or not chosen:
        return NotMade(flaw, no_events=not chosen)
    own = SECRET_PREFIX + secrets.token_urlsafe(32)
    with db.write() as conn:
        if webhooks.count(conn) >= MOST:
            return NotMade(too_many=True)
        sealed = seal(secret, PURPOSE, own.encode())
        made = webhooks.add(conn, agent_id, url, chosen, sealed, now)
        if made is None:
            raise LookupError("a new row has a number")
        _record(conn, agent_id, "webhook.add", made, now, url=url, events=chosen)
    return Made(made, own)


def change(
    db: Database,
    allowed: Sequence[Network],
    agent_id: int,
    id_: int,
    url: str,
    events: Sequence[str],
    now: datetime,
) -> NotMade | None:
    """Give a target another address or other events; None when it is done."""
    chosen = _known(events)
    flaw = rules.url_flaw(url, allowed)
    if flaw or not chosen:
        return NotMade(flaw, no_events=not chosen)
    with db.write() as conn:
        webhooks.change(conn, id_, url=url, events=chosen)
        _record(conn, agent_id, "webhook.change", id_, now, url=url, events=chosen)
    return None


def switch(db: Database, agent_id: int, id_: int, *, on: bool, now: datetime) -> bool:
    """Switch a target on, with its failures forgotten, or off; what waits for one that is off is
    given up. False when there is none."""
    with db.write() as conn:
        if webhooks.lock(conn, id_) is None:
            return False
        webhooks.change(conn, id_, is_active=on, failures=0, stopped_at=None)
        if not on:
            webhook_outbox.give_up(conn, id_, "switched off")
        _record(conn, agent_id, "webhook.on" if on else "webhook.off", id_, now)
    return True


def renew_secret(db: Database, secret: str, agent_id: int, id_: int, now: datetime) -> str | None:
    """Draw a new secret, which is shown this once; the old one signs nothing any more. None when
    there is no such target."""
    own = SECRET_PREFIX + secrets.token_urlsafe(32)
    with db.write() as conn:
        if webhooks.lock(conn, id_) is None:
            return None
        webhooks.change(conn, id_, secret=seal(secret, PURPOSE, own.encode()))
        _record(conn, agent_id, "webhook.secret", id_, now)
    return own


def remove(db: Database, agent_id: int, id_: int, now: datetime) -> bool:
    """Drop a target with its deliveries; False when there is none."""
    with db.write() as conn:
        if not webhooks.remove(conn, id_):
            return False
        _record(conn, agent_id, "webhook.remove", id_, now)
    return True


def try_out(db: Database, agent_id: int, id_: int, now: datetime) -> bool:
    """Send a `ping`, which is about no case; False when there is no such target, or it is off."""
    with db.write() as conn:
        found = webhooks.by_id(conn, id_)
        if found is None or not found.is_active:
            return False
        webhook_outbox.ping(conn, id_, now)
        _record(conn, agent_id, "webhook.ping", id_, now)
    return True


def send_again(db: Database, agent_id: int, id_: int, delivery: int, now: datetime) -> bool:
    """Give an event that was given up new tries; False when it was not, or the target is off."""
    with db.write() as conn:
        found = webhooks.by_id(conn, id_)
        if found is None or not found.is_active:
            return False
        if not webhook_outbox.send_again(conn, id_, delivery, now):
            return False
        _record(conn, agent_id, "webhook.again", id_, now, delivery=delivery)
    return True


def listed(db: Database) -> tuple[tuple[Webhook, int], ...]:
    """Return every target with the number of events given up."""
    with db.read() as conn:
        dead = webhook_outbox.dead_counts(conn)
        return tuple((one, dead.get(one.id, 0)) for one in webhooks.listed(conn))


def view(db: Database, id_: int, *, dead: bool) -> tuple[Webhook, tuple[Delivery, ...]] | None:
    """Return a target with its last deliveries, or with those given up; None for none."""
    with db.read() as conn:
        found = webhooks.by_id(conn, id_)
        if found is None:
            return None
        return found, webhook_outbox.of_webhook(conn, id_, dead=dead, limit=SHOWN)


def secret_of(secret: str, target: Webhook) -> str | None:
    """Return what signs for a target; None when the site's secret has changed since."""
    found = unseal(secret, PURPOSE, target.secret)
    return found.decode() if found else None


def _known(events: Sequence[str]) -> list[str]:
    return [str(one) for one in WebhookEvent if one in events]


def _record(
    conn: Connection, agent_id: int, what: str, id_: int, now: datetime, **data: object
) -> None:
    audit.record(conn, agent_id, what, f"webhook:{id_}", now, **data)
