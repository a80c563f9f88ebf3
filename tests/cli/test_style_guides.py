"""The guides to good articles: the same in both languages, every rule that an author can break
named, and an example that keeps them all."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from kb.cli import main
from kb.content.article_file import FrontMatter
from kb.content.check_rules import RULES
from tests.content.sites import SmallSite

DOCS = Path(__file__).parents[2] / "docs"
GUIDES = {lang: (DOCS / f"style-{lang}.md").read_text(encoding="utf-8") for lang in ("es", "en")}


def body(lang: str) -> str:
    """A guide without its example."""
    return GUIDES[lang].split("```markdown")[0]


def example(lang: str) -> str:
    found = re.search(r"```markdown\n(.*?)```", GUIDES[lang], re.S)
    assert found
    return found[1]


@pytest.mark.parametrize("lang", GUIDES)
def test_every_rule_that_an_article_can_break_is_named(lang: str) -> None:
    named = set(re.findall(r"`([a-z]+(?:-[a-z]+)+)`", body(lang)))
    assert {rule.name for rule in RULES.values() if not rule.fixed} <= named
    assert named <= RULES.keys() | {"how-to"}, "a rule that is not there"


def test_both_guides_have_the_same_parts() -> None:
    """So many headings, points, rows and rules in each part, in the same order."""

    def shape(lang: str) -> list[tuple[int, int, int, frozenset[str]]]:
        return [
            (
                len(re.findall(r"^- ", part, re.M)),
                len(re.findall(r"^\d\. ", part, re.M)),
                len(re.findall(r"^\|", part, re.M)),
                frozenset(set(re.findall(r"`([a-z-]+)`", part)) & RULES.keys()),
            )
            for part in body(lang).split("\n## ")
        ]

    assert shape("es") == shape("en")


@pytest.mark.parametrize("lang", GUIDES)
def test_fields_are_called_by_their_names(lang: str) -> None:
    keys = FrontMatter.model_fields.keys()
    words = set(re.findall(r"`([a-z_]+)`", body(lang)))
    types = {"problem", "faq", "reference", "alert"}
    assert words - keys - types == set()
    assert {"keywords", "find_with", "error_codes", "updated", "review_by"} <= words


def test_the_examples_keep_every_rule(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Found by the searches that they promise, and without one warning."""
    monkeypatch.setenv("KB_VAR", str(tmp_path / "var"))
    site = SmallSite(tmp_path / "site")
    site.article(1042, es=example("es"), en=example("en"))
    words = ["--site", str(site.root), "check", "--json"]
    assert json.loads(CliRunner().invoke(main, words).stdout) == []


@pytest.mark.parametrize(("lang", "words"), [("es", "## Los pasos"), ("en", "## Steps")])
def test_help_prints_them(lang: str, words: str) -> None:
    result = CliRunner().invoke(main, ["help", f"style-{lang}"])
    assert result.exit_code == 0
    assert words in result.output
