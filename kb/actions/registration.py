"""Registering keys that are known here: many in a few statements, each with its answer (R6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection

from kb.actions import limits
from kb.actions.entitlements import office_day
from kb.actions.key_lookup import key_hash
from kb.rules import keys
from kb.rules.accounts import KEYS_BY_ACCOUNT
from kb.rules.claims import Proof
from kb.rules.keys import KeyShape
from kb.rules.policy import Policy
from kb.store import asset_bulk, assets, licence_bulk, organisations
from kb.store.asset_bulk import NewAsset
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
    TWICE = "twice"  # the same key stands above in the same paste


@dataclass(frozen=True, slots=True)
class KeyAnswer:
    """The answer to one key; only its last four characters are repeated where it is known."""

    written: str
    outcome: KeyOutcome
    last4: str = ""
    asset_id: int | None = None
    product: str | None = None
    version: str | None = None


def register_known(
    conn: Connection, policy: Policy, user_id: int, written: Sequence[str], now: datetime,
    *, secret: str,
) -> dict[str, KeyAnswer]:  # fmt: skip
    """Register keys, each given once, inside a transaction; returns the answer to each.

    Guessing has an end: after so many unknown keys the rest is answered with TOO_MANY."""
    found = _look_up(conn, policy, user_id, written, now, secret)
    sold = [licence for licence in found.values() if isinstance(licence, Licence)]
    added = _add(conn, policy, user_id, sold, now)
    return {
        key: _answer(conn, user_id, key, what, added)
        if isinstance(what, Licence)
        else KeyAnswer(key, what)
        for key, what in found.items()
    }


def patterns_of(policy: Policy) -> tuple[str, ...]:
    """Return the patterns of the keys of every product."""
    return tuple(
        pattern for product in policy.products.values() for pattern in product.key_patterns
    )


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


def _look_up(
    conn: Connection, policy: Policy, user_id: int, written: Sequence[str], now: datetime,
    secret: str,
) -> dict[str, Licence | KeyOutcome]:  # fmt: skip
    """The licence of each key, or why there is none."""
    patterns = patterns_of(policy)
    wrong = {key: why for key in written if (why := _flaw(policy, key, patterns))}
    hashes = {key: key_hash(secret, key) for key in written if key not in wrong}
    sold = licence_bulk.by_hashes(conn, tuple(hashes.values()))
    guesses = limits.subject(secret, "key", str(user_id))
    within = limits.is_within(conn, guesses, KEYS_BY_ACCOUNT, now)
    found: dict[str, Licence | KeyOutcome] = {}
    for key in written:
        licence = sold.get(hashes.get(key, ""))
        if key in wrong:
            found[key] = wrong[key]
        elif not within:
            found[key] = KeyOutcome.TOO_MANY
        elif licence is None:
            limits.count_within(conn, guesses, KEYS_BY_ACCOUNT, now)
            within = limits.is_within(conn, guesses, KEYS_BY_ACCOUNT, now)
            found[key] = KeyOutcome.UNKNOWN
        else:
            found[key] = licence
    return found


def _add(
    conn: Connection, policy: Policy, user_id: int, sold: Sequence[Licence], now: datetime
) -> dict[int, int]:
    """Register licences that are free, with the service that comes with them; returns the new
    registrations by licence."""
    place = organisations.of_user(conn, user_id)
    belongs_to = place.organisation_id if place else None
    new = [
        NewAsset(user_id, one.id, now, belongs_to, _proof(policy, one), one.product) for one in sold
    ]
    added = asset_bulk.add_all(conn, new)
    fresh = [one for one in sold if one.id in added]
    covered = asset_bulk.with_contracts(conn, [one.id for one in fresh])
    contracts = {
        one.id: contract
        for one in fresh
        if one.id not in covered and (contract := included_contract(policy, one, now))
    }
    asset_bulk.add_contracts(conn, contracts)
    return added


def _proof(policy: Policy, licence: Licence) -> str | None:
    product = policy.products.get(licence.product)
    return str(Proof.NEEDED) if product and product.proof else None


def _flaw(policy: Policy, key: str, patterns: tuple[str, ...]) -> KeyOutcome | None:
    """What is wrong with a key before anybody looks it up. It is held against the check of the
    products it looks like; one of them must be content."""
    shape = keys.shape(key, patterns)
    if shape is KeyShape.BOX_SERIAL:
        return KeyOutcome.BOX_SERIAL
    if shape is KeyShape.MALFORMED:
        return KeyOutcome.MALFORMED
    looks = [
        product.key_check
        for product in policy.products.values()
        if product.key_patterns and keys.shape(key, product.key_patterns) is KeyShape.FULL
    ]
    right = not looks or any(keys.is_typed_right(key, check) for check in looks)
    return None if right else KeyOutcome.MISTYPED


def _answer(
    conn: Connection, user_id: int, key: str, licence: Licence, added: Mapping[int, int]
) -> KeyAnswer:
    """Registered just now, by this person before, or by somebody else, who is not named."""
    new = added.get(licence.id)
    asset_id = new or assets.of_licence(conn, licence.id, user_id)
    if asset_id is None:
        return KeyAnswer(key, KeyOutcome.ANOTHERS)
    outcome = KeyOutcome.REGISTERED if new else KeyOutcome.ALREADY_YOURS
    return KeyAnswer(
        key, outcome, licence.key_last4, asset_id, licence.product, licence.version
    )  # fmt: skip
