"""Which registered products a change of policy touches: the situations of a diff, counted."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from kb.rules.facts import AssetState, Edition, PlanState, days_since, plan_state
from kb.rules.policy import Policy
from kb.rules.policy_diff import Both, Diff, Held, matches


@dataclass(frozen=True, slots=True)
class Effect:
    """How many products there are, how many are touched by any change, how many by each change of
    the diff (in its order), and how many hold each plan that runs."""

    products: int
    touched: int
    by_change: tuple[int, ...]
    by_plan: dict[str, int]


def held(policy: Policy, line: str, asset: AssetState, today: date) -> Held:
    """Return a registered product as the diff sees it."""
    state = plan_state(policy, asset, today)
    return Held(
        line=line,
        version=asset.version,
        edition=str(Edition.FULL),
        registered=asset.registered,
        plan=asset.plan if state is not PlanState.NONE else None,
        expired=state is PlanState.EXPIRED,
        days=days_since(asset.purchased, today),
        credit=asset.registered and asset.unused_credits > 0,
    )


def effect(before: Policy, after: Policy, found: Diff, products: Iterable[Held]) -> Effect:
    """Count the products that each change touches, for any request and topic."""
    both = Both(before, after)
    alike = Counter(replace(one, days=_cut(both, one.days)) for one in products)
    by_change = [0] * len(found.changes)
    touched = 0
    for one, count in alike.items():
        rows = _rows(both, found, one)
        touched += count if rows else 0
        for row in rows:
            by_change[row] += count
    plans: Counter[str] = Counter()
    for one, count in alike.items():
        if one.plan and not one.expired:
            plans[one.plan] += count
    return Effect(alike.total(), touched, tuple(by_change), dict(plans))


def _rows(both: Both, found: Diff, one: Held) -> set[int]:
    rows = set()
    for asked in both.askings():
        told = both.told(asked.request, asked.topics[0], one)
        if not told.changed:
            continue
        values = both.values(asked, one)
        rows |= {
            at
            for at, change in enumerate(found.changes)
            if change.told == told and matches(change.cells, values)
        }
    return rows


def _cut(both: Both, days: int | None) -> int | None:
    """The first day that no rule tells apart from this one."""
    return None if days is None else max(cut for cut in both.thresholds if cut <= days)
