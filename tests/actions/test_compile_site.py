"""Compile, then serve: immutable revisions, an atomic switch, nothing stale, nothing half."""

import multiprocessing
import os
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from kb.actions.compile_site import Compiled, compile_site
from kb.actions.live_site import Live, LiveSite, NoLiveSite
from kb.actions.vote_counts import VOTES
from kb.content import articles_source
from kb.content.packs import PackWriter
from kb.content.problems import ContentError
from kb.content.revisions import Revisions
from kb.search.query import Query
from kb.settings import Settings, read_settings
from tests.content.sites import SmallSite, front


class Workshop:
    """A small site with a var folder: compile it, look at what is live."""

    def __init__(self, folder: Path) -> None:
        self.site = SmallSite(folder / "site")
        self.var = folder / "var"
        self.settings: Settings = read_settings({"KB_VAR": str(self.var)}, self.site.root)
        self.live_site = LiveSite(self.var)

    def compile(self) -> Compiled:
        return compile_site(self.settings)

    def live(self) -> Live:
        return self.live_site.current()

    def html(self, number: int = 1, lang: str = "es") -> str:
        return self.live().site.page(lang, number).html

    def found(self, words: str, lang: str = "es") -> list[str]:
        return [hit.id for hit in self.live().index.search(Query(words, lang)).hits]

    def revisions(self) -> list[str]:
        folder = self.var / "site"
        return sorted(p.name for p in folder.iterdir() if p.is_dir() and not p.is_symlink())


@pytest.fixture
def shop(tmp_path: Path) -> Workshop:
    made = Workshop(tmp_path)
    made.site.article(1, "one", es=front("", "Vea [[2]] y [[2|otro]].\n"))
    made.site.article(2, "two")
    return made


def test_nothing_is_live_before_the_first_compile(shop: Workshop) -> None:
    with pytest.raises(NoLiveSite, match="kb index"):
        shop.live()


def test_what_is_compiled_is_served_and_found(shop: Workshop) -> None:
    made = shop.compile()
    assert (made.changed, made.articles, made.read) == (True, 4, 4)
    site = shop.live().site
    assert site.revision == made.revision
    assert site.articles["en"][2].title == "two en"
    assert shop.html() == (
        '<p>Vea <a href="/es/kb/2-two">two es</a> y <a href="/es/kb/2-two">otro</a>.</p>'
    )
    assert shop.found("texto two") == ["2"]
    assert site.policy.products["server"].name == "Acme Server"


def test_an_unchanged_site_is_not_compiled_again(shop: Workshop) -> None:
    first = shop.compile()
    again = shop.compile()
    assert (again.revision, again.changed, again.read) == (first.revision, False, 0)
    assert shop.revisions() == [first.revision]


def test_only_the_changed_file_is_read_again(shop: Workshop) -> None:
    shop.compile()
    time.sleep(0.06)
    shop.site.write("articles/setup/2-two/en.md", front("", "New words entirely.\n"))
    made = shop.compile()
    assert (made.changed, made.read) == (True, 1)
    assert "New words entirely" in shop.html(2, "en")
    assert shop.found("entirely", "en") == ["2"]
    assert shop.found("texto two") == ["2"]


def test_a_touched_file_is_looked_at_but_not_rendered(shop: Workshop) -> None:
    first = shop.compile()
    time.sleep(0.06)
    os.utime(shop.site.root / "articles/setup/2-two/en.md")
    made = shop.compile()
    assert (made.revision, made.read) == (first.revision, 0)


def test_a_change_right_after_the_compile_with_the_same_size_is_seen(shop: Workshop) -> None:
    path = "articles/setup/2-two/en.md"
    shop.site.write(path, front("", "aaaa\n"))
    shop.compile()
    before = (shop.site.root / path).stat()
    (shop.site.root / path).write_text(front("", "bbbb\n"))
    os.utime(shop.site.root / path, ns=(before.st_atime_ns, before.st_mtime_ns))
    shop.compile()
    assert shop.html(2, "en") == "<p>bbbb</p>"


def test_a_new_title_shows_in_every_article_that_links_to_it(shop: Workshop) -> None:
    shop.compile()
    shop.site.write("articles/setup/2-two/es.md", front("").replace("Uno", "Nuevo & mejor"))
    made = shop.compile()
    assert made.read == 1
    assert '<a href="/es/kb/2-two">Nuevo &amp; mejor</a>' in shop.html(1)


def test_a_new_slug_shows_in_every_article_that_links_to_it(shop: Workshop) -> None:
    shop.compile()
    (shop.site.root / "articles/setup/2-two").rename(shop.site.root / "articles/setup/2-second")
    shop.compile()
    assert '<a href="/es/kb/2-second">two es</a>' in shop.html(1)
    assert shop.live().index.search(Query("two", "es")).hits[0].url == "/es/kb/2-second"


def test_a_new_product_name_shows_in_version_blocks(shop: Workshop) -> None:
    shop.site.article(1, "one", es=front("", "::: only server@12, cloud\nx\n:::\n"))
    shop.compile()
    assert '<p class="only-title">Solo para Acme Server 12 y Acme Cloud</p>' in shop.html(1)
    products = (shop.site.root / "policy/products.yaml").read_text()
    shop.site.write("policy/products.yaml", products.replace("Acme Server", "Acme Vault"))
    assert shop.compile().read == 0
    assert "Solo para Acme Vault 12 y Acme Cloud" in shop.html(1)


def test_a_removed_article_is_gone_everywhere(shop: Workshop) -> None:
    shop.site.article(3, "three")
    shop.compile()
    assert shop.found("three") == ["3"]
    for lang in ("es", "en"):
        (shop.site.root / f"articles/setup/3-three/{lang}.md").unlink()
    made = shop.compile()
    assert (made.articles, made.read) == (4, 0)
    assert shop.found("three") == []
    assert 3 not in shop.live().site.articles["es"]


def test_a_picture_has_an_address_of_its_content(shop: Workshop) -> None:
    shop.site.article(1, "one", es=front("", "![Foto](a.png)\n"))
    shop.site.write("articles/setup/1-one/a.png", b"one")
    shop.compile()
    first = shop.html(1)
    shop.site.write("articles/setup/1-one/a.png", b"two")
    made = shop.compile()
    assert made.changed
    assert made.read == 0
    assert shop.html(1) != first
    digest, name = shop.html(1).split('src="/media/')[1].split('"')[0].split("/")
    assert shop.live().site.media_path(digest, name).read_bytes() == b"two"
    with pytest.raises(FileNotFoundError):
        shop.live().site.media_path(digest, "../manifest.json")
    with pytest.raises(FileNotFoundError):
        shop.live().site.media_path("manifest", "json")


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


def test_a_running_process_notices_a_new_revision_and_keeps_the_old_for_who_holds_it(
    shop: Workshop,
) -> None:
    shop.compile()
    held = shop.live()
    for number in range(5):
        shop.site.write("articles/setup/2-two/es.md", front("", f"Vez {number}.\n"))
        shop.compile()
    assert shop.live().site.revision != held.site.revision
    assert shop.html(2) == "<p>Vez 4.</p>"
    assert held.site.page("es", 2).html == "<p>Texto de two.</p>"
    assert held.index.search(Query("two", "es")).hits[0].id == "2"


def test_three_revisions_are_kept(shop: Workshop) -> None:
    for number in range(5):
        shop.site.write("articles/setup/2-two/es.md", front("", f"Vez {number}.\n"))
        live = shop.compile().revision
    assert len(shop.revisions()) == 3
    assert live in shop.revisions()


def test_going_back_to_an_older_content_is_a_switch_too(shop: Workshop) -> None:
    first = shop.compile()
    text = (shop.site.root / "articles/setup/2-two/es.md").read_text()
    shop.site.write("articles/setup/2-two/es.md", front("", "Otro.\n"))
    shop.compile()
    shop.site.write("articles/setup/2-two/es.md", text)
    assert shop.compile().revision == first.revision
    assert shop.html(2) == "<p>Texto de two.</p>"


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


def test_unchanged_texts_share_their_files_with_the_store(shop: Workshop) -> None:
    made = shop.compile()
    pages = list((shop.var / "site" / made.revision / "pages").iterdir())
    assert pages
    assert all(page.stat().st_nlink == 2 for page in pages)


def test_drafts_are_compiled_but_not_searched(shop: Workshop) -> None:
    shop.site.article(3, "hidden", es=front("status: draft\n", "Palabra rarísima.\n"))
    shop.compile()
    assert shop.live().site.articles["es"][3].status == "draft"
    assert shop.found("rarísima") == []


def test_a_link_to_an_article_in_another_language_says_so(shop: Workshop) -> None:
    text = (shop.site.root / "site.yaml").read_text()
    shop.site.write("site.yaml", text + "translations: optional\n")
    (shop.site.root / "articles/setup/2-two/es.md").unlink()
    shop.compile()
    assert '<a href="/en/kb/2-two" hreflang="en">two en</a>' in shop.html(1)


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


def test_the_pointer_costs_one_look(shop: Workshop) -> None:
    shop.compile()
    shop.live()
    started = time.perf_counter()
    for _ in range(10_000):
        shop.live()
    assert time.perf_counter() - started < 2


def test_the_revision_follows_every_input(shop: Workshop) -> None:
    seen = {shop.compile().revision}
    for path, text in [
        ("site.yaml", (shop.site.root / "site.yaml").read_text() + "company: Acme Inc\n"),
        ("policy/products.yaml", (shop.site.root / "policy/products.yaml").read_text() + "\n"),
        ("articles/setup/1-one/en.md", front("", "Other.\n")),
    ]:
        shop.site.write(path, text)
        seen.add(shop.compile().revision)
    assert len(seen) == 4


def test_a_var_folder_without_hard_links_gets_copies(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr("kb.content.compile.os.link", refuse)
    shop.compile()
    assert shop.html(2) == "<p>Texto de two.</p>"


def test_packs_of_the_same_content_are_the_same_file(tmp_path: Path) -> None:
    names = set()
    for _ in range(2):
        writer = PackWriter()
        writer.add(["<p>a</p>"], "a")
        names.add(writer.write(tmp_path))
    assert len(names) == 1


def test_the_site_may_lie_elsewhere_than_its_var_folder(shop: Workshop, tmp_path: Path) -> None:
    moved = replace(shop.settings, var=tmp_path / "other")
    made = compile_site(moved)
    assert Revisions(moved.var).current() == made.revision


def test_a_link_by_number_is_indexed_as_the_title_it_shows(shop: Workshop) -> None:
    shop.compile()
    hit = shop.live().index.search(Query("vea", "es")).hits[0]
    assert hit.snippet == "<mark>Vea</mark> two es y otro."
    shop.site.article(2, "two", es="---\ntitle: Otro título\n---\n\nTexto.\n")
    shop.compile()
    hit = shop.live().index.search(Query("vea", "es")).hits[0]
    assert "Otro título y otro." in hit.snippet


def test_votes_count_in_what_is_live_now_and_in_what_is_compiled_later(shop: Workshop) -> None:
    shop.site.article(3, "three", es=front("", "Igual.\n"))
    shop.site.article(4, "four", es=front("", "Igual.\n"))
    shop.compile()
    assert sorted(shop.found("igual")) == ["3", "4"]
    (shop.var / VOTES).write_text('{"4": [50, 0]}')
    shop.live_site = LiveSite(shop.var)
    shop.live()
    assert shop.found("igual") == ["4", "3"]
    shop.site.article(5, "five")
    shop.compile()
    assert shop.found("igual") == ["4", "3"]
