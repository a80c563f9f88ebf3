"""Facts: the day thresholds, expiry days, and what cannot occur together."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from kb.rules.facts import (
    AssetState,
    Facts,
    PlanState,
    facts_for,
    is_consistent,
    passes,
    plan_state,
)
from kb.rules.policy import Test as FactTest
from tests.rules.policies import PRODUCTS, facts, policy

SERVER, HOME, BUNDLE = PRODUCTS
TODAY = date(2026, 11, 23)
POLICY = policy()


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


@pytest.mark.parametrize(
    ("asset", "expected"),
    [
        pytest.param({}, {}, id="nothing known"),
        pytest.param({"registered": True}, {"registered": "yes"}, id="R7 registered"),
        pytest.param({"purchased": ago(0)}, {"days_since_purchase": 0}, id="bought today"),
        pytest.param({"purchased": ago(30)}, {"days_since_purchase": 30}, id="R19 day 30"),
        pytest.param({"purchased": ago(31)}, {"days_since_purchase": 31}, id="R19 day 31"),
        pytest.param({"purchased": ago(-1)}, {"days_since_purchase": 0}, id="bought tomorrow"),
        pytest.param(
            {"plan": "standard", "plan_until": TODAY},
            {"plan": "standard", "plan_state": "active"},
            id="R8 on its last day",
        ),
        pytest.param(
            {"plan": "standard", "plan_until": ago(1)},
            {"plan": "standard", "plan_state": "expired"},
            id="R17 the day after",
        ),
        pytest.param(
            {"plan": "premier"}, {"plan": "premier", "plan_state": "active"}, id="without end"
        ),
        pytest.param({"plan": "gone"}, {}, id="a plan the policy no longer has"),
        pytest.param({"plan": "incident"}, {}, id="R28 a paid incident is no subscription"),
        pytest.param(
            {"registered": True, "unused_credits": 1},
            {"registered": "yes", "credit": "yes"},
            id="R28 a paid incident",
        ),
        pytest.param({"unused_credits": 1}, {}, id="R29 only for a registered product"),
        pytest.param({"version": "10"}, {"lifecycle": "unsupported"}, id="R27 old"),
    ],
)
def test_facts_of_a_full_version(asset, expected):
    found = facts_for(POLICY, "technical", "slow", "full", SERVER, AssetState(**asset), today=TODAY)
    assert found == Facts("technical", "slow", edition="full", market="business", **expected)
    assert is_consistent(POLICY, found)


def test_R21_a_trial_knows_only_its_product():
    asset = AssetState("2025", True, TODAY, "premier", TODAY, 1)
    found = facts_for(POLICY, "technical", "slow", "trial", HOME, asset, today=TODAY)
    assert found == Facts(
        "technical",
        "slow",
        edition="trial",
        market="home",
        register_first="yes",
        lifecycle="unsupported",
    )


def test_without_a_product_nothing_else_is_known():
    for edition, product in (("full", None), ("none", SERVER)):
        found = facts_for(POLICY, "service", "other", edition, product, today=TODAY)
        assert found == Facts("service")


def test_R24_the_topic_says_what_is_in_scope():
    found = facts_for(POLICY, "technical", "net", "full", SERVER, today=TODAY)
    assert (found.topic, found.scope) == ("net", "out")


def test_topics_and_requests_that_are_not_known_are_something_else():
    assert facts_for(POLICY, "technical", "gone", today=TODAY).topic == "other"
    assert facts_for(POLICY, "gone", "slow", today=TODAY) == Facts("gone")


@pytest.mark.parametrize(
    "until", [TODAY - timedelta(days=1), TODAY, TODAY + timedelta(days=1), None]
)
def test_R8_a_plan_runs_through_its_last_day(until):
    state = plan_state(POLICY, AssetState(plan="standard", plan_until=until), TODAY)
    running = until is None or until >= TODAY
    assert state is (PlanState.ACTIVE if running else PlanState.EXPIRED)


@pytest.mark.parametrize(
    ("test", "value", "expected"),
    [
        (FactTest("market", ("home",)), "home", True),
        (FactTest("market", ("home",)), "business", False),
        (FactTest("days_since_purchase", at_most=30), 30, True),
        (FactTest("days_since_purchase", at_most=30), 31, False),
        (FactTest("days_since_purchase", at_most=30), None, False),
        (FactTest("days_since_purchase", at_least=31), 30, False),
        (FactTest("days_since_purchase", at_least=31), 31, True),
        (FactTest("days_since_purchase", ("unknown",)), None, True),
        (FactTest("days_since_purchase", ("unknown",)), 3, False),
    ],
)
def test_one_test_on_one_fact(test, value, expected):
    assert passes(test, value) is expected


@pytest.mark.parametrize(
    ("known", "consistent"),
    [
        pytest.param(facts(), True, id="registered, nothing more"),
        pytest.param(Facts("service"), True, id="no product"),
        pytest.param(Facts("service", registered="yes"), False, id="registered, but no product"),
        pytest.param(Facts("service", edition="full"), False, id="an edition of nothing"),
        pytest.param(facts(edition="none"), False, id="a product without an edition"),
        pytest.param(
            facts(edition="none", registered="no", days_since_purchase=None),
            False,
            id="nor one that was never bought",
        ),
        pytest.param(facts(plan="standard"), False, id="a plan in no state"),
        pytest.param(facts(plan_state="active"), False, id="no plan, but active"),
        pytest.param(facts(plan="standard", plan_state="active"), True, id="a plan"),
        pytest.param(facts(credit="yes"), True, id="a paid incident"),
        pytest.param(facts(credit="yes", registered="no"), False, id="R29 not registered"),
        pytest.param(facts(edition="trial", registered="no"), True, id="a trial"),
        pytest.param(facts(edition="trial"), False, id="a registered trial"),
        pytest.param(facts(market="home-office"), False, id="no product of this market"),
        pytest.param(facts(lifecycle="unsupported"), True, id="R27 an old version"),
        pytest.param(
            facts(market="home", oem="pay-per-incident", lifecycle="unsupported"),
            False,
            id="an old version of a product without versions",
        ),
        pytest.param(facts(market="home", oem="pay-per-incident"), True, id="R31 an OEM product"),
    ],
)
def test_what_can_occur_together(known, consistent):
    assert is_consistent(POLICY, known) is consistent
    if consistent:
        assert is_consistent(POLICY, replace(known, request="service", topic="other"))
