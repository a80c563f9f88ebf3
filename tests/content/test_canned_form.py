"""`policy/canned.yaml`: a place that nothing stands for is told at its line."""

import shutil
from pathlib import Path

import pytest

from kb.content.policy_source import load_policy
from tests.requirements.vendor import ROOT

LANGUAGES = ("es", "en")


def load(tmp_path: Path, text: str) -> tuple[object, str]:
    shutil.copytree(ROOT / "policy", tmp_path / "policy")
    (tmp_path / "policy" / "canned.yaml").write_text(text, encoding="utf-8")
    policy, problems = load_policy(tmp_path, LANGUAGES)
    return policy, "\n".join(str(one) for one in problems)


def test_the_shipped_answers_are_sound() -> None:
    policy, problems = load_policy(ROOT, LANGUAGES)
    assert policy, problems
    assert [one.id for one in policy.canned] == ["logs", "still-there"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{es: 'Hola, {costumer}', en: Hi}", "“{costumer}”"),
        ("{es: Hola}", "en"),
        ("''", "text"),
    ],
)
def test_mistakes_are_told(tmp_path: Path, text: str, said: str) -> None:
    policy, told = load(tmp_path, f"- id: hi\n  name: {{es: Hola, en: Hi}}\n  text: {text}\n")
    assert policy is None
    assert "policy/canned.yaml" in told
    assert said in told


def test_a_site_without_has_none(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "policy", tmp_path / "policy")
    (tmp_path / "policy" / "canned.yaml").unlink()
    policy, _ = load_policy(tmp_path, LANGUAGES)
    assert policy
    assert policy.canned == ()
