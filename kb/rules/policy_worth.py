"""Plans that nobody should buy: dearer than another plan that gives at least as much."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from kb.rules.calendars import Calendar, open_intervals
from kb.rules.policy import Money, Plan, Policy
from kb.rules.policy_references import Flaw

_DAY = timedelta(days=1)
_A_YEAR = 366


def dear_plans(policy: Policy) -> tuple[Flaw, ...]:
    """Return a flaw for each plan that costs more than another and is better in nothing.

    Compared are plans sold for money in one currency, both for a term or both for a case: price,
    term, channels, hours, languages, priority and what is promised for each severity."""
    return tuple(flaw for plan in policy.plans.values() for flaw in _beaten(policy, plan))


def price_of(policy: Policy, plan: Plan) -> Money | None:
    """Return what a plan costs: its own price, else that of its cheapest offer, else None."""
    if plan.price is not None:
        return plan.price
    offered = [o.price for o in policy.offers.values() if o.plan == plan.id and o.price]
    return min(offered, key=lambda money: money.amount, default=None)


def covers(wide: Calendar, narrow: Calendar) -> bool:
    """Tell whether `wide` is open whenever `narrow` is, on every day from the first holiday of
    either to a year after the last."""
    if wide == narrow or wide.always_open:
        return True
    days = wide.holidays | narrow.holidays or {date(2024, 1, 1)}  # a leap year, when none is named
    begin = datetime.combine(min(days) - _DAY, datetime.min.time(), UTC)
    last = max(days) + _A_YEAR * _DAY
    # Two days more of the wide one at each end: intervals over an end are whole in any zone.
    wider = _joined(open_intervals(wide, begin - 2 * _DAY, last + 2 * _DAY))
    start, end = next(wider, (begin, begin))
    for opens, closes in _joined(open_intervals(narrow, begin, last)):
        while end < closes and (start, end) != (begin, begin):
            start, end = next(wider, (begin, begin))
        if not (start <= opens and closes <= end):
            return False
    return True


def _beaten(policy: Policy, plan: Plan) -> Iterator[Flaw]:
    price = price_of(policy, plan)
    for other in policy.plans.values() if price else ():
        cheaper = price_of(policy, other)
        if price is None or cheaper is None or price.currency != cheaper.currency:
            continue
        if cheaper.amount < price.amount and _at_least_as_good(policy, other, plan):
            what = f"the plan “{plan.id}” costs more than “{other.id}” and is better in nothing"
            mend = "lower its price, or give it a channel, hours or a promise that the other lacks"
            yield Flaw(("plans", plan.id), what, mend)
            return


def _at_least_as_good(policy: Policy, one: Plan, other: Plan) -> bool:
    """Tell whether `one` gives all that `other` does."""
    hours, others = policy.calendars[one.calendar], policy.calendars[other.calendar]
    return (
        one.per_case == other.per_case
        and _lasts(one, other)
        and one.priority >= other.priority
        and set(one.channels) >= set(other.channels)
        and _promises(one, other)
        and covers(hours, others)
        and _speaks(policy, one, other)
    )


def _lasts(one: Plan, other: Plan) -> bool:
    """A plan without a term lasts for good."""
    return one.term_days is None or (
        other.term_days is not None and one.term_days >= other.term_days
    )


def _promises(one: Plan, other: Plan) -> bool:
    """A shorter time in more hours is never later; the hours are compared beside."""
    return all(
        severity in one.targets and one.targets[severity].within <= target.within
        for severity, target in other.targets.items()
    )


def _speaks(policy: Policy, one: Plan, other: Plan) -> bool:
    """Tell whether `one` speaks every language that `other` does whenever that one answers."""
    if one.office_calendar is None or not one.off_hours_languages:
        return True
    office = policy.calendars[one.office_calendar]
    if covers(office, policy.calendars[other.calendar]):
        return True
    alike = other.office_calendar is not None and covers(
        office, policy.calendars[other.office_calendar]
    )
    fewer = set(other.off_hours_languages)
    return alike and bool(fewer) and set(one.off_hours_languages) >= fewer


def _joined(
    intervals: Iterator[tuple[datetime, datetime]],
) -> Iterator[tuple[datetime, datetime]]:
    """Join intervals that touch or overlap: open until midnight and from midnight is one."""
    held: tuple[datetime, datetime] | None = None
    for start, end in intervals:
        if held and start <= held[1]:
            held = held[0], max(held[1], end)
            continue
        if held:
            yield held
        held = start, end
    if held:
        yield held
