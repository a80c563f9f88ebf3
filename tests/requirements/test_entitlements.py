"""R7–R41 on the shipped vendor policy: each test reads like its row and fails without it."""

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

import pytest

from kb.rules.calendars import is_open
from kb.rules.entitlement import Refused, languages_at
from kb.rules.milestones import first_response_due
from kb.rules.policy import Channel, Money, Severity, Way
from kb.rules.products import Licensing, Lifecycle, Market, Oem
from tests.requirements.vendor import (
    ALL,
    LAPSED,
    NOON,
    PREMIER,
    STANDARD,
    WRITTEN,
    ago,
    allowed,
    ask,
    channels,
    refused,
    vendor,
)

SELF_SERVICE = {Way.KNOWLEDGE_BASE, Way.FORUM}


def due(decision: object, severity: Severity, opened: datetime) -> timedelta | None:
    """How long after opening an answer is promised, for the e-mail channel."""
    grant = allowed(decision).grant("email")  # type: ignore[arg-type]
    assert grant is not None
    plan = vendor().plans.get(grant.plan or "")
    end = first_response_due(plan, severity, vendor().calendars[grant.calendar], opened)
    return end and end - opened


def topic_severity(topic: str) -> Severity | None:
    found = vendor().requests["technical"].topic(topic)
    assert found is not None, topic
    return found.severity


def topics_of(request: str, *, in_scope: bool) -> set[str]:
    return {one.id for one in vendor().requests[request].topics if one.in_scope is in_scope}


def test_R7_a_consumer_product_is_registered_before_its_support_starts():
    bought = {"purchased": ago(3)}
    for product in ("home", "home-office", "dock-edition"):
        no = refused(ask(product=product, registered=False, **bought))
        assert (no.rule, no.instead[0]) == ("register-first", Way.REGISTER)
        assert channels(ask(product=product, **bought)) == WRITTEN


def test_R7_proof_of_purchase_is_asked_for_when_the_purchase_is_not_known():
    no = refused(ask(product="home"))
    assert no.rule == "home-purchase-unknown"
    assert Way.CUSTOMER_SERVICE in no.instead
    assert vendor().requests["customer-service"].topic("proof-of-purchase") is not None


def test_R9_the_licence_key_decides_so_a_business_product_is_registered_to_be_checked():
    no = refused(ask(registered=False))
    assert (no.rule, no.instead[0]) == ("register-to-check", Way.REGISTER)


def test_R11_R15_business_products_include_a_year_of_the_plan_their_policy_names():
    for product in vendor().products.values():
        if product.market is Market.BUSINESS and product.licensing is Licensing.PERPETUAL:
            assert product.included_plan == "standard", product.id
    assert vendor().plans["standard"].term_days == 365


def test_R12_every_product_has_downloads_and_guides_as_pdf_and_online():
    for product in vendor().products.values():
        assert product.downloads, product.id
        assert any(guide.url.endswith(".pdf") for guide in product.guides), product.id
        assert any(guide.url.endswith("/") for guide in product.guides), product.id
        for link in (*product.downloads, *product.guides):
            assert link.url.startswith(f"https://downloads.norvault.example/{product.id}/")


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        pytest.param("2026-11-23T13:00+00:00", True, id="Monday 08:00 Eastern"),
        pytest.param("2026-11-23T12:59+00:00", False, id="Monday 07:59"),
        pytest.param("2026-11-28T00:59+00:00", True, id="Friday 19:59"),
        pytest.param("2026-11-28T01:00+00:00", False, id="Friday 20:00"),
        pytest.param("2026-11-28T17:00+00:00", False, id="Saturday noon"),
        pytest.param("2026-07-06T12:00+00:00", True, id="daylight saving: Monday 08:00"),
        pytest.param("2026-11-26T17:00+00:00", False, id="Thanksgiving 2026"),
        pytest.param("2027-07-05T17:00+00:00", False, id="Independence Day 2027, observed"),
    ],
)
def test_R13_standard_is_weekdays_8_to_20_eastern(at, expected):
    plan = vendor().plans["standard"]
    assert is_open(vendor().calendars[plan.calendar], datetime.fromisoformat(at)) is expected


def test_R13_standard_has_phone_chat_and_email():
    assert channels(ask(**STANDARD)) == ALL


def test_R13_standard_answers_a_critical_failure_within_one_business_day():
    assert due(ask(**STANDARD), Severity.A, NOON) == timedelta(days=1)
    friday = datetime(2026, 12, 4, 17, tzinfo=UTC)
    assert due(ask(**STANDARD), Severity.A, friday) == timedelta(days=3)


def test_R14_premier_is_around_the_clock_with_priority():
    calendar = vendor().calendars[vendor().plans["premier"].calendar]
    assert calendar.always_open
    assert channels(ask(**PREMIER)) == ALL
    assert vendor().plans["premier"].priority == max(p.priority for p in vendor().plans.values())


def test_R14_premier_answers_a_critical_failure_within_one_hour():
    saturday_night = datetime(2026, 11, 28, 4, tzinfo=UTC)
    assert due(ask(**PREMIER), Severity.A, saturday_night) == timedelta(hours=1)


def test_R16_entitlement_starts_at_purchase_except_where_registration_comes_first():
    assert channels(ask(registered=False, purchased=ago(0), **STANDARD)) == ALL
    assert isinstance(ask(product="home", registered=False, purchased=ago(0)), Refused)


def test_R17_an_expired_plan_is_renewed_bought_anew_or_paid_per_incident():
    no = refused(ask(**LAPSED))
    kinds = {str(vendor().offers[offer].kind) for offer in no.offers}
    assert kinds == {"renewal", "subscription", "incident"}
    assert channels(ask(**STANDARD)) == ALL, "its last day is included"


def test_R18_premier_becomes_standard_only_when_renewing():
    assert allowed(ask(**PREMIER)).offers == ()
    ended = refused(ask(plan="premier", plan_until=ago(1)))
    assert {"renew-standard", "renew-premier"} <= set(ended.offers)


@pytest.mark.parametrize("product", ["home", "home-office"])
@pytest.mark.parametrize(("days", "expected"), [(0, WRITTEN), (30, WRITTEN), (31, set())])
def test_R19_home_products_have_30_days_of_chat_and_email(product, days, expected):
    assert channels(ask(product=product, purchased=ago(days))) == expected


def test_R19_a_business_product_has_a_plan_instead_of_30_days():
    no = refused(ask(purchased=ago(3)))
    assert (no.rule, no.offers[:2]) == ("no-plan", ("new-standard", "new-premier"))


@pytest.mark.parametrize(
    ("product", "known"),
    [
        pytest.param("home", {"purchased": ago(400)}, id="home, long after its 30 days"),
        pytest.param("home-office", {}, id="home office, purchase not known"),
        pytest.param("backup-server", LAPSED, id="business, plan expired"),
        pytest.param("backup-server", {}, id="business, no plan at all"),
        pytest.param("shield", {"plan": "term", "plan_until": ago(9)}, id="term licence ended"),
    ],
)
def test_R20_recovery_problems_are_under_warranty(product, known):
    assert isinstance(ask(product=product, **known), Refused), "not for any other problem"
    help_ = allowed(ask(product=product, topic="recovery", **known))
    assert channels(help_) == WRITTEN
    assert all(grant.free and not grant.uses_credit for grant in help_.channels)


@pytest.mark.parametrize("version", ["2027", "2025"])
def test_R7_R20_a_consumer_product_is_registered_before_the_warranty_helps(version):
    no = refused(ask(product="home", topic="recovery", registered=False, version=version))
    assert no.instead[0] is Way.REGISTER
    registered = ask(product="home", topic="recovery", version=version)
    assert channels(registered) == WRITTEN, "R20: whatever the version"


def test_R20_the_warranty_never_uses_up_a_paid_incident():
    help_ = allowed(ask(product="home", topic="recovery", unused_credits=1, purchased=ago(90)))
    assert {str(g.channel) for g in help_.channels if g.uses_credit} == {"phone"}


def test_R21_pre_sales_is_free():
    help_ = allowed(ask("pre-sales", None, topic="other", edition="none"))
    assert channels(help_) == WRITTEN
    assert all(grant.free for grant in help_.channels)


@pytest.mark.parametrize("known", [{}, LAPSED, {"registered": False}])
def test_R21_help_with_registration_and_serial_numbers_is_free(known):
    for topic in topics_of("registration", in_scope=True) - {"new-serial"}:
        help_ = allowed(ask("registration", topic=topic, **known))
        assert channels(help_) == WRITTEN, topic
        assert all(grant.free for grant in help_.channels)


def test_R21_having_a_new_serial_generated_is_not_free():
    no = refused(ask("registration", topic="new-serial"))
    assert (no.rule, no.offers) == ("new-serial", ("pay-per-incident",))
    assert channels(ask("registration", topic="new-serial", **STANDARD)) == ALL
    paid = allowed(ask("registration", topic="new-serial", unused_credits=1))
    assert all(grant.uses_credit for grant in paid.channels)


def test_R22_customer_service_is_free_by_email_and_chat_12x5():
    help_ = allowed(ask("customer-service", None, topic="downloads", edition="none"))
    assert channels(help_) == WRITTEN
    calendar = vendor().calendars[help_.channels[0].calendar]
    ((hours,),) = {calendar.week[day] for day in range(5)}
    assert (hours.start, hours.end, set(calendar.week)) == (time(8), time(20), set(range(5)))
    assert {"downloads", "web-site", "account", "serial-question"} <= topics_of(
        "customer-service", in_scope=True
    )


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


@pytest.mark.parametrize(
    ("severity", "topics"),
    [
        pytest.param(
            Severity.A,
            "recovery backup validation deployment disks install boot system-failure",
            id="R33",
        ),
        pytest.param(
            Severity.B,
            "connection management scheduler boot-management cloning rescue-media vault commands",
            id="R34",
        ),
        pytest.param(Severity.C, "slow log-errors behaviour notifications", id="R35"),
        pytest.param(Severity.D, "how-to interface", id="R36"),
    ],
)
def test_R33_R34_R35_R36_the_topic_proposes_its_severity(severity, topics):
    assert {topic: topic_severity(topic) for topic in topics.split()} == dict.fromkeys(
        topics.split(), severity
    )


def test_R36_all_but_technical_problems_are_minor():
    for request in ("registration", "customer-service", "pre-sales"):
        assert vendor().requests[request].severity is Severity.D


def test_R33_R36_only_severity_A_has_a_promised_answer():
    for plan in vendor().plans.values():
        assert set(plan.targets) <= {Severity.A}
    assert due(ask(**PREMIER), Severity.B, NOON) is None


def test_R33_R36_every_severity_is_explained_in_both_languages():
    assert set(vendor().severities) == set(Severity)
    for info in vendor().severities.values():
        assert all(info.meaning.in_(lang) and info.name.in_(lang) for lang in ("es", "en"))


def test_R37_the_wizard_shows_channels_with_hours_and_contact_data():
    for channel, info in vendor().channels.items():
        assert info.name.in_("es")
        assert info.pitch.in_("en")
        assert bool(info.number) is (channel is Channel.PHONE)
    for calendar in vendor().calendars.values():
        assert calendar.name.in_("es")
        assert calendar.zone_name.in_("en") == "New York time"


def test_R38_a_trial_has_web_form_and_chat_but_no_phone():
    assert channels(ask(edition="trial")) == WRITTEN
    assert channels(ask(edition="full", **STANDARD)) == ALL


@pytest.mark.parametrize(
    ("product", "known", "phone"),
    [
        pytest.param("backup-server", STANDARD, True, id="a valid subscription"),
        pytest.param("home", {"unused_credits": 1, "purchased": ago(9)}, True, id="paid incident"),
        pytest.param("home", {"purchased": ago(9)}, False, id="30 days are no subscription"),
        pytest.param("backup-server", LAPSED, False, id="an expired subscription"),
        pytest.param("backup-server", {**LAPSED, "topic": "recovery"}, False, id="the warranty"),
    ],
)
def test_R39_the_phone_needs_a_valid_subscription_or_a_paid_incident(product, known, phone):
    assert ("phone" in channels(ask(product=product, **known))) is phone


def test_R41_only_a_technical_problem_asks_for_the_plan():
    assert isinstance(ask(**LAPSED), Refused)
    for request in ("customer-service", "pre-sales"):
        assert channels(ask(request, None, topic="other", edition="none")) == WRITTEN
    assert channels(ask(edition="trial", **LAPSED)) == WRITTEN


def test_R42_the_form_of_a_technical_problem_has_its_fields():
    fields = {field.id: field for field in vendor().requests["technical"].fields}
    required = {
        "first_name",
        "last_name",
        "email",
        "country",
        "serial",
        "reason",
        "severity",
        "title",
        "description",
    }
    assert {field.id for field in fields.values() if field.required} == required
    assert "phone" in fields


def test_R43_the_form_asks_for_environment_error_and_steps():
    fields = {field.id: field for field in vendor().requests["technical"].fields}
    assert "operating system" in fields["environment"].hint.in_("en")
    assert "screenshot" in fields["error_message"].hint.in_("en")
    assert "order" in fields["steps"].hint.in_("en")
    assert fields["attachments"].kind == "files"
