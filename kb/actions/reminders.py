"""“Your support ends in 30, 7, 1 days”: once each, in the customer's language, if wanted (R8)."""

from datetime import date, datetime

from sqlalchemy import Connection

from kb.actions.cover import covered_of
from kb.actions.entitlements import office_day
from kb.actions.mail_queue import queue
from kb.mail import Letters
from kb.rules.cover import reminder_due
from kb.rules.policy import Policy
from kb.store import Database, assets, product_timers, users
from kb.store.assets import Asset

_BATCH = 500


def remind(db: Database, policy: Policy, letters: Letters, now: datetime) -> int:
    """Mail the reminders that are due today; returns how many. Safe to run as often as wanted and
    in several processes: each is noted in the transaction that queues its mail."""
    today = office_day(policy, now)
    sent = last = 0
    while True:
        with db.read() as conn:
            some = assets.after(conn, last, _BATCH)
        if not some:
            return sent
        for one in some:
            sent += _remind(db, policy, letters, one, today, now)
        last = some[-1].id


def set_reminders(db: Database, user_id: int, wanted: bool, now: datetime) -> None:
    """Switch a person's reminders on or off."""
    with db.write() as conn:
        product_timers.set_reminders(conn, user_id, wanted, now)


def wants_reminders(db: Database, user_id: int) -> bool:
    """Tell whether a person gets reminders."""
    with db.read() as conn:
        return product_timers.wants_reminders(conn, user_id)


def _remind(
    db: Database, policy: Policy, letters: Letters, one: Asset, today: date, now: datetime
) -> bool:
    until = covered_of(policy, one, today).cover.until
    days = reminder_due(until, today)
    if until is None or days is None:
        return False
    with db.write() as conn:
        if not product_timers.wants_reminders(conn, one.user_id):
            return False
        if not product_timers.remind_once(conn, one.id, until, days, now):
            return False
        return _mail(conn, policy, letters, one, until, today, now)


def _mail(
    conn: Connection,
    policy: Policy,
    letters: Letters,
    one: Asset,
    until: date,
    today: date,
    now: datetime,
) -> bool:
    owner = users.by_id(conn, one.user_id)
    if owner is None or owner.deleted_at:
        return False
    product = policy.products.get(one.product)
    letter = letters.write(
        "support-ends",
        owner.lang,
        owner.email,
        path=f"my/products/{one.id}",
        first_name=owner.first_name,
        product=f"{product.name if product else one.product} {one.version or ''}".strip(),
        last4=one.key_last4,
        days=(until - today).days,
        until=until.isoformat(),
    )
    queue(conn, letter, now)
    return True
