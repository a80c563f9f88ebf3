"""The free upgrade to the current version: its key registers itself in the account (R10)."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from kb.actions.cover import covered_in
from kb.actions.entitlements import office_day
from kb.actions.key_lookup import opened
from kb.rules.policy import Policy
from kb.store import Database, assets, audit, licences


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
            place = found.asset.organisation_id
            added = assets.add(conn, user_id, new.id, now, organisation_id=place)
            mine = added or assets.of_licence(conn, new.id, user_id)
            if mine is None:
                continue
            running = found.asset.contract_on(today)
            if added and running and not licences.contracts_of(conn, new.id):
                bought = replace(running, starts_on=today, source="upgrade")
                licences.add_contract(conn, new.id, bought)
            if added:
                said = {"before": found.asset.version, "after": new.version}
                audit.record(conn, user_id, "asset.upgrade", f"asset:{mine}", now, **said)
            key = opened(secret, new.sealed_key) or ""
            return Upgraded(UpgradeOutcome.DONE, key, mine)
    return Upgraded(UpgradeOutcome.NO_KEY_YET)
