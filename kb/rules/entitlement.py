"""May this customer contact support, how, and why: the decision and its explanation."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from kb.rules.calendars import is_open
from kb.rules.facts import FACTS, NONE, Facts, holds, passes
from kb.rules.policy import Channel, Grant, Policy, Rule, Test, Way

__all__ = ["Allowed", "ChannelGrant", "Decision", "Facts", "Refused", "decide", "explain"]


@dataclass(frozen=True, slots=True)
class ChannelGrant:
    """One channel the customer may use, by which rule, on which calendar, under which plan's
    targets; `free` says that it would cost others, `uses_credit` that the case takes a paid
    incident."""

    channel: Channel
    rule: str
    calendar: str
    plan: str | None = None
    free: bool = False
    uses_credit: bool = False


@dataclass(frozen=True, slots=True)
class Allowed:
    """Help in at least one channel, in the site's order of channels; `offers` would add others."""

    channels: tuple[ChannelGrant, ...]
    why: tuple[str, ...]  # ids of the rules that these grants come from, in order
    offers: tuple[str, ...] = ()

    def grant(self, channel: str) -> ChannelGrant | None:
        """Return the grant of this channel, or None when it is not allowed."""
        return next((one for one in self.channels if one.channel == channel), None)


@dataclass(frozen=True, slots=True)
class Refused:
    """No help from a person, by which rule, and what the customer can do or buy instead."""

    rule: str
    why: tuple[str, ...]
    instead: tuple[Way, ...]
    offers: tuple[str, ...] = ()


Decision = Allowed | Refused

NO_RULE = "no-rule"


def decide(policy: Policy, facts: Facts) -> Decision:
    """Read the rules in order: grants add up, the first refusal ends (R19–R32, R38–R41).

    A proved policy always has an answer; for facts that no rule knows it is a refusal with the
    rule `no-rule` and self-service."""
    grants: list[ChannelGrant] = []
    offers: list[str] = []
    for rule in policy.rules:
        if not holds(rule.when, facts):
            continue
        offers += rule.offers
        if rule.grant:
            grants += _granted(policy, rule, rule.grant, facts)
        if rule.refuse:
            if grants:
                break
            return Refused(rule.id, (rule.id,), rule.refuse.instead, _once(offers))
    if not grants:
        return Refused(NO_RULE, (), (Way.KNOWLEDGE_BASE,), _once(offers))
    best = _best(policy, grants)
    spoke = {grant.rule for grant in best}
    why = _once(grant.rule for grant in grants if grant.rule in spoke)
    adding = [offer for offer in offers if _adds(policy, offer, best)]
    return Allowed(best, why, _once(adding))


def decide_again(policy: Policy, kept: Mapping[str, Any]) -> Decision | None:
    """Decide by today's rules on the facts that were kept with a case; None where none were."""
    known = {name: kept[name] for name in FACTS if name in kept}
    return decide(policy, Facts(**known)) if "request" in known else None


def free_topics(policy: Policy, facts: Facts, decision: Decision) -> dict[str, tuple[str, ...]]:
    """Return the topics on which help is free for these facts while `decision`, on the chosen
    topic, is a refusal or has a price; by the rule that grants them (R20)."""
    by_rule: dict[str, tuple[str, ...]] = {}
    for topic in policy.requests[facts.request].topics:
        if topic.id == facts.topic or not topic.in_scope:
            continue
        other = decide(policy, replace(facts, topic=topic.id, scope="in"))
        grants = other.channels if isinstance(other, Allowed) else ()
        rule = next((grant.rule for grant in grants if grant.free), None)
        if rule and rule not in decision.why:
            by_rule[rule] = (*by_rule.get(rule, ()), topic.id)
    return by_rule


def channel_is_open_to(policy: Policy, channel: Channel, facts: Facts) -> bool:
    """Tell whether the site runs the channel and its own conditions hold (R38, R39)."""
    info = policy.channels.get(channel)
    if info is None:
        return False
    return not info.only_when or any(holds(one, facts) for one in info.only_when)


def languages_at(policy: Policy, grant: ChannelGrant, at: datetime) -> tuple[str, ...]:
    """Return the only languages spoken at this moment, or () when all of the site's are (R32)."""
    plan = policy.plans.get(grant.plan or "")
    if plan is None or plan.office_calendar is None:
        return ()
    return () if is_open(policy.calendars[plan.office_calendar], at) else plan.off_hours_languages


def _granted(policy: Policy, rule: Rule, grant: Grant, facts: Facts) -> list[ChannelGrant]:
    """The channels one rule adds, without those that are closed to these facts."""
    plan_id = facts.plan if grant.from_plan and facts.plan != NONE else grant.plan
    plan = policy.plans.get(plan_id or "")
    if plan is None and (grant.from_plan or grant.plan):
        return []
    calendar = grant.calendar or (plan.calendar if plan else "")
    return [
        ChannelGrant(channel, rule.id, calendar, plan_id, grant.free, grant.uses_credit)
        for channel in grant.channels or (plan.channels if plan else ())
        if (not plan or channel in plan.channels) and channel_is_open_to(policy, channel, facts)
    ]


def _best(policy: Policy, grants: list[ChannelGrant]) -> tuple[ChannelGrant, ...]:
    """The best grant of each channel: without using up a credit, under the plan served first."""

    def rank(grant: ChannelGrant) -> tuple[bool, int]:
        plan = policy.plans.get(grant.plan or "")
        return grant.uses_credit, -plan.priority if plan else 1

    ranked = sorted(grants, key=rank)
    best = (next((g for g in ranked if g.channel == c), None) for c in policy.channels)
    return tuple(grant for grant in best if grant)


def _adds(policy: Policy, offer_id: str, granted: tuple[ChannelGrant, ...]) -> bool:
    """Tell whether an offer gives a channel that is still lacking, or something else entirely."""
    offer = policy.offers.get(offer_id)
    if offer is None:
        return False
    plan = policy.plans.get(offer.plan or "")
    channels = set(offer.channels or (plan.channels if plan else ()))
    return not channels or not channels <= {grant.channel for grant in granted}


def _once(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))


class Deed(StrEnum):
    """What a rule did when its tests held."""

    GRANTED = "granted"
    GRANTED_CLOSED = "granted a channel closed to them"
    REFUSED = "refused"
    ENDED = "ended the reading, after a grant"
    OFFERED = "offered"


@dataclass(frozen=True, slots=True)
class Reading:
    """How one rule was read: the tests that failed, or what it did (None when never reached), and
    to which channels or offers."""

    rule: str
    reached: bool
    failed: tuple[Test, ...]
    deed: Deed | None = None
    to: tuple[str, ...] = ()

    @property
    def did(self) -> str:
        """What it did, in plain English with the policy's own names; "" when never reached."""
        return f"{self.deed or ''} {', '.join(self.to)}".strip()

    @property
    def matched(self) -> bool:
        """True when every test of the rule held."""
        return self.reached and not self.failed


@dataclass(frozen=True, slots=True)
class Explanation:
    """The decision for some facts and how every rule was read on the way."""

    facts: Facts
    decision: Decision
    readings: tuple[Reading, ...]


def explain(policy: Policy, facts: Facts) -> Explanation:
    """Tell how each rule was read for these facts, in order, beside the decision itself."""
    readings: list[Reading] = []
    ended = False
    granted = False
    for rule in policy.rules:
        failed = tuple(t for t in rule.when if not passes(t, getattr(facts, t.fact)))
        matched = not failed and not ended
        deed, to = _did(policy, rule, facts, granted) if matched else (None, ())
        readings.append(Reading(rule.id, not ended, failed, deed, to))
        granted = granted or deed is Deed.GRANTED
        ended = ended or deed in (Deed.REFUSED, Deed.ENDED)
    return Explanation(facts, decide(policy, facts), tuple(readings))


def _did(policy: Policy, rule: Rule, facts: Facts, granted: bool) -> tuple[Deed, tuple[str, ...]]:
    if rule.refuse:
        return Deed.ENDED if granted else Deed.REFUSED, ()
    if rule.grant:
        channels = tuple(str(one.channel) for one in _granted(policy, rule, rule.grant, facts))
        return (Deed.GRANTED, channels) if channels else (Deed.GRANTED_CLOSED, ())
    return Deed.OFFERED, tuple(rule.offers)
