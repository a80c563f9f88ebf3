"""A compile that meets damage, a full disk or another compile: what is live stays whole."""

import multiprocessing
import threading
from pathlib import Path

import pytest

from kb.actions.compile_site import Compiled, compile_site
from kb.actions.live_site import LiveSite
from kb.content import articles_source
from kb.content.problems import ContentError
from kb.settings import Settings
from tests.actions.workshop import Workshop
from tests.content.sites import front


def test_a_broken_site_leaves_the_last_good_one_live(shop: Workshop) -> None:
    good = shop.compile()
    shop.site.write("articles/setup/2-two/es.md", front("type: nonsense\n"))
    shop.site.write("articles/setup/1-one/en.md", front("", "[[9]]\n"))
    with pytest.raises(ContentError) as caught:
        shop.compile()
    assert len([one for one in caught.value.problems if one.level == "error"]) == 2
    assert shop.live().site.revision == good.revision
    assert shop.html(2) == "<p>Texto de two.</p>"
    assert shop.revisions() == [good.revision]


@pytest.mark.parametrize("victim", ["manifest.json", "trees.json", "search/languages.json"])
def test_a_damaged_live_revision_is_made_anew(shop: Workshop, victim: str) -> None:
    first = shop.compile()
    (shop.var / "site" / first.revision / victim).write_text("{")
    again = shop.compile()
    assert (again.revision, again.changed) == (first.revision, True)
    assert shop.html(2) == "<p>Texto de two.</p>"
    (shop.var / "site" / first.revision / victim).write_text("{")
    shop.site.write("articles/setup/2-two/es.md", front("", "Otro.\n"))
    shop.compile()
    assert sorted(shop.found("otro")) == ["1", "2"]


def test_a_revision_that_cannot_be_opened_leaves_the_last_good_one_live(
    shop: Workshop, caplog: pytest.LogCaptureFixture
) -> None:
    good = shop.compile()
    shop.live()
    shop.site.write("articles/setup/2-two/es.md", front("", "Otro.\n"))
    made = shop.compile()
    (shop.var / "site" / made.revision / "manifest.json").write_text("{")
    assert shop.live().site.revision == good.revision
    assert "cannot be opened" in caplog.text
    with pytest.raises(ValueError, match="JSON"):
        LiveSite(shop.var).current()


@pytest.mark.parametrize("damage", ["", "{", '{"made_by": "x"}', "[]"])
def test_a_damaged_store_is_made_anew(shop: Workshop, damage: str) -> None:
    shop.compile()
    (shop.var / "cache/articles/index.json").write_text(damage)
    shop.site.write("articles/setup/2-two/es.md", front("", "Otro.\n"))
    made = shop.compile()
    assert made.read == 4
    assert shop.html(2) == "<p>Otro.</p>"


def test_a_killed_compile_leaves_nothing_behind(shop: Workshop) -> None:
    good = shop.compile()
    left = shop.var / "site" / ".draft-1"
    left.mkdir()
    (left / "manifest.json").write_text("{")
    shop.site.write("articles/setup/2-two/es.md", front("", "Otro.\n"))
    made = shop.compile()
    assert not left.exists()
    assert shop.revisions() == sorted([good.revision, made.revision])


def test_a_failure_while_writing_switches_nothing(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = shop.compile()
    shop.site.write("articles/setup/2-two/es.md", front("", "Otro.\n"))

    def full_disk(_folder: Path) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("kb.actions.compile_site.sync_tree", full_disk)
        with pytest.raises(OSError, match="No space left"):
            shop.compile()
    assert shop.live().site.revision == good.revision
    assert list((shop.var / "site").glob(".draft-*")) == []
    shop.compile()
    assert shop.html(2) == "<p>Otro.</p>"


def test_half_dead_packs_are_written_anew(shop: Workshop) -> None:
    for number in range(3, 30):
        shop.site.article(number, f"n{number}")
    shop.compile()
    for number in range(3, 28):
        shop.site.article(number, f"n{number}", es=front("", f"Nuevo {number}.\n"))
        shop.compile()
    packs = list((shop.var / "cache/articles").glob("*.pack"))
    assert len(packs) < 27
    assert shop.html(20) == "<p>Nuevo 20.</p>"
    assert shop.html(29) == "<p>Texto de n29.</p>"


def test_articles_of_a_large_site_are_rendered_in_processes(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(articles_source, "POOL_FROM", 3)
    for number in range(3, 9):
        shop.site.article(number, f"n{number}")
    assert shop.compile().read == 16
    assert shop.html(8) == "<p>Texto de n8.</p>"


def test_a_compile_in_a_thread_is_as_good(shop: Workshop) -> None:
    made: list[Compiled] = []
    worker = threading.Thread(target=lambda: made.append(shop.compile()))
    worker.start()
    worker.join(60)
    assert made
    assert shop.html(2) == "<p>Texto de two.</p>"


def _compile_in_turn(settings: Settings, times: int) -> None:
    for _ in range(times):
        compile_site(settings)


def test_readers_never_see_anything_half_while_two_processes_compile(shop: Workshop) -> None:
    shop.compile()
    context = multiprocessing.get_context("forkserver")
    workers = [context.Process(target=_compile_in_turn, args=(shop.settings, 4)) for _ in "ab"]
    for worker in workers:
        worker.start()
    number = 0
    while any(worker.is_alive() for worker in workers):
        number += 1
        path = shop.site.root / "articles/setup/2-two/es.md"
        fresh = path.with_suffix(".new")
        fresh.write_text(front("", f"Vez {number}.\n"))
        fresh.replace(path)
        page = shop.html(2)
        assert page.startswith(("<p>Vez", "<p>Texto"))
        assert shop.found("two vez")
    for worker in workers:
        worker.join()
        assert worker.exitcode == 0


def test_a_var_folder_without_hard_links_gets_copies(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr("kb.content.compile.os.link", refuse)
    shop.compile()
    assert shop.html(2) == "<p>Texto de two.</p>"
