"""The proof: it finds every kind of flaw, and agrees with the decision for every combination."""

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.rules.entitlement import NO_RULE, Refused, decide
from kb.rules.facts import FACTS, Facts, is_consistent
from kb.rules.policy import Grant, Plan, Policy, Request, Rule, Topic, Way
from kb.rules.policy_proof import describe, prove
from kb.rules.policy_space import (
    all_tests,
    askings,
    combinations,
    combine,
    cuts,
    situations,
    words_of,
)
from kb.rules.products import Product
from tests.rules.policies import (
    CHANNELS,
    CHAT,
    EMAIL,
    PHONE,
    PLANS,
    PRODUCTS,
    REQUESTS,
    SOUND,
    by_plan,
    grant,
    offer,
    policy,
    refuse,
    text,
    when,
)
from tests.work import calls


def all_facts(one: Policy) -> list[Facts]:
    """Every consistent combination, found the slow way: all words, and a number in each gap."""
    words = words_of(one)
    days = [None, *cuts(one, "days_since_purchase")]
    topics = {
        request.id: {"other": "in"}
        | {topic.id: "in" if topic.in_scope else "out" for topic in request.topics}
        for request in one.requests.values()
    }
    asked = [(r, t, s) for r, known in topics.items() for t, s in known.items()]
    rest = [words[fact] for fact in FACTS[3:12]]
    found = (
        Facts(*ask, *values, day, credit)
        for values in product(*rest)
        for day in days
        for credit in ("yes", "no")
        for ask in asked[:1]
    )
    kinds = [facts for facts in found if is_consistent(one, facts)]
    return [replace(f, request=r, topic=t, scope=s) for f in kinds for r, t, s in asked]


def test_a_sound_policy_has_no_flaw():
    assert prove(policy(*SOUND)) == ()


def test_an_empty_policy_has_no_flaw():
    nothing = policy(
        products={}, plans={}, calendars={}, requests={}, channels={}, severities={}, offers={}
    )
    assert prove(nothing) == ()


def test_the_combinations_are_all_that_can_occur():
    one = policy(*SOUND)
    walked = {
        combine(asking, situation) for asking in askings(one) for situation in situations(one)
    }
    slow = set(all_facts(one))
    assert walked <= slow
    told_apart = {replace(f, topic="other") if f.topic == "slow" else f for f in slow}
    assert walked == told_apart
    assert combinations(one) == len(walked)


def test_topics_that_no_rule_tells_apart_stand_together():
    asked = {(one.facts.request, one.topics) for one in askings(policy(*SOUND))}
    assert asked == {
        ("technical", ("other", "slow")),
        ("technical", ("recovery",)),
        ("technical", ("net",)),
        ("service", ("other",)),
    }


def test_numbers_are_cut_where_an_answer_changes():
    rules = (grant("a", "chat", at_most=30), grant("b", "chat", at_least=10, at_most=50))
    assert cuts(policy(*rules), "days_since_purchase") == (0, 10, 31, 51)


def flaws(*rules: Rule, **parts: object) -> list[tuple[tuple[str | int, ...], str]]:
    return [(flaw.place, flaw.what) for flaw in prove(policy(*rules, **parts))]


def without(*gone: str) -> tuple[Rule, ...]:
    return tuple(rule for rule in SOUND if rule.id not in gone)


def test_a_combination_without_a_decision_is_found():
    found = prove(policy(*without("rest")))
    assert [flaw.place for flaw in found] == [("entitlements", "")]
    assert found[0].what.startswith("no rule decides for technical, other, full, business, oem no")
    assert decide(policy(*without("rest")), found[0].example).why == ()


def test_one_gap_is_told_for_each_request():
    found = prove(policy(grant("a", "chat", edition="full")))
    assert [flaw.example.request for flaw in found if flaw.example] == ["technical", "service"]
    assert found[0].what == "no rule decides for technical, other"


def test_a_refusal_without_a_way_forward_is_found():
    rules = (*without("more", "rest"), refuse("rest", request="technical"))
    ((place, what),) = flaws(*rules)
    assert place == ("entitlements", "rest", "refuse")
    assert what.startswith("the rule “rest” leaves no way forward for technical")


def test_an_offer_is_a_way_forward():
    rules = (*without("more", "rest"), refuse("rest", request="technical", offers=("renewal",)))
    assert flaws(*rules) == []


@pytest.mark.parametrize("way", [Way.REGISTER, Way.CHOOSE_PRODUCT, Way.UPGRADE])
def test_a_way_that_leads_nowhere_is_no_way_forward(way):
    rules = (*without("more", "rest"), refuse("rest", way, request="technical"))
    assert [place for place, _ in flaws(*rules)] == [("entitlements", "rest", "refuse")]


def test_a_rule_below_a_decision_never_speaks():
    rules = (*SOUND, grant("late", "chat", request="technical"))
    ((place, what),) = flaws(*rules)
    assert place == ("entitlements", "late")
    assert what == "the rule “late” never speaks: what it matches cannot occur, or is decided above"


@pytest.mark.parametrize(
    "rule",
    [
        pytest.param(grant("dead", "chat", market="home-office"), id="no such product"),
        pytest.param(grant("dead", "chat", request="service", topic="net"), id="not its topic"),
        pytest.param(grant("dead", "phone", edition="trial"), id="R38 a closed channel"),
        pytest.param(by_plan("dead", plan_state="none"), id="from no plan"),
        pytest.param(
            refuse("dead", Way.FORUM, market="home", registered="no", credit="yes"), id="R29"
        ),
        pytest.param(offer("dead", "upgrade", edition="none", plan="premier"), id="offers nobody"),
    ],
)
def test_a_rule_that_cannot_speak_is_found(rule):
    assert [place for place, _ in flaws(rule, *SOUND)] == [("entitlements", "dead")]


def test_who_has_no_product_is_looked_at_like_anybody_else():
    assert prove(policy(grant("a", "phone")))[0].what == "no rule decides for technical, other"
    rules = (grant("a", "chat", edition="full|trial"), refuse("rest"))
    ((_, what),) = flaws(*rules)
    assert what == "the rule “rest” leaves no way forward for technical, other"


def test_nobody_is_looked_at_who_cannot_be():
    """All are decided on, those with a product and those without, by no rule for everybody."""
    rules = (grant("a", "chat", edition="full|trial"), refuse("b", Way.FORUM, edition="none"))
    assert flaws(*rules) == []


@pytest.mark.parametrize(
    ("channels", "found"),
    [
        pytest.param((CHAT,), [("entitlements", "one")], id="none of the plan's"),
        pytest.param((CHAT, EMAIL), [], id="one of the plan's"),
    ],
)
def test_channels_named_beside_a_plan_are_proved_as_they_are_decided(channels, found):
    one = replace(
        grant("one", request="technical", market="home", credit="yes"),
        grant=Grant(channels, plan="incident"),
    )
    assert [place for place, _ in flaws(one, *SOUND)] == found


def test_numbers_are_cut_where_a_channel_opens_and_never_below_zero():
    opens = replace(CHANNELS[0], only_when=(when(at_most=10),))
    rules = (grant("a", "phone"), grant("b", "chat", at_least=-3))
    assert cuts(policy(*rules, channels={PHONE: opens}), "days_since_purchase") == (0, 11)


def test_a_refusal_of_those_who_were_granted_refuses_nobody():
    rules = (grant("all", "email"), refuse("nobody", Way.FORUM))
    assert [place for place, _ in flaws(*rules)] == [("entitlements", "nobody")]


def test_facts_are_described_in_one_line():
    assert describe(Facts("service")) == "service, other"
    known = Facts("technical", "slow", edition="full", market="home", days_since_purchase=3)
    assert describe(known).endswith("plan none none, days since purchase 3, credit no")
    unknown = replace(known, lifecycle="supported", days_since_purchase=None)
    assert "supported, register first no, registered no" in describe(unknown)
    assert "days since purchase unknown" in describe(unknown)


SOME = st.lists(
    st.sampled_from(
        (
            *SOUND,
            refuse("end", request="technical", market="home"),
            refuse("register", Way.REGISTER, edition="full"),
            grant("phone", "phone", at_least=31),
        )
    ),
    unique_by=lambda rule: rule.id,
    max_size=8,
)


@settings(deadline=None, max_examples=60)
@given(SOME)
def test_the_proof_agrees_with_every_single_decision(rules):
    """Read for all situations at once or one by one: the same gaps, the same silent rules."""
    one = policy(*rules)
    known = [combine(asking, situation) for asking in askings(one) for situation in situations(one)]
    decisions = [decide(one, facts) for facts in known]
    found = prove(one)
    gap = any(isinstance(d, Refused) and d.rule == NO_RULE for d in decisions)
    assert gap == any(flaw.place == ("entitlements", "") for flaw in found)
    silent = {flaw.place[1] for flaw in found if len(flaw.place) == 2} - {""}
    assert silent.isdisjoint({rule for decision in decisions for rule in decision.why})
    stuck = {flaw.place[1] for flaw in found if flaw.place[2:] == ("refuse",)}
    for decision in decisions:
        if isinstance(decision, Refused) and decision.rule not in (NO_RULE, *stuck):
            assert decision.instead or decision.offers


def test_two_hundred_rules_are_proved_without_reading_them_for_each_combination():
    """A policy far larger than a real one: 40 topics, 12 plans, 20 kinds of days. A test is tried
    once on each situation, not for each rule and wish; bench/policy.py tells the seconds."""
    topics = tuple(Topic(f"t{n}", text()) for n in range(40))
    plans = tuple(Plan(f"p{n}", text(), (EMAIL,), "office") for n in range(12))
    rules = tuple(
        grant(f"r{n}", "email", topic=f"t{n % 40}", plan=f"p{n % 12}", at_least=n % 20)
        for n in range(200)
    )
    big = policy(
        *rules,
        *SOUND[-1:],
        requests={"technical": Request("technical", text(), topics=topics)},
        plans={plan.id: plan for plan in (*plans, *PLANS)},
    )
    tests = {test for test in all_tests(big) if test.fact not in ("request", "topic", "scope")}
    once = len(tests) * len(situations(big))
    wishes = len(askings(big)) * sum(len(rule.when) for rule in big.rules)
    done = calls(lambda: prove(big))
    assert prove(big) == ()
    assert 0 < done["passes"] <= once + wishes
    assert done.total() < 4 * combinations(big) < len(big.rules) * combinations(big)


def test_the_builders_are_sound():
    assert isinstance(PRODUCTS[0], Product)
    assert {request.id for request in REQUESTS} == {"technical", "service"}


@pytest.mark.parametrize("way", [Way.CUSTOMER_SERVICE, Way.SALES])
def test_a_way_to_a_request_needs_one(way):
    lost = replace(policy(), rules=(refuse("end", Way.KNOWLEDGE_BASE, way),))
    (flaw,) = prove(lost)
    assert flaw.place == ("entitlements", "end", "refuse", "instead", 1)
    assert flaw.what == f"“{way}” leads to no request"
    assert flaw.mend == f"write ways: [{way}] below one in requests.yaml, or remove it here"
    first = next(iter(lost.requests.values()))
    found = replace(lost, requests={**lost.requests, first.id: replace(first, ways=(way,))})
    assert prove(found) == ()
    assert found.request_by(way) == found.requests[first.id]
    assert lost.request_by(way) is None
