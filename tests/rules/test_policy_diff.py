"""Whose situation changes between two policies, and how many products that touches."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from kb.rules.entitlement import decide
from kb.rules.facts import AssetState, facts_for
from kb.rules.policy import Request
from kb.rules.policy import Test as FactTest
from kb.rules.policy_diff import NOT_OFFERED, Both, Change, Diff, Held, diff
from kb.rules.policy_effect import effect, held
from kb.rules.policy_table import COLUMNS, outcome
from kb.rules.policy_terms import Term
from tests.rules.diffs import BEFORE, LONGER, TODAY, terms
from tests.rules.policies import CHANNELS, PLANS, PRODUCTS, REQUESTS, SOUND, grant, policy, text


def cells(change: Change) -> dict[str, str]:
    named = zip(COLUMNS, change.cells, strict=True)
    return {column: cell.words for column, cell in named if cell.words}


def test_nothing_changes_between_a_policy_and_itself():
    found = diff(BEFORE, BEFORE)
    assert (found.changes, found.terms, found.situations) == ((), (), 0)
    assert found.walked > 500


def test_a_longer_time_is_told_for_the_days_it_adds_and_for_nobody_else():
    found = diff(BEFORE, LONGER)
    assert {cells(one)["days_since_purchase"] for one in found.changes} == {"31–45"}
    assert {cells(one)["product"] for one in found.changes} <= {"home", "bundle", "home, bundle"}
    assert any(one.told.before.startswith("no; ") for one in found.changes)
    assert all("chat, email on office" in one.told.after for one in found.changes)
    assert found.situations == sum(one.situations for one in found.changes) > 0


def test_a_new_version_pushes_an_old_one_out():
    newer = replace(PRODUCTS[0], generations=(("13",), *PRODUCTS[0].generations))
    products = {one.id: one for one in (newer, *PRODUCTS[1:])}
    found = diff(BEFORE, policy(*SOUND, products=products))
    versions = {cells(one)["version"] for one in found.changes}
    assert versions == {
        "11.5: supported → unsupported, 11: supported → unsupported",
    }
    told = {one.told.after for one in found.changes}
    assert all("offer upgrade" in after for after in told)
    assert "no; forum, offer upgrade" in told


def test_what_is_gone_is_decided_as_what_nobody_knows():
    without = {one.id: one for one in PRODUCTS[1:]}
    found = diff(BEFORE, policy(*SOUND, products=without))
    lost = [one for one in found.changes if cells(one).get("product") == "server"]
    assert lost
    assert {one.told.after for one in lost} == {"no; choose-product"}
    assert Term("products", "server", "", "there", "removed") in found.terms


def test_a_plan_that_is_gone_helps_nobody():
    plans = {one.id: one for one in PLANS if one.id != "premier"}
    found = diff(BEFORE, policy(*SOUND, plans=plans))
    assert {cells(one)["plan"] for one in found.changes} <= {"premier active", "premier expired"}
    assert "no; " in "".join(one.told.after for one in found.changes)


def test_a_request_that_is_new_or_gone():
    requests = {"technical": REQUESTS[0], "sales": Request("sales", text(), needs_product=False)}
    rules = (*SOUND, grant("sales", "email", request="sales"))
    found = diff(BEFORE, policy(*rules, requests=requests))
    told = {cells(one)["request"]: (one.told.before, one.told.after) for one in found.changes}
    assert told["service"] == ("email on office", NOT_OFFERED)
    assert told["sales"] == (NOT_OFFERED, "email on office")


def test_a_topic_that_goes_out_of_scope():
    topics = tuple(
        replace(topic, in_scope=topic.id not in ("net", "slow")) for topic in REQUESTS[0].topics
    )
    requests = {**BEFORE.requests, "technical": replace(REQUESTS[0], topics=topics)}
    found = diff(BEFORE, policy(*SOUND, requests=requests))
    assert {cells(one)["topic"] for one in found.changes} == {"slow"}


def test_another_rule_with_the_same_outcome_changes_nothing():
    renamed = tuple(replace(rule, id=f"{rule.id}-2") for rule in SOUND)
    assert diff(BEFORE, policy(*renamed)).changes == ()


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from([one for rule in SOUND for one in [rule.id]]),
    st.sampled_from(["technical", "service"]),
    st.sampled_from(["other", "recovery", "slow", "net"]),
    st.sampled_from([("server", "12"), ("server", "10"), ("home", "2027"), ("bundle", None)]),
    st.sampled_from([None, "standard", "premier"]),
    st.integers(0, 60),
    st.booleans(),
)
def test_a_customer_is_told_exactly_when_the_two_decisions_differ(
    dropped, request, topic, product, plan, days, credit
):
    """Against the road of the pages: facts from a registered product on a day, then decide."""
    after = policy(*(rule for rule in SOUND if rule.id != dropped))
    asset = AssetState(
        version=product[1],
        registered=True,
        purchased=TODAY - timedelta(days=days),
        plan=plan,
        plan_until=TODAY,
        unused_credits=int(credit),
    )
    outcomes = []
    for one in (BEFORE, after):
        line = one.products[product[0]] if one.requests[request].needs_product else None
        edition = "full" if line else "none"
        facts = facts_for(one, request, topic, edition, line, asset, today=TODAY)
        outcomes.append(outcome(decide(one, facts), facts.plan))
    found = diff(BEFORE, after)
    counted = effect(BEFORE, after, found, [held(BEFORE, product[0], asset, TODAY)])
    if outcomes[0] != outcomes[1]:
        assert counted.touched == 1 or request == "service"
        assert (outcomes[0], outcomes[1]) in {(c.told.before, c.told.after) for c in found.changes}


def test_products_are_counted_once_for_all_and_once_for_each_change():
    found = diff(BEFORE, LONGER)
    home = AssetState("2027", True, TODAY - timedelta(days=40))
    young = replace(home, purchased=TODAY - timedelta(days=3))
    premier = AssetState("12", True, TODAY, plan="premier", plan_until=TODAY)
    lapsed = replace(premier, plan_until=TODAY - timedelta(days=1))
    known = [
        *(held(BEFORE, "home", one, TODAY) for one in (home, home, young)),
        *(held(BEFORE, "server", one, TODAY) for one in (premier, lapsed)),
        held(BEFORE, "never-heard-of", replace(home, purchased=None), TODAY),
    ]
    counted = effect(BEFORE, LONGER, found, known)
    assert (counted.products, counted.touched) == (6, 2)
    assert set(counted.by_change) == {0, 2}
    assert counted.by_plan == {"premier": 1}


def test_an_unknown_product_stands_for_none():
    both = Both(BEFORE, LONGER)
    (told,) = {both.told("technical", "other", Held("nothing", edition="full"))}
    assert not told.changed


def test_an_empty_policy_and_a_full_one():
    empty = policy(products={}, plans={}, calendars={}, requests={}, channels={}, offers={})
    found = diff(empty, BEFORE)
    assert {one.told.before for one in found.changes} == {NOT_OFFERED}
    assert isinstance(diff(BEFORE, empty), Diff)


def test_a_condition_with_a_bound_is_told():
    channels = {
        one.channel: replace(one, only_when=((FactTest("days_since_purchase", (), at_most=9),),))
        for one in CHANNELS
    }
    told = [one[4] for one in terms(replace(BEFORE, channels=channels)) if one[2] == "only_when"]
    assert set(told) == {"days_since_purchase: a bound"}
