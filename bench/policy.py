"""Decisions a second and the time of the proof, for the vendor's policy and a generated one.

Usage: python bench/policy.py [RULES]

The peer of the proof, in the same run, is reading the rules anew for each combination of facts.
`kb policy diff` is measured between the policy and one whose first threshold is moved by a day.
"""

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from kb.content.policy_source import load_policy  # noqa: E402
from kb.rules.entitlement import decide  # noqa: E402
from kb.rules.policy import Channel, Grant, Policy, Request, Rule, Test, Topic, Way  # noqa: E402
from kb.rules.policy_diff import diff  # noqa: E402
from kb.rules.policy_proof import prove  # noqa: E402
from kb.rules.policy_references import unknown_names  # noqa: E402
from kb.rules.policy_space import askings, combinations, combine, situations  # noqa: E402
from kb.rules.texts import Text  # noqa: E402


def vendor() -> Policy:
    policy, problems = load_policy(ROOT, ("es", "en"))
    assert policy is not None, problems
    return policy


def generated(policy: Policy, count: int) -> Policy:
    """The vendor's products and plans with `count` rules over 40 topics and 20 thresholds."""
    topics = tuple(Topic(f"t{n}", Text()) for n in range(40))
    grant = Grant((Channel.EMAIL,), calendar=next(iter(policy.calendars)))
    rules = [
        Rule(
            f"r{n}",
            (
                Test("topic", (f"t{n % 40}",)),
                Test("market", (("business", "home", "home-office")[n % 3],)),
                Test("days_since_purchase", at_least=30 * (n % 20)),
            ),
            Text(),
            grant=grant,
        )
        for n in range(count - 1)
    ]
    last = next(rule for rule in policy.rules if rule.refuse)
    ways = (Way.CUSTOMER_SERVICE, Way.SALES)
    requests = {"technical": Request("technical", Text(), topics=topics, ways=ways)}
    rules.append(replace(last, id="rest", when=()))
    return replace(policy, requests=requests, rules=tuple(rules))


def moved(policy: Policy) -> Policy:
    """The same policy with every upper bound a day later."""
    rules = tuple(
        replace(
            rule,
            when=tuple(
                replace(test, at_most=test.at_most + 1) if test.at_most is not None else test
                for test in rule.when
            ),
        )
        for rule in policy.rules
    )
    return replace(policy, rules=rules)


def seconds(work: Callable[[], object]) -> float:
    """The best of three."""
    best = float("inf")
    for _ in range(3):
        started = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - started)
    return best


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    print(
        f"{'policy':<12}{'rules':>6}{'facts':>9}{'decisions/s':>13}"
        f"{'proof ms':>10}{'one by one ms':>15}{'ratio':>7}"
    )
    shipped = vendor()
    for name, policy in (("vendor", shipped), (f"{count} rules", generated(shipped, count))):
        assert not unknown_names(policy), "the proof would stop before it walks"
        known = [combine(asking, one) for asking in askings(policy) for one in situations(policy)]
        step = max(1, len(known) // 20_000)
        some = known[::step]
        each = seconds(lambda: [decide(policy, facts) for facts in some]) / len(some)  # noqa: B023
        proof = seconds(lambda: prove(policy))  # noqa: B023
        alone = each * len(known)
        print(
            f"{name:<12}{len(policy.rules):>6}{combinations(policy):>9}{1 / each:>13,.0f}"
            f"{proof * 1000:>10.1f}{alone * 1000:>15.0f}{alone / proof:>7.0f}"
        )
    walked = diff(shipped, moved(shipped))
    took = seconds(lambda: diff(shipped, moved(shipped)))
    print(f"diff of the vendor's: {walked.walked} situations in {took * 1000:.0f} ms")


if __name__ == "__main__":
    main()
