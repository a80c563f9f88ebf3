"""Commits at once, and pushes to a remote, tried on real repositories."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kb.content.git_commits import (
    CommitTrouble,
    Trouble,
    commit_files,
    files_at,
    open_repository,
    push,
    tip,
)
from tests.content.git_trees import AT, IRENE, commit, git, refused


def test_two_who_commit_at_once_lose_nothing(tree: Path) -> None:
    repo = open_repository(tree)

    def one(number: int) -> str:
        files: dict[str, bytes | None] = {f"articles/backup/{number}-x/en.md": b"x"}
        return commit_files(repo, "draft/many", files, IRENE, f"Number {number}", AT)

    with ThreadPoolExecutor(3) as pool:
        made = list(pool.map(one, range(6)))
    assert len(set(made)) == 6
    found = files_at(repo, tip(repo, "draft/many") or "", "articles/backup")
    assert {path.split("/")[2] for path in found} >= {f"{number}-x" for number in range(6)}


def test_a_branch_that_another_process_holds_is_told(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kb.content.git_commits._WAIT", 0.0)
    monkeypatch.setattr("kb.content.git_commits._TRIES", 2)
    commit(open_repository(tree))
    (tree / ".git" / "refs" / "heads" / "draft" / "7-one.lock").touch()
    with refused(Trouble.BUSY):
        commit(open_repository(tree), "again\n")


@pytest.fixture
def remote(tree: Path) -> Path:
    far = tree.parent / "far.git"
    git(tree.parent, "clone", "-q", "--bare", str(tree), "far.git")
    git(tree, "remote", "add", "origin", str(far))
    return far


def test_a_branch_is_pushed_and_never_by_force(tree: Path, remote: Path) -> None:
    repo = open_repository(tree)
    made = commit(repo)
    assert push(repo, "origin", "draft/7-one")
    assert git(remote, "rev-parse", "draft/7-one") == made
    assert push(repo, "nowhere", "draft/7-one") is False
    git(remote, "update-ref", "refs/heads/draft/7-one", git(tree, "rev-parse", "main"))
    git(tree, "commit", "-q", "--allow-empty", "-m", "elsewhere")
    git(remote, "fetch", "-q", str(tree), "main:draft/7-one", "--force")
    with refused(Trouble.REFUSED):
        push(repo, "origin", "draft/7-one")
    with refused(Trouble.BAD_BRANCH):
        push(repo, "origin", "main")


def test_a_remote_that_refuses_is_told_and_the_commit_stays(tree: Path, remote: Path) -> None:
    hook = remote / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho 'no drafts on Mondays' >&2\nexit 1\n")
    hook.chmod(0o755)
    repo = open_repository(tree)
    made = commit(repo)
    with pytest.raises(CommitTrouble) as caught:
        push(repo, "origin", "draft/7-one")
    assert caught.value.trouble is Trouble.REFUSED
    assert "no drafts on Mondays" in caught.value.said
    assert tip(repo, "draft/7-one") == made
