"""`demo.yaml`: read whole, or every mistake with its line; the shipped ones are sound."""

from datetime import timedelta
from pathlib import Path

import pytest

from kb.content.demo_source import CaseForm, LicenceForm, PersonForm, demo_problems, read_demo
from kb.content.policy_source import load_policy
from kb.content.problems import ContentError
from kb.rules.demo import Demo, Turn
from kb.rules.policy import Policy
from tests.content.small_policy import site
from tests.requirements.vendor import ROOT

DOCS = (ROOT / "docs" / "authors.md").read_text(encoding="utf-8")
DEMO = """\
people:
  - name: ana
    first_name: Ana
    last_name: Prieto
    country: ES
    lang: es
    shows: One case
    licences:
      - {product: server, version: "12", prefix: SRV, days_ago: 10, redate: true}
    cases:
      - request: technical
        topic: slow
        severity: C
        title: Slow
        tree: slow-tree
        walk: [[When, Always]]
        turns:
          - {by: customer, ago: 2d 3h, text: It is slow.}
          - {by: agent, ago: 1h, wait: true, text: Since when}
  - {name: luz, first_name: Luz, last_name: Gil, country: ES, lang: en, shows: Agent, agent: true}
free:
  - {product: server, prefix: SRV, days_ago: 5}
"""


@pytest.fixture
def policy(tmp_path: Path) -> Policy:
    found, problems = load_policy(site(tmp_path), ("es", "en"))
    assert found is not None, problems
    return found


def problems(root: Path, policy: Policy, text: str) -> list[str]:
    (root / "demo.yaml").write_text(text, encoding="utf-8")
    return [str(one) for one in demo_problems(root, ("es", "en"), policy, {"slow-tree"})]


def test_a_demo_is_read(tmp_path: Path, policy: Policy) -> None:
    assert problems(tmp_path, policy, DEMO) == []
    ana, luz = read_demo(tmp_path).people
    assert ana.email == "ana@example.com"
    assert ana.licences[0].redate
    assert ana.cases[0].walk == (("When", "Always"),)
    assert ana.cases[0].turns[1] == Turn("agent", timedelta(hours=1), "Since when", wait=True)
    assert luz.agent
    assert len(read_demo(tmp_path).free) == 1


def test_a_site_without_one_has_nobody(tmp_path: Path, policy: Policy) -> None:
    assert read_demo(tmp_path) == Demo()
    assert demo_problems(tmp_path, ("es",), policy, set()) == ()


@pytest.mark.parametrize(
    ("was", "is_", "line", "said"),
    [
        ("request: technical", "request: tecnical", 11, "did you mean “technical”?"),
        ("topic: slow", "topic: slowly", 12, "did you mean “slow”?"),
        ("severity: C", "severity: E", 13, "severity"),
        ("tree: slow-tree", "tree: slow-three", 16, "did you mean “slow-tree”?"),
        ("lang: en", "lang: fr", 20, "“fr” is not a language"),
        ("name: luz", "name: ana", 20, "is there twice"),
        (", agent: true", "", 10, "nobody can answer these cases"),
        ("ago: 1h", "ago: soon", 19, "length of time"),
        ("shows: One case", "shwos: One case", 7, "shows"),
        ("free:", "fre:", 21, "free"),
    ],
)
def test_mistakes_have_their_line(
    tmp_path: Path, policy: Policy, was: str, is_: str, line: int, said: str
) -> None:
    assert was in DEMO
    found = problems(tmp_path, policy, DEMO.replace(was, is_))
    assert any(one.startswith(f"demo.yaml:{line}:") and said in one for one in found), found


def test_what_cannot_be_read_is_told_and_loads_nobody(tmp_path: Path, policy: Policy) -> None:
    assert problems(tmp_path, policy, "people: [")
    with pytest.raises(ContentError):
        read_demo(tmp_path)


@pytest.mark.parametrize("where", [".", "examples/helpdesk", "examples/starter"])
def test_the_shipped_demos_have_customers_and_agents(where: str) -> None:
    people = read_demo(ROOT / where).people
    assert {person.agent for person in people} == {True, False}


def test_every_key_is_documented() -> None:
    part = DOCS.split("## demo.yaml", 1)[1].split("\n## ", 1)[0]
    for form in (PersonForm, LicenceForm, CaseForm):
        for name in form.model_fields:
            assert f"`{name}`" in part, name
