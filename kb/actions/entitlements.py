"""What may this customer do about this wish: gathers the facts and asks the rule (R37–R41)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from kb.rules.contact import Wish
from kb.rules.entitlement import Allowed, Decision, decide
from kb.rules.facts import OTHER, AssetState, Edition, Facts, facts_for
from kb.rules.policy import Policy
from kb.store import Database, assets, licences
from kb.store.assets import Asset
from kb.store.licences import Credit

_MOST = 5000  # decisions that are kept


@dataclass(frozen=True, slots=True)
class Outcome:
    """A decision with everything it was made from; `asset` is the registered product that it is
    about, `product` its line or the one that was named."""

    decision: Decision
    facts: Facts
    asset: Asset | None
    product: str | None
    version: str | None
    policy_revision: str


class _Decided:
    """Decisions of the policy that was asked last: the same facts are decided alike, and most
    cases come with facts that another came with."""

    def __init__(self) -> None:
        self._kept: tuple[Policy | None, dict[Facts, Decision]] = (None, {})

    def of(self, policy: Policy, facts: Facts) -> Decision:
        """Return what the rules say."""
        of, decisions = self._kept
        if of is not policy or len(decisions) >= _MOST:
            decisions = {}
            self._kept = (policy, decisions)
        found = decisions.get(facts)
        if found is None:
            found = decisions[facts] = decide(policy, facts)
        return found


_DECIDED = _Decided()


def decide_for(
    db: Database, policy: Policy, user_id: int | None, wish: Wish, now: datetime
) -> Outcome:
    """Decide one wish of a customer, or of a stranger when `user_id` is None."""
    with db.read() as conn:
        return decide_in(conn, policy, user_id, wish, now)


def decide_in(
    conn: Connection, policy: Policy, user_id: int | None, wish: Wish, now: datetime
) -> Outcome:
    """The same inside a transaction. Somebody else's product counts as none.

    A wish that names a line and no registered product takes the best of the customer's own."""
    return max(_outcomes(conn, policy, user_id, wish, now), key=lambda one: _rank(policy, one))


def decide_about(
    policy: Policy, wish: Wish, asset: Asset, unused: tuple[Credit, ...], now: datetime
) -> Outcome:
    """The same about a product that is read already, with its owner's unused paid incidents."""
    return _about(policy, wish, asset.product, asset, unused, now)


def office_day(policy: Policy, now: datetime) -> date:
    """Return today's date where the support office is: the zone of the first calendar."""
    first = next(iter(policy.calendars.values()), None)
    return now.astimezone(ZoneInfo(first.zone) if first else UTC).date()


def _outcomes(
    conn: Connection, policy: Policy, user_id: int | None, wish: Wish, now: datetime
) -> Iterator[Outcome]:
    owned = _candidates(conn, user_id, wish)
    unused = licences.unused_credits(conn, user_id) if user_id and owned else ()
    for asset in owned:
        yield _about(policy, wish, asset.product, asset, unused, now)
    if not owned:
        yield _about(policy, wish, wish.product or None, None, (), now)


def _candidates(conn: Connection, user_id: int | None, wish: Wish) -> tuple[Asset, ...]:
    if user_id is None or wish.edition != Edition.FULL:
        return ()
    if wish.asset is not None:
        found = assets.by_id(conn, wish.asset, user_id)
        return (found,) if found else ()
    return tuple(one for one in assets.of_user(conn, user_id) if one.product == wish.product)


def _about(
    policy: Policy,
    wish: Wish,
    line: str | None,
    asset: Asset | None,
    unused: tuple[Credit, ...],
    now: datetime,
) -> Outcome:
    today = office_day(policy, now)
    facts = facts_for(
        policy,
        wish.request,
        wish.topic or OTHER,
        wish.edition or Edition.NONE,
        policy.products.get(line or ""),
        state_of(asset, unused, today) if asset else AssetState(),
        today=today,
    )
    return Outcome(
        decision=_DECIDED.of(policy, facts),
        facts=facts,
        asset=asset,
        product=line,
        version=asset.version if asset else None,
        policy_revision=policy.revision,
    )


def state_of(asset: Asset, unused: tuple[Credit, ...], today: date) -> AssetState:
    """Return what the rules may know of a registered product on a day (R9: from its key)."""
    contract = asset.contract_on(today)
    return AssetState(
        version=asset.version,
        registered=True,
        purchased=asset.purchased_on,
        plan=contract.plan if contract else None,
        plan_until=contract.ends_on if contract else None,
        unused_credits=sum(credit.asset_id in (None, asset.id) for credit in unused),
    )


def _rank(policy: Policy, outcome: Outcome) -> tuple[bool, bool, int, int]:
    """Better is: allowed at all, no paid incident used, more channels, a plan served first."""
    decision = outcome.decision
    if not isinstance(decision, Allowed):
        return False, False, 0, 0
    grants = decision.channels
    plans = [policy.plans.get(grant.plan or "") for grant in grants]
    best = max((plan.priority for plan in plans if plan), default=0)
    return True, not any(grant.uses_credit for grant in grants), len(grants), best
