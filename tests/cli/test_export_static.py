"""`kb export static`: the whole public site as files that need no server, and nothing that is not
public (R25: open to everyone; R62, R63: search, troubleshooter and articles are all there)."""

import json
import os
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tests import hidden_articles
from tests.cli.exports import PNG, Made, exported, kb, small_site
from tests.content.sites import SmallSite

BASE = "https://help.example.com/docs"
LIVE = "https://support.example.com"
ADDRESS = re.compile(r'<[^>]*?\s(?:href|src|action|poster)="([^"]*)"')


@pytest.fixture(scope="module")
def vendor(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The vendor's site with articles that not everybody may read, exported."""
    folder = tmp_path_factory.mktemp("export")
    site = hidden_articles.make(folder / "site", ("customers", "internal"))
    for path in site.rglob("*zarquonite*/*.md"):
        path.write_text(path.read_text() + "\n![The grobnitz of the vault](secret-plan.png)\n")
        (path.parent / "secret-plan.png").write_bytes(PNG + b"grobnitz-in-the-file")
    assert kb(site, "index").exit_code == 0
    result = kb(site, "export", "static", str(folder / "out"), "--base-url", BASE)
    assert result.exit_code == 0, result.output
    return Made(folder / "out", site, result)


@pytest.fixture
def small(tmp_path: Path) -> SmallSite:
    return small_site(tmp_path)


# --- what is there --------------------------------------------------------------------------


def test_every_article_tree_and_product_is_a_file_in_both_languages(vendor: Made) -> None:
    files = vendor.files
    for lang in ("es", "en"):
        for folder in (vendor.site / "articles").rglob("[0-9]*-*"):
            hidden = "grumpfvault" in folder.name or "quibblestore" in folder.name
            assert (f"{lang}/kb/{folder.name}.html" in files) is not hidden, folder.name
        for path in (vendor.site / "troubleshooter").glob("[!.]*[!.].yaml"):
            if "." not in path.stem:
                assert f"{lang}/troubleshoot/{path.stem}.html" in files
        for name in ("index", "search", "downloads", "404", "kb/index", "products/home"):
            assert f"{lang}/{name}.html" in files
    assert {"index.html", "404.html", "sitemap.xml", "robots.txt"} <= files.keys()


def test_every_link_leads_to_a_file_and_an_anchor_that_are_there(vendor: Made) -> None:
    """R25: nobody comes to a dead end; no page names a server."""
    anchors: dict[Path, set[str]] = {}
    for name, path in vendor.files.items():
        if not name.endswith(".html") or name.endswith("404.html"):
            continue
        for written in ADDRESS.findall(path.read_text(encoding="utf-8")):
            url = unescape(written)
            if url.startswith((BASE, "https://", "mailto:", "data:", "http://")):
                assert "127.0.0.1" not in url
                assert "localhost" not in url
                continue
            assert not url.startswith("/"), f"{name}: {url}"
            parts = urlsplit(url)
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            target = target / "index.html" if target.is_dir() else target
            assert target.is_file(), f"{name}: {url}"
            if parts.fragment and "=" not in parts.fragment and target.suffix == ".html":
                if target not in anchors:
                    found = re.findall(r'\sid="([^"]*)"', target.read_text(encoding="utf-8"))
                    anchors[target] = set(map(unescape, found))
                assert unquote(parts.fragment) in anchors[target], f"{name}: {url}"


def test_nothing_that_is_not_for_everybody_is_in_any_file(vendor: Made) -> None:
    words = [str(value) for told in hidden_articles.HIDDEN.values() for value in told.values()]
    forbidden = [word.encode() for word in (*words, "grobnitz", "secret-plan")]
    assert len(forbidden) > 8
    for name, path in vendor.files.items():
        raw = path.read_bytes().lower()
        for word in forbidden:
            assert word.lower() not in raw, f"{word!r} in {name}"
            assert word.lower() not in name.encode(), name


def test_only_files_that_pages_name_are_taken_along(vendor: Made) -> None:
    texts = [
        path.read_text() for name, path in vendor.files.items() if name.endswith((".html", ".css"))
    ]
    everything = "\n".join(texts)
    taken = [name for name in vendor.files if name.startswith(("media/", "static/"))]
    assert any(name.startswith("media/") for name in taken)
    for name in taken:
        assert name.rpartition("/")[2] in everything, name


def test_no_page_needs_the_server(vendor: Made) -> None:
    for name, path in vendor.files.items():
        if name.endswith(".html"):
            text = path.read_text(encoding="utf-8")
            for word in ('method="post"', "suggest.js", "htmx", "data-suggest", "csrf"):
                assert word not in text, f"{word} in {name}"
    away = vendor.read("en/away.html")
    assert "This needs the support site" in away
    assert 'href="../en/away.html"' in vendor.read("en/index.html")


def test_other_versions_of_an_article_have_their_files(vendor: Made) -> None:
    versions = [name for name in vendor.files if ".version-" in name]
    assert versions
    for name in versions:
        now, other = vendor.read(re.sub(r"\.version-.*", ".html", name)), vendor.read(name)
        assert name.rpartition("/")[2] in now
        assert now != other


def test_names_do_not_differ_by_capitals_alone(vendor: Made) -> None:
    assert len({name.casefold() for name in vendor.files}) == len(vendor.files)


# --- the addresses it will have -------------------------------------------------------------


def test_the_sitemap_names_every_page_with_its_languages(vendor: Made) -> None:
    told = vendor.read("sitemap.xml")
    found = re.findall(r"<loc>([^<]*)</loc>", told)
    for url in found:
        path = url.removeprefix(f"{BASE}/")
        assert (vendor.folder / (path if path.endswith(".html") else f"{path}index.html")).is_file()
    articles = [n for n in vendor.files if re.fullmatch(r"en/kb/[0-9][^.]*\.html", n)]
    assert {f"{BASE}/{name}" for name in articles} <= set(found)
    assert 'hreflang="es"' in told
    assert "<lastmod>2026-" in told
    assert f"Sitemap: {BASE}/sitemap.xml" in vendor.read("robots.txt")


def test_canonical_and_languages_have_whole_addresses(vendor: Made) -> None:
    name = next(n for n in vendor.files if re.fullmatch(r"en/kb/[0-9][^.]*\.html", n))
    page = vendor.read(name)
    assert f'<link rel="canonical" href="{BASE}/{name}">' in page
    assert "waypost.invalid" not in "".join(
        path.read_text() for n, path in vendor.files.items() if n.endswith(".html")
    )


def test_every_page_leads_to_itself_in_the_other_language(vendor: Made) -> None:
    """No page takes over what the one before it said."""
    pages = {name for name in vendor.files if name.endswith(".html")}
    checked = 0
    for name in sorted(pages):
        if re.match(r"e[sn]/(?!404)", name) and ".version-" not in name:
            page = vendor.read(name)
            found = re.search(r'<a class="lang" href="([^"]*)"', page)
            other = f"{'en' if name.startswith('es/') else 'es'}{name[2:]}"
            assert found, name
            file = (Path("/") / name).parent.joinpath(unquote(found[1].partition("#")[0]))
            led = os.path.normpath(file).removeprefix("/")
            led += "/index.html" if found[1].endswith("/") else ""
            assert led == other, (name, found[1])
            checked += 1
    assert checked > 200


def test_the_404_page_works_under_any_address(vendor: Made) -> None:
    page = vendor.read("404.html")
    links = [url for url in ADDRESS.findall(page) if not url.startswith(("#", "mailto:"))]
    assert links
    assert all(url.startswith(("https://", "http://")) for url in links), links
    assert f'href="{BASE}/static/' in page


def test_without_a_base_nothing_names_an_address_and_the_sitemap_is_left_out(
    small: SmallSite,
) -> None:
    made = exported(small)
    assert made.result.exit_code == 0
    assert "No sitemap" in made.result.output
    assert "sitemap.xml" not in made.files
    page = made.read("en/kb/1-one.html")
    assert "canonical" not in page
    assert "waypost.invalid" not in page


def test_what_needs_the_server_leads_to_the_site_if_its_address_is_told(small: SmallSite) -> None:
    made = exported(small, "--live", f"{LIVE}/")
    page = made.read("en/kb/1-one.html")
    assert f'href="{LIVE}/en/contact/"' in page
    assert f'href="{LIVE}/en/kb/1-one#helpful"' in page
    assert f'<link rel="canonical" href="{LIVE}/en/kb/1-one">' in page
    assert "away.html" not in page


def test_one_language_alone(small: SmallSite) -> None:
    made = exported(small, "--lang", "en")
    assert made.result.exit_code == 0
    assert not [name for name in made.files if name.startswith("es/")]
    assert "is not a language of this site" in exported(small, "--lang", "fr").result.output


@pytest.mark.parametrize("url", ["help.example.com", "ftp://x", 'https://x/"><b>', "https://x?a=1"])
def test_an_address_that_is_none_is_told(small: SmallSite, url: str) -> None:
    result = exported(small, "--base-url", url).result
    assert result.exit_code == 2
    assert "write https://host" in result.output


# --- search and trees -----------------------------------------------------------------------


def test_the_search_index_holds_every_public_article_and_tree(vendor: Made) -> None:
    for lang in ("es", "en"):
        script = vendor.read(f"static/search-index-{lang}.js")
        data = json.loads(script.partition("waypost.data = ")[2].rstrip().removesuffix(";"))
        urls = {document["url"] for document in data["docs"]}
        files = {
            f"../{name}"
            for name in vendor.files
            if re.fullmatch(rf"{lang}/(?:kb/[0-9]|troubleshoot/(?!index))[^.]*\.html", name)
        }
        assert urls == files


def sections(page: str) -> Iterator[tuple[str, str]]:
    for found in re.finditer(r'<section id="([^"]*)" data-node="[^"]*".*?</section>', page, re.S):
        yield found[1], found[0]


def test_a_tree_can_be_walked_by_its_links_alone(vendor: Made) -> None:
    for name in vendor.files:
        if not re.fullmatch(r"en/troubleshoot/(?!index).*\.html", name):
            continue
        found = dict(sections(vendor.read(name)))
        links = {
            anchor: set(re.findall(r'href="#([^"?=]+)"', text)) for anchor, text in found.items()
        }
        reached = {next(anchor for anchor in found if anchor != "n-product")}
        waiting = list(reached)
        while waiting:
            fresh = (links[waiting.pop()] & found.keys()) - reached
            reached |= fresh
            waiting += fresh
        missed = {anchor for anchor in found if anchor.startswith("n-")} - reached - {"n-product"}
        assert not missed, f"{name}: {missed}"
