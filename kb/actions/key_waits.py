"""Looking up again the keys that the licence service could not answer for (R6, R9)."""

from datetime import datetime, timedelta

from kb.actions.key_lookup import Asking, opened
from kb.actions.mail_queue import queue
from kb.actions.registration import KeyAnswer, KeyOutcome, register_known
from kb.mail import Letter, Letters
from kb.outside.licence_service import MOST_AT_ONCE, LicenceService
from kb.rules.policy import Policy
from kb.store import Database, licences, product_timers, users
from kb.store.product_timers import KeyWait

FIRST_WAIT = timedelta(minutes=2)
LONGEST_WAIT = timedelta(hours=2)


def keys_waiting(db: Database, user_id: int) -> tuple[str, ...]:
    """Return the last four characters of each key of a person that waits."""
    with db.read() as conn:
        return tuple(one.key_last4 for one in product_timers.waiting(conn, user_id))


def look_again(
    db: Database,
    policy: Policy,
    letters: Letters,
    secret: str,
    service: LicenceService | None,
    now: datetime,
) -> int:
    """Ask about the keys that are due; returns how many were answered. Each answer is registered
    and mailed in one transaction; a key without one is asked about again, ever more rarely."""
    with db.read() as conn:
        due = product_timers.due(conn, now, MOST_AT_ONCE)
    written = {one.id: opened(secret, one.sealed_key) for one in due}
    keys = sorted({key for key in written.values() if key})
    asking = Asking(db, policy, secret, service)
    has_answer = bool(keys) and asking.ask(keys)
    answered = 0
    for one in due:
        key = written[one.id]
        if key is None:  # sealed with another secret: nobody can read it any more
            with db.write() as conn:
                product_timers.answered(conn, one)
        elif has_answer:
            answered += _register(db, policy, letters, secret, one, key, now)
        else:
            _put_back(db, policy, letters, secret, one, key, now)
    return answered


def _put_back(
    db: Database,
    policy: Policy,
    letters: Letters,
    secret: str,
    one: KeyWait,
    key: str,
    now: datetime,
) -> None:
    """A key that was imported meanwhile needs no service."""
    with db.write() as conn:
        known = licences.by_hash(conn, one.key_hash)
        if known is None:
            wait = min(FIRST_WAIT * 2**one.tries, LONGEST_WAIT)
            product_timers.put_back(conn, one, now + wait)
    if known is not None:
        _register(db, policy, letters, secret, one, key, now)


def _register(
    db: Database,
    policy: Policy,
    letters: Letters,
    secret: str,
    one: KeyWait,
    key: str,
    now: datetime,
) -> bool:
    with db.write() as conn:
        if not product_timers.answered(conn, one):
            return False
        owner = users.by_id(conn, one.user_id)
        if owner is None or owner.deleted_at:
            return False
        answer = register_known(conn, policy, one.user_id, [key], now, secret=secret)[key]
        queue(conn, _letter(letters, policy, one, owner.email, owner.first_name, answer), now)
    return True


def _letter(
    letters: Letters, policy: Policy, one: KeyWait, email: str, first_name: str, answer: KeyAnswer
) -> Letter:
    product = policy.products.get(answer.product or "")
    return letters.write(
        "key-looked-up",
        one.lang,
        email,
        path="my/products",
        first_name=first_name,
        last4=one.key_last4,
        done=answer.outcome in (KeyOutcome.REGISTERED, KeyOutcome.ALREADY_YOURS),
        product=f"{product.name if product else ''} {answer.version or ''}".strip(),
        elsewhere=answer.outcome is KeyOutcome.ANOTHERS,
    )
