"""What an entitlement decision may look at, gathered from a product and its state on a day."""

from dataclasses import dataclass, fields, replace
from datetime import date
from enum import StrEnum

from kb.rules.policy import Condition, Policy, Test
from kb.rules.products import Lifecycle, Product

UNKNOWN = "unknown"  # a number that is not known
NONE = "none"
OTHER = "other"  # the topic of a request that is about nothing in the list


class Edition(StrEnum):
    """The version a customer runs (R37); `none` when the request is about no product."""

    TRIAL = "trial"
    FULL = "full"
    NONE = "none"


class PlanState(StrEnum):
    ACTIVE = "active"
    EXPIRED = "expired"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything the decision may look at; each has a finite domain once numbers are cut
    at the thresholds that occur in the rules. All but numbers are words."""

    request: str
    topic: str = OTHER
    scope: str = "in"  # in | out: what the topic says (R23, R24)
    edition: str = "none"  # trial | full | none
    market: str = "none"  # business | home | home-office | none (no product)
    oem: str = "no"  # no | pay-per-incident | ordinary
    licensing: str = "perpetual"  # perpetual | term
    lifecycle: str = "supported"  # supported | unsupported
    register_first: str = "no"  # yes | no: support starts with registration (R7)
    registered: str = "no"  # yes | no: the product is registered to this account
    plan_state: str = "none"  # active | expired | none
    plan: str = "none"  # the plan's id while active or expired
    days_since_purchase: int | None = None
    credit: str = "no"  # yes | no: an unused paid incident for this product


FACTS = tuple(one.name for one in fields(Facts))
NUMBERS = ("days_since_purchase",)


@dataclass(frozen=True, slots=True)
class AssetState:
    """What is known of a customer's product; support is valid through `plan_until`, that day
    included, and without end when it is None."""

    version: str | None = None
    registered: bool = False
    purchased: date | None = None
    plan: str | None = None
    plan_until: date | None = None
    unused_credits: int = 0


NOTHING_KNOWN = AssetState()


def facts_for(
    policy: Policy,
    request: str,
    topic: str = OTHER,
    edition: str = Edition.NONE,
    product: Product | None = None,
    asset: AssetState = NOTHING_KNOWN,
    *,
    today: date,
) -> Facts:
    """Gather the facts for one wish on `today`, the date where the support office is.

    Without a product nothing else is known; a trial is not registered, planned or paid for (R21).
    """
    about = policy.requests.get(request)
    chosen = about.topic(topic) if about else None
    topic, scope = (topic, "in" if chosen.in_scope else "out") if chosen else (OTHER, "in")
    if product is None or edition == Edition.NONE:
        return Facts(request, topic, scope)
    facts = Facts(
        request,
        topic,
        scope,
        edition=str(edition),
        market=str(product.market),
        oem=str(product.oem),
        licensing=str(product.licensing),
        lifecycle=str(product.lifecycle(asset.version)),
        register_first=_yes(product.register_first),
    )
    return facts if edition != Edition.FULL else _with_purchase(policy, facts, asset, today)


def _with_purchase(policy: Policy, facts: Facts, asset: AssetState, today: date) -> Facts:
    state = plan_state(policy, asset, today)
    return replace(
        facts,
        registered=_yes(asset.registered),
        plan_state=str(state),
        plan=asset.plan if asset.plan and state is not PlanState.NONE else NONE,
        days_since_purchase=days_since(asset.purchased, today),
        credit=_yes(asset.registered and asset.unused_credits > 0),
    )


def plan_state(policy: Policy, asset: AssetState, today: date) -> PlanState:
    """Tell whether the asset's plan still runs; its last day is included (R8, R17)."""
    plan = policy.plans.get(asset.plan or "")
    if plan is None or plan.per_case:
        return PlanState.NONE
    if asset.plan_until is not None and today > asset.plan_until:
        return PlanState.EXPIRED
    return PlanState.ACTIVE


def days_since(purchased: date | None, today: date) -> int | None:
    """Count full days from the purchase: 0 on its day (also when it lies ahead by a time zone)."""
    return None if purchased is None else max(0, (today - purchased).days)


def holds(condition: Condition, facts: Facts) -> bool:
    """Tell whether every test of a condition holds."""
    return all(passes(test, getattr(facts, test.fact)) for test in condition)


def passes(test: Test, value: str | int | None) -> bool:
    """Tell whether one fact's value passes a test; an unknown number is within no bounds."""
    if isinstance(value, str):
        return value in test.values
    if value is None:
        return UNKNOWN in test.values
    if test.values:
        return False
    above = test.at_least is None or value >= test.at_least
    return above and (test.at_most is None or value <= test.at_most)


def is_consistent(policy: Policy, facts: Facts) -> bool:
    """Tell whether these facts can occur together; the proof walks only those that can.

    No product: nothing is known of one. A trial: not registered, no plan, not bought. A product's
    market, OEM kind, licensing and registration go together as in some product of the policy, and
    only a product with versions can be too old. A paid incident belongs to a registered product."""
    if facts.market == NONE or facts.edition == Edition.NONE:
        return facts == Facts(facts.request, facts.topic, facts.scope)
    if (facts.plan == NONE) != (facts.plan_state == PlanState.NONE):
        return False
    if facts.credit == "yes" and facts.registered == "no":
        return False
    bought = (facts.registered, facts.plan, facts.days_since_purchase) != ("no", NONE, None)
    if facts.edition != Edition.FULL and bought:
        return False
    old = facts.lifecycle == Lifecycle.UNSUPPORTED
    return any(
        is_kind(one, facts) and (not old or len(one.generations) > 0)
        for one in policy.products.values()
    )


def is_kind(product: Product, facts: Facts) -> bool:
    """Tell whether a product is of the market, OEM kind, licensing and registration in `facts`."""
    kind = product.market, product.oem, product.licensing, _yes(product.register_first)
    return kind == (facts.market, facts.oem, facts.licensing, facts.register_first)


def _yes(value: bool) -> str:
    return "yes" if value else "no"
