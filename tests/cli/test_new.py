"""`kb new`: named, numbered, filled in, sound; never over what is there."""

from pathlib import Path

import pytest

from tests.commands import kb
from tests.content.sites import SITE, SmallSite

CATEGORIES = "categories: {setup: {es: A, en: B}, alerts: {es: C, en: D}}\n"


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallSite:
    for name in ("EDITOR", "VISUAL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("KB_VAR", str(tmp_path / "var"))
    made = SmallSite(tmp_path / "site", SITE + CATEGORIES)
    made.article(41)
    return made


def made(site: SmallSite, *words: str) -> list[str]:
    result = kb(site, "new", *words)
    assert result.exit_code == 0, result.output
    return [str(Path(line).relative_to(site.root)) for line in result.output.splitlines()]


@pytest.mark.parametrize(
    ("words", "paths"),
    [
        pytest.param(
            ("article", "Disk not found"), ["articles/setup/42-disk-not-found/es.md"], id="plain"
        ),
        pytest.param(
            ("article", "Uno", "--both"),
            ["articles/setup/42-uno/es.md", "articles/setup/42-uno/en.md"],
            id="both languages",
        ),
        pytest.param(
            ("article", "One", "--lang", "en"), ["articles/setup/42-one/en.md"], id="a language"
        ),
        pytest.param(
            ("article", "¿Está «C:/datos» lleno? ../../etc: ñandú"),
            ["articles/setup/42-esta-c-datos-lleno-etc-nandu/es.md"],
            id="accents and slashes",
        ),
        pytest.param(
            ("article", "磁盘"), ["articles/setup/42-how-to/es.md"], id="no letter for an address"
        ),
        pytest.param(
            ("article", "E1", "--type", "problem", "--product", "server@12"),
            ["articles/setup/42-e1/es.md"],
            id="a problem",
        ),
        pytest.param(("alert", "Caída"), ["articles/alerts/42-caida/es.md"], id="an alert"),
        pytest.param(
            ("tree", "No arranca"),
            ["troubleshooter/no-arranca.yaml", "troubleshooter/no-arranca.en.yaml"],
            id="a tree",
        ),
        pytest.param(
            ("tree", "No" + " arranca" * 14, "--both"),
            [f"troubleshooter/no{'-arranca' * 7}{lang}.yaml" for lang in ("", ".en")],
            id="a tree with a long title",
        ),
    ],
)
def test_what_is_made_is_sound(site: SmallSite, words: tuple[str, ...], paths: list[str]) -> None:
    assert made(site, *words) == paths
    checked = kb(site, "check")
    assert checked.exit_code == 0, checked.output


def test_the_longest_title_makes_a_name_that_file_systems_take(site: SmallSite) -> None:
    (path,) = made(site, "article", "palabra " * 25)
    assert max(map(len, path.split("/"))) <= 80
    assert kb(site, "check").exit_code == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("article", "x" * 300), "a title has 1 to 200 signs, not 300; shorten it"),
        (("article", " "), "a title has 1 to 200 signs, not 0; write one"),
        (("article", "x", "--category", "setpu"), "did you mean “setup”?"),
        (("article", "x", "--product", "servr"), "did you mean “server”?"),
        (("article", "x", "--lang", "fr"), "“fr” is not a language of this site"),
        (("tree", "磁盘"), "has no letters for a file's name"),
        (("tree", "y" * 121), "a title has 1 to 120 signs, not 121"),
    ],
)
def test_what_cannot_be_made_is_told_and_nothing_is_written(
    site: SmallSite, words: tuple[str, ...], told: str
) -> None:
    before = sorted(site.root.rglob("*"))
    result = kb(site, "new", *words)
    assert result.exit_code == 1
    assert told in result.output
    assert sorted(site.root.rglob("*")) == before


def test_a_tree_warns_until_it_is_written_and_then_of_its_stamp(site: SmallSite) -> None:
    """R47: what kb new wrote never reaches customers unnoticed; each warning says what to do."""
    texts = {path: (site.root / path).read_text() for path in made(site, "tree", "No arranca")}
    first, english = texts
    told = kb(site, "check").output
    assert f"{first}:2: “Diga aquí para qué sirve este árbol.” stands here as kb new" in told
    assert "wrote it, and 5 more; write it (warning)" in told
    assert f"{english}:2: “Say here what this tree is for.” stands here as kb new" in told
    assert "write it, then run “kb tree stamp no-arranca”" in told
    assert "does not say which words" not in told
    for path, text in texts.items():
        for words in ("Diga aquí", "Say here", "Escriba", "Write", "Nombre", "Name"):
            text = text.replace(words, f"Ya {words.lower()}")
        site.write(path, text)
    told = kb(site, "check").output
    assert "stands here" not in told
    assert f"{english}:1: this file does not say which words" in told


def test_nothing_is_written_over(site: SmallSite) -> None:
    made(site, "tree", "No arranca")
    path = site.write("troubleshooter/no-arranca.yaml", "mine")
    result = kb(site, "new", "tree", "No arranca")
    assert result.exit_code == 1
    assert "troubleshooter/no-arranca.yaml is there already" in result.output
    assert path.read_text() == "mine"
    first = made(site, "article", "Uno")
    assert made(site, "article", "Uno") != first


def test_ids_count_on_from_every_folder_even_one_without_text(site: SmallSite) -> None:
    (site.root / "articles/setup/deep/900-empty").mkdir(parents=True)
    assert made(site, "article", "x") == ["articles/setup/901-x/es.md"]


def test_the_editor_opens_the_files(
    site: SmallSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = tmp_path / "my editor"
    editor.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > "{tmp_path}/opened"\n')
    editor.chmod(0o755)
    monkeypatch.setenv("EDITOR", f'"{editor}" --wait')
    result = kb(site, "new", "article", "Uno", "--both")
    assert result.exit_code == 0
    words = (tmp_path / "opened").read_text().split("\n")
    assert words[0] == "--wait"
    assert [Path(word).name for word in words[1:3]] == ["es.md", "en.md"]
    (tmp_path / "opened").unlink()
    kb(site, "new", "article", "Dos", "--no-edit")
    assert not (tmp_path / "opened").exists()


def test_an_editor_that_is_not_there_is_told_and_the_file_stays(
    site: SmallSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VISUAL", "no-such-editor")
    result = kb(site, "new", "article", "Uno")
    assert result.exit_code == 2
    assert "$EDITOR “no-such-editor” cannot be started: no such file" in result.output
    assert (site.root / "articles/setup/42-uno/es.md").is_file()
