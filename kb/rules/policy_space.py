"""Every combination of facts that a policy can meet.

A combination is an asking (request, topic, scope) in a situation (the rest). Numbers are cut at the
thresholds of the rules; topics that no rule tells apart stand together."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import product as every

from kb.rules.facts import (
    NONE,
    NUMBERS,
    OTHER,
    UNKNOWN,
    Edition,
    Facts,
    PlanState,
    is_consistent,
    passes,
)
from kb.rules.policy import Policy, Request, Test
from kb.rules.products import Licensing, Lifecycle, Market, Oem, Product

YES_NO = ("yes", "no")


@dataclass(frozen=True, slots=True)
class Asking:
    """One wish: `facts` with its request, topic and scope; `topics` are all it stands for."""

    facts: Facts
    topics: tuple[str, ...]


def words_of(policy: Policy) -> dict[str, tuple[str, ...]]:
    """Return the words that each fact can be; those of a number are only “unknown”."""
    topics = (topic.id for request in policy.requests.values() for topic in request.topics)
    plans = (plan.id for plan in policy.plans.values() if not plan.per_case)
    return {
        "request": tuple(policy.requests),
        "topic": tuple(dict.fromkeys((*topics, OTHER))),
        "scope": ("in", "out"),
        "edition": tuple(str(one) for one in Edition),
        "market": (*(str(one) for one in Market), NONE),
        "oem": tuple(str(one) for one in Oem),
        "licensing": tuple(str(one) for one in Licensing),
        "lifecycle": tuple(str(one) for one in Lifecycle),
        "register_first": YES_NO,
        "registered": YES_NO,
        "plan_state": tuple(str(one) for one in PlanState),
        "plan": (*plans, NONE),
        "days_since_purchase": (UNKNOWN,),
        "credit": YES_NO,
    }


def all_tests(policy: Policy) -> Iterator[Test]:
    """Every test in the policy: of its rules and of its channels."""
    for rule in policy.rules:
        yield from rule.when
    for channel in policy.channels.values():
        for condition in channel.only_when:
            yield from condition


def cuts(policy: Policy, fact: str) -> tuple[int, ...]:
    """Return the numbers, from 0, at which some test on the fact changes its answer."""
    at = {0}
    for test in all_tests(policy):
        if test.fact == fact:
            at |= {test.at_least} if test.at_least is not None else set()
            at |= {test.at_most + 1} if test.at_most is not None else set()
    return tuple(sorted(cut for cut in at if cut >= 0))


def askings(policy: Policy) -> tuple[Asking, ...]:
    """Return every wish that rules can tell apart, in the order of the requests."""
    tests = tuple({test for test in all_tests(policy) if test.fact == "topic"})
    return tuple(one for request in policy.requests.values() for one in _asked(request, tests))


def _asked(request: Request, tests: Iterable[Test]) -> Iterator[Asking]:
    known = {topic.id: "in" if topic.in_scope else "out" for topic in request.topics}
    alike: dict[tuple[str, tuple[bool, ...]], list[str]] = {}
    for topic, scope in {OTHER: "in", **known}.items():
        told = tuple(passes(test, topic) for test in tests)
        alike.setdefault((scope, told), []).append(topic)
    for (scope, _), topics in alike.items():
        yield Asking(Facts(request.id, topics[0], scope), tuple(topics))


def situations(policy: Policy) -> tuple[Facts, ...]:
    """Return every situation that `is_consistent` allows, without a wish; none comes first."""
    days: list[int | None] = [None]
    for fact in NUMBERS:
        days += cuts(policy, fact)
    nothing = Facts("")
    found = [nothing]
    kinds = dict.fromkeys(kind for one in policy.products.values() for kind in _kinds(one))
    bought = tuple(every(YES_NO, _plans(policy), days, YES_NO))
    for kind, edition in every(kinds, (Edition.FULL, Edition.TRIAL)):
        base = replace(kind, edition=str(edition))
        for registered, (state, plan), day, credit in bought:
            found.append(
                replace(
                    base,
                    registered=registered,
                    plan_state=state,
                    plan=plan,
                    days_since_purchase=day,
                    credit=credit,
                )
            )
    return tuple(facts for facts in found if is_consistent(policy, facts))


def combine(asking: Asking, situation: Facts) -> Facts:
    """Return the facts of a wish in a situation."""
    asked = asking.facts
    return replace(situation, request=asked.request, topic=asked.topic, scope=asked.scope)


def combinations(policy: Policy) -> int:
    """Count the combinations that the proof walks."""
    return len(askings(policy)) * len(situations(policy))


def _kinds(product: Product) -> Iterator[Facts]:
    for lifecycle in Lifecycle:
        yield Facts(
            "",
            market=str(product.market),
            oem=str(product.oem),
            licensing=str(product.licensing),
            lifecycle=str(lifecycle),
            register_first="yes" if product.register_first else "no",
        )


def _plans(policy: Policy) -> Iterator[tuple[str, str]]:
    yield str(PlanState.NONE), NONE
    for plan in words_of(policy)["plan"][:-1]:
        yield str(PlanState.ACTIVE), plan
        yield str(PlanState.EXPIRED), plan
