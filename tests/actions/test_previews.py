"""R12: previews are limited, refreshed, kept at their last sound state, and cleared away."""

from collections.abc import Iterator
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
from kb.content.preview_files import PreviewFiles
from kb.content.sync_files import SyncFiles
from kb.rules.previews import MOST_PREVIEWS, Preview, PreviewState
from tests.actions.people import NOW
from tests.content.sites import front
from tests.previewed_branch import Desk


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
