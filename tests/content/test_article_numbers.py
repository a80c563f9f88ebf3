"""The next free id, over the folder, the main branch and every branch of drafts and edits."""

from pathlib import Path

import pytest

from kb.content.article_numbers import next_number
from kb.content.git_commits import CommitTrouble, open_repository
from tests.repositories import Repository


def branch_with(made: Repository, branch: str, number: int) -> None:
    made.git("checkout", "-q", "-b", branch)
    made.article(number)
    made.commit(branch)
    made.git("checkout", "-q", "main")


@pytest.mark.parametrize("at", ["", "kb/site"], ids=["top", "folder"])
def test_the_next_number_is_free_everywhere(tmp_path: Path, at: str) -> None:
    made = Repository(tmp_path / "remote", at=at)
    made.article(1001)
    made.commit("first")
    branch_with(made, "draft/7-a", 1010)
    clone = made.clone(tmp_path / "clone")
    root = clone / at
    assert next_number(open_repository(root), root) == 1011  # as the remote had it
    branch_with(made, "edit/8-b", 1020)
    branch_with(made, "somebody", 1030)  # a branch of nobody's drafts
    repo = open_repository(made.root)
    assert next_number(repo, made.root) == 1021
    made.git("branch", "-q", "-D", "edit/8-b")
    assert next_number(repo, made.root) == 1011
    made.article(1040)  # not committed
    assert next_number(repo, made.root) == 1041
    empty = tmp_path / "elsewhere"
    empty.mkdir()
    assert next_number(repo, empty) == 1011


def test_a_repository_without_a_commit_has_no_numbers(tmp_path: Path) -> None:
    made = Repository(tmp_path / "new")
    with pytest.raises(CommitTrouble):
        next_number(open_repository(made.root), made.root)
