"""An export is written whole or not at all, over an older one and over nothing else."""

import os
from pathlib import Path

import pytest

from tests.cli.exports import PNG, exported, kb, small_site
from tests.content.sites import SmallSite


@pytest.fixture
def small(tmp_path: Path) -> SmallSite:
    return small_site(tmp_path)


def test_it_is_the_same_byte_for_byte_and_what_is_the_same_keeps_its_time(small: SmallSite) -> None:
    made = exported(small)
    before = {name: path.read_bytes() for name, path in made.files.items()}
    for path in made.files.values():
        os.utime(path, (1_000_000, 1_000_000))
    small.article(2, "two", en="---\ntitle: Another\ntype: how-to\n---\n\nNew words.\n")
    kb(small.root, "index")
    again = exported(small)
    assert {name for name, path in again.files.items() if path.stat().st_mtime > 2_000_000} == {
        name for name, path in again.files.items() if path.read_bytes() != before.get(name)
    }
    assert "New words." in again.read("en/kb/2-two.html")
    other = kb(small.root, "export", "static", str(small.root.parent / "other"))
    assert other.exit_code == 0
    for name, path in again.files.items():
        assert (small.root.parent / "other" / name).read_bytes() == path.read_bytes(), name


def test_a_folder_of_someone_else_is_left_alone(small: SmallSite, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.txt").write_text("years of work")
    for target, words in ((mine, "is not empty"), (tmp_path, "holds the site"),
                          (tmp_path / "no" / "where", "does not exist")):  # fmt: skip
        result = kb(small.root, "export", "static", str(target))
        assert result.exit_code == 2
        assert words in result.output
    assert (mine / "thesis.txt").read_text() == "years of work"
    assert [path.name for path in mine.iterdir()] == ["thesis.txt"]


def test_an_export_that_fails_leaves_the_last_one(small: SmallSite, tmp_path: Path) -> None:
    made = exported(small)
    before = {name: path.read_bytes() for name, path in made.files.items()}
    small.write("articles/setup/1-one/picture.png", PNG)
    small.write("articles/setup/1-one/en.md", "---\ntitle: A\n---\n\n![A picture](picture.png)\n")
    kb(small.root, "index")
    for path in (tmp_path / "var" / "site").rglob("media/*.png"):
        path.unlink()
    again = exported(small)
    assert again.result.exit_code == 2
    assert "is named by a page and lost; run `kb index`" in again.result.output
    assert {name: path.read_bytes() for name, path in again.files.items()} == before
    assert not list(tmp_path.glob(".out*"))


def test_a_site_that_is_not_compiled_is_told(tmp_path: Path) -> None:
    site = SmallSite(tmp_path / "site")
    result = kb(site.root, "export", "static", str(tmp_path / "out"))
    assert result.exit_code == 1
    assert "run `kb index`" in result.output
