"""The process behind `kb serve --dev`: it tells every mistake, and lives on."""

import json
from pathlib import Path

import pytest

from kb.cli.dev_builder import Builder
from kb.settings import read_settings
from tests.cli.exports import small_site

ARTICLE = "articles/setup/1-one/en.md"


def test_what_the_disk_refuses_is_told_and_ends_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site, var = small_site(tmp_path), tmp_path / "dev"
    builder = Builder(read_settings({"KB_VAR": str(var)}, site.root))
    (var / "site").write_text("a file where the compiled sites belong")
    builder.compile()
    (told,) = json.loads(capsys.readouterr().out)["problems"]
    assert "cannot be compiled" in told["what"]
    (var / "site").unlink()
    builder.compile()
    assert "compiled" in json.loads(capsys.readouterr().out)


def test_an_article_saved_while_site_yaml_is_broken_ends_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site = small_site(tmp_path)
    builder = Builder(read_settings({"KB_VAR": str(tmp_path / "dev")}, site.root))

    def told() -> list[dict[str, object]]:
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    builder.compile()
    assert told()[-1]["problems"] == []
    whole = (site.root / "site.yaml").read_text()
    site.write("site.yaml", "name: [\n")
    builder.saved({"site.yaml"})
    builder.compile()
    assert told()[-1]["broken"] is True
    (site.root / ARTICLE).write_text("---\ntitle: Saved meanwhile\n---\n\nText.\n")
    builder.saved({ARTICLE})
    builder.compile()
    (wrong,) = told()[-1]["problems"]
    assert wrong["path"] == "site.yaml"
    site.write("site.yaml", whole)
    builder.saved({"site.yaml"})
    builder.compile()
    assert "compiled" in told()[-1]
