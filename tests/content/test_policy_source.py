"""The loader of `policy/`: every mistake at once, with its line, and a policy that survives."""

from datetime import date, time, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from kb.content.policy_source import FILES, OPTIONAL, load_policy
from kb.rules.calendars import Hours
from kb.rules.policy import Channel, Money, Policy
from kb.rules.policy import Test as FactTest
from kb.rules.policy_proof import prove
from tests.content.small_policy import SMALL, site
from tests.requirements.vendor import ROOT, vendor

LANGUAGES = ("es", "en")


def loaded(root: Path, **changed: str) -> Policy:
    policy, problems = load_policy(site(root, **changed), LANGUAGES)
    assert policy is not None, problems
    return policy


def test_a_small_policy_is_read(tmp_path):
    policy = loaded(tmp_path)
    server, plan = policy.products["server"], policy.plans["standard"]
    assert server.generations == (("12",), ("11.10", "11.5"), ("10",))
    assert server.included_plan == "standard", "R15: the plan for its market"
    assert plan.price == Money(Decimal(120), "USD")
    assert next(iter(plan.targets.values())).within == timedelta(minutes=90)
    office = policy.calendars["office"]
    assert office.week[5] == (Hours(time(9), time(12)),)
    assert office.week[0] == (Hours(time(9), time(14)), Hours(time(16), time(0)))
    assert office.holidays == {date(2026, 12, 25)}
    assert policy.requests["technical"].fields[0].label.in_("es") == "Asunto"
    assert server.summary.by_lang == {"es": "Un servidor", "en": "A server"}


def test_the_vendor_policy_is_sound_and_survives_being_kept_as_json():
    kept = TypeAdapter(Policy)
    assert kept.validate_json(kept.dump_json(vendor())) == vendor()
    assert prove(vendor()) == ()


def test_the_revision_changes_with_any_file_and_only_then(tmp_path):
    revisions = [loaded(tmp_path).revision]
    path = tmp_path / "policy" / "plans.yaml"
    for more in ("", "# a word\n"):
        path.write_text(path.read_text() + more)
        policy, _ = load_policy(tmp_path, LANGUAGES)
        assert policy is not None
        revisions.append(policy.revision)
    assert revisions[0] == revisions[1] != revisions[2]


def test_a_site_without_a_policy_has_an_empty_one(tmp_path):
    policy, problems = load_policy(tmp_path, LANGUAGES)
    assert problems == ()
    assert policy is not None
    assert (policy.requests, policy.rules) == ({}, ())


def test_files_that_are_not_there_are_empty(tmp_path):
    (tmp_path / "policy").mkdir()
    (tmp_path / "policy" / "products.yaml").write_text(SMALL["products"])
    policy, problems = load_policy(tmp_path, LANGUAGES)
    assert problems == ()
    assert policy is not None
    assert list(policy.products) == ["server"]


def test_a_site_of_one_language_writes_plain_texts(tmp_path):
    plain = "- id: email\n  name: E-mail\n  pitch: Write\n"
    (tmp_path / "policy").mkdir()
    (tmp_path / "policy" / "channels.yaml").write_text(plain)
    policy, problems = load_policy(tmp_path, ("en",))
    assert problems == ()
    assert policy is not None
    assert policy.channels[Channel.EMAIL].pitch.by_lang == {"en": "Write"}
    assert "“pitch” has no text in “es”; add es:" in str(load_policy(tmp_path, ("en", "es"))[1][1])


@pytest.mark.parametrize(
    ("written", "at_least", "at_most", "values"),
    [
        ('"<=30"', None, 30, ()),
        ('"< 30"', None, 29, ()),
        ('">=31"', 31, None, ()),
        ('">31"', 32, None, ()),
        ('"=5"', 5, 5, ()),
        ("5", 5, 5, ()),
        ("unknown", None, None, ("unknown",)),
    ],
)
def test_bounds(tmp_path, written, at_least, at_most, values):
    rule = f"- id: days\n  when: {{days_since_purchase: {written}}}\n  why: {{es: a, en: a}}\n"
    rules = f"{rule}  offers: [renewal]\n{SMALL['entitlements']}"
    policy = loaded(tmp_path, entitlements=rules)
    expected = FactTest("days_since_purchase", values, at_most, at_least)
    assert policy.rules[0].when == (expected,)


def test_true_and_false_stand_for_yes_and_no(tmp_path):
    rule = "- id: r\n  when: {registered: true, credit: [false, yes]}\n  why: {es: a, en: a}\n"
    policy = loaded(tmp_path, entitlements=f"{rule}  offers: [renewal]\n{SMALL['entitlements']}")
    assert policy.rules[0].when == (
        FactTest("registered", ("yes",)),
        FactTest("credit", ("no", "yes")),
    )


@pytest.mark.parametrize("site", [ROOT, ROOT / "examples" / "helpdesk"])
def test_every_file_of_a_policy_is_read(site):
    names = {path.stem for path in (site / "policy").glob("*.yaml")}
    assert names <= {*FILES, *OPTIONAL}
    assert site != ROOT or set(FILES) <= names
