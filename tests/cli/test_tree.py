"""`kb tree`: what an author sees, and the exit codes a script relies on."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kb.cli import main

SITE = "name: Ayuda\nbrand: Ayuda\nlanguages: [es]\n"
TREE = """\
title: No imprime
start: power
nodes:
  power:
    ask: ¿Tiene luz?
    options:
      - {id: lit, label: "Sí", go: done}
      - {id: dark, label: "No", go: try}
  try: {do: Conéctela., solved: done, else: contact}
  done: {end: solved}
  contact: {end: contact, request: technical}
tests:
  - {answers: {power: lit}, reaches: done}
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "site.yaml").write_text(SITE)
    (tmp_path / "troubleshooter").mkdir()
    (tmp_path / "troubleshooter" / "prints-nothing.yaml").write_text(TREE)
    return tmp_path


def run(site: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--site", str(site), "tree", *arguments])


def change(site: Path, right: str, wrong: str) -> None:
    path = site / "troubleshooter" / "prints-nothing.yaml"
    path.write_text(path.read_text().replace(right, wrong))


def test_tests_pass_and_untested_ends_are_named(site: Path) -> None:
    done = run(site, "test")
    assert done.exit_code == 0, done.output
    assert done.output == "prints-nothing: 1 tests, 0 failed; no test reaches: contact\n"


def test_failing_test_is_told_with_its_line(site: Path) -> None:
    change(site, "reaches: done", "reaches: contact")
    done = run(site, "test", "prints-nothing")
    assert done.exit_code == 1
    assert "troubleshooter/prints-nothing.yaml:13: the test reaches “done”" in done.output


def test_draw(site: Path) -> None:
    assert run(site, "draw", "prints-nothing").output.startswith("No imprime (prints-nothing)\n")
    drawn = run(site, "draw", "prints-nothing", "--format", "mermaid").output
    assert drawn.startswith("flowchart TD")


def test_paths(site: Path) -> None:
    done = run(site, "paths", "prints-nothing", "--limit", "1")
    assert "power: Sí  [done] solved" in done.output
    assert "3 paths, at most 2 answers" in done.output


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("draw", "prints-nothin"), "did you mean “prints-nothing”?"),
        (("draw", "prints-nothing", "--lang", "fr"), "“fr” is not a language of this site"),
    ],
)
def test_wrong_names(site: Path, arguments: tuple[str, ...], told: str) -> None:
    done = run(site, *arguments)
    assert done.exit_code == 2
    assert told in done.output


def test_mistakes_in_a_tree(site: Path) -> None:
    change(site, "solved: done", "solved: gone")
    done = run(site, "draw", "prints-nothing")
    assert done.exit_code == 1
    assert "troubleshooter/prints-nothing.yaml:9: “try” leads to “gone”" in done.output


def test_check_of_the_shipped_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KB_VAR", str(tmp_path))
    done = run(Path(__file__).parents[2], "check")
    assert done.exit_code == 0, done.output
    assert "backup-fails: 32 nodes" in done.output
