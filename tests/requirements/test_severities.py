"""R33–R43 on the shipped vendor policy: severities, channels and what the form asks for."""

import pytest

from kb.rules.entitlement import Refused
from kb.rules.policy import Channel, Severity
from tests.requirements.policy_words import due
from tests.requirements.vendor import (
    ALL,
    LAPSED,
    NOON,
    PREMIER,
    STANDARD,
    WRITTEN,
    ago,
    ask,
    channels,
    vendor,
)


def topic_severity(topic: str) -> Severity | None:
    found = vendor().requests["technical"].topic(topic)
    assert found is not None, topic
    return found.severity


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
    """R41: the expiry is looked at for technical problems; other requests and trials are free."""
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
    for part in ("machine", "operating system", "product", "component"):
        assert part in fields["environment"].hint.in_("en")
    assert "screenshot" in fields["error_message"].hint.in_("en")
    assert "order" in fields["steps"].hint.in_("en")
    assert fields["attachments"].kind == "files"
