"""Commits to branches beside the work tree, tried on real repositories in every condition."""

import subprocess
from pathlib import Path

import pytest

from kb.content.git_commits import (
    Author,
    Trouble,
    base,
    commit_files,
    files_at,
    open_repository,
    read_at,
    tip,
)
from tests.content.git_trees import AT, IRENE, PATH, commit, git, refused, save, write


def test_a_commit_has_its_author_and_leaves_everything_else_alone(tree: Path) -> None:
    write(tree, PATH, "half written\n")
    write(tree, "new.txt", "not added\n")
    before = git(tree, "status", "--porcelain"), git(tree, "rev-parse", "main")
    repo = open_repository(tree)
    made = commit(repo)
    assert (git(tree, "status", "--porcelain"), git(tree, "rev-parse", "main")) == before
    assert git(tree, "show", f"draft/7-one:{PATH}") == "new"
    told = git(tree, "log", "-1", "--format=%an <%ae>|%cn|%at|%s|%b", made)
    assert (
        told
        == f"Irene Vidal <irene@example.com>|Waypost|{int(AT.timestamp())}|Article of case 7|Why."
    )
    assert git(tree, "rev-parse", f"{made}^") == before[1]
    assert (tree / PATH).read_text() == "half written\n"


def test_a_second_commit_goes_on_from_the_first_and_files_can_go(tree: Path) -> None:
    repo = open_repository(tree)
    first = commit(repo)
    more = {PATH: None, "articles/backup/1-one/es.md": b"es\n"}
    second = commit_files(repo, "draft/7-one", more, IRENE, "Again", AT, expect=first)
    assert git(tree, "rev-parse", f"{second}^") == first
    assert files_at(repo, second, "articles/backup") == ("articles/backup/1-one/es.md",)
    assert read_at(repo, second, PATH) is None
    assert read_at(repo, first, PATH) == b"new\n"
    with refused(Trouble.MOVED):
        commit_files(repo, "draft/7-one", more, IRENE, "Late", AT, expect=first)
    assert tip(repo, "draft/7-one") == second


def detached(tree: Path) -> Path:
    git(tree, "checkout", "-q", "--detach")
    return tree


def bare(tree: Path) -> Path:
    git(tree.parent, "clone", "-q", "--bare", str(tree), "bare.git")
    return tree.parent / "bare.git"


def shallow(tree: Path) -> Path:
    save(tree, PATH, "later\n")
    git(tree.parent, "clone", "-q", "--depth=1", f"file://{tree}", "shallow")
    return tree.parent / "shallow"


def merging(tree: Path) -> Path:
    git(tree, "checkout", "-q", "-b", "other")
    save(tree, PATH, "theirs\n")
    git(tree, "checkout", "-q", "main")
    save(tree, PATH, "ours\n")
    with pytest.raises(subprocess.CalledProcessError):
        git(tree, "merge", "other")
    return tree


def index_locked(tree: Path) -> Path:
    (tree / ".git" / "index.lock").touch()
    return tree


def hooks(tree: Path) -> Path:
    for name in ("pre-commit", "commit-msg", "post-commit", "reference-transaction", "pre-push"):
        hook = tree / ".git" / "hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text("#!/bin/sh\nexit 1\n")
        hook.chmod(0o755)
    return tree


def long_names(tree: Path) -> Path:
    folder = tree.parent / "long"
    git(tree.parent, "init", "-q", "-b", "main", "--object-format=sha256", "long")
    save(folder, PATH, "old\n")
    return folder


CONDITIONS = [detached, bare, shallow, merging, index_locked, hooks, long_names]


@pytest.mark.parametrize("condition", CONDITIONS)
def test_in_every_condition(tree: Path, condition: object) -> None:
    folder = condition(tree)  # type: ignore[operator]
    repo = open_repository(folder)
    made = commit(repo)
    assert read_at(repo, made, PATH) == b"new\n"
    assert tip(repo, "draft/7-one") == made


def test_a_site_in_a_folder_of_its_repository(tree: Path) -> None:
    write(tree, "help/site.yaml", "name: y\n")
    save(tree, f"help/{PATH}", "deep\n")
    repo = open_repository(tree / "help")
    assert repo.prefix == "help/"
    assert read_at(repo, base(repo), PATH) == b"deep\n"
    made = commit(repo)
    assert git(tree, "show", f"{made}:help/{PATH}") == "new"
    assert git(tree, "show", f"{made}:{PATH}") == "old"
    assert files_at(repo, made, "articles") == (PATH,)


def test_no_git_no_repository_no_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with refused(Trouble.NO_REPOSITORY):
        open_repository(tmp_path)
    git(tmp_path, "init", "-q", "-b", "main")
    with refused(Trouble.NO_COMMIT):
        commit(open_repository(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    with refused(Trouble.NO_GIT):
        open_repository(tmp_path)


@pytest.mark.parametrize(
    "branch",
    ["main", "draft/", "draft/../main", "draft/a b", "draft/a..b", "draft/-x~1", "edit/x.lock",
     "-draft/x", "refs/heads/main", "draft/a\nb", "other/x", "draft/@{1}", ""],
)  # fmt: skip
def test_only_branches_of_ours_are_written(tree: Path, branch: str) -> None:
    before = git(tree, "for-each-ref")
    with refused(Trouble.BAD_BRANCH):
        commit(open_repository(tree), branch=branch)
    assert git(tree, "for-each-ref") == before


def test_the_main_branch_is_never_written_however_it_is_called(tree: Path) -> None:
    git(tree, "branch", "-m", "edit/main")
    with refused(Trouble.BAD_BRANCH):
        commit(open_repository(tree), branch="edit/main")
    git(tree, "checkout", "-q", "--detach")
    with refused(Trouble.BAD_BRANCH):
        commit(open_repository(tree, main="edit/main"), branch="edit/main")


def test_a_branch_in_the_way_of_a_name_is_told(tree: Path) -> None:
    git(tree, "branch", "draft")
    with refused(Trouble.BAD_BRANCH):
        commit(open_repository(tree))


@pytest.mark.parametrize(
    "path",
    ["../x.md", "/etc/passwd", "articles/../../x", ".git/hooks/pre-commit", "articles/.git/x",
     "a.GIT/x", "articles/x\n.md", "articles/a:b.md", "articles\\x.md", "", "articles/x. ",
     "a/./b"],
)  # fmt: skip
def test_paths_out_of_the_site_are_refused(tree: Path, path: str) -> None:
    repo = open_repository(tree)
    if path == "a/./b":  # the same file as a/b, written plainly
        made = commit_files(repo, "draft/x", {path: b"x"}, IRENE, "x", AT)
        assert read_at(repo, made, "a/b") == b"x"
        return
    with refused(Trouble.BAD_PATH):
        commit_files(repo, "draft/x", {path: b"x"}, IRENE, "x", AT)
    assert tip(repo, "draft/x") is None


def test_nothing_is_written_or_read_through_a_link(tree: Path, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tree / "articles" / "link").symlink_to(tmp_path / "outside")
    (tree / "articles" / "file.md").symlink_to("/etc/passwd")
    git(tree, "add", "-A")
    git(tree, "commit", "-q", "-m", "links")
    repo = open_repository(tree)
    for path in ("articles/link/x.md", "articles/link", "articles/file.md"):
        with refused(Trouble.BAD_PATH):
            commit_files(repo, "draft/x", {path: b"x"}, IRENE, "x", AT)
    assert read_at(repo, base(repo), "articles/file.md") is None
    assert list((tmp_path / "outside").iterdir()) == []


def test_an_author_with_odd_signs_is_still_one(tree: Path) -> None:
    repo = open_repository(tree)
    odd = Author("Ana <b>\n", "")
    made = commit_files(repo, "edit/x", {PATH: b"x"}, odd, "x", AT)
    assert git(tree, "log", "-1", "--format=%an|%ae", made) == "Ana b|Waypost"
