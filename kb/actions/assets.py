"""Registering products by their licence keys (R6–R9, R11, R15, R16)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection

from kb.actions import limits
from kb.actions.entitlements import office_day
from kb.actions.key_lookup import Asking
from kb.actions.key_lookup import key_hash as key_hash
from kb.outside.licence_service import LicenceService
from kb.rules import keys
from kb.rules.accounts import KEYS_BY_ACCOUNT
from kb.rules.claims import Proof
from kb.rules.keys import KeyShape
from kb.rules.policy import Policy
from kb.store import Database, assets, audit, licences, organisations
from kb.store.assets import Asset
from kb.store.licences import Contract, Licence

_YEAR = 365  # R11: the subscription that comes with a business product


class KeyOutcome(StrEnum):
    """What became of one pasted key (R6)."""

    REGISTERED = "registered"
    ALREADY_YOURS = "already-yours"
    ANOTHERS = "anothers"
    UNKNOWN = "unknown"
    MALFORMED = "malformed"
    BOX_SERIAL = "box-serial"
    TOO_MANY = "too-many"
    MISTYPED = "mistyped"  # its check characters do not fit
    WAITING = "waiting"  # the licence service cannot be asked now; it is asked again


@dataclass(frozen=True, slots=True)
class KeyAnswer:
    """The answer to one key; only its last four characters are repeated where it is known."""

    written: str
    outcome: KeyOutcome
    last4: str = ""
    asset_id: int | None = None
    product: str | None = None
    version: str | None = None


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

    One transaction: the good ones are registered whatever the others are. Guessing has an end:
    after so many unknown keys an account is told TOO_MANY for a while."""
    patterns = _patterns(policy)
    written = keys.split(text, patterns)
    if not written:
        return ()
    # Always in the order of the hashes, so two accounts that paste the same keys do not
    # wait for each other in a circle.
    in_order = sorted(written, key=lambda key: key_hash(secret, key))
    asking = Asking(db, policy, secret, service)
    unanswered = asking.learn(user_id, in_order, now)
    with db.write() as conn:
        answers = {key: _register(conn, policy, user_id, key, now, secret) for key in in_order}
        for key in in_order:
            if key in unanswered and answers[key].outcome is KeyOutcome.UNKNOWN:
                asking.keep(conn, user_id, key, lang, now)
                answers[key] = KeyAnswer(key, KeyOutcome.WAITING, keys.last_four(key))
    return tuple(answers[key] for key in written)


def register_known(
    conn: Connection, policy: Policy, user_id: int, key: str, now: datetime, *, secret: str
) -> KeyAnswer:
    """Register one key inside a transaction, as the worker does with one that waited."""
    return _register(conn, policy, user_id, key, now, secret)


def assets_of(db: Database, user_id: int) -> tuple[Asset, ...]:
    """Return a customer's registered products, the newest first (R6, R8)."""
    with db.read() as conn:
        return assets.of_user(conn, user_id)


def asset(db: Database, user_id: int, asset_id: int) -> Asset | None:
    """Return one registered product of this customer; None for anybody else's."""
    with db.read() as conn:
        return assets.by_id(conn, asset_id, user_id)


def _patterns(policy: Policy) -> tuple[str, ...]:
    return tuple(
        pattern for product in policy.products.values() for pattern in product.key_patterns
    )


def _register(
    conn: Connection, policy: Policy, user_id: int, key: str, now: datetime, secret: str
) -> KeyAnswer:
    shape = keys.shape(key, _patterns(policy))
    if shape is KeyShape.BOX_SERIAL:
        return KeyAnswer(key, KeyOutcome.BOX_SERIAL)
    if shape is KeyShape.MALFORMED:
        return KeyAnswer(key, KeyOutcome.MALFORMED)
    if not _is_typed_right(policy, key):
        return KeyAnswer(key, KeyOutcome.MISTYPED)
    guesses = limits.subject(secret, "key", str(user_id))
    if not limits.is_within(conn, guesses, KEYS_BY_ACCOUNT, now):
        return KeyAnswer(key, KeyOutcome.TOO_MANY)
    licence = licences.by_hash(conn, key_hash(secret, key))
    if licence is None:
        limits.count_within(conn, guesses, KEYS_BY_ACCOUNT, now)
        return KeyAnswer(key, KeyOutcome.UNKNOWN)
    place = organisations.of_user(conn, user_id)
    belongs_to = place.organisation_id if place else None
    product = policy.products.get(licence.product)
    proof = Proof.NEEDED if product and product.proof else None
    asset_id = assets.add(conn, user_id, licence.id, now, organisation_id=belongs_to, proof=proof)
    if asset_id is not None:
        return _registered(conn, policy, user_id, key, licence, asset_id, now)
    known = assets.of_licence(conn, licence.id, user_id)
    if known is None:
        return KeyAnswer(key, KeyOutcome.ANOTHERS)
    return _answer(key, KeyOutcome.ALREADY_YOURS, licence, known)


def _is_typed_right(policy: Policy, key: str) -> bool:
    """Hold a key against the check of the products it looks like; one of them must be content."""
    looks = [
        product.key_check
        for product in policy.products.values()
        if product.key_patterns and keys.shape(key, product.key_patterns) is KeyShape.FULL
    ]
    return not looks or any(keys.is_typed_right(key, check) for check in looks)


def _registered(
    conn: Connection,
    policy: Policy,
    user_id: int,
    key: str,
    licence: Licence,
    asset_id: int,
    now: datetime,
) -> KeyAnswer:
    contract = included_contract(policy, licence, now)
    if contract and not licences.contracts_of(conn, licence.id):
        licences.add_contract(conn, licence.id, contract)
    audit.record(conn, user_id, "asset.register", f"asset:{asset_id}", now, product=licence.product)
    return _answer(key, KeyOutcome.REGISTERED, licence, asset_id)


def included_contract(policy: Policy, licence: Licence, now: datetime) -> Contract | None:
    """Return the service that comes with a licence, or None when none does (R9, R11, R15).

    The licence decides, else its product. It starts at purchase (R16), or at registration where
    the product must be registered first (R7); a term licence is covered for its term (R26)."""
    product = policy.products.get(licence.product)
    plan_id = licence.plan or (product.included_plan if product else None)
    plan = policy.plans.get(plan_id or "")
    if plan is None:
        return None
    days = licence.plan_days or licence.term_days or plan.term_days or _YEAR
    register_first = product is not None and product.register_first
    starts = office_day(policy, now) if register_first else licence.sold_on
    return Contract(plan.id, starts, starts + timedelta(days=days))


def _answer(key: str, outcome: KeyOutcome, licence: Licence, asset_id: int) -> KeyAnswer:
    return KeyAnswer(key, outcome, licence.key_last4, asset_id, licence.product, licence.version)
