"""docs/policy.md names every field, and its examples work on the shipped policy."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner
from pydantic import BaseModel

from kb.cli.policy import policy_group
from kb.content import policy_forms as forms
from kb.content.policy_source import FILES, load_policy
from kb.rules.entitlement import decide
from kb.rules.facts import AssetState, facts_for
from kb.rules.policy import Channel, FieldKind, OfferKind, Way
from kb.store import migrate
from tests.requirements.vendor import ROOT, TODAY, ago, channels

DOCS = (ROOT / "docs" / "policy.md").read_text(encoding="utf-8")
CALENDAR, PLAN, RULE = re.findall(r"```yaml\n(.*?)```", DOCS, re.S)


def keys_of(model: type[BaseModel]) -> set[str]:
    return {field.alias or name for name, field in model.model_fields.items()} - {"id"}


@pytest.mark.parametrize(
    "model",
    [
        *FILES.values(),
        forms.When,
        forms.GrantForm,
        forms.RefusalForm,
        forms.TargetForm,
        forms.TopicForm,
        forms.LinkForm,
    ],
)
def test_every_field_is_documented(model):
    missing = [key for key in keys_of(model) if not re.search(rf"`{key}[`:]", DOCS)]
    assert missing == []


@pytest.mark.parametrize("words", [Channel, FieldKind, OfferKind, Way])
def test_every_word_is_documented(words):
    assert [str(word) for word in words if f"`{word}`" not in DOCS] == []


def test_the_examples_of_a_plan_and_a_rule_work(tmp_path):
    shutil.copytree(ROOT / "policy", tmp_path / "policy")
    for name, example in (("calendars", CALENDAR), ("plans", PLAN)):
        with (tmp_path / "policy" / f"{name}.yaml").open("a", encoding="utf-8") as file:
            file.write("\n" + re.sub(r"(?m)^   ", "", example))
    path = tmp_path / "policy" / "entitlements.yaml"
    rules = path.read_text(encoding="utf-8")
    mark = "- id: home-incident"
    path.write_text(rules.replace(mark, f"{RULE}\n{mark}"), encoding="utf-8")
    policy, problems = load_policy(tmp_path, ("es", "en"))
    assert policy is not None, problems
    for asset, expected in (
        (AssetState(registered=True, purchased=ago(60)), {"email"}),
        (AssetState(registered=True, purchased=ago(200), plan="weekend"), {"chat"}),
    ):
        facts = facts_for(
            policy, "technical", "other", "full", policy.products["home"], asset, today=TODAY
        )
        assert channels(decide(policy, facts)) == expected


def test_the_example_below_the_refusal_never_speaks(tmp_path):
    shutil.copytree(ROOT / "policy", tmp_path / "policy")
    with (tmp_path / "policy" / "entitlements.yaml").open("a", encoding="utf-8") as file:
        file.write("\n" + RULE)
    _, problems = load_policy(tmp_path, ("es", "en"))
    assert [problem.what.partition(":")[0] for problem in problems] == [
        "the rule “home-email-90-days” never speaks"
    ]


def _edited(root: Path) -> None:
    """Do what the two examples of the document say, to the letter."""
    for name, example in (("calendars", CALENDAR), ("plans", PLAN)):
        with (root / "policy" / f"{name}.yaml").open("a", encoding="utf-8") as file:
            file.write("\n" + re.sub(r"(?m)^   ", "", example))
    path = root / "policy" / "entitlements.yaml"
    rules = path.read_text(encoding="utf-8")
    above = rules.index("\n- id:", rules.index("- id: home-first-30-days"))  # right below that rule
    path.write_text(f"{rules[:above]}\n{RULE}{rules[above:]}", encoding="utf-8")


def test_a_manager_adds_a_plan_and_a_rule_and_sees_who_is_affected(tmp_path, monkeypatch):
    """The commands of the document, on a real repository, by somebody who reads nothing else."""
    monkeypatch.setenv("KB_VAR", str(tmp_path / "var"))
    root = tmp_path / "site"
    root.mkdir()
    shutil.copytree(ROOT / "policy", root / "policy")
    shutil.copy(ROOT / "site.yaml", root / "site.yaml")
    git = ("git", "-c", "user.name=x", "-c", "user.email=x@example.com", "-C", str(root))
    (tmp_path / "var").mkdir()
    migrate(f"sqlite:///{tmp_path / 'var' / 'waypost.db'}")
    once = ("commit", "-qm", "first")
    for words in (("init", "-q"), ("add", "."), once, (*once, "--allow-empty")):
        subprocess.run([*git, *words], check=True, capture_output=True)
    _edited(root)
    commands = re.findall(r"(?m)^    kb policy ((?:table|explain|diff HEAD)\b.*)$", DOCS)
    said = {}
    for line in commands:
        words = re.split(r" {3,}", line)[0].split()
        done = CliRunner().invoke(policy_group, words, obj=root)
        assert done.exit_code == 0, done.output
        said[" ".join(words)] = done.stdout
    shown = re.findall(r"```text\n(.*?)```", DOCS, re.S)[-1]
    assert shown in said["diff HEAD"], "the document shows what the command prints"
    assert "  plans weekend: new\n" in said["diff HEAD"]
    assert "weekend active" in said["table"]
    sixty = said["explain --request technical --product home --days-since-purchase 60"]
    assert "home-email-90-days         granted email" in sixty
    assert "0 of 0 registered products" in said["diff HEAD --assets"]
    assert "Nobody's situation changes." in said["diff HEAD~1 HEAD"]
    assert len(said) >= 5


def test_a_slip_while_following_the_document_is_told_with_the_word_that_was_meant(tmp_path):
    shutil.copytree(ROOT / "policy", tmp_path / "policy")
    _edited(tmp_path)
    path = tmp_path / "policy" / "plans.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("calendar: weekends", "calendar: weekend")
    )
    policy, problems = load_policy(tmp_path, ("es", "en"))
    assert policy is None
    assert "did you mean “weekends”?" in str(problems[0])
