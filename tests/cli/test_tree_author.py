"""An author who has read docs/trees.md and nothing else: from an empty folder to where people
leave the tree, in a site that `kb init` made."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from textwrap import dedent

import pytest
from click.testing import CliRunner, Result

from kb.actions.compile_site import compile_site
from kb.app import create_app
from kb.cli import main
from kb.settings import read_settings

DOCS = (Path(__file__).parents[2] / "docs" / "trees.md").read_text(encoding="utf-8")
EXAMPLE = dedent(re.findall(r"^ *```yaml\n(.*?)^ *```", DOCS, re.S | re.M)[0])
TREE = "troubleshooter/printer-silent.yaml"
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new site with the tree of the guide's first pages, translated as they say."""
    monkeypatch.setenv("KB_VAR", str(tmp_path / "var"))
    made = tmp_path / "support"
    assert CliRunner().invoke(main, ["init", str(made)]).exit_code == 0
    (made / TREE).write_text(EXAMPLE, encoding="utf-8")
    untranslated = run(made, "check")
    assert untranslated.exit_code == 1
    assert f"{TREE}:1: this tree has no text in “en”" in untranslated.output
    begun = run(made, "translate", "printer-silent", "en")
    further = made / TREE.replace(".yaml", ".en.yaml")
    further.write_text(begun.output.replace("prints nothing", "does not print"), encoding="utf-8")
    assert run(made, "stamp", "printer-silent").exit_code == 0
    return made


def run(site: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--site", str(site), "tree", *arguments])


def test_written_proved_tested_and_drawn(site: Path) -> None:
    checked = run(site, "check")
    assert checked.exit_code == 0, checked.output
    assert "printer-silent: 6 nodes, 7 paths, at most 3 answers, 2 tests" in checked.output
    assert "printer-silent: 2 tests, 0 failed\n" in run(site, "test").output
    cover = run(site, "cover", "printer-silent", "--options")
    assert cover.exit_code == 0
    assert "6 of 6 nodes, 3 of 3 ends, 3 of 5 options" in cover.output
    assert "no test chooses: lights=unsure, try-power=no" in cover.output
    for drawing, said in (
        ("text", "They are on → [code]"),
        ("mermaid", "flowchart"),
        ("svg", "<svg"),
    ):
        drawn = run(site, "draw", "printer-silent", "--format", drawing)
        assert drawn.exit_code == 0
        assert said in drawn.output


MISTAKES = [  # what is spoilt, how, what the check says, what stands in the line it names
    ("go: code}", "go: coed}", "“lights” leads to “coed”, which is no node; did you mean “code”?",
     "go: coed"),
    ("id: dark", "id: lit", "“lights” has two options “lit”; rename one", "They are off"),
    ("label: They are off", "label: they are ON", "“lights” has two options that say", "are ON"),
    ("ask: Is there", "asq: Is there", "“code” does nothing; did you mean “ask” by “asq”?",
     "code:"),
    ("do: |", "doing: |", "“try-power” does nothing; give it one of: ask, do, end, use",
     "try-power:"),
    ("{end: solved}", "{end: solvd}", "“done” cannot end with “solvd”; did you mean “solved”?",
     "done:"),
    ("else: contact\n  code", "else: lights\n  code", "in a circle", "else: lights"),
    ("E0043]}, go: driver}\n", "E0043]}, go: driver}\n      - {if: {in: [E0042]}, go: driver}\n",
     "“code” has a route that is never taken", "- {if: {in: [E0042]}"),
    ("      - {else: contact}\n", "", "“code” has no way on for all other values", "route:"),
    ("article: 110", "article: 1042", "“driver” ends at article 1042, which is not published",
     "article: 1042"),
    ("section: resolution", "section: remedy", "shows the section “remedy”, which is not in",
     "section: remedy"),
    ("request: technical", "request: technicl", "did you mean “technical”?", "technicl"),
    ("topic: other", "topic: printing", "has the topic “printing”, which “technical” does not have",
     "topic: printing"),
    ("severity: C", "severity: E", "severity “E”, which the policy does not know; name one of: A",
     "severity: E"),
    ('driver: "no"}, reaches: contact', 'driver: "no"}, reaches: done', "not “done”",
     'driver: "no"}, reaches: done'),
    ("      - {id: unsure, label: I cannot see any, go: try-power}\n", "",
     "has no way on for those whom", "options:"),
    ("title: My printer prints", "titel: My printer prints", "did you mean “title”?", "titel:"),
    ("    ask: What", "   ask: What", "printer-silent.yaml", "options:"),
]  # fmt: skip


@pytest.mark.parametrize(("right", "wrong", "told", "at"), MISTAKES)
def test_every_mistake_is_told_with_its_line(
    site: Path, right: str, wrong: str, told: str, at: str
) -> None:
    spoilt = EXAMPLE.replace(right, wrong, 1)
    assert spoilt != EXAMPLE
    (site / TREE).write_text(spoilt, encoding="utf-8")
    done = run(site, "check")
    assert done.exit_code == 1
    line = 1 + spoilt[: spoilt.index(at)].count("\n")
    found = [said for said in done.output.splitlines() if told in said]
    assert any(said.startswith(f"{TREE}:{line}: ") for said in found), (line, done.output)


def test_after_a_day_the_author_sees_where_people_leave(site: Path, tmp_path: Path) -> None:
    settings = read_settings(
        {"KB_VAR": str(tmp_path / "var"), "KB_SECRET_KEY": "an author's site " * 3}, site
    )
    compile_site(settings)
    assert run(site, "stats", "printer-silent").output.startswith("printer-silent: opened 0")
    app = create_app(settings)
    app.config["NOW"] = datetime.now(UTC) - timedelta(days=1)
    start = "/en/troubleshoot/printer-silent/"
    for answers in (
        [{"lights": "lit"}],
        [{"lights": "lit"}, {"lights": "lit", "code": "E0042"}],
        [{"lights": "dark"}, {"lights": "dark", "try-power": "yes"}],
    ):
        person = app.test_client()
        person.environ_base["HTTP_USER_AGENT"] = BROWSER
        assert "What do its lights do?" in person.get(start, follow_redirects=True).text
        for given in answers:
            asked = {"_asked": list(given)[-1]}
            assert person.get(start, query_string={**given, **asked}).status_code == 302
    app.extensions["waypost-walks"].flush()
    told = run(site, "stats", "printer-silent")
    assert told.output.splitlines()[0] == (
        "printer-silent: opened 3, walked 3: 1 solved, 0 escalated, 2 left; 0 cases"
    )
    assert sorted(told.output.splitlines()[1:]) == [
        "  1 of 1 left at driver (100 %)  article 110",
        "  1 of 2 left at code (50 %)  Is there an error code?",
    ]
