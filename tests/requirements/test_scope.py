"""R23–R32 on the shipped vendor policy: scope, versions, paid incidents and languages."""

from datetime import timedelta
from decimal import Decimal

import pytest

from kb.rules.entitlement import Refused, languages_at
from kb.rules.policy import Money, Way
from kb.rules.products import Licensing, Lifecycle, Oem
from tests.requirements.policy_words import topics_of
from tests.requirements.vendor import (
    ALL,
    LAPSED,
    NOON,
    PREMIER,
    STANDARD,
    ago,
    allowed,
    ask,
    channels,
    refused,
    vendor,
)

SELF_SERVICE = {Way.KNOWLEDGE_BASE, Way.FORUM}


def test_R23_every_function_is_in_scope_and_failures_the_product_causes():
    in_scope = topics_of("technical", in_scope=True)
    assert {"recovery", "backup", "boot", "system-failure", "how-to"} <= in_scope
    boot = vendor().requests["technical"].topic("boot")
    assert boot is not None
    assert "different hardware" in boot.hint.in_("en")


def test_R24_what_is_out_of_scope_is_refused_with_an_honest_answer():
    out = {"third-party", "network", "user-administration", "security-advice", "architecture"}
    assert topics_of("technical", in_scope=False) == out
    for topic in out:
        no = refused(ask(topic=topic, unused_credits=1, **PREMIER))
        assert (no.rule, set(no.instead)) == ("out-of-scope", SELF_SERVICE)
        found = vendor().requests["technical"].topic(topic)
        assert found is not None
        assert all(len(found.answer.in_(lang)) > 60 for lang in ("es", "en"))


def test_R25_the_knowledge_base_is_open_to_everyone_who_is_refused():
    for rule in vendor().rules:
        if rule.refuse:
            assert Way.KNOWLEDGE_BASE in rule.refuse.instead, rule.id


@pytest.mark.parametrize("product", ["shield", "cloud"])
def test_R26_term_licences_are_supported_for_their_term(product):
    line = vendor().products[product]
    assert (line.licensing, line.included_plan) == (Licensing.TERM, "term")
    assert vendor().plans["term"].term_days == 365
    assert channels(ask(product=product, plan="term", plan_until=ago(0))) == ALL
    ended = refused(ask(product=product, plan="term", plan_until=ago(1)))
    assert (ended.rule, "renew-licence" in ended.offers) == ("term-ended", True)


def test_R26_the_term_product_is_for_up_to_3_pcs():
    assert "3" in vendor().products["shield"].summary.in_("en")


@pytest.mark.parametrize(
    ("product", "version", "supported"),
    [
        ("backup-server", "12", True),
        ("backup-server", "11.5", True),
        ("backup-server", "11", True),
        ("backup-server", "10", False),
        ("backup-advanced-server", "11.5", True),
        ("backup-advanced-server", "10", True),
        ("backup-advanced-server", "9", False),
        ("home", "2026", True),
        ("home", "2025", False),
    ],
)
def test_R27_the_current_and_the_previous_version_are_supported(product, version, supported):
    line = vendor().products[product]
    assert (line.lifecycle(version) is Lifecycle.SUPPORTED) is supported
    known = {**PREMIER, "version": version, "unused_credits": 1}
    decision = ask(product=product, **known)
    assert (channels(decision) == ALL) is supported
    if not supported:
        assert refused(decision).rule == "old-version"
        assert set(refused(decision).instead) >= SELF_SERVICE
        assert refused(decision).offers == ("upgrade",)


def test_R27_every_line_with_versions_names_its_current_one():
    assert vendor().products["backup-server"].current_version == "12"
    assert vendor().products["deploy"].current_version == "5"


def test_R28_pay_per_incident_costs_20_dollars_and_is_valid_for_one_case():
    offer, plan = vendor().offers["pay-per-incident"], vendor().plans["pay-per-incident"]
    assert offer.price == plan.price == Money(Decimal("20.00"), "USD")
    assert str(offer.price.amount) == "20.00"
    assert (offer.plan, plan.per_case) == (plan.id, True)


def test_R28_pay_per_incident_has_phone_chat_and_priority_email():
    paid = allowed(ask(product="home", purchased=ago(90), unused_credits=1))
    assert channels(paid) == ALL
    assert all(grant.uses_credit for grant in paid.channels)
    plan = vendor().plans[paid.channels[0].plan or ""]
    assert plan.priority > vendor().plans["standard"].priority


@pytest.mark.parametrize(
    ("product", "known"),
    [
        pytest.param("home", {"purchased": ago(90)}, id="home"),
        pytest.param("home-office", {"purchased": ago(90)}, id="home office"),
        pytest.param("calder-diskstart", {}, id="OEM"),
        pytest.param("backup-server", LAPSED, id="business, lapsed"),
    ],
)
def test_R28_pay_per_incident_is_offered(product, known):
    assert "pay-per-incident" in refused(ask(product=product, **known)).offers


def test_R28_a_customer_within_30_days_can_buy_the_phone():
    assert allowed(ask(product="home", purchased=ago(3))).offers == ("pay-per-incident",)


def test_R28_a_valid_plan_is_used_before_a_paid_incident():
    help_ = allowed(ask(unused_credits=1, **STANDARD))
    assert not any(grant.uses_credit for grant in help_.channels)
    assert help_.why == ("plan",)


def test_R29_a_paid_incident_belongs_to_a_registered_product():
    assert isinstance(ask(product="home", registered=False, unused_credits=1), Refused)


def test_R31_oem_editions_are_supported_per_incident_only():
    assert vendor().products["calder-diskstart"].oem is Oem.PAY_PER_INCIDENT
    for known in ({"purchased": ago(1)}, {"topic": "recovery"}, STANDARD):
        no = refused(ask(product="calder-diskstart", **known))
        assert (no.rule, no.offers) == ("oem", ("pay-per-incident",))
    assert channels(ask(product="calder-diskstart", unused_credits=1)) == ALL


def test_R31_one_oem_edition_is_supported_like_an_ordinary_product():
    assert vendor().products["dock-edition"].oem is Oem.ORDINARY
    for days in (30, 31):
        home = ask(product="home", purchased=ago(days))
        assert ask(product="dock-edition", purchased=ago(days)) == home


def test_R32_outside_office_hours_support_is_in_english_only():
    for grant in allowed(ask(**PREMIER)).channels:
        assert languages_at(vendor(), grant, NOON) == ()
        assert languages_at(vendor(), grant, NOON + timedelta(hours=9)) == ("en",)
