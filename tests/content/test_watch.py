"""Changes of a site's files are noticed, by the kernel's word and by looking."""

import os
from pathlib import Path

import pytest

from kb.content.unchanged import FILES
from kb.content.watch import Watcher


@pytest.fixture(params=[True, False], ids=["told", "looked up"])
def watcher(request: pytest.FixtureRequest, tmp_path: Path):
    (tmp_path / "articles/a/1-x").mkdir(parents=True)
    (tmp_path / "articles/a/1-x/es.md").write_text("x")
    made = Watcher(tmp_path, told_by_kernel=request.param)
    yield made
    made.close()


def seen(watcher: Watcher) -> set[str]:
    found = watcher.changes(3)
    while more := watcher.changes(0.05):
        found |= more
    return found


def test_every_way_of_saving_is_noticed(watcher: Watcher, tmp_path: Path) -> None:
    path = tmp_path / "articles/a/1-x/es.md"
    assert watcher.changes(0) == set()
    path.write_text("changed")
    assert "articles/a/1-x/es.md" in seen(watcher)
    other = tmp_path / "articles/a/1-x/.es.md.swp"
    other.write_text("changed again")
    os.replace(other, path)
    assert "articles/a/1-x/es.md" in seen(watcher)
    path.unlink()
    assert "articles/a/1-x/es.md" in seen(watcher)
    (tmp_path / "articles/b/2 ñ").mkdir(parents=True)
    (tmp_path / "articles/b/2 ñ/en.md").write_text("new")
    assert "articles/b/2 ñ/en.md" in seen(watcher)
    (tmp_path / "articles/b/2 ñ/en.md").write_text("newer")
    assert "articles/b/2 ñ/en.md" in seen(watcher)
    (tmp_path / "site.yaml").write_text("name: x")
    assert seen(watcher) == {"site.yaml"}


def test_other_folders_are_left_alone(watcher: Watcher, tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var/x").write_text("x")
    assert watcher.changes(0.3) == set()


@pytest.mark.parametrize("name", FILES)
def test_every_file_that_is_checked_is_watched(watcher: Watcher, tmp_path: Path, name: str) -> None:
    """A mistake that nobody is told of when it is saved covers a page at another file's save."""
    (tmp_path / name).write_text("a: 1")
    assert name in seen(watcher)
