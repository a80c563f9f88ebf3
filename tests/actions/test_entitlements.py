"""The facts of a wish are gathered from the account; the rule decides (R4, R9, R16, R37)."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from kb.actions.entitlements import Outcome, decide_for, office_day
from kb.rules.contact import Wish
from kb.rules.entitlement import Allowed, Refused
from kb.rules.policy import Policy
from kb.store import Database
from tests.actions.people import KEY, NOW, customer, days_ago, give_credit, own

HOME = "NHM27" + "A" * 59
TECHNICAL = Wish(request="technical", topic="backup", edition="full")


def wish(asset: int | None = None, product: str = "", topic: str = "backup") -> Wish:
    return Wish(request="technical", topic=topic, edition="full", asset=asset, product=product)


def channels(outcome: Outcome) -> set[str]:
    assert isinstance(outcome.decision, Allowed), outcome
    return {str(grant.channel) for grant in outcome.decision.channels}


def test_r9_the_plan_of_the_registered_key_decides(db: Database, policy: Policy) -> None:
    ana = customer(db)
    asset = own(db, policy, ana, plan="premier")
    outcome = decide_for(db, policy, ana, wish(asset), NOW)
    assert outcome.facts.plan == "premier"
    assert channels(outcome) >= {"phone", "chat", "email"}
    assert outcome.policy_revision == policy.revision
    assert outcome.asset
    assert outcome.asset.id == asset


@pytest.mark.parametrize(
    ("bought", "allowed"),
    [
        pytest.param(0, True, id="R19 the day of purchase"),
        pytest.param(30, True, id="R19 day 30"),
        pytest.param(31, False, id="R19 day 31"),
    ],
)
def test_r19_home_products_have_thirty_days(
    db: Database, policy: Policy, bought: int, allowed: bool
) -> None:
    ana = customer(db)
    asset = own(db, policy, ana, HOME, product="home", version="2027", sold_on=days_ago(bought))
    outcome = decide_for(db, policy, ana, wish(asset), NOW)
    assert outcome.facts.days_since_purchase == bought
    assert isinstance(outcome.decision, Allowed) is allowed


def test_r17_a_plan_ends_after_its_last_day(db: Database, policy: Policy) -> None:
    ana = customer(db)
    asset = own(db, policy, ana, sold_on=days_ago(365))
    assert channels(decide_for(db, policy, ana, wish(asset), NOW))
    late = own(db, policy, ana, "NBS12" + "Z" * 20, sold_on=days_ago(366))
    refused = decide_for(db, policy, ana, wish(late), NOW).decision
    assert isinstance(refused, Refused)
    assert refused.rule == "plan-expired"


def test_r28_a_credit_counts_for_its_product_only(db: Database, policy: Policy) -> None:
    ana = customer(db)
    one = own(db, policy, ana, HOME, product="home", version="2027")
    two = own(db, policy, ana, "NHM27" + "B" * 59, product="home", version="2027")
    give_credit(db, ana, one)
    assert decide_for(db, policy, ana, wish(one), NOW).facts.credit == "yes"
    assert decide_for(db, policy, ana, wish(two), NOW).facts.credit == "no"
    give_credit(db, ana)
    assert decide_for(db, policy, ana, wish(two), NOW).facts.credit == "yes"


def test_somebody_elses_product_gives_nothing(db: Database, policy: Policy) -> None:
    ana, luis = customer(db), customer(db, "luis@example.com")
    asset = own(db, policy, ana, plan="premier")
    outcome = decide_for(db, policy, luis, wish(asset), NOW)
    assert outcome.asset is None
    assert isinstance(outcome.decision, Refused)
    assert isinstance(decide_for(db, policy, None, wish(asset), NOW).decision, Refused)


def test_of_several_products_of_a_line_the_best_decides(db: Database, policy: Policy) -> None:
    ana = customer(db)
    own(db, policy, ana, KEY, sold_on=days_ago(900))
    premier = own(db, policy, ana, "NBS12" + "Y" * 20, plan="premier")
    own(db, policy, ana, "NBS12" + "X" * 20)
    outcome = decide_for(db, policy, ana, wish(product="backup-server"), NOW)
    assert outcome.asset
    assert outcome.asset.id == premier


def test_r21_a_trial_needs_no_registered_product(db: Database, policy: Policy) -> None:
    trial = Wish(request="technical", topic="backup", edition="trial", product="backup-server")
    outcome = decide_for(db, policy, customer(db), trial, NOW)
    assert "phone" not in channels(outcome)  # R38
    assert outcome.facts.registered == "no"


def test_r7_an_unregistered_product_must_be_registered_first(db: Database, policy: Policy) -> None:
    decision = decide_for(db, policy, customer(db), wish(product="home"), NOW).decision
    assert isinstance(decision, Refused)
    assert decision.rule == "register-first"


def test_a_request_about_no_product_needs_none(db: Database, policy: Policy) -> None:
    outcome = decide_for(db, policy, None, Wish(request="customer-service"), NOW)
    assert channels(outcome) == {"chat", "email"}  # R22


def test_the_day_is_the_offices(policy: Policy) -> None:
    midnight = NOW.replace(hour=3)  # still the evening before in New York
    assert office_day(policy, midnight) == days_ago(1)


NEW_YORK = ZoneInfo("America/New_York")
LAST_MINUTE = timedelta(minutes=1)


def midnight(day: date) -> datetime:
    """The moment at which a day begins where the office is."""
    return datetime.combine(day, time(0), NEW_YORK).astimezone(UTC)


@pytest.mark.parametrize(
    ("bought", "ends"),
    [
        pytest.param(date(2026, 10, 24), date(2026, 11, 24), id="R19 day 30 and day 31"),
        pytest.param(date(2028, 1, 30), date(2028, 3, 1), id="R19 day 30 is a leap day"),
        pytest.param(date(2027, 1, 30), date(2027, 3, 2), id="R19 the same without one"),
        pytest.param(date(2026, 10, 2), date(2026, 11, 2), id="R19 the clock goes back"),
        pytest.param(date(2027, 2, 12), date(2027, 3, 15), id="R19 it goes forward"),
        pytest.param(date(2026, 12, 1), date(2027, 1, 1), id="R19 over the year's end"),
    ],
)  # fmt: skip
def test_thirty_days_end_at_midnight_where_the_office_is(
    bought: date, ends: date, db: Database, policy: Policy
) -> None:
    ana = customer(db)
    asset = own(db, policy, ana, HOME, product="home", version="2027", sold_on=bought)
    end = midnight(ends)
    assert channels(decide_for(db, policy, ana, wish(asset), end - LAST_MINUTE)) == {
        "chat",
        "email",
    }
    refused = decide_for(db, policy, ana, wish(asset), end)
    assert isinstance(refused.decision, Refused)
    assert refused.facts.days_since_purchase == 31


@pytest.mark.parametrize(
    ("sold", "ends"),
    [
        pytest.param(date(2026, 3, 1), date(2027, 3, 1), id="R17 a year"),
        pytest.param(date(2027, 3, 2), date(2028, 3, 1), id="R17 ends on a leap day"),
        pytest.param(date(2025, 11, 1), date(2026, 11, 1), id="R17 the clock goes back"),
    ],
)  # fmt: skip
def test_a_plan_ends_with_the_last_minute_of_its_last_day(
    sold: date, ends: date, db: Database, policy: Policy
) -> None:
    ana = customer(db)
    asset = own(db, policy, ana, sold_on=sold)
    end = midnight(ends + timedelta(days=1))
    assert channels(decide_for(db, policy, ana, wish(asset), end - LAST_MINUTE))
    refused = decide_for(db, policy, ana, wish(asset), end).decision
    assert isinstance(refused, Refused)
    assert refused.rule == "plan-expired"


def test_the_best_asset_keeps_a_paid_incident_for_another_day(db: Database, policy: Policy) -> None:
    ana = customer(db)
    old = own(db, policy, ana, HOME, product="home", version="2027", sold_on=days_ago(200))
    give_credit(db, ana, old)
    new = own(
        db, policy, ana, "NHM27" + "B" * 59, product="home", version="2027", sold_on=days_ago(3)
    )
    outcome = decide_for(db, policy, ana, wish(product="home"), NOW)
    assert outcome.asset
    assert outcome.asset.id == new
    assert channels(outcome) == {"chat", "email"}
    assert channels(decide_for(db, policy, ana, wish(old), NOW)) >= {"phone"}


def test_of_two_that_are_refused_the_answer_is_still_about_one_of_them(
    db: Database, policy: Policy
) -> None:
    ana = customer(db)
    owned = {own(db, policy, ana, f"NBS12{letter * 20}", sold_on=days_ago(900)) for letter in "XY"}
    outcome = decide_for(db, policy, ana, wish(product="backup-server"), NOW)
    assert isinstance(outcome.decision, Refused)
    assert outcome.asset
    assert outcome.asset.id in owned
    assert outcome.decision.offers


def test_a_decision_carries_all_that_a_page_needs(db: Database, policy: Policy) -> None:
    """Rule, reason in each language, channels, calendar, targets, cost; what to do, what to buy."""
    ana = customer(db)
    asset = own(db, policy, ana, plan="premier")
    allowed = decide_for(db, policy, ana, wish(asset), NOW).decision
    assert isinstance(allowed, Allowed)
    for grant in allowed.channels:
        rule = policy.rule(grant.rule)
        assert rule is not None
        assert all(rule.why.in_(lang) for lang in ("es", "en"))
        assert grant.calendar in policy.calendars
        assert grant.plan == "premier"
        assert policy.plans[grant.plan].targets
        assert not grant.uses_credit
    late = own(db, policy, ana, "NBS12" + "Z" * 20, sold_on=days_ago(366))
    refused = decide_for(db, policy, ana, wish(late), NOW).decision
    assert isinstance(refused, Refused)
    said = policy.rule(refused.rule)
    assert said is not None
    assert all(said.why.in_(lang) for lang in ("es", "en"))
    assert refused.instead
    assert set(refused.offers) <= set(policy.offers)
    assert refused.offers
