"""The free upgrade to the current version: its key registers itself in the account (R10)."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Connection

from kb.actions.cover import covered_in
from kb.actions.entitlements import office_day
from kb.actions.key_lookup import opened
from kb.actions.mail_queue import queue
from kb.mail import Letters
from kb.rules.claims import ClaimState
from kb.rules.policy import Policy
from kb.store import Database, assets, audit, claims, licences, users
from kb.store.assets import Asset
from kb.store.licences import Licence


class UpgradeOutcome(StrEnum):
    """What became of a wish to upgrade."""

    DONE = "done"
    NOT_FREE = "not-free"  # no support runs, or this is the current version
    NO_KEY_YET = "no-key-yet"  # a person has to make it
    NOT_YOURS = "not-yours"


@dataclass(frozen=True, slots=True)
class Upgraded:
    """The answer; with the new key and the new product where it is done."""

    outcome: UpgradeOutcome
    key: str = ""
    asset_id: int | None = None


def free_upgrade(
    db: Database, policy: Policy, secret: str, user_id: int, asset_id: int, now: datetime
) -> Upgraded:
    """Register the key of the newer version beside the old one, in one transaction, with the
    support that runs; asked twice it is registered once."""
    today = office_day(policy, now)
    with db.write() as conn:
        found = covered_in(conn, policy, user_id, asset_id, now)
        if found is None:
            return Upgraded(UpgradeOutcome.NOT_YOURS)
        old = licences.by_id(conn, found.asset.licence_id)
        if old is None or not found.plan_runs or found.newer_version is None:
            return Upgraded(UpgradeOutcome.NOT_FREE)
        licences.lock(conn, old.id)
        fitting = [
            one
            for one in licences.upgrades_of(conn, old.key_hash)
            if one.version == found.newer_version and one.product == old.product
        ]
        for new in fitting:
            mine = _register(conn, found.asset, new, user_id, today, now)
            if mine is not None:
                key = opened(secret, new.sealed_key) or ""
                return Upgraded(UpgradeOutcome.DONE, key, mine)
    return Upgraded(UpgradeOutcome.NO_KEY_YET)


def hand_out_upgrades(
    db: Database, policy: Policy, letters: Letters, secret: str, now: datetime
) -> int:
    """Register the upgrades that customers wait for and whose keys have come, by an import or
    from the licence service; returns how many. Each is registered and mailed in one transaction."""
    with db.read() as conn:
        ready = claims.upgrades_ready(conn)
    return sum(_hand_out(db, policy, letters, claim_id, now) for claim_id in ready)


def _hand_out(db: Database, policy: Policy, letters: Letters, claim_id: int, now: datetime) -> bool:
    today = office_day(policy, now)
    with db.write() as conn:
        one = claims.by_id(conn, claim_id)
        old = licences.by_id(conn, one.licence_id) if one else None
        if one is None or old is None:
            return False
        licences.lock(conn, old.id)
        kept = assets.of_licence(conn, old.id, one.user_id)
        asset = assets.by_id(conn, kept, one.user_id) if kept else None
        new = next((new for new in licences.upgrades_of(conn, old.key_hash)
                    if new.product == old.product), None)  # fmt: skip
        if asset is None or new is None or assets.owner_of(conn, new.id) is not None:
            return False
        if _register(conn, asset, new, one.user_id, today, now) is None:
            return False
        claims.decide(conn, claim_id, ClaimState.ACCEPTED, None, "", now)
        _mail(conn, policy, letters, one.user_id, new, now)
    return True


def _register(
    conn: Connection, old: Asset, new: Licence, user_id: int, today: date, now: datetime
) -> int | None:
    """Register the new key beside the old one, with the support that runs; None when somebody
    else has it."""
    added = assets.add(conn, user_id, new.id, now, organisation_id=old.organisation_id)
    mine = added or assets.of_licence(conn, new.id, user_id)
    running = old.contract_on(today)
    if added and running and running.ends_on >= today and not licences.contracts_of(conn, new.id):
        bought = replace(running, starts_on=today, source="upgrade")
        licences.add_contract(conn, new.id, bought)
    if added:
        said = {"before": old.version, "after": new.version}
        audit.record(conn, user_id, "asset.upgrade", f"asset:{mine}", now, **said)
    return mine


def _mail(
    conn: Connection, policy: Policy, letters: Letters, user_id: int, new: Licence, now: datetime
) -> None:
    reader = users.by_id(conn, user_id)
    if reader is None or reader.deleted_at:
        return
    product = policy.products.get(new.product)
    name = f"{product.name if product else new.product} {new.version or ''}".strip()
    letter = letters.write(
        "upgrade-ready", reader.lang, reader.email, path="my/products",
        first_name=reader.first_name, product=name, last4=new.key_last4,
    )  # fmt: skip
    queue(conn, letter, now)
