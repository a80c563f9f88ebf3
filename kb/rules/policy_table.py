"""The whole policy as a table that a person can read: every combination of facts, condensed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kb.rules.entitlement import Decision, Refused, decide
from kb.rules.facts import NONE, UNKNOWN, Facts, is_kind
from kb.rules.policy import Policy
from kb.rules.policy_space import askings, combine, cuts, situations

# The order in which the facts part the rows: this one gives few.
COLUMNS = (
    "request",
    "topic",
    "edition",
    "product",
    "version",
    "registered",
    "plan",
    "days_since_purchase",
    "credit",
)
OWN_PLAN = "their plan"
_SHORT = 4  # longer lists are told by what is missing, where that is shorter


@dataclass(frozen=True, slots=True)
class Row:
    """One row: a cell for each of COLUMNS ("" where anything that can occur gives the same), what
    customers may do, and the ids of the rules that say so."""

    cells: tuple[str, ...]
    outcome: str
    rules: tuple[str, ...]


Told = tuple[str, tuple[str, ...]]  # outcome and rules
Case = tuple[tuple[tuple[str, ...], ...], Told]  # the values of each column, and what is told
Tail = tuple[tuple[str, ...], Told]  # the cells from some column on, and what is told


def table(policy: Policy) -> tuple[Row, ...]:
    """Return the decision for every combination of facts, equal ones together.

    Products stand by name for their market, OEM kind and licensing; a plan for its state too."""
    rows = _condensed(tuple(_cases(policy)), 0, tuple(policy.products))
    return tuple(Row(cells, *told) for cells, told in rows)


def _cases(policy: Policy) -> Iterator[Case]:
    known = [(facts, _values(policy, facts)) for facts in situations(policy)]
    for asking in askings(policy):
        for situation, values in known:
            facts = combine(asking, situation)
            decision = decide(policy, facts)
            told = outcome(decision, facts.plan), decision.why
            yield ((facts.request,), asking.topics, *values), told


def _values(policy: Policy, facts: Facts) -> tuple[tuple[str, ...], ...]:
    """The values of the columns after the topic."""
    lines = tuple(one.id for one in policy.products.values() if is_kind(one, facts))
    plan = f"{facts.plan} {facts.plan_state}" if facts.plan != NONE else NONE
    days = _number(facts.days_since_purchase, cuts(policy, "days_since_purchase"))
    words = (facts.lifecycle, facts.registered, plan, days, facts.credit)
    return (facts.edition,), lines or (NONE,), *((word,) for word in words)


def _number(value: int | None, thresholds: Sequence[int]) -> str:
    if value is None:
        return UNKNOWN
    later = [cut for cut in thresholds if cut > value]
    return f"{value}–{later[0] - 1}" if later else f"{value} or more"


def _condensed(cases: Sequence[Case], at: int, order: Sequence[str]) -> tuple[Tail, ...]:
    """The rows for these cases from column `at` on; values with the same rows share them."""
    if at == len(COLUMNS):
        return (((), cases[0][1]),)
    by_value: dict[tuple[str, ...], list[Case]] = {}
    for case in cases:
        by_value.setdefault(case[0][at], []).append(case)
    alike: dict[tuple[Tail, ...], list[str]] = {}
    for value, some in by_value.items():
        alike.setdefault(_condensed(some, at + 1, order), []).extend(value)
    every = tuple(one for value in by_value for one in value)
    rows: list[Tail] = []
    for tails, values in alike.items():
        cell = "" if len(alike) == 1 and at else _cell(values, every, order)
        rows += [((cell, *cells), told) for cells, told in tails]
    return tuple(rows)


def _cell(values: Sequence[str], every: Sequence[str], order: Sequence[str]) -> str:
    """The values, products in the order of their file, or what is missing from all that can be."""
    missing = [one for one in every if one not in values]
    short = len(values) > _SHORT and 0 < len(missing) < len(values)
    words = sorted(missing if short else values, key=lambda w: order.index(w) if w in order else -1)
    return f"{'all but ' if short else ''}{', '.join(words)}"


def outcome(decision: Decision, own_plan: str = NONE) -> str:
    """Return a decision in a few words: channels with their plan or calendar, or the ways on."""
    offers = [f"offer {offer}" for offer in decision.offers]
    if isinstance(decision, Refused):
        return f"no; {', '.join((*decision.instead, *offers))}"
    parts: dict[str, list[str]] = {}
    for grant in decision.channels:
        terms = OWN_PLAN if grant.plan == own_plan else grant.plan or grant.calendar
        terms += " (takes a paid incident)" if grant.uses_credit else ""
        parts.setdefault(terms, []).append(str(grant.channel))
    ways = [f"{', '.join(channels)} on {terms}" for terms, channels in parts.items()]
    return "; ".join((*ways, *offers))
