"""Registering products by their licence keys (R6–R9, R11, R15, R16)."""

from datetime import datetime

from kb.actions.key_lookup import Asking
from kb.actions.key_lookup import key_hash as key_hash
from kb.actions.registration import KeyAnswer as KeyAnswer
from kb.actions.registration import KeyOutcome as KeyOutcome
from kb.actions.registration import included_contract as included_contract
from kb.actions.registration import patterns_of, register_known
from kb.outside.licence_service import LicenceService
from kb.rules import keys
from kb.rules.policy import Policy
from kb.store import Database, assets
from kb.store.assets import Asset


def register_keys(
    db: Database,
    policy: Policy,
    user_id: int,
    text: str,
    now: datetime,
    *,
    secret: str,
    service: LicenceService | None = None,
    lang: str = "",
) -> tuple[KeyAnswer, ...]:
    """Register every key in a pasted text and answer for each (R6); () when there is none.
    A member of an organisation registers for the organisation.

    Keys that nobody here knows are asked of the licence service, where there is one; while it
    does not answer they wait, and the worker asks again.

    One transaction: the good ones are registered whatever the others are. Each line is answered,
    also one that stands there twice. Guessing has an end: after so many unknown keys an account
    is told TOO_MANY for a while."""
    written = keys.split(text, patterns_of(policy))
    if not written:
        return ()
    first: dict[str, str] = {}
    for key in written:
        first.setdefault(keys.canonical(key), key)
    # Always in the order of the hashes, so two accounts that paste the same keys do not
    # wait for each other in a circle.
    in_order = sorted(first.values(), key=lambda key: key_hash(secret, key))
    asking = Asking(db, policy, secret, service)
    unanswered = asking.learn(user_id, in_order, now)
    with db.write() as conn:
        answers = register_known(conn, policy, user_id, in_order, now, secret=secret)
        for key in in_order:
            if key in unanswered and answers[key].outcome is KeyOutcome.UNKNOWN:
                asking.keep(conn, user_id, key, lang, now)
                answers[key] = KeyAnswer(key, KeyOutcome.WAITING, keys.last_four(key))
    return tuple(_answer_to(key, first, answers) for key in written)


def _answer_to(key: str, first: dict[str, str], answers: dict[str, KeyAnswer]) -> KeyAnswer:
    """A key that stands above already is told so, whatever became of it there."""
    meant = first.pop(keys.canonical(key), None)
    return KeyAnswer(key, KeyOutcome.TWICE, keys.last_four(key)) if not meant else answers[meant]


def assets_of(db: Database, user_id: int) -> tuple[Asset, ...]:
    """Return a customer's registered products, the newest first (R6, R8)."""
    with db.read() as conn:
        return assets.of_user(conn, user_id)


def asset(db: Database, user_id: int, asset_id: int) -> Asset | None:
    """Return one registered product of this customer; None for anybody else's."""
    with db.read() as conn:
        return assets.by_id(conn, asset_id, user_id)
