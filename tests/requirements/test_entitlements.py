"""R7–R22 on the shipped vendor policy: products, plans and what comes without one; each test reads
like its row and fails without it."""

from datetime import UTC, datetime, time, timedelta

import pytest

from kb.rules.calendars import is_open
from kb.rules.entitlement import Refused
from kb.rules.policy import Severity, Way
from kb.rules.products import Licensing, Market
from tests.requirements.policy_words import due, topics_of
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
    decision = ask(product=product, purchased=ago(days))
    assert channels(decision) == expected
    if expected:
        calendars = {grant.calendar for grant in allowed(decision).channels}
        assert calendars == {vendor().plans["standard"].calendar}, "of standard support"


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
