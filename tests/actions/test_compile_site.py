"""Compile, then serve: immutable revisions, an atomic switch, nothing stale, nothing half."""

import os
import time
from dataclasses import replace
from pathlib import Path

import pytest

from kb.actions.compile_site import compile_site
from kb.actions.live_site import LiveSite, NoLiveSite
from kb.actions.vote_counts import VOTES
from kb.content.packs import PackWriter
from kb.content.revisions import Revisions
from kb.search.query import Query
from tests.actions.workshop import Workshop
from tests.content.sites import front
from tests.work import calls


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


def test_unchanged_texts_share_their_files_with_the_store(shop: Workshop) -> None:
    made = shop.compile()
    pages = list((shop.var / "site" / made.revision / "pages").iterdir())
    assert pages
    assert all(page.stat().st_nlink == 2 for page in pages)


def test_pictures_and_trees_that_did_not_change_are_those_of_the_site_before(
    shop: Workshop,
) -> None:
    shop.site.article(1, "one", es=front("", "![Foto](a.png) ![Otra](b.png)\n"))
    for name in ("a", "b"):
        shop.site.write(f"articles/setup/1-one/{name}.png", name * 100)
    before = shop.var / "site" / shop.compile().revision
    shop.site.write("articles/setup/1-one/b.png", "c" * 100)
    for path in (before / "media").iterdir():
        path.write_bytes(b"cut")  # what is not whole is not taken over
    after = shop.var / "site" / shop.compile().revision
    read = sorted(path.read_bytes() for path in (after / "media").iterdir())
    assert read == [b"a" * 100, b"c" * 100]
    shop.site.article(2, "two", es=front("", "Otra cosa.\n"))
    last = shop.var / "site" / shop.compile().revision
    for name in ("trees.json", *(f"media/{path.name}" for path in (after / "media").iterdir())):
        assert (last / name).samefile(after / name)


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


def test_the_pointer_costs_one_look(shop: Workshop) -> None:
    shop.compile()
    shop.live()
    shop.live()
    done = calls(lambda: [shop.live() for _ in range(100)], built_in=True)
    assert done["posix.readlink"] == 100
    assert done["posix.stat"] <= 1, "the votes, now and then"
    assert done["io.open"] == done["posix.open"] == done["posix.scandir"] == 0
    assert done.total() < 100 * 20


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
