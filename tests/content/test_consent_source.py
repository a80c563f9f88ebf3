"""`policy/consent.yaml`: read whole, or every mistake with its line (R64)."""

import re
from datetime import date
from pathlib import Path
from tempfile import mkdtemp

import pytest

from kb.content.consent_source import ConsentForm
from kb.content.policy_source import load_policy
from kb.rules.texts import Text
from tests.content.small_policy import site
from tests.requirements.vendor import ROOT

DOCS = (ROOT / "docs" / "policy.md").read_text(encoding="utf-8")
CONSENT = """\
- id: conditions
  version: 1
  date: 2026-11-01
  seal: "{seal}"
  title: {{es: Condiciones, en: Conditions}}
  intro: {{es: Lea esto, en: Read this}}
  points:
    - {{es: Tengo copia, en: I have a backup}}
    - {{es: Tengo licencia, en: I have a licence}}
  requests: [technical]
"""


def fresh(root: Path) -> Path:
    """A folder of its own for each try."""
    return Path(mkdtemp(dir=root))


def mistakes(root: Path, text: str) -> list[str]:
    policy, problems = load_policy(site(fresh(root), consent=text), ("es", "en"))
    assert (policy is None) == bool(problems)
    return [str(problem).removeprefix("policy/") for problem in problems]


def sealed(root: Path, text: str = CONSENT) -> str:
    """The text with the seal that the check names."""
    (said,) = mistakes(root, text.format(seal=""))
    found = re.search(r'write seal: "([^"]+)"', said)
    assert found, said
    return text.format(seal=found[1])


def test_r64_a_sealed_text_is_read(tmp_path: Path) -> None:
    policy, problems = load_policy(site(fresh(tmp_path), consent=sealed(tmp_path)), ("es", "en"))
    assert policy is not None, problems
    (one,) = policy.consents
    assert (one.id, one.version, one.day) == ("conditions", 1, date(2026, 11, 1))
    assert one.points[1] == Text({"es": "Tengo licencia", "en": "I have a licence"})
    assert one.is_asked_for("technical")
    assert not one.is_asked_for("sales")


def test_a_site_without_the_file_asks_for_nothing(tmp_path: Path) -> None:
    policy, problems = load_policy(site(tmp_path), ("es", "en"))
    assert policy is not None, problems
    assert policy.consents == ()


def test_r64_changed_words_are_a_new_version(tmp_path: Path) -> None:
    """Word by word: told what to do, raised, told the new seal, sealed, read."""
    changed = sealed(tmp_path).replace("I have a backup", "I have a copy of my data")
    (said,) = mistakes(tmp_path, changed)
    assert said.startswith("consent.yaml:4: “conditions” has other words")
    assert "write version: 2" in said
    raised = changed.replace("version: 1", "version: 2").replace("2026-11-01", "2026-11-20")
    (said,) = mistakes(tmp_path, raised)
    seal = re.search(r'write seal: "(2-[0-9a-f]{8})"', said)
    assert seal, said
    assert mistakes(tmp_path, re.sub(r'seal: "[^"]*"', f'seal: "{seal[1]}"', raised)) == []


@pytest.mark.parametrize(
    ("was", "is_", "line", "said"),
    [
        ("requests: [technical]", "requests: [tecnical]", 10, "did you mean “technical”?"),
        ("version: 1", "version: soon", 2, "version"),
        ("date: 2026-11-01", "date: tomorrow", 3, "date"),
        ("en: Conditions}", "fr: Conditions}", 5, "has no text in “en”"),
        ("points:", "pionts:", 1, "points"),
        ("- id: conditions", "- id: 7", 1, "id"),
        ("title: {es: Condiciones", "titel: {es: Condiciones", 5, "title"),
    ],
)
def test_mistakes_have_their_line(tmp_path: Path, was: str, is_: str, line: int, said: str) -> None:
    text = sealed(tmp_path)
    assert was in text
    found = mistakes(tmp_path, text.replace(was, is_))
    assert any(one.startswith(f"consent.yaml:{line}:") for one in found), found
    assert any(said in one for one in found), found


def test_two_of_one_id(tmp_path: Path) -> None:
    text = sealed(tmp_path)
    assert any("is there twice" in one for one in mistakes(tmp_path, text + text))


@pytest.mark.parametrize("text", ["title: none", "- [", "just words"])
def test_what_is_no_list_of_consents(tmp_path: Path, text: str) -> None:
    assert mistakes(tmp_path, text)


def test_every_key_is_documented() -> None:
    part = DOCS.split("## consent.yaml", 1)[1].split("\n## ", 1)[0]
    for name in set(ConsentForm.model_fields) - {"id"}:
        assert f"`{name}`" in part, name
