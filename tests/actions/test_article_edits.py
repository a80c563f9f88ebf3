"""Saving from the browser in repositories of every condition, and by several at once."""

import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from kb.actions.article_edits import Moved, Saved, give_up, open_sheet, save_sheet, source_of
from kb.content.git_branches import branches_of_ours, changed_files, content_repository
from kb.content.git_commits import Author, CommitTrouble, Trouble, tip
from kb.settings import Settings, read_settings
from tests.actions.people import NOW
from tests.content.sites import SITE
from tests.repositories import Repository

IRENE = Author("Irene Otero", "irene@example.com")
BRANCH = "edit/1-one"


def settings_of(folder: Path, site: Path, **more: str) -> Settings:
    env = {"KB_VAR": str(folder / "var"), "KB_BASE_URL": "http://localhost", **more}
    return read_settings(env, site)


@pytest.fixture(params=["", "docs/site"])
def repo(request: pytest.FixtureRequest, tmp_path: Path) -> Repository:
    """A site at the top of its repository, and one in a folder of it."""
    made = Repository(tmp_path / "content", SITE, request.param)
    made.article(1, "one")
    made.commit("First")
    return made


def save(settings: Settings, raw: bytes = b"---\ntitle: X\n---\n\nNew\n") -> Saved | Moved:
    sheet = open_sheet(settings, 1, "es")
    assert sheet is not None
    return save_sheet(settings, sheet, raw, {}, IRENE, "Words", NOW)


def test_a_save_lands_in_the_site_s_folder_of_the_repository(
    repo: Repository, tmp_path: Path
) -> None:
    settings = settings_of(tmp_path, repo.root)
    sheet = open_sheet(settings, 1, "es")
    assert sheet is not None
    assert (sheet.path, sheet.branch) == ("articles/setup/1-one/es.md", BRANCH)
    assert source_of(settings, sheet) == (repo.root / sheet.path).read_bytes()
    done = save(settings)
    assert isinstance(done, Saved)
    found = content_repository(settings)
    assert changed_files(found, done.commit) == (sheet.path,)
    assert [one.name for one in branches_of_ours(found)] == [BRANCH]


@pytest.mark.parametrize("condition", ["bare", "shallow", "detached"])
def test_another_repository_takes_the_commits(
    repo: Repository, tmp_path: Path, condition: str
) -> None:
    """KB_CONTENT_REPO: bare, shallow or detached, beside the folder that is served."""
    other = tmp_path / "other"
    words = {"bare": ["--bare"], "shallow": ["--depth=1"], "detached": []}[condition]
    repo.clone(other, *words)
    if condition == "detached":
        subprocess.run(["git", "-C", str(other), "checkout", "-q", "--detach"], check=True)
    folder = other if condition == "bare" else other / repo.root.relative_to(repo.top)
    settings = settings_of(tmp_path, repo.root, KB_CONTENT_REPO=str(folder))
    done = save(settings)
    assert isinstance(done, Saved)
    assert repo.git("branch", "--list", BRANCH) == "" or done.pushed
    found = content_repository(settings)
    assert tip(found, BRANCH) == done.commit
    assert changed_files(found, done.commit) == ("articles/setup/1-one/es.md",)


def test_the_same_sent_at_once_is_one_commit_and_different_texts_are_told(
    repo: Repository, tmp_path: Path
) -> None:
    settings = settings_of(tmp_path, repo.root)
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: save(settings), range(4)))
    commits = {one.commit for one in done if isinstance(one, Saved)}
    assert len(commits) == 1
    assert repo.git("rev-list", "--count", f"main..{BRANCH}") == "1"
    sheet = open_sheet(settings, 1, "es")
    assert sheet is not None

    def write(number: int) -> Saved | Moved:
        raw = f"---\ntitle: X\n---\n\nText {number}\n".encode()
        return save_sheet(settings, sheet, raw, {}, IRENE, "Words", NOW)

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(write, range(4)))
    assert sum(isinstance(one, Saved) for one in done) == 1
    assert repo.git("rev-list", "--count", f"main..{BRANCH}") == "2"
    told = next(one for one in done if isinstance(one, Moved))
    assert told.theirs.startswith(b"---\ntitle: X\n---\n\nText ")


def test_a_branch_that_is_checked_out_or_moved_is_not_deleted(
    repo: Repository, tmp_path: Path
) -> None:
    settings = settings_of(tmp_path, repo.root, KB_SYNC_BRANCH="main")
    done = save(settings)
    assert isinstance(done, Saved)
    with pytest.raises(CommitTrouble) as told:
        give_up(settings, BRANCH, repo.git("rev-parse", "main"))
    assert told.value.trouble is Trouble.MOVED
    with pytest.raises(CommitTrouble) as told:
        give_up(settings, "main", repo.git("rev-parse", "main"))
    assert told.value.trouble is Trouble.BAD_BRANCH
    repo.git("switch", "-q", BRANCH)
    with pytest.raises(CommitTrouble, match="checked out"):
        give_up(settings, BRANCH, done.commit)
    repo.git("switch", "-q", "main")
    give_up(settings, BRANCH, done.commit)
    assert repo.git("branch", "--list", "edit/*") == ""


def test_a_site_outside_of_git_or_without_a_commit_is_told(tmp_path: Path) -> None:
    empty = Repository(tmp_path / "empty", SITE)
    with pytest.raises(CommitTrouble) as told:
        open_sheet(settings_of(tmp_path, empty.root), 1, "es")
    assert told.value.trouble is Trouble.NO_COMMIT
    plain = tmp_path / "plain"
    plain.mkdir()
    (plain / "site.yaml").write_text(SITE)
    settings = replace(settings_of(tmp_path, plain), sync_branch="main")
    with pytest.raises(CommitTrouble) as told:
        open_sheet(settings, 1, "es")
    assert told.value.trouble is Trouble.NO_REPOSITORY
