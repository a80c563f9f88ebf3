"""`kb policy`: the whole policy as a table, and one decision explained."""

import csv
import io
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kb.cli.policy import policy_group
from kb.rules.policy_table import COLUMNS
from tests.content.small_policy import SMALL, site
from tests.requirements.vendor import ROOT

SITE = """\
name: {es: Sitio, en: Site}
brand: Site
languages: [es, en]
"""


@pytest.fixture(autouse=True)
def _own_var(monkeypatch, tmp_path):
    monkeypatch.setenv("KB_VAR", str(tmp_path / "var"))


def run(*words: str, root: Path = ROOT) -> Result:
    return CliRunner().invoke(policy_group, words, obj=root)


def explained(*words: str) -> list[str]:
    done = run("explain", "--request", *words)
    assert done.exit_code == 0, done.output
    return [line.strip() for line in done.output.splitlines()]


def test_the_table_is_printed_for_people():
    done = run("table")
    assert done.exit_code == 0
    assert "request: customer-service\n    -> chat, email on weekdays-12x5  [customer-service]" in (
        done.output
    )
    assert "combinations in" in done.stderr


def test_the_table_is_printed_for_a_spreadsheet():
    rows = list(csv.DictReader(io.StringIO(run("table", "--format", "csv").stdout)))
    assert set(rows[0]) == {*COLUMNS, "outcome", "rules"}
    ended = [row for row in rows if row["rules"] == "home-ended"]
    assert {row["days_since_purchase"] for row in ended} == {"31 or more"}


def test_the_table_is_printed_for_a_browser():
    page = run("table", "--format", "html").stdout
    assert page.startswith('<!doctype html>\n<html lang="en">')
    assert page.count('<th scope="col">') == len(COLUMNS) + 2
    assert "<td>customer-service</td>" in page


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (
            ["technical", "--product", "home", "--days-since-purchase", "30"],
            "chat, email on weekdays-12x5; offer pay-per-incident",
        ),
        (
            ["technical", "--product", "home", "--days-since-purchase", "31"],
            "no; knowledge-base, forum, troubleshooter, offer pay-per-incident",
        ),
        (
            ["technical", "--market", "business", "--plan", "premier"],
            "phone, chat, email on premier",
        ),
        (
            ["technical", "--edition", "none"],
            "no; choose-product, customer-service, knowledge-base",
        ),
        (
            ["technical", "--product", "home", "--version", "2025"],
            "no; knowledge-base, forum, upgrade, offer upgrade",
        ),
        (["technical", "--product", "cloud", "--topic", "network"], "no; knowledge-base, forum"),
        (["customer-service"], "chat, email on weekdays-12x5"),
    ],
)
def test_one_decision_is_explained(words, expected):
    lines = explained(*words)
    assert lines[lines.index("Decision") + 1] == expected


def test_every_rule_is_told_with_what_did_not_match():
    lines = explained("technical", "--product", "home", "--days-since-purchase", "31")
    told = {line.partition(" ")[0]: line.partition(" ")[2].strip() for line in lines}
    assert told["home-first-30-days"] == "no match: days_since_purchase is not at most 30"
    assert told["oem"] == "no match: oem is not pay-per-incident"
    assert told["home-ended"] == "refused"
    assert told["no-plan"] == "not read: the reading had ended"
    assert "home-ended: The 30 days of support included with your product are over." in lines


def test_facts_that_cannot_occur_together_are_noted():
    done = run("explain", "--request", "technical", "--product", "home", "--plan-state", "active")
    assert "Note: these facts cannot occur together on this site." in done.stderr


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--request", "technicl"], "--request cannot be “technicl”; did you mean “technical”?"),
        (["--product", "hom"], "--product cannot be “hom”; did you mean “home”?"),
        (
            ["--product", "home", "--version", "9"],
            "--version cannot be “9”; known: 2027, 2026, 2025",
        ),
        (["--plan-state", "activ"], "--plan-state cannot be “activ”; did you mean “active”?"),
        (["--days-since-purchase", "-1"], "“-1” is no number of days; write digits, or unknown"),
    ],
)
def test_words_that_are_not_known_are_told(words, expected):
    done = run("explain", *([] if "--request" in words else ["--request", "technical"]), *words)
    assert done.exit_code == 2
    assert expected in done.stderr


def test_a_policy_with_mistakes_is_told_line_by_line(tmp_path):
    root = site(tmp_path, offers=SMALL["offers"].replace("kind: renewal", "kind: renew"))
    (root / "site.yaml").write_text(SITE)
    done = run("table", root=root)
    assert done.exit_code == 1
    assert "policy/offers.yaml:2: “kind” cannot be “renew”; did you mean “renewal”?" in done.stderr


def test_bounds_from_both_sides_are_told(tmp_path):
    rule = '- id: late\n  when: {days_since_purchase: ">=9"}\n  why: {es: a, en: a}\n'
    rules = f"{rule}  offers: [renewal]\n{SMALL['entitlements']}"
    root = site(tmp_path, entitlements=rules)
    (root / "site.yaml").write_text(SITE)
    done = run("explain", "--request", "technical", root=root)
    assert "days_since_purchase is not at least 9" in done.stdout
