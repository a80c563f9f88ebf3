"""Whose situation changes between two policies: all that a customer can be in, decided twice.

A customer keeps what they have bought while the policy around it changes: a product, version, plan
or topic that is gone is decided as an unknown one is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import product as every

from kb.rules.entitlement import decide
from kb.rules.facts import (
    NONE,
    OTHER,
    AssetState,
    Edition,
    Facts,
    PlanState,
    facts_for,
    passes,
)
from kb.rules.policy import Policy
from kb.rules.policy_space import all_tests, cuts
from kb.rules.policy_table import Cell, Values, condensed, number_words, outcome, plan_words
from kb.rules.policy_terms import Term, changed_terms

DAYS = "days_since_purchase"
NOT_OFFERED = "not offered"
_ANY_DAY = date(2000, 1, 1)  # facts are put in below, nothing is counted from it


@dataclass(frozen=True, slots=True)
class Told:
    """What one situation gives before and after: outcomes, and the rules that say so."""

    before: str
    after: str
    rules_before: tuple[str, ...] = ()
    rules_after: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        """True when the customer may do something else; the same by another rule is no change."""
        return self.before != self.after


SAME = Told("", "")


@dataclass(frozen=True, slots=True)
class Change:
    """Situations whose outcome changes in one way; `cells` are those of `policy_table.COLUMNS`."""

    cells: tuple[Cell, ...]
    told: Told
    situations: int


@dataclass(frozen=True, slots=True)
class Diff:
    """All that changes: outcomes, and terms (prices, hours, promises …); `walked` situations."""

    changes: tuple[Change, ...]
    terms: tuple[Term, ...]
    walked: int

    @property
    def situations(self) -> int:
        """How many situations get another outcome."""
        return sum(change.situations for change in self.changes)


@dataclass(frozen=True, slots=True)
class Asked:
    """Topics of a request that neither policy tells apart."""

    request: str
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """What a customer has, as it was sold; a policy need not know its version or plan."""

    line: str = ""
    version: str | None = None
    edition: str = str(Edition.NONE)
    registered: bool = False
    plan: str | None = None
    expired: bool = False
    days: int | None = None
    credit: bool = False


def diff(before: Policy, after: Policy) -> Diff:
    """Return which situations get another outcome in `after`, equal ones together.

    Walked are the products and versions that customers have (those of `before`), every request of
    either, every plan, and every stretch of days that a rule of either tells apart."""
    both = Both(before, after)
    cases = tuple(both.cases())
    rows = condensed(cases, both.lines)
    found = [(cells, told) for cells, told in rows if told.changed]
    return Diff(
        tuple(Change(cells, told, _count(cases, cells, told)) for cells, told in found),
        changed_terms(before, after),
        sum(len(values[1]) for values, _ in cases),
    )


def matches(cells: Sequence[Cell], values: Values) -> bool:
    """Tell whether a situation's values are among those that a row stands for."""
    return all(
        not cell.values or set(cell.values) & set(value)
        for cell, value in zip(cells, values, strict=True)
    )


class Both:
    """Two policies and what they tell apart together."""

    def __init__(self, before: Policy, after: Policy) -> None:
        self.before, self.after = before, after
        self.lines = tuple(dict.fromkeys((*before.products, *after.products)))
        self.thresholds = sorted({*cuts(before, DAYS), *cuts(after, DAYS)})
        self._decided: dict[tuple[int, Facts], tuple[str, tuple[str, ...]]] = {}

    def cases(self) -> Iterator[tuple[Values, Told]]:
        """Yield every situation once with what it gives before and after."""
        for asked in self.askings():
            for held in self.holdings(asked.request):
                told = self.told(asked.request, asked.topics[0], held)
                yield self.values(asked, held), told if told.changed else SAME

    def askings(self) -> Iterator[Asked]:
        """Yield the requests of both policies; topics that neither tells apart stand together."""
        for request in dict.fromkeys((*self.before.requests, *self.after.requests)):
            alike: dict[object, list[str]] = {}
            for topic in self._topics(request):
                alike.setdefault(
                    tuple(_seen(policy, request, topic) for policy in (self.before, self.after)), []
                ).append(topic)
            yield from (Asked(request, tuple(topics)) for topics in alike.values())

    def holdings(self, request: str) -> Iterator[Held]:
        """Yield what a customer with this request may have."""
        yield Held()
        if not any(_needs_product(policy, request) for policy in (self.before, self.after)):
            return
        plans = [plan.id for plan in self.before.plans.values() if not plan.per_case]
        bought = list(
            every(
                [(None, False), *every(plans, (False, True))],
                [None, *self.thresholds],
                (False, True),
            )
        )
        for line, version in _versions(self.before):
            yield Held(line, version, str(Edition.TRIAL))
            yield Held(line, version, str(Edition.FULL))
            for (plan, expired), days, credit in bought:
                yield Held(line, version, str(Edition.FULL), True, plan, expired, days, credit)

    def told(self, request: str, topic: str, held: Held) -> Told:
        """Decide one situation by both policies."""
        sides = [
            self._decide(side, policy, request, topic, held)
            for side, policy in enumerate((self.before, self.after))
        ]
        return Told(sides[0][0], sides[1][0], sides[0][1], sides[1][1])

    def values(self, asked: Asked, held: Held) -> Values:
        """The values of the columns for one situation."""
        facts = _facts(self.before, asked.request, asked.topics[0], held)
        version = (self._version(held),)
        days = (number_words(held.days, self.thresholds),)
        words = "yes" if held.registered else "no", "yes" if held.credit else "no"
        plan = (plan_words(facts) if held.plan else NONE,)
        line = (held.line or NONE,)
        return (
            (asked.request,),
            asked.topics,
            (held.edition,),
            line,
            version,
            (words[0],),
            plan,
            days,
            (words[1],),
        )

    def _version(self, held: Held) -> str:
        """Supported or not, in both policies; where that changes, which version it is."""
        was, becomes = (
            str(line.lifecycle(held.version))
            if (line := policy.products.get(held.line))
            else "gone"
            for policy in (self.before, self.after)
        )
        if was == becomes:
            return was if held.line else NONE
        return f"{held.version or 'any'}: {was} → {becomes}"

    def _topics(self, request: str) -> list[str]:
        known = [p.requests[request] for p in (self.before, self.after) if request in p.requests]
        return list(dict.fromkeys((OTHER, *(topic.id for one in known for topic in one.topics))))

    def _decide(
        self, side: int, policy: Policy, request: str, topic: str, held: Held
    ) -> tuple[str, tuple[str, ...]]:
        if request not in policy.requests:
            return NOT_OFFERED, ()
        facts = _facts(policy, request, topic, held)
        key = side, facts
        if key not in self._decided:
            decision = decide(policy, facts)
            self._decided[key] = outcome(decision, facts.plan), decision.why
        return self._decided[key]


def _facts(policy: Policy, request: str, topic: str, held: Held) -> Facts:
    """What a policy sees of a customer: what it does not know counts for nothing."""
    asset = AssetState(version=held.version, registered=held.registered)
    line = policy.products.get(held.line) if _needs_product(policy, request) else None
    facts = facts_for(policy, request, topic, held.edition, line, asset, today=_ANY_DAY)
    if line is None or held.edition != Edition.FULL:
        return facts
    known = policy.plans.get(held.plan or "")
    state = PlanState.EXPIRED if held.expired else PlanState.ACTIVE
    runs = known is not None and not known.per_case
    return replace(
        facts,
        plan=held.plan if runs and held.plan else NONE,
        plan_state=str(state if runs else PlanState.NONE),
        days_since_purchase=held.days,
        credit="yes" if held.credit else "no",
    )


def _seen(policy: Policy, request: str, topic: str) -> object:
    """All that a policy can tell of a topic."""
    facts = facts_for(policy, request, topic, today=_ANY_DAY)
    tests = [test for test in all_tests(policy) if test.fact == "topic"]
    return request in policy.requests, facts.scope, tuple(passes(t, facts.topic) for t in tests)


def _needs_product(policy: Policy, request: str) -> bool:
    return request in policy.requests and policy.requests[request].needs_product


def _versions(policy: Policy) -> Iterator[tuple[str, str | None]]:
    for product in policy.products.values():
        yield from ((product.id, version) for version in product.versions or (None,))


def _count(cases: Sequence[tuple[Values, Told]], cells: Sequence[Cell], told: Told) -> int:
    """Count situations: those of each topic by itself."""
    return sum(len(values[1]) for values, one in cases if one == told and matches(cells, values))
