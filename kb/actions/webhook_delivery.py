"""Telling webhooks: what is due is leased, signed, posted and marked; every target by itself, so
one that hangs holds up neither the others nor the mail."""

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection

from kb import __version__
from kb.actions.mail_queue import queue
from kb.actions.webhooks import secret_of
from kb.mail import Letters
from kb.outside.webhooks import Reply, Target
from kb.rules.retries import next_try
from kb.rules.webhooks import STOPS_AFTER, signature
from kb.store import Database, audit, users, webhook_outbox, webhooks
from kb.store.webhook_outbox import Delivery
from kb.store.webhooks import Webhook

LEASE = timedelta(minutes=5)  # longer than a round takes, even where everything hangs
EACH = 10  # events for one target in a round
BATCH = 80
AT_ONCE = 8  # targets
GONE = 410  # by which a target says that it wants no more

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Caller:
    """What telling needs: the way out, the site's secret, where the site is, and who writes the
    notice that a target was switched off (nobody while no site is compiled)."""

    db: Database
    target: Target
    secret: str
    base_url: str
    letters: Callable[[], Letters | None]
    clock: Clock


def tell_webhooks(caller: Caller) -> int:
    """Tell what is due and return how many events were taken; safe in several processes at once.

    A worker that dies keeps its lease until it runs out; then another tells the event, with the
    same id, so a target may hear it twice."""
    with caller.db.write() as conn:
        taken = webhook_outbox.lease(conn, caller.clock(), lasts=LEASE, limit=BATCH, each=EACH)
        known = {one.id: one for one in webhooks.listed(conn)}
    if not taken:
        return 0
    by_target = sorted(taken, key=attrgetter("webhook_id", "id"))
    groups = [(known[id_], list(some)) for id_, some in groupby(by_target, _target_of)]
    with ThreadPoolExecutor(min(AT_ONCE, len(groups))) as pool:
        list(pool.map(lambda group: _tell_one(caller, *group), groups))
    return len(taken)


_target_of = attrgetter("webhook_id")


def _tell_one(caller: Caller, hook: Webhook, waiting: Sequence[Delivery]) -> None:
    """Tell one target what waits for it, in order; after a failure the rest waits as long."""
    own = secret_of(caller.secret, hook)
    for place, one in enumerate(waiting):
        if own is None:
            reply = Reply(None, "the site's secret has changed; draw a new one for this webhook")
        else:
            reply = _post(caller, hook, own, one)
        if reply.trouble:
            _failed(caller, hook, one, reply, waiting[place + 1 :])
            return
        with caller.db.write() as conn:
            webhook_outbox.sent(conn, one, reply.status or 0, caller.clock())
            webhooks.reached(conn, hook.id, caller.clock())


def _post(caller: Caller, hook: Webhook, secret: str, one: Delivery) -> Reply:
    body = body_of(one, caller.base_url)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": f"Waypost/{__version__}",
        "Waypost-Event": one.event,
        "Waypost-Event-Id": one.event_id,
        "Waypost-Signature": signature(secret, caller.clock(), body),
        "Connection": "close",
    }
    return caller.target.post(hook.url, body, headers)


def body_of(one: Delivery, base_url: str) -> bytes:
    """Write an event: what happened to which case, no words and no names; whoever may know more
    asks the API. The same however often it is sent."""
    told: dict[str, Any] = {
        "id": one.event_id,
        "type": one.event,
        "at": one.created_at.isoformat(),
        "actor": one.actor,
        "case": None,
        "data": dict(one.data),
    }
    if one.case_number is not None:
        address = f"{base_url}/api/v1/cases/{one.case_number}"
        told["case"] = {"number": one.case_number, "url": address}
    return json.dumps(told, separators=(",", ":"), sort_keys=True).encode()


def _failed(
    caller: Caller, hook: Webhook, one: Delivery, reply: Reply, rest: Sequence[Delivery]
) -> None:
    now = caller.clock()
    again_at = next_try(one.attempts, now)
    with caller.db.write() as conn:
        webhook_outbox.failed(conn, one, reply.trouble, reply.status, again_at)
        for other in rest:
            webhook_outbox.put_back(conn, other, again_at or now)
        count = webhooks.failed(conn, hook.id)
        if reply.status != GONE and count < STOPS_AFTER:
            return
        if not webhooks.stop(conn, hook.id, now):
            return
        webhook_outbox.give_up(conn, hook.id, f"switched off: {reply.trouble}")
        audit.record(conn, None, "webhook.stopped", f"webhook:{hook.id}", now, failures=count)
        _notice(conn, caller.letters(), hook, count, reply.trouble, now)


def _notice(
    conn: Connection,
    letters: Letters | None,
    hook: Webhook,
    failures: int,
    trouble: str,
    now: datetime,
) -> None:
    """Mail every admin that a target was switched off; they are who may switch it on again. A
    site that has none yet tells its agents."""
    if letters is None:
        return
    for agent in users.admins(conn) or users.agents(conn):
        letter = letters.write(
            "webhook-stopped",
            agent.lang,
            agent.email,
            path=f"desk/webhooks/{hook.id}",
            url=hook.url,
            failures=failures,
            trouble=trouble,
        )
        queue(conn, letter, now)
