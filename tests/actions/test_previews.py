"""R12: previews are limited, refreshed, kept at their last sound state, and cleared away."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from kb.actions.content_duty import ContentDuty
from kb.actions.previews import (
    PreviewRefusal,
    ask_preview,
    build_preview,
    previews,
    tend_previews,
)
from kb.content.git_files import git_output
from kb.content.preview_files import PreviewFiles
from kb.content.sync_files import SyncFiles
from kb.rules.previews import MOST_PREVIEWS, Preview, PreviewState
from tests.actions.people import NOW
from tests.content.sites import SITE, front
from tests.previewed_branch import Desk
from tests.repositories import Repository


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.db.close()


def test_a_broken_branch_keeps_its_last_sound_state(desk: Desk) -> None:
    built, url = desk.preview()
    desk.remote.spanish(front("", "[[77]]\n"))
    desk.remote.commit("Broken")
    broken = build_preview(desk.settings, built)
    assert broken.state is PreviewState.BROKEN
    assert broken.problems[0].startswith("articles/setup/1-one/es.md:5: there is no article 77")
    page = desk.visitor().get(f"{url}/es/kb/1-one")
    assert "Palabras nuevas" in page.text
    assert "Los últimos cambios tienen errores" in page.text


def test_a_branch_that_is_only_here_will_do(desk: Desk) -> None:
    """R12: no push and no remote are needed to read a branch of this repository."""
    here = Repository(desk.root.parent / "other", SITE)
    here.spanish(front("", "Solo aquí.\n"))
    own = here.commit("First")
    here.git("branch", "mine")
    settings = replace(desk.settings, site=here.root)
    asked = ask_preview(settings, "mine", NOW)
    assert isinstance(asked, Preview)
    built = build_preview(settings, asked)
    assert (built.state, built.commit, built.problems) == (PreviewState.READY, own, ())
    lost = build_preview(settings, replace(asked, branch="nowhere"))
    assert lost.state is PreviewState.BROKEN
    assert "there is no branch nowhere here; this repository has no remote" in lost.problems[0]


def test_a_branch_that_is_not_pushed_yet_is_read_from_here(desk: Desk) -> None:
    """R12: the remote comes first; what it lacks is taken from this repository."""
    clone_git(desk, "branch", "mine", "main")
    clone_git(desk, "branch", "new-words", "main")
    own, _ = desk.preview("mine")
    assert (own.state, own.commit) == (PreviewState.READY, clone_git(desk, "rev-parse", "main"))
    pushed, _ = desk.preview("new-words")
    assert pushed.commit == desk.commit


def test_previews_are_limited_and_one_for_each_branch(desk: Desk) -> None:
    first = ask_preview(desk.settings, "b0", NOW)
    again = ask_preview(desk.settings, "b0", NOW + timedelta(hours=1), days=30)
    assert isinstance(first, Preview)
    assert isinstance(again, Preview)
    assert (again.id, again.expires_at) == (first.id, NOW + timedelta(days=30, hours=1))
    for number in range(1, MOST_PREVIEWS):
        assert isinstance(ask_preview(desk.settings, f"b{number}", NOW), Preview)
    assert ask_preview(desk.settings, "one-more", NOW) is PreviewRefusal.TOO_MANY
    assert ask_preview(desk.settings, "--upload-pack=x", NOW) is PreviewRefusal.BAD_BRANCH
    later = NOW + timedelta(days=8)
    assert isinstance(ask_preview(desk.settings, "one-more", later), Preview)


def test_the_worker_builds_refreshes_and_clears_away(desk: Desk) -> None:
    ask_preview(desk.settings, "new-words", NOW)
    duty = ContentDuty(desk.db, desk.settings)
    duty.run(NOW)
    (listed,) = previews(desk.settings, NOW)
    assert listed.preview.state is PreviewState.READY
    desk.remote.spanish(front("", "Aún más nuevas.\n"))
    newest = desk.remote.commit("Newer")
    SyncFiles(desk.settings.var).ask("new-words", NOW)
    duty.run(NOW + timedelta(minutes=1))
    (listed,) = previews(desk.settings, NOW)
    assert listed.preview.commit == newest
    url = listed.url.removeprefix("http://localhost")
    assert "Aún más nuevas" in desk.visitor().get(f"{url}es/kb/1-one").text
    assert "Vea" in desk.visitor().get("/es/kb/1-one").text
    folder = PreviewFiles(desk.settings.var).folder
    (folder / "0123456789ab").mkdir()
    assert tend_previews(desk.settings, NOW + timedelta(days=7)) == 0
    assert list(folder.iterdir()) == []


def clone_git(desk: Desk, *words: str) -> str:
    """Run git in the clone that is served; return what it says."""
    told = git_output(desk.root, *words)
    assert told is not None
    return told.decode().strip()
