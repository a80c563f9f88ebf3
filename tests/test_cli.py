"""The command line: exit codes 0, 1 and 2; mistakes as path:line; JSON for programs."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from kb.cli import COMMANDS
from tests.commands import kb, run
from tests.content.sites import SmallSite, front


def test_check_says_what_there_is(site: SmallSite) -> None:
    result = kb(site, "check")
    assert result.exit_code == 0
    assert "2 articles in 2 languages, 0 trees, 2 products: no mistakes" in result.output


def test_check_prints_every_mistake_with_its_line_and_exits_1(site: SmallSite) -> None:
    site.spanish(front("type: nonsense\n", "[[9]]\n"))
    result = kb(site, "check")
    assert result.exit_code == 1
    assert "articles/setup/1-one/es.md:3: “type” cannot be “nonsense”" in result.output
    assert "articles/setup/1-one/es.md:6: there is no article 9 to link to" in result.output
    assert "2 mistakes; nothing was changed." in result.output


def test_check_as_json_is_for_programs(site: SmallSite) -> None:
    assert json.loads(kb(site, "check", "--json").output) == []
    site.spanish(front("", "# Uno\n"))
    result = kb(site, "check", "--json")
    assert result.exit_code == 1
    assert json.loads(result.output) == [
        {
            "path": "articles/setup/1-one/es.md",
            "line": 5,
            "what": "“Uno” is a heading of the first level; the title is that already",
            "mend": "begin headings with ##",
            "level": "error",
            "rule": "heading-order",
        }
    ]


def test_warnings_do_not_stop_a_site(site: SmallSite) -> None:
    site.spanish(front("", "```klingon\nx\n```\n"))
    result = kb(site, "check")
    assert result.exit_code == 0
    assert "es.md:5: the code language “klingon” is not known" in result.output
    assert "1 warning" in result.output
    assert kb(site, "index").exit_code == 0


def test_index_and_search(site: SmallSite) -> None:
    assert kb(site, "search", "one").exit_code == 1  # nothing compiled yet
    first = kb(site, "index")
    assert first.exit_code == 0
    assert "is live; 2 of 2 articles read again." in first.output
    assert "was live already; 0 of 2" in kb(site, "index").output
    found = kb(site, "search", "one", "--lang", "en", "--json")
    assert found.exit_code == 0
    told = json.loads(found.output)
    assert told["query"] == "one"
    assert told["results"][0]["url"] == "/en/kb/1-one"
    assert kb(site, "search", "zzzz").exit_code == 1
    assert kb(site, "search", "one", "--lang", "fr").exit_code == 2


def test_index_as_json(site: SmallSite) -> None:
    told = json.loads(kb(site, "index", "--json").output)
    assert (told["articles"], told["read"], told["changed"]) == (2, 2, True)
    site.spanish(front("type: nonsense\n"))
    result = kb(site, "index", "--json")
    assert result.exit_code == 1
    assert json.loads(result.output)[0]["line"] == 3


def test_a_folder_without_site_yaml_is_told(tmp_path: Path) -> None:
    result = run("--site", tmp_path, "check")
    assert result.exit_code == 2
    assert "there is no site.yaml here; run `kb init DIR`" in result.output


def test_init_makes_a_site_that_compiles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KB_VAR", str(tmp_path / "var"))
    made = run("init", tmp_path / "support")
    assert made.exit_code == 0
    assert f"kb --site {tmp_path / 'support'} serve" in made.output
    checked = run("--site", tmp_path / "support", "check")
    assert checked.exit_code == 0, checked.output
    assert "8 articles in 2 languages, 1 tree, 1 product: no mistakes" in checked.output
    assert run("--site", tmp_path / "support", "index").exit_code == 0
    found = run("--site", tmp_path / "support", "search", "LS-204", "--lang", "en", "--json")
    assert json.loads(found.output)["results"][0]["id"] == "110"
    assert run("init", tmp_path / "support").exit_code == 2


def test_import_markdown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KB_VAR", str(tmp_path / "var"))
    for lang, title in [("en", "Disk not found"), ("es", "No se encuentra el disco")]:
        (tmp_path / "old" / lang).mkdir(parents=True)
        text = f"---\ntitle: {title}\ntags: disk\n---\n# {title}\n\nText.\n"
        (tmp_path / "old" / lang / "12.md").write_text(text)
    out = tmp_path / "new"
    result = run("import", "markdown", tmp_path / "old", "--site", out, "--lang", "en=en,es=es")
    assert result.exit_code == 0
    assert "2 files read, 2 written as 1 article in" in result.output
    assert json.loads((out / "import-report.json").read_text())["articles"] == 1
    assert run("--site", out, "index").exit_code == 0
    found = run("--site", out, "search", "disk", "--json")
    assert json.loads(found.output)["results"][0]["url"] == "/en/kb/12-disk-not-found"


@pytest.mark.parametrize(
    ("name", "langs", "articles"),
    [
        ("zendesk", "en,es", 4),
        ("freshdesk", "en", 5),
        ("zammad", "en,es", 4),
        ("confluence", "en", 2),
        ("html", "en=en,es=es", 2),
    ],
)
def test_imports_of_other_programs(tmp_path: Path, name: str, langs: str, articles: int) -> None:
    out = tmp_path / "new"
    exports = Path(__file__).parent / "content" / "exports"
    result = run("import", name, exports / name, "--site", out, "--lang", langs)
    assert result.exit_code == 0, result.output
    assert f"written as {articles} articles" in result.output
    assert run("--site", out, "check").exit_code == 0
    again = run("import", name, exports / name, "--site", out, "--lang", langs)
    assert again.exit_code == 2
    assert "is not empty" in again.output


def test_an_export_cut_in_the_middle_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "articles.json").write_text('{"articles": [{"id": 1, "title": "On')
    out = tmp_path / "new"
    result = run("import", "zendesk", tmp_path, "--site", out, "--lang", "en")
    assert result.exit_code == 1
    assert "articles.json:1: the file ends in the middle; export or download" in result.output
    assert not out.exists()
    wrong = run("import", "zendesk", tmp_path, "--site", out, "--lang", "xx")
    assert wrong.exit_code == 2
    assert "write languages with commas; known: es, en" in wrong.output


@pytest.mark.parametrize(
    ("pairs", "told"),
    [
        ("en", "write language=folder"),
        ("xx=en", "known: es, en"),
        ("en=gone", "there is no folder"),
    ],
)
def test_import_refuses_wrong_languages(tmp_path: Path, pairs: str, told: str) -> None:
    (tmp_path / "en").mkdir()
    result = run("import", "markdown", tmp_path, "--site", tmp_path / "new", "--lang", pairs)
    assert result.exit_code == 2
    assert told in result.output
    assert not (tmp_path / "new").exists()


def test_import_refuses_a_folder_that_is_not_empty(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    result = run("import", "markdown", tmp_path, "--site", tmp_path, "--lang", "en=en")
    assert result.exit_code == 2
    assert "is not empty" in result.output


def test_import_tells_a_wrong_mapping_file(tmp_path: Path) -> None:
    (tmp_path / "old" / "en").mkdir(parents=True)
    (tmp_path / "map.yaml").write_text("fields:\n  titel: [x]\n")
    result = run(
        *("import", "markdown", tmp_path / "old", "--site", tmp_path / "new"),
        *("--lang", "en=en", "--map", tmp_path / "map.yaml"),
    )
    assert result.exit_code == 1
    assert "map.yaml:2: “titel” is not a key known here" in result.output


@pytest.mark.parametrize("name", [n for n in COMMANDS if n in ("check", "index", "init", "search")])
def test_each_command_explains_itself_with_examples(name: str) -> None:
    result = run(name, "--help")
    assert result.exit_code == 0
    assert "Examples:" in result.output
    assert f"kb {name}" in result.output.partition("Examples:")[2]


def test_the_command_works_as_a_program(site: SmallSite) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "kb", "--site", str(site.root), "check"],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[1],
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "no mistakes" in done.stdout
