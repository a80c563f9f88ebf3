"""No plan is dearer than another and better in nothing."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.rules.calendars import Calendar, Hours, is_open
from kb.rules.policy import Channel, Money, Offer, Plan, Severity, Target
from kb.rules.policy_proof import prove
from kb.rules.policy_worth import covers, dear_plans, price_of
from tests.requirements.vendor import vendor
from tests.rules.policies import ALWAYS, HOLIDAY, SOUND, WHOLE_DAY, calendar, policy, text

OFFICE = calendar()
MORNING = calendar(id="morning", hours=(Hours(time(8), time(12)),))
MADRID = calendar(id="madrid", zone="Europe/Madrid", hours=(Hours(time(14), time(18)),))
CLOSED_ONCE = calendar(id="closed", holidays=frozenset({HOLIDAY}))
CALENDARS = {one.id: one for one in (OFFICE, ALWAYS, MORNING, MADRID, CLOSED_ONCE)}


def money(amount: int, currency: str = "USD") -> Money:
    return Money(Decimal(amount), currency)


def answer(hours: int) -> Target:
    return Target(timedelta(hours=hours), text())


CHEAP = Plan("cheap", text(), (Channel.CHAT, Channel.EMAIL), "office", price=money(10))
DEAR = replace(CHEAP, id="dear", price=money(20))


def told(*plans: Plan, **parts: object) -> list[str]:
    made = policy(plans={one.id: one for one in plans}, calendars=CALENDARS, **parts)
    return [str(flaw.place[1]) for flaw in dear_plans(made)]


@pytest.mark.parametrize(
    ("more", "found"),
    [
        pytest.param({}, True, id="just the same"),
        pytest.param({"channels": (Channel.EMAIL,)}, True, id="fewer channels"),
        pytest.param({"channels": (Channel.PHONE, Channel.EMAIL)}, False, id="another channel"),
        pytest.param({"calendar": "morning"}, True, id="fewer hours"),
        pytest.param({"calendar": "always"}, False, id="more hours"),
        pytest.param({"priority": 1}, False, id="served first"),
        pytest.param({"priority": -1}, True, id="served last"),
        pytest.param({"targets": {Severity.A: answer(9)}}, False, id="a promise"),
        pytest.param({"per_case": True}, False, id="bought for a case"),
        pytest.param({"term_days": 365}, True, id="runs out, the other does not"),
        pytest.param({"price": money(20, "EUR")}, False, id="another currency"),
        pytest.param({"price": None}, False, id="not sold"),
        pytest.param({"price": money(10)}, False, id="the same price"),
    ],
)
def test_a_plan_that_costs_more_gives_more(more, found):
    assert told(CHEAP, replace(DEAR, **more)) == (["dear"] if found else [])


@pytest.mark.parametrize(
    ("cheap", "dear", "found"),
    [
        pytest.param({"term_days": 30}, {"term_days": 365}, False, id="lasts longer"),
        pytest.param({"term_days": 30}, {}, False, id="lasts for good"),
        pytest.param({"term_days": 365}, {"term_days": 365}, True, id="lasts as long"),
        pytest.param(
            {"targets": {Severity.A: answer(4)}},
            {"targets": {Severity.A: answer(1)}},
            False,
            id="1h",
        ),
        pytest.param(
            {"targets": {Severity.A: answer(1)}},
            {"targets": {Severity.A: answer(4)}},
            True,
            id="4h",
        ),
        pytest.param(
            {"office_calendar": "morning", "off_hours_languages": ("en",)},
            {},
            False,
            id="speaks more at night",
        ),
        pytest.param(
            {"office_calendar": "office", "off_hours_languages": ("en",)},
            {},
            True,
            id="is open only when all is spoken",
        ),
        pytest.param(
            {"calendar": "always", "office_calendar": "office", "off_hours_languages": ("en",)},
            {"calendar": "always", "office_calendar": "morning", "off_hours_languages": ("en",)},
            True,
            id="speaks less",
        ),
        pytest.param(
            {"calendar": "always", "office_calendar": "office", "off_hours_languages": ("en",)},
            {"calendar": "always", "office_calendar": "office", "off_hours_languages": ("es",)},
            False,
            id="speaks another language",
        ),
    ],
)
def test_terms_promises_and_languages_count(cheap, dear, found):
    assert told(replace(CHEAP, **cheap), replace(DEAR, **dear)) == (["dear"] if found else [])


def test_the_price_may_stand_with_the_offer():
    offers = {
        one.id: one
        for one in (
            Offer("sub", text(), text(), plan="dear", price=money(90)),
            Offer("renewal", text(), text(), plan="dear", price=money(80)),
            Offer("word", text(), text(), plan="dear"),
        )
    }
    dear = replace(DEAR, price=None)
    assert price_of(policy(offers=offers), dear) == money(80)
    assert told(CHEAP, dear, offers=offers) == ["dear"]


def test_the_proof_tells_it():
    plans = {one.id: one for one in (*policy().plans.values(), CHEAP, DEAR)}
    (flaw,) = prove(policy(*SOUND, plans=plans, calendars={**policy().calendars, **CALENDARS}))
    assert flaw.place == ("plans", "dear")
    assert "costs more than “cheap” and is better in nothing" in flaw.what


def test_the_vendor_sells_no_such_plan():
    assert dear_plans(vendor()) == ()


@pytest.mark.parametrize(
    ("wide", "narrow", "expected"),
    [
        pytest.param(OFFICE, MORNING, True, id="a part of the day"),
        pytest.param(MORNING, OFFICE, False, id="the whole of it"),
        pytest.param(OFFICE, CLOSED_ONCE, True, id="a holiday less"),
        pytest.param(CLOSED_ONCE, OFFICE, False, id="a holiday more"),
        pytest.param(MORNING, MADRID, False, id="the weeks between two summer times"),
        pytest.param(ALWAYS, MADRID, True, id="always"),
        pytest.param(calendar(id="never", hours=()), MORNING, False, id="never open"),
        pytest.param(MORNING, calendar(id="never", hours=()), True, id="nothing to cover"),
        pytest.param(
            calendar(*range(7), id="closed-once", hours=(WHOLE_DAY,), holidays={HOLIDAY}),
            replace(MADRID, holidays=frozenset({HOLIDAY, date(2026, 11, 27)})),
            True,
            id="over midnight and in another zone",
        ),
    ],
)
def test_hours_within_hours(wide, narrow, expected):
    assert covers(wide, narrow) is expected


DAYS = st.dictionaries(
    st.integers(0, 6),
    st.tuples(st.integers(0, 11), st.integers(12, 24)).map(
        lambda pair: (Hours(time(pair[0]), time(pair[1] % 24)),)
    ),
)
ZONES = st.sampled_from(["UTC", "Europe/Madrid", "America/New_York"])


@settings(max_examples=40, deadline=None)
@given(DAYS, DAYS, ZONES, ZONES, st.frozensets(st.dates(date(2026, 3, 1), date(2026, 4, 9))))
def test_covering_is_what_every_hour_of_a_year_says(wide, narrow, zone, other, holidays):
    one = Calendar("wide", zone, wide, holidays)
    two = Calendar("narrow", other, narrow)
    first = datetime(2026, 3, 1, tzinfo=UTC)
    hours = (first + timedelta(hours=n, minutes=30) for n in range(24 * 280))
    said = covers(one, two)
    if said:
        assert all(is_open(one, at) for at in hours if is_open(two, at))
    else:
        days = sorted(holidays) or [date(2024, 1, 1)]
        start = datetime.combine(days[0], time(0), UTC) - timedelta(days=1)
        more = (start + timedelta(minutes=30 * n) for n in range(2 * 24 * 470))
        assert any(is_open(two, at) and not is_open(one, at) for at in more)
