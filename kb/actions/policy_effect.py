"""How many registered products a change of policy touches."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from kb.actions.entitlements import office_day, state_of
from kb.rules.policy import Policy
from kb.rules.policy_diff import Diff, Held
from kb.rules.policy_effect import Effect, effect, held
from kb.store import Database, assets, licences
from kb.store.licences import Credit

_AT_ONCE = 1000


def effect_on_products(
    db: Database, before: Policy, after: Policy, found: Diff, now: datetime
) -> Effect:
    """Count, on this day, the registered products of all accounts that each change touches."""
    return effect(before, after, found, _products(db, before, now))


def _products(db: Database, policy: Policy, now: datetime) -> Iterator[Held]:
    """A paid incident without a product fits any of its owner's."""
    today = office_day(policy, now)
    with db.read() as conn:
        by_owner: dict[int, list[Credit]] = defaultdict(list)
        by_asset: dict[int, list[Credit]] = defaultdict(list)
        for credit in licences.all_unused_credits(conn):
            if credit.asset_id is None:
                by_owner[credit.user_id].append(credit)
            else:
                by_asset[credit.asset_id].append(credit)
        last = 0
        while some := assets.after(conn, last, _AT_ONCE):
            for asset in some:
                unused = (*by_owner[asset.user_id], *by_asset[asset.id])
                yield held(policy, asset.product, state_of(asset, unused, today), today)
            last = some[-1].id
