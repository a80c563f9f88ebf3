"""Names of exported files: taken by every file system, one for each name, and stable."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.export.places import Places, Target, safe
from kb.export.rewriting import Page, css_rewritten


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("1042-locked-file", "1042-locked-file"),
        ("picture.png", "picture.png"),
        ("Picture.PNG", r"picture-[0-9a-f]{8}\.png"),
        ("captura de pantalla ñ.png", r"captura-de-pantalla-n-[0-9a-f]{8}\.png"),
        ("con", r"con-[0-9a-f]{8}"),
        ("aux.png", r"aux-[0-9a-f]{8}\.png"),
        ("..", r"file-[0-9a-f]{8}"),
        ("a:b|c?.txt", r"a-b-c-[0-9a-f]{8}\.txt"),
        ("漢字", r"file-[0-9a-f]{8}"),
        ("x" * 300, r"x{80}-[0-9a-f]{8}"),
        ("ends.", r"ends-[0-9a-f]{8}"),
    ],
)
def test_odd_names_become_plain_ones(name: str, expected: str) -> None:
    assert re.fullmatch(expected, safe(name)), safe(name)


@given(st.sets(st.text(min_size=1), min_size=2, max_size=8))
def test_no_two_names_share_a_file_even_without_capitals(names: set[str]) -> None:
    made = [safe(name) for name in names]
    assert len({name.casefold() for name in made}) == len(names)
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9._-]*[a-z0-9_-]", name + "_") for name in made)


def places(**more: object) -> Places:
    pages = {
        "/en/": "en/index.html",
        "/en/kb/1-one": "en/kb/1-one.html",
        "/en/search": "en/search.html",
        "/en/troubleshoot/t/": "en/troubleshoot/t.html",
    }
    return Places(pages, {"en": "en/away.html"}, ("en",), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("/en/kb/1-one#cause", Target("en/kb/1-one.html", "#cause")),
        ("/en/kb/1-one?version=10", Target("en/kb/1-one.version-10.html")),
        ("/en/search?q=a%20b", Target("en/search.html", "?q=a%20b")),
        ("/en/troubleshoot/t/?product=x@1", Target("en/troubleshoot/t.html", "#product=x@1")),
        ("/en/troubleshoot/t/node?a=b", Target("en/troubleshoot/t.html", "#a=b")),
        ("/theme.css?v=9", Target("theme.css")),
        ("/media/0a/My%20File.png", Target("media/0a/" + safe("My File.png"))),
        ("/en/contact/", Target("en/away.html")),
        ("//elsewhere.example.com/x", None),
        ("https://elsewhere.example.com/x", None),
        ("#anchor", None),
    ],
)
def test_where_a_link_leads(url: str, target: Target | None) -> None:
    assert places().target(url) == target


def test_a_link_from_disk_names_the_file_and_one_for_a_server_its_folder() -> None:
    home = Target("en/index.html")
    assert places(offline=True).link(home, 2) == "../../en/index.html"
    assert places().link(home, 2) == "../../en/"
    assert places().link(Target("index.html"), 0) == "./"


def test_what_is_told_of_links_in_a_text_is_no_link() -> None:
    text = '<p>Write &lt;a href="/en/"&gt; so, or href="/en/" alone</p><a href="/en/">Home</a>'
    expected = text[: text.index("<a href")] + '<a href="../en/">Home</a>'
    assert Page(places()).rewritten(text, 1) == expected


def test_attributes_keep_their_texts() -> None:
    text = '<img src="/media/0a/x.png" alt="a &gt; b &amp; &quot;c&quot;" hidden>'
    assert Page(places()).rewritten(text, 0) == text.replace('"/media', '"media')


def test_style_sheets_name_files_in_every_form() -> None:
    css = "@import url(\"a.css\") layer(x); @import 'b.css'; p { mask: url(c.svg) }"
    found: list[str] = []
    css_rewritten(css, lambda url: (found.append(url), url)[1])
    assert found == ["a.css", "b.css", "c.svg"]


HEAD = (
    '<link rel="canonical" href="https://r/en/kb/1-one">\n'
    '<link rel="alternate" hreflang="en" href="https://r/en/kb/1-one">\n'
    '<meta property="og:url" content="https://r/en/kb/1-one">\n'
    '<script type="application/ld+json">{"url": "https://r/en/kb/1-one"}</script>'
)


def test_whole_addresses_become_those_of_the_files() -> None:
    made = Page(places(), "https://b/x", "https://r").rewritten(HEAD, 2)
    assert made.count('"https://b/x/en/kb/1-one.html"') == 4
    assert "https://r" not in made


def test_whole_addresses_stay_those_of_the_site_where_only_it_is_known() -> None:
    assert Page(places(live="https://r"), "", "https://r").rewritten(HEAD, 2) == HEAD


def test_nothing_is_named_by_an_address_that_nobody_knows() -> None:
    made = Page(places(), "", "https://r").rewritten(HEAD, 2)
    assert made.strip() == '<link rel="alternate" hreflang="en" href="../../en/kb/1-one.html">'
