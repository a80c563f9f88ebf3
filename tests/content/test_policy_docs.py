"""docs/policy.md names every field, and its examples work on the shipped policy."""

import re
import shutil

import pytest
from pydantic import BaseModel

from kb.content import policy_forms as forms
from kb.content.policy_source import FILES, load_policy
from kb.rules.entitlement import decide
from kb.rules.facts import AssetState, facts_for
from kb.rules.policy import Channel, FieldKind, OfferKind, Way
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
