"""How long a registered product is supported: the date shown with it (R8)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from kb.rules.entitlement import Allowed, decide
from kb.rules.facts import OTHER, AssetState, Edition, facts_for
from kb.rules.policy import Policy, Request
from kb.rules.products import Product

SOON = 30  # days in which a customer can still do something about the end
REMINDERS = (30, 7, 1)  # days before the last day that counts


class CoverState(StrEnum):
    ACTIVE = "active"
    ENDING = "ending"
    ENDED = "ended"
    NONE = "none"  # never included, or not for this version


@dataclass(frozen=True, slots=True)
class Cover:
    """Whether support is included on a day, and `until` which day, that one counted; None where
    it has no end or never began. `days_left` is set while it is about to end."""

    state: CoverState
    until: date | None = None
    days_left: int | None = None


def cover_of(policy: Policy, product: Product | None, asset: AssetState, today: date) -> Cover:
    """Return the support that comes with a product: paid incidents are left aside (R8, R19).

    The last day is where the rules begin to refuse, so a page and a decision never disagree."""
    request = support_request(policy)
    if product is None or request is None:
        return Cover(CoverState.NONE)
    asset = replace(asset, unused_credits=0)
    last = max(
        (day for day in _ends(policy, asset) if _helped(policy, request, product, asset, day)),
        default=asset.plan_until,
    )
    if _helped(policy, request, product, asset, today):
        return _running(last, today)
    over = last is not None and last < today
    return Cover(CoverState.ENDED if over else CoverState.NONE, last)


def reminder_due(until: date | None, today: date) -> int | None:
    """Return which of the reminders is due, or None: the nearest whose day has come, so one that
    was missed while nothing ran is made up for, and never two at once."""
    left = (until - today).days if until else -1
    due = [days for days in REMINDERS if left <= days]
    return min(due) if left > 0 and due else None


def support_request(policy: Policy) -> Request | None:
    """Return the request that support is about: the policy's first one that needs a product."""
    return next((one for one in policy.requests.values() if one.needs_product), None)


def _running(last: date | None, today: date) -> Cover:
    if last is None or last < today:  # helped for a reason that has no end
        return Cover(CoverState.ACTIVE)
    left = (last - today).days
    if left > SOON:
        return Cover(CoverState.ACTIVE, last)
    return Cover(CoverState.ENDING, last, left)


def _ends(policy: Policy, asset: AssetState) -> Iterator[date]:
    """The days after which a decision may change: the plan's last, and the rules' thresholds."""
    if asset.plan_until is not None:
        yield asset.plan_until
    if asset.purchased is not None:
        for rule in policy.rules:
            for test in rule.when:
                if test.fact == "days_since_purchase" and test.at_most is not None:
                    yield asset.purchased + timedelta(days=test.at_most)


def _helped(
    policy: Policy, request: Request, product: Product, asset: AssetState, day: date
) -> bool:
    facts = facts_for(policy, request.id, OTHER, Edition.FULL, product, asset, today=day)
    return isinstance(decide(policy, facts), Allowed)
