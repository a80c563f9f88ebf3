"""Mistakes in a policy are told at their lines, all at once and without jargon."""

import re
from pathlib import Path
from tempfile import mkdtemp

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.content.policy_source import load_policy
from tests.content.small_policy import SMALL, site

LANGUAGES = ("es", "en")


def told(root: Path, languages: tuple[str, ...] = LANGUAGES, **changed: str) -> list[str]:
    policy, problems = load_policy(site(root, **changed), languages)
    assert (policy is None) is bool(problems)
    return [str(problem).removeprefix("policy/") for problem in problems]


TWO_FILES = """- {id: one, kind: files, required: false, label: {es: A, en: A}}
- {id: two, kind: files, required: false, label: {es: B, en: B}}
"""


def swapped(name: str, old: str, new: str) -> dict[str, str]:
    assert old in SMALL[name]
    return {name: SMALL[name].replace(old, new)}


def test_a_language_that_the_site_has_not_is_told(tmp_path):
    expected = "“name” has a text in “es”, which the site has not; known: en, or add it to"
    assert expected in "\n".join(told(tmp_path, ("en",)))


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (
            {"products": "server: {name: x}"},
            "products.yaml:1: this file must be a list; begin each entry with “- id: ”",
        ),
        (
            {"plan": "- id: x"},
            "plan.yaml:1: “plan.yaml” is no file of a policy; did you mean “plans.yaml”?",
        ),
        ({"plans": "- id: [x"}, "plans.yaml:2: a list or group in brackets is not closed here"),
        (
            swapped("plans", "calendar: office", "calender: office"),
            "plans.yaml:4: “calender” is not a key known here; did you mean “calendar”?",
        ),
        (
            swapped("plans", "[email]", "[emial]"),
            "plans.yaml:3: entry 1 of “channels” cannot be “emial”; did you mean “email”?",
        ),
        (
            swapped("plans", ", en: Standard", ""),
            "plans.yaml:2: “name” has no text in “en”; add en:",
        ),
        (
            swapped("plans", ", en: Soon", ", fr: Vite"),
            "plans.yaml:8: “text” has no text in “en”; add en:",
        ),
        (
            swapped("plans", "en: Standard", "en: ' '"),
            "plans.yaml:2: “name” is empty; write the text",
        ),
        (
            swapped("plans", "{es: Estándar, en: Standard}", ""),
            "plans.yaml:2: this text is empty; write it, or remove the key",
        ),
        (
            swapped("plans", "120 USD", "cheap"),
            "plans.yaml:6: “cheap” is no price; write it like 20.00 USD",
        ),
        (
            swapped("plans", "1h 30m", "soon"),
            "plans.yaml:8: “soon” is no length of time; write it like 1h or 1h 30m",
        ),
        (
            swapped("plans", "1h 30m", "0h 0m"),
            "plans.yaml:8: “0h 0m” is no time at all; write at least 1m, or leave it out",
        ),
        (
            swapped("calendars", "Europe/Madrid", "Europe/Madird"),
            "calendars.yaml:3: the time zone “Europe/Madird” is not known; did you mean “Europe/M",
        ),
        (
            swapped("calendars", "Europe/Madrid", "lunch"),
            "the time zone “lunch” is not known; write one like America/New_York",
        ),
        (
            swapped("calendars", "saturday: ", "saterday: "),
            "calendars.yaml:4: “saterday” is not a day; did you mean “saturday”?",
        ),
        (
            swapped("calendars", "saturday: ", "friday: "),
            "calendars.yaml:4: friday: a day is there twice; write each day once",
        ),
        (
            swapped("calendars", "monday-friday", "friday-monday"),
            "“friday-monday” runs over the end of the week; write two lines",
        ),
        (
            swapped("calendars", "09:00-12:00", "9-12"),
            "calendars.yaml:4: “9-12” are no hours; write them like 08:00-20:00",
        ),
        (
            swapped("calendars", "09:00-12:00", "22:00-06:00"),
            "“22:00-06:00” runs over midnight; write both days, up to 24:00 and from 00:00",
        ),
        (
            {"calendars": SMALL["calendars"].partition("  week")[0] + "  week: {}\n"},
            "calendars.yaml:4: this calendar never opens; write hours for a day",
        ),
        (
            swapped("products", "[12, [11.10, 11.5], 10]", "[10, 12]"),
            "products.yaml:4: the versions are not in order; write each once, newest first",
        ),
        (
            swapped("products", "[12, [11.10, 11.5], 10]", "[twelve]"),
            "products.yaml:4: “twelve” is not a version; write numbers and dots, like 11.5",
        ),
        (
            {"products": SMALL["products"] + "  key_patterns: ['NBS[']\n"},
            "products.yaml:6: the key pattern “NBS[” cannot be read",
        ),
        (
            {
                "products": SMALL["products"]
                + "  oem: pay-per-incident\n  included_plan: standard\n"
            },
            "products.yaml:1: “server” is paid per incident only and cannot include a plan",
        ),
        (
            {"products": SMALL["products"] * 2},
            "products.yaml:6: “server” is there twice (first in line 1); rename or remove one",
        ),
        (
            {"products": SMALL["products"] + "  included_plan: gold\n"},
            "products.yaml:6: there is no plan “gold”; known: standard",
        ),
        (
            swapped("requests", "[title, ", "[titel, "),
            "requests.yaml:3: the field “titel” is not in forms.yaml; did you mean “title”?",
        ),
        (
            swapped("requests", "[title, text]", "[title, title]"),
            "requests.yaml:3: the form of “technical” has 2 fields of kind title; name exactly one",
        ),
        (
            swapped("requests", "[title, text]", "[title]"),
            "requests.yaml:3: the form of “technical” has no fields of kind description; name",
        ),
        (
            {
                "forms": SMALL["forms"] + TWO_FILES,
                "requests": SMALL["requests"].replace("[title, text]", "[title, text, one, two]"),
            },
            "requests.yaml:3: the form of “technical” has several fields of kind files; name at",
        ),
        (
            swapped("requests", "severity: C", "in_scope: false"),
            "requests.yaml:5: “slow” is out of scope without an answer; add answer:",
        ),
        (
            swapped("entitlements", "plan_state: active", "audence: home"),
            "entitlements.yaml:2: “audence” is not a key known here; did you mean “audience”?",
        ),
        (
            swapped("entitlements", "plan_state: active", "audience: hom"),
            "entitlements.yaml:2: there is no value of “audience” “hom”; did you mean “home”?",
        ),
        (
            swapped("entitlements", "plan_state: active", "days_since_purchase: soon"),
            'entitlements.yaml:2: “soon” is no bound; write it like "<=30", or unknown',
        ),
        (
            swapped("entitlements", "{from: plan}", "{free: true}"),
            "entitlements.yaml:4: this grant lacks a plan; add from: plan, or channels",
        ),
        (
            swapped("entitlements", "{from: plan}", "{from: plan, plan: standard}"),
            "entitlements.yaml:4: this grant has both from: plan and plan:; keep one of them",
        ),
        (
            swapped(
                "entitlements", "  refuse: {instead: [knowledge-base]}\n  offers: [renewal]\n", ""
            ),
            "entitlements.yaml:5: the rule “rest” does nothing; add grant:, refuse: or offers:",
        ),
        (
            swapped("entitlements", "{from: plan}", "{from: plan}\n  refuse: {}"),
            "entitlements.yaml:1: the rule “plan” grants and refuses; make it two rules",
        ),
        (
            swapped("entitlements", "[renewal]", "[renewel]"),
            "entitlements.yaml:8: there is no offer “renewel”; did you mean “renewal”?",
        ),
        (
            swapped("entitlements", "{instead: [knowledge-base]}\n  offers: [renewal]", "{}"),
            "entitlements.yaml:7: the rule “rest” leaves no way forward for technical, other",
        ),
        (
            swapped("entitlements", "- id: rest\n", "- id: rest\n  when: {edition: full}\n"),
            "entitlements.yaml:1: no rule decides for technical, other; add a rule",
        ),
        (
            swapped("entitlements", "plan_state: active", "plan_state: active, edition: trial"),
            "entitlements.yaml:1: the rule “plan” never speaks",
        ),
    ],
)
def test_a_mistake_is_told_at_its_line(tmp_path, changed, expected):
    found = told(tmp_path, **changed)
    assert any(expected in one for one in found), found


def test_all_mistakes_of_all_files_are_told_at_once(tmp_path):
    changed = swapped("products", "market: business", "market: busines")
    changed |= swapped("calendars", "zone: Europe/Madrid", "zone: Mars")
    changed |= swapped("offers", "kind: renewal", "kind: renew")
    files = [one.partition(":")[0] for one in told(tmp_path, **changed)]
    assert files == ["calendars.yaml", "offers.yaml", "products.yaml"]


def test_a_file_that_is_no_text_is_told(tmp_path):
    site(tmp_path)
    (tmp_path / "policy" / "plans.yaml").write_bytes(b"- id: \xff\n")
    policy, problems = load_policy(tmp_path, LANGUAGES)
    assert policy is None
    assert "policy/plans.yaml:1: this file is not UTF-8 text" in str(problems[0])


@given(st.data())
@settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_whatever_is_written_is_read_or_told_without_jargon(tmp_path, data):
    """Any value may be spoilt: there is a policy or there are problems, never a crash."""
    folder = Path(mkdtemp(dir=tmp_path))
    name = data.draw(st.sampled_from(sorted(SMALL)))
    lines = SMALL[name].splitlines()
    at = data.draw(st.integers(0, len(lines) - 1))
    spoilt = data.draw(
        st.sampled_from(["", "[]", "{}", "-1", "true", "2026-01-01", "[x]", "{x: y}"])
    )
    lines[at] = f"{lines[at].partition(':')[0]}: {spoilt}"
    policy, problems = load_policy(site(folder, **{name: "\n".join(lines)}), LANGUAGES)
    assert (policy is None) is bool(problems)
    for problem in problems:
        assert not re.search(r"[Ii]nput|pydantic|valid ", problem.what), str(problem)
