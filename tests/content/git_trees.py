"""Repositories with a small site, for tests of what is committed and pushed."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kb.content.git_commits import (
    Author,
    CommitTrouble,
    Repository,
    Trouble,
    commit_files,
)

AT = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
IRENE = Author("Irene Vidal", "irene@example.com")
PATH = "articles/backup/1-one/en.md"


def git(folder: Path, *words: str) -> str:
    env = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    named = ("-c", "user.name=Old", "-c", "user.email=old@example.com")
    done = subprocess.run(
        ["git", *named, *words], cwd=folder, env=env, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def write(folder: Path, path: str, text: str) -> None:
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_text(text)


def save(folder: Path, path: str, text: str) -> None:
    write(folder, path, text)
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", text)


def work_tree(made: Path) -> Path:
    """A work tree with a site at its top, one commit."""
    made.mkdir()
    git(made, "init", "-q", "-b", "main")
    write(made, "site.yaml", "name: x\n")
    save(made, PATH, "old\n")
    return made


def commit(repo: Repository, text: str = "new\n", branch: str = "draft/7-one") -> str:
    return commit_files(repo, branch, {PATH: text.encode()}, IRENE, "Article of case 7\n\nWhy.", AT)


@contextmanager
def refused(why: Trouble) -> Iterator[None]:
    """The block raises exactly this trouble."""
    with pytest.raises(CommitTrouble) as caught:
        yield
    assert caught.value.trouble is why
