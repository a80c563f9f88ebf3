"""The proof of a policy: every combination of facts gets a decision, every refusal a way forward.

For each wish a rule is read for all situations at once: a set of situations is the bits of one
whole number, one bit for each."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from kb.rules.facts import NONE, Edition, Facts, passes
from kb.rules.policy import Channel, Condition, Grant, Policy, Rule, Test, Way
from kb.rules.policy_references import Flaw, unknown_names
from kb.rules.policy_space import Asking, askings, combine, situations
from kb.rules.policy_worth import dear_plans
from kb.rules.products import Lifecycle

__all__ = ["Flaw", "prove"]

_ASKED = ("request", "topic", "scope")
# A way that leads nowhere for others: nobody can register twice.
_ONLY_FOR = {
    Way.REGISTER: Test("registered", ("no",)),
    Way.CHOOSE_PRODUCT: Test("edition", (str(Edition.NONE),)),
    Way.UPGRADE: Test("lifecycle", (str(Lifecycle.UNSUPPORTED),)),
}


def prove(policy: Policy) -> tuple[Flaw, ...]:
    """Walk every combination of facts and return what is wrong; () is a sound policy.

    Found are names that are not there (then nothing else is), combinations without a decision,
    refusals without a way forward, rules that never speak, and plans that are dearer than another
    and better in nothing."""
    unknown = unknown_names(policy)
    if unknown:
        return unknown
    proof = _Proof(policy, situations(policy))
    for asking in askings(policy):
        proof.walk(asking)
    silent = [rule for rule in policy.rules if rule.id not in proof.spoke]
    flaws = (*proof.gaps.values(), *proof.stuck.values(), *(_silent(rule) for rule in silent))
    return (*flaws, *dear_plans(policy))


def describe(facts: Facts) -> str:
    """Return facts in one line, without the product's where there is none."""
    words = [facts.request, facts.topic]
    if facts.edition != NONE:
        words += [facts.edition, facts.market, f"oem {facts.oem}", facts.licensing]
        words += [facts.lifecycle, f"register first {facts.register_first}"]
        words += [f"registered {facts.registered}", f"plan {facts.plan} {facts.plan_state}"]
        days = "unknown" if facts.days_since_purchase is None else facts.days_since_purchase
        words += [f"days since purchase {days}", f"credit {facts.credit}"]
    return ", ".join(words)


@dataclass(slots=True)
class _Proof:
    """The reading of a policy for all situations; `all` has every bit set."""

    policy: Policy
    situations: tuple[Facts, ...]
    all: int = field(init=False)
    masks: dict[Test, int] = field(default_factory=dict)
    spoke: set[str] = field(default_factory=set)
    gaps: dict[str, Flaw] = field(default_factory=dict)
    stuck: dict[str, Flaw] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.all = (1 << len(self.situations)) - 1

    def walk(self, asking: Asking) -> None:
        """Read all rules for one wish, as `decide` does."""
        reading = self.all
        granted = refused = offered = 0
        for rule in self.policy.rules:
            matched = self.where(rule.when, asking) & reading
            gives = matched & self.given(rule.grant, asking) if rule.grant else 0
            granted |= gives
            offered |= matched if rule.offers else 0
            ends = matched if rule.refuse else 0
            refuses = ends & ~granted
            if gives or refuses or (matched and rule.offers):
                self.spoke.add(rule.id)
            if rule.refuse and refuses:
                self._look_for_ways(rule, rule.refuse.instead, refuses & ~offered, asking)
            refused |= refuses
            reading &= ~ends
        self._look_for_gaps(self.all & ~granted & ~refused, asking)

    def where(self, condition: Condition, asking: Asking) -> int:
        """The situations in which every test holds for this wish."""
        found = self.all
        for test in condition:
            if test.fact not in _ASKED:
                found &= self.mask(test)
            elif not passes(test, getattr(asking.facts, test.fact)):
                return 0
        return found

    def mask(self, test: Test) -> int:
        """The situations in which one test holds."""
        if test not in self.masks:
            values = (getattr(situation, test.fact) for situation in self.situations)
            bits = "".join("1" if passes(test, value) else "0" for value in values)
            self.masks[test] = int(bits[::-1], 2)
        return self.masks[test]

    def given(self, grant: Grant, asking: Asking) -> int:
        """The situations in which a grant opens at least one channel."""
        if not grant.from_plan:
            return self.given_by(grant, grant.plan, asking)
        found = 0
        for plan in self.policy.plans.values():
            held = self.mask(Test("plan", (plan.id,)))
            found |= held & self.given_by(grant, plan.id, asking) if held else 0
        return found

    def given_by(self, grant: Grant, plan: str | None, asking: Asking) -> int:
        """The same, when its channels are those of one plan."""
        channels: Iterable[Channel] = grant.channels
        if plan is not None:
            of_plan = self.policy.plans[plan].channels
            channels = [one for one in channels if one in of_plan] if channels else of_plan
        found = 0
        for channel in channels:
            found |= self.open(channel, asking)
        return found

    def open(self, channel: Channel, asking: Asking) -> int:
        """The situations in which a channel's own conditions hold."""
        conditions = self.policy.channels[channel].only_when
        found = 0 if conditions else self.all
        for condition in conditions:
            found |= self.where(condition, asking)
        return found

    def _look_for_ways(
        self, rule: Rule, instead: Iterable[Way], refused: int, asking: Asking
    ) -> None:
        for way in instead:
            refused &= ~(self.mask(_ONLY_FOR[way]) if way in _ONLY_FOR else self.all)
        for facts in self._first(refused, asking):
            what = f"the rule “{rule.id}” leaves no way forward for {describe(facts)}"
            mend = "add to instead: what these customers can do, or an offer"
            self.stuck.setdefault(
                rule.id, Flaw(("entitlements", rule.id, "refuse"), what, mend, facts)
            )

    def _look_for_gaps(self, gap: int, asking: Asking) -> None:
        for facts in self._first(gap, asking):
            what = f"no rule decides for {describe(facts)}"
            mend = "add a rule that grants or refuses, at the end"
            self.gaps.setdefault(facts.request, Flaw(("entitlements", ""), what, mend, facts))

    def _first(self, found: int, asking: Asking) -> Iterator[Facts]:
        if found:
            lowest = (found & -found).bit_length() - 1
            yield combine(asking, self.situations[lowest])


def _silent(rule: Rule) -> Flaw:
    what = f"the rule “{rule.id}” never speaks: what it matches cannot occur, or is decided above"
    return Flaw(("entitlements", rule.id), what, "widen its when:, move it up, or delete it")
