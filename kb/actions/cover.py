"""What comes with the products a customer has registered (R8, R9, R12, R17)."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from kb.actions.entitlements import office_day, state_of
from kb.rules.cover import Cover, cover_of, support_request
from kb.rules.entitlement import Decision, decide
from kb.rules.facts import OTHER, AssetState, Edition, PlanState, facts_for, plan_state
from kb.rules.policy import Plan, Policy
from kb.rules.products import Product
from kb.store import Database, assets, licences
from kb.store.assets import Asset
from kb.store.licences import Credit


@dataclass(frozen=True, slots=True)
class Covered:
    """A registered product on a day: the support included with it, what its owner may do now
    (paid incidents counted) and its plan. `product` is None once the line has left the policy."""

    asset: Asset
    product: Product | None
    cover: Cover
    decision: Decision | None
    plan: Plan | None
    plan_runs: bool
    unused_credits: int

    @property
    def name(self) -> str:
        return self.product.name if self.product else self.asset.product

    @property
    def newer_version(self) -> str | None:
        """The current version when it is not the one registered (R27)."""
        current = self.product.current_version if self.product else None
        known = self.asset.version is not None and self.asset.version != current
        return current if known else None


def covered_products(
    db: Database, policy: Policy, user_id: int, now: datetime
) -> tuple[Covered, ...]:
    """Return every product of an account with its support, the newest registration first."""
    today = office_day(policy, now)
    with db.read() as conn:
        unused = licences.unused_credits(conn, user_id)
        return tuple(_covered(policy, one, unused, today) for one in assets.of_user(conn, user_id))


def covered_product(
    db: Database, policy: Policy, user_id: int, asset_id: int, now: datetime
) -> Covered | None:
    """Return one product of this account; None for anybody else's."""
    with db.read() as conn:
        return covered_in(conn, policy, user_id, asset_id, now)


def covered_in(
    conn: Connection, policy: Policy, user_id: int, asset_id: int, now: datetime
) -> Covered | None:
    """The same inside a transaction."""
    asset = assets.by_id(conn, asset_id, user_id)
    if asset is None:
        return None
    unused = licences.unused_credits(conn, user_id)
    return _covered(policy, asset, unused, office_day(policy, now))


def covered_of(policy: Policy, asset: Asset, today: date) -> Covered:
    """The support of any registered product on a day, paid incidents aside."""
    return _covered(policy, asset, (), today)


def _covered(policy: Policy, asset: Asset, unused: tuple[Credit, ...], today: date) -> Covered:
    product = policy.products.get(asset.product)
    state = state_of(asset, unused, today)
    return Covered(
        asset=asset,
        product=product,
        cover=cover_of(policy, product, state, today),
        decision=_decision(policy, product, state, today),
        plan=policy.plans.get(state.plan or ""),
        plan_runs=plan_state(policy, state, today) is PlanState.ACTIVE,
        unused_credits=state.unused_credits,
    )


def _decision(
    policy: Policy, product: Product | None, state: AssetState, today: date
) -> Decision | None:
    request = support_request(policy)
    if product is None or request is None:
        return None
    facts = facts_for(policy, request.id, OTHER, Edition.FULL, product, state, today=today)
    return decide(policy, facts)
