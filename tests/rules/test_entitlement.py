"""The decision: rules in order, grants that add up, refusals that end, offers that help."""

from dataclasses import asdict, replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.rules.entitlement import (
    NO_RULE,
    Allowed,
    ChannelGrant,
    Refused,
    channel_is_open_to,
    decide,
    decide_again,
    explain,
    languages_at,
)
from kb.rules.facts import Facts
from kb.rules.policy import Channel, Grant, Offer, Way
from kb.rules.policy_space import askings, combine, situations
from tests.rules.policies import (
    CHAT,
    EMAIL,
    OFFERS,
    PHONE,
    SOUND,
    by_plan,
    facts,
    grant,
    offer,
    policy,
    refuse,
    text,
)

ACTIVE = {"plan_state": "active", "plan": "standard"}
PREMIER = {"plan_state": "active", "plan": "premier"}
COMBINATIONS = st.sampled_from(
    [combine(a, s) for a in askings(policy(*SOUND)) for s in situations(policy(*SOUND))]
)


def channels(decision: object) -> dict[str, str]:
    assert isinstance(decision, Allowed)
    return {str(one.channel): one.plan or one.calendar for one in decision.channels}


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        pytest.param(Facts("service"), {"email": "office"}, id="R22 free"),
        pytest.param(facts(topic="recovery"), {"chat": "office"}, id="R20 without any plan"),
        pytest.param(
            facts(**ACTIVE),
            {"phone": "standard", "chat": "standard", "email": "standard"},
            id="R13",
        ),
        pytest.param(
            facts(**PREMIER), {"phone": "premier", "chat": "premier", "email": "premier"}, id="R14"
        ),
        pytest.param(
            facts(credit="yes"), {"phone": "incident", "email": "incident"}, id="R28 paid incident"
        ),
        pytest.param(
            facts(topic="recovery", credit="yes"),
            {"phone": "incident", "chat": "office", "email": "incident"},
            id="R20, R28 what is free is not paid for",
        ),
        pytest.param(
            facts(market="home", days_since_purchase=30),
            {"chat": "office", "email": "office"},
            id="R19 day 30",
        ),
        pytest.param(
            facts(edition="trial", registered="no"),
            {"chat": "office"},
            id="R38 a trial cannot phone",
        ),
    ],
)
def test_who_may_use_which_channel(known, expected):
    assert channels(decide(policy(*SOUND), known)) == expected


@pytest.mark.parametrize(
    ("known", "rule", "instead", "offers"),
    [
        pytest.param(Facts("technical"), "choose", (Way.CHOOSE_PRODUCT,), (), id="no product"),
        pytest.param(facts(topic="net", scope="out"), "out", (Way.FORUM,), (), id="R24"),
        pytest.param(
            facts(lifecycle="unsupported", **ACTIVE), "old", (Way.FORUM,), ("upgrade",), id="R27"
        ),
        pytest.param(
            facts(market="home", days_since_purchase=31),
            "rest",
            (Way.KNOWLEDGE_BASE,),
            ("incident",),
            id="R19 day 31",
        ),
    ],
)
def test_who_is_refused_and_what_they_can_do(known, rule, instead, offers):
    assert decide(policy(*SOUND), known) == Refused(rule, (rule,), instead, offers)


def test_the_why_names_the_rules_whose_grants_are_used():
    decision = decide(policy(*SOUND), facts(credit="yes", **PREMIER))
    assert decision.why == ("plan",)
    decision = decide(policy(*SOUND), facts(topic="recovery", credit="yes"))
    assert decision.why == ("warranty", "paid")


def test_grants_come_in_the_order_of_the_channels_and_can_be_asked_for():
    decision = decide(policy(grant("a", "email", "chat")), facts())
    assert isinstance(decision, Allowed)
    assert [one.channel for one in decision.channels] == [CHAT, EMAIL]
    assert decision.grant("chat") == ChannelGrant(CHAT, "a", "office")
    assert decision.grant(PHONE) is None


def test_a_refusal_after_a_grant_ends_the_reading_but_refuses_nobody():
    rules = (grant("a", "chat"), refuse("b", Way.FORUM), grant("c", "email"))
    assert channels(decide(policy(*rules), facts())) == {"chat": "office"}


def test_a_grant_of_a_closed_channel_is_no_grant():
    """R39: the phone alone, for somebody without plan or credit."""
    rules = (grant("a", "phone"), refuse("b", Way.FORUM))
    assert isinstance(decide(policy(*rules), facts()), Refused)


def test_a_grant_beside_a_plan_keeps_only_the_plans_channels():
    narrow = replace(by_plan("a", "incident"), grant=Grant((CHAT, EMAIL), plan="incident"))
    assert channels(decide(policy(narrow), facts())) == {"email": "incident"}


def test_a_grant_from_a_plan_that_is_not_held_or_known_gives_nothing():
    rules = (by_plan("a"), refuse("b", Way.FORUM))
    for known in (facts(), facts(plan="gone", plan_state="active")):
        assert isinstance(decide(policy(*rules), known), Refused)


@pytest.mark.parametrize(
    "given",
    [
        pytest.param(Grant((CHAT, EMAIL), from_plan=True), id="the customer's plan"),
        pytest.param(Grant((CHAT, EMAIL), plan="gone"), id="a plan that does not exist"),
        pytest.param(Grant(calendar="office"), id="no channel at all"),
    ],
)
def test_channels_named_beside_a_plan_need_the_plan(given):
    rules = (replace(grant("a"), grant=given), refuse("b", Way.FORUM))
    assert decide(policy(*rules), facts()) == Refused("b", ("b",), (Way.FORUM,), ())


def test_a_grant_without_plan_or_calendar_has_no_hours():
    decision = decide(policy(replace(grant("a"), grant=Grant((CHAT,)))), facts())
    assert isinstance(decision, Allowed)
    assert decision.channels == (ChannelGrant(CHAT, "a", ""),)


def test_the_plan_served_first_wins_and_a_credit_is_the_last_resort():
    rules = (by_plan("credit", "incident"), grant("free", "email"), by_plan("plan"))
    assert channels(decide(policy(*rules), facts(credit="yes", **PREMIER)))["email"] == "premier"
    assert channels(decide(policy(*rules), facts(credit="yes")))["email"] == "office"


@pytest.mark.parametrize(
    ("given", "plan", "hours"),
    [
        pytest.param(by_plan("a", "incident"), "incident", "office", id="the plan it names"),
        pytest.param(by_plan("a"), "premier", "always", id="their own"),
    ],
)
def test_a_grant_is_of_the_plan_it_says_in_that_plans_hours(given, plan, hours):
    decision = decide(policy(given), facts(credit="yes", **PREMIER))
    assert isinstance(decision, Allowed)
    assert {(one.plan, one.calendar) for one in decision.channels} == {(plan, hours)}


@pytest.mark.parametrize(
    ("offered", "kept"),
    [
        ("incident", ()),  # its phone and e-mail are both there
        ("renewal", ("renewal",)),  # its plan adds chat
        ("chat-pass", ("chat-pass",)),
        ("upgrade", ("upgrade",)),  # no channel, but something else
        ("mail-only", ()),  # its plan has chat, too, but it is for e-mail
        ("gone", ()),
    ],
)
def test_an_offer_to_those_who_are_allowed_adds_something(offered, kept):
    rules = (grant("a", "phone", "email"), offer("b", offered, offered))
    narrow = Offer("mail-only", text(), text(), plan="standard", channels=(EMAIL,))
    known = policy(*rules, offers={one.id: one for one in (*OFFERS, narrow)})
    assert decide(known, facts(credit="yes")).offers == kept


def test_facts_that_no_rule_knows_are_refused_with_self_service():
    expected = Refused(NO_RULE, (), (Way.KNOWLEDGE_BASE,), ("incident",))
    assert decide(policy(offer("a", "incident")), facts()) == expected


def test_the_facts_of_a_case_are_decided_on_by_todays_rules():
    kept = {**asdict(facts(**PREMIER)), "a fact of older rules": "x"}
    assert decide_again(policy(*SOUND), kept) == decide(policy(*SOUND), facts(**PREMIER))
    assert decide_again(policy(*SOUND), {"plan": "premier"}) is None


def test_R38_R39_a_channel_of_its_own_conditions_or_none():
    shut = policy(channels={})
    assert not channel_is_open_to(shut, CHAT, facts())
    assert channel_is_open_to(policy(), CHAT, facts())
    assert not channel_is_open_to(policy(), PHONE, facts())
    assert channel_is_open_to(policy(), PHONE, facts(**ACTIVE))
    assert channel_is_open_to(policy(), PHONE, facts(credit="yes"))
    assert not channel_is_open_to(policy(), PHONE, facts(edition="trial", registered="no"))


@pytest.mark.parametrize(
    ("plan", "at", "languages"),
    [
        pytest.param("premier", datetime(2026, 11, 23, 15, tzinfo=UTC), (), id="R32 office hours"),
        pytest.param("premier", datetime(2026, 11, 23, 2, tzinfo=UTC), ("en",), id="R32 at night"),
        pytest.param("standard", datetime(2026, 11, 23, 2, tzinfo=UTC), (), id="no limit"),
        pytest.param(None, datetime(2026, 11, 23, 2, tzinfo=UTC), (), id="no plan"),
    ],
)
def test_R32_languages_outside_office_hours(plan, at, languages):
    assert languages_at(policy(), ChannelGrant(CHAT, "a", "office", plan), at) == languages


@given(COMBINATIONS, st.integers(0, len(SOUND)))
def test_one_more_grant_never_turns_a_yes_into_a_no(known, at):
    before = decide(policy(*SOUND), known)
    more = (*SOUND[:at], grant("more", "email"), *SOUND[at:])
    after = decide(policy(*more), known)
    if isinstance(before, Allowed):
        assert isinstance(after, Allowed)
        assert {g.channel for g in before.channels} <= {g.channel for g in after.channels}


@given(COMBINATIONS)
def test_every_refusal_names_a_way_forward(known):
    decision = decide(policy(*SOUND), known)
    if isinstance(decision, Refused):
        assert decision.instead or decision.offers


def test_explain_tells_how_every_rule_was_read():
    told = explain(policy(*SOUND), facts(market="home", days_since_purchase=31))
    read = {one.rule: one for one in told.readings}
    assert told.decision == decide(policy(*SOUND), told.facts)
    assert [test.fact for test in read["new"].failed] == ["days_since_purchase"]
    assert not read["new"].matched
    assert (read["more"].matched, read["more"].did) == (True, "offered incident")
    assert (read["rest"].matched, read["rest"].did) == (True, "refused")


def test_explain_tells_what_came_after_the_end_and_what_was_closed():
    rules = (
        grant("phone", "phone"),
        grant("chat", "chat"),
        refuse("end", Way.FORUM),
        grant("late", "email"),
    )
    told = explain(policy(*rules), facts())
    assert [one.did for one in told.readings] == [
        "granted a channel closed to them",
        "granted chat",
        "ended the reading, after a grant",
        "",
    ]
    assert [one.reached for one in told.readings] == [True, True, True, False]
    assert not told.readings[3].matched


def test_explain_remembers_what_was_granted_and_that_the_reading_has_ended():
    late = (offer("late", "upgrade"), offer("last", "renewal"))
    rules = (grant("chat", "chat"), offer("more", "renewal"), refuse("end", Way.FORUM))
    told = explain(policy(*rules, *late), facts())
    assert told.readings[2].did == "ended the reading, after a grant"
    assert [one.reached for one in told.readings] == [True, True, True, False, False]


@given(COMBINATIONS)
def test_explain_agrees_with_the_decision(known):
    told = explain(policy(*SOUND), known)
    did = {one.rule: one.did for one in told.readings}
    for rule in told.decision.why:
        assert did[rule] == "refused" or did[rule].startswith("granted ")


def test_channels_of_a_policy_are_words():
    assert Channel("phone") is PHONE
