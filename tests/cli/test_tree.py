"""`kb tree`: what an author sees, and the exit codes a script relies on."""

import json
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
    closed: Se ve a simple vista.
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
    assert done.output == "prints-nothing: 1 test, 0 failed; no test reaches: contact\n"


def test_failing_test_is_told_with_its_line(site: Path) -> None:
    change(site, "reaches: done", "reaches: contact")
    done = run(site, "test", "prints-nothing")
    assert done.exit_code == 1
    assert "troubleshooter/prints-nothing.yaml:14: the test reaches “done”" in done.output


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
    assert "troubleshooter/prints-nothing.yaml:10: “try” leads to “gone”" in done.output


def test_check_of_the_shipped_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KB_VAR", str(tmp_path))
    done = run(Path(__file__).parents[2], "check")
    assert done.exit_code == 0, done.output
    assert "backup-fails: 32 nodes" in done.output


def test_cover_names_what_no_test_reaches(site: Path) -> None:
    done = run(site, "cover", "--options")
    assert done.exit_code == 1
    assert done.output == (
        "prints-nothing: 2 of 4 nodes, 1 of 2 ends, 1 of 4 options\n"
        "  no test reaches the ends: contact\n"
        "  no test reaches the nodes: try\n"
        "  no test chooses: power=dark, try=yes, try=no\n"
    )
    told = json.loads(run(site, "cover", "prints-nothing", "--json").output)
    assert told["prints-nothing"]["missed"]["ends"] == ["contact"]
    change(site, "{power: lit}, reaches: done", '{power: dark, try: "no"}, reaches: contact')
    extra = "  - {answers: {power: lit}, reaches: done}\n"
    path = site / "troubleshooter" / "prints-nothing.yaml"
    path.write_text(path.read_text() + extra)
    assert run(site, "cover").exit_code == 0


@pytest.fixture
def bilingual(site: Path) -> Path:
    (site / "site.yaml").write_text(SITE.replace("[es]", "[es, en]"))
    return site


ENGLISH = {"No imprime": "Nothing prints", "¿Tiene luz?": "Is it lit?", "Sí": "Yes",
           "Conéctela.": "Plug it in."}  # fmt: skip


def test_a_translation_from_nothing_to_stale_and_back(bilingual: Path) -> None:
    """translate writes the file's shape, stamp accepts it, a changed text makes it stale."""
    path = bilingual / "troubleshooter" / "prints-nothing.en.yaml"
    begun = run(bilingual, "translate", "prints-nothing", "en")
    assert begun.exit_code == 0, begun.output
    text = begun.output
    for spanish, english in ENGLISH.items():
        assert spanish in text
        text = text.replace(spanish, english)
    path.write_text(text)
    unstamped = run(bilingual, "test")
    assert unstamped.exit_code == 0, unstamped.output
    stamped = run(bilingual, "stamp", "prints-nothing")
    assert stamped.output == "troubleshooter/prints-nothing.en.yaml: stamped\n"
    assert run(bilingual, "stamp").output.endswith("en.yaml: as it was\n")
    assert run(bilingual, "translate", "prints-nothing", "en").output == (
        "prints-nothing: nothing to translate into “en”\n"
    )
    change(bilingual, 'label: "Sí"', "label: Claro que sí")
    stale = run(bilingual, "test")
    assert stale.exit_code == 1
    line = 1 + path.read_text().splitlines().index("      lit:")
    assert (
        f"prints-nothing.en.yaml:{line}: the label of option “lit” of “power” has ch"
        in stale.output
    )
    again = run(bilingual, "translate", "prints-nothing", "en").output
    assert again == "nodes:\n  power:\n    options:\n      lit:\n        label: Claro que sí\n"
    path.write_text(path.read_text().replace("label: Yes", "label: Of course"))
    run(bilingual, "stamp", "prints-nothing")
    assert run(bilingual, "test").exit_code == 0
    assert path.read_text().count("source:") == 1


@pytest.mark.parametrize(
    ("arguments", "told", "code"),
    [
        (("translate", "prints-nothing", "fr"), "“fr” is not a further language", 2),
        (("translate", "gone", "en"), "troubleshooter/gone.yaml:1: this file is missing", 1),
        (("stamp", "gone"), "there is no such tree; known: prints-nothing", 1),
        (("cover", "gone"), "there is no tree “gone”", 2),
    ],
)
def test_wrong_names_for_texts(
    bilingual: Path, arguments: tuple[str, ...], told: str, code: int
) -> None:
    if arguments[0] == "cover":
        (bilingual / "site.yaml").write_text(SITE)
    done = run(bilingual, *arguments)
    assert (done.exit_code, told in done.output) == (code, True), done.output
