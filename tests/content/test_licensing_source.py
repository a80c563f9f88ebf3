"""`policy/licensing.yaml`: read whole, or every mistake with its line (R52–R56)."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.content.licensing_check import check_licensing
from kb.content.licensing_forms import (
    ContactForm,
    CountedForm,
    CountingForm,
    DeploymentForm,
    EditionForm,
    HostsForm,
    LicensingForm,
)
from kb.content.policy_source import load_policy
from kb.rules.licensing import Counted, Deployment, Edition, LicensingRules
from kb.rules.texts import Text
from tests.content.small_policy import site
from tests.requirements.vendor import ROOT, vendor

LANGUAGES = ("es", "en")
DOCS = (ROOT / "docs" / "policy.md").read_text(encoding="utf-8")
LICENSING = """\
guide: count
contact: {request: technical, topic: slow}
note: {es: Nota, en: Note}
systems:
  rule: {es: Una, en: One}
  article: 1
  machines:
    - id: servers
      name: {es: Servidores, en: Servers}
      product: server
      licences: 2
hosts:
  rule: {es: Por host, en: By host}
  editions:
    - {id: each, product: server, host: false, machines: 1}
    - {id: all, product: server, versions: [12, 11.5], host: true, machines: unlimited}
    - {id: some, product: server, versions: [10], host: true, machines: 99}
deployment:
  rule: {es: Desplegar, en: Deploy}
  article: 2
  product: server
  per_machine: 1
  per_agent: 3
  agent_reuses_licence: false
"""


def read(root: Path, text: str = LICENSING) -> LicensingRules:
    policy, problems = load_policy(site(root, licensing=text), LANGUAGES)
    assert policy is not None, problems
    assert policy.licensing is not None
    return policy.licensing


def told(root: Path, text: str) -> list[str]:
    policy, problems = load_policy(site(root, licensing=text), LANGUAGES)
    assert policy is None
    return [str(problem).removeprefix("policy/") for problem in problems]


def test_the_file_is_read_whole(tmp_path: Path) -> None:
    rules = read(tmp_path)
    assert (rules.guide, rules.request, rules.topic) == ("count", "technical", "slow")
    assert rules.note == Text({"es": "Nota", "en": "Note"})
    assert rules.systems is not None
    assert rules.systems.article == 1
    servers = Text({"es": "Servidores", "en": "Servers"})
    assert rules.systems.machines == (Counted("servers", servers, "server", 2),)
    assert rules.hosts is not None
    assert rules.hosts.editions == (
        Edition("each", "server"),
        Edition("all", "server", ("12", "11.5"), host=True, machines=None),
        Edition("some", "server", ("10",), host=True, machines=99),
    )
    rule = Text({"es": "Desplegar", "en": "Deploy"})
    assert rules.deployment == Deployment(rule, "server", 1, 3, reused=False, article=2)
    assert rules.rescue is None
    assert rules.add_ons is None


def test_a_site_without_the_file_has_no_calculator(tmp_path: Path) -> None:
    policy, _ = load_policy(site(tmp_path), LANGUAGES)
    assert policy is not None
    assert policy.licensing is None


def test_the_revision_of_the_policy_changes_with_the_file(tmp_path: Path) -> None:
    revisions = set()
    for name, text in (("a", LICENSING), ("b", LICENSING.replace("99", "98"))):
        (tmp_path / name).mkdir()
        policy, _ = load_policy(site(tmp_path / name, licensing=text), LANGUAGES)
        assert policy is not None
        revisions.add(policy.revision)
    assert len(revisions) == 2


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "product: server\n      licences",
            "product: sever\n      licences",
            "licensing.yaml:10: there is no product “sever”; did you mean “server”?",
        ),
        (
            "licences: 2",
            "licences: none",
            "licensing.yaml:11: “licences” must be a whole number, not “none”; write digits only",
        ),
        (
            "licences: 2",
            "licences: 0",
            "licensing.yaml:11: “licences” must be at least 1, not “0”; change it",
        ),
        (
            "licences: 2",
            "licences: 2\n      licence: 2",
            "licensing.yaml:12: “licence” is not a key known here; did you mean “licences”?",
        ),
        (
            "machines: 99",
            "machines: all",
            "licensing.yaml:17: “all” is no number of virtual machines;"
            " write 1 to 100000, or unlimited",
        ),
        (
            "machines: 99",
            "machines: 0",
            "licensing.yaml:17: “0” is no number of virtual machines;"
            " write 1 to 100000, or unlimited",
        ),
        (
            "versions: [10]",
            "versions: [9]",
            "licensing.yaml:17: “server” has no version 9; known: 12, 11.10, 11.5, 10",
        ),
        (
            "id: some",
            "id: servers",
            "licensing.yaml:17: “servers” is there twice (first in line 8); rename or remove one",
        ),
        (
            "  product: server\n  per_machine",
            "  product: deploy\n  per_machine",
            "licensing.yaml:21: there is no product “deploy”; known: server",
        ),
        (
            "request: technical",
            "request: tecnical",
            "licensing.yaml:2: there is no request “tecnical”; did you mean “technical”?",
        ),
        (
            "topic: slow",
            "topic: fast",
            "licensing.yaml:2: the request “technical” has no topic “fast”; known: slow",
        ),
        (
            "{es: Servidores, en: Servers}",
            "{es: Servidores}",
            "licensing.yaml:9: “name” has no text in “en”; add en:",
        ),
        ("guide: count", "guide: [", "licensing.yaml:3: a list or group in brackets is not closed"),
        (
            LICENSING[LICENSING.index("  editions:") : LICENSING.index("deployment:")],
            "  editions: []\n",
            "licensing.yaml:14: this list is empty; write an entry, or remove the section",
        ),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, old: str, new: str, expected: str) -> None:
    assert old in LICENSING
    found = told(tmp_path, LICENSING.replace(old, new))
    assert len(found) == 1
    assert found[0].startswith(expected), found


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    text = LICENSING.replace("machines: 99", "machines: all").replace(
        "per_agent: 3", "per_agent: x"
    )
    assert len(told(tmp_path, text)) == 2


def test_mistakes_of_other_files_are_told_beside(tmp_path: Path) -> None:
    (tmp_path / "policy").mkdir()
    (tmp_path / "policy" / "plans.yaml").write_text("- id: a\n", encoding="utf-8")
    bad = LICENSING.replace("machines: 99", "machines: all")
    (tmp_path / "policy" / "licensing.yaml").write_text(bad, encoding="utf-8")
    _, problems = load_policy(tmp_path, LANGUAGES)
    assert {problem.path for problem in problems} == {"policy/plans.yaml", "policy/licensing.yaml"}


@pytest.mark.parametrize("text", ["guide: count\n", "note: {es: a, en: b}\n"])
def test_a_file_that_counts_nothing_is_told(tmp_path: Path, text: str) -> None:
    assert "this file counts nothing; write one of systems, hosts" in told(tmp_path, text)[0]


def test_the_article_and_the_tree_it_leads_to_must_be_there(tmp_path: Path) -> None:
    rules = read(tmp_path)
    found = check_licensing(tmp_path, rules, {1: {"es"}, 2: {"es", "en"}}, {"counts"}, LANGUAGES)
    assert [str(problem) for problem in found] == [
        "policy/licensing.yaml:1: there is no tree “count”; did you mean “counts”?",
        "policy/licensing.yaml:6: article 1 is not there for every customer in every language;"
        " name a published, public article",
    ]
    there = {1: {"es", "en"}, 2: {"es", "en"}}
    assert check_licensing(tmp_path, rules, there, {"count"}, LANGUAGES) == ()
    assert check_licensing(tmp_path, None, {}, set(), LANGUAGES) == ()


def test_a_language_that_may_lack_an_article_still_needs_the_article(tmp_path: Path) -> None:
    found = check_licensing(tmp_path, read(tmp_path), {2: {"es"}}, {"count"}, ())
    assert [problem.line for problem in found] == [6]


@given(st.data())
@settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_whatever_is_written_is_read_or_told_without_jargon(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    lines = LICENSING.splitlines()
    at = data.draw(st.integers(0, len(lines) - 1))
    key = lines[at].partition(":")[0]
    value = data.draw(
        st.sampled_from(["", "[]", "{}", "1", "-3", "x", "[x]", "true", "2026-01-01"])
    )
    lines[at] = f"{key}: {value}"
    root = tmp_path_factory.mktemp("spoilt")
    policy, problems = load_policy(site(root, licensing="\n".join(lines)), LANGUAGES)
    assert (policy is None) is bool(problems)
    for problem in problems:
        assert problem.path == "policy/licensing.yaml"
        assert problem.line >= 1
        assert not any(word in str(problem) for word in ("pydantic", "Value error", "type="))


@pytest.mark.parametrize(
    "form",
    [
        LicensingForm,
        ContactForm,
        CountingForm,
        CountedForm,
        HostsForm,
        EditionForm,
        DeploymentForm,
    ],
)
def test_every_key_is_documented(form: type[LicensingForm]) -> None:
    chapter = DOCS.partition("## licensing.yaml")[2]
    assert [key for key in form.model_fields if key != "id" and f"`{key}" not in chapter] == []


def test_the_vendors_file_is_whole() -> None:
    rules = vendor().licensing
    assert rules is not None
    assert len(list(rules.sections())) == 5
