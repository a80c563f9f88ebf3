"""The whole policy as a table that a person can read: every combination of facts, condensed."""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

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


@dataclass(frozen=True, slots=True)
class Cell:
    """The values of a column that one row stands for, none where any gives the same, in words."""

    values: tuple[str, ...] = ()
    words: str = ""


T = TypeVar("T", bound=Hashable)
Values = tuple[tuple[str, ...], ...]  # those of each column
Tail = tuple[tuple[Cell, ...], T]  # the cells from some column on, and what is told
Told = tuple[str, tuple[str, ...]]  # outcome and rules


def table(policy: Policy) -> tuple[Row, ...]:
    """Return the decision for every combination of facts, equal ones together.

    Products stand by name for their market, OEM kind and licensing; a plan for its state too."""
    rows = condensed(tuple(_cases(policy)), tuple(policy.products))
    return tuple(Row(tuple(cell.words for cell in cells), *told) for cells, told in rows)


def _cases(policy: Policy) -> Iterator[tuple[Values, Told]]:
    known = [(facts, _values(policy, facts)) for facts in situations(policy)]
    for asking in askings(policy):
        for situation, values in known:
            facts = combine(asking, situation)
            decision = decide(policy, facts)
            told = outcome(decision, facts.plan), decision.why
            yield ((facts.request,), asking.topics, *values), told


def _values(policy: Policy, facts: Facts) -> Values:
    """The values of the columns after the topic."""
    lines = tuple(one.id for one in policy.products.values() if is_kind(one, facts))
    days = number_words(facts.days_since_purchase, cuts(policy, "days_since_purchase"))
    words = (facts.lifecycle, facts.registered, plan_words(facts), days, facts.credit)
    return (facts.edition,), lines or (NONE,), *((word,) for word in words)


def plan_words(facts: Facts) -> str:
    """Return the plan held and its state: “premier active”."""
    return f"{facts.plan} {facts.plan_state}" if facts.plan != NONE else NONE


def number_words(value: int | None, thresholds: Sequence[int]) -> str:
    """Return the stretch between two thresholds that a number lies in: “0–30”."""
    if value is None:
        return UNKNOWN
    start = max(cut for cut in thresholds if cut <= value)
    later = [cut for cut in thresholds if cut > value]
    return f"{start}–{later[0] - 1}" if later else f"{start} or more"


def condensed(
    cases: Sequence[tuple[Values, T]], order: Sequence[str], at: int = 0
) -> tuple[Tail[T], ...]:
    """Return the rows for these cases from column `at` on; values with the same rows share them,
    and within a cell stand in `order`."""
    if at == len(COLUMNS):
        return (((), cases[0][1]),)
    by_value: dict[tuple[str, ...], list[tuple[Values, T]]] = {}
    for case in cases:
        by_value.setdefault(case[0][at], []).append(case)
    alike: dict[tuple[Tail[T], ...], list[str]] = {}
    for value, some in by_value.items():
        alike.setdefault(condensed(some, order, at + 1), []).extend(value)
    every = tuple(one for value in by_value for one in value)
    rows: list[Tail[T]] = []
    for tails, values in alike.items():
        same = len(alike) == 1 and at
        cell = Cell() if same else Cell(tuple(values), _cell(values, every, order))
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
