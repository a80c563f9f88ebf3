"""What search engines see: sitemaps, robots.txt, canonical addresses, languages, schema.org."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as Xml

import pytest
from flask import Flask

from kb.app import create_app
from kb.pages import discovery
from kb.pages.structured import steps_of
from kb.settings import Settings
from tests.conftest import NOW
from tests.reading_site import compiled
from tests.visitor import Visitor

SPACE = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
BASE = "https://help.example"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return compiled(tmp_path_factory.mktemp("discovery"))


@pytest.fixture
def app(small: Settings) -> Iterator[Flask]:
    made = create_app(small)
    made.config["NOW"] = NOW
    yield made
    made.extensions["waypost"].db.close()


def listed(app: Flask) -> dict[str, Xml.Element]:
    """Every page of every sitemap by its address."""
    client = app.test_client()
    index = Xml.fromstring(client.get("/sitemap.xml").text)  # noqa: S314 # our own
    pages: dict[str, Xml.Element] = {}
    for place in index.findall("s:sitemap/s:loc", SPACE):
        assert place.text is not None
        answer = client.get(place.text.removeprefix(BASE))
        assert answer.mimetype == "application/xml"
        for url in Xml.fromstring(answer.text).findall("s:url", SPACE):  # noqa: S314 # our own
            pages[str(url.findtext("s:loc", "", SPACE))] = url
    return pages


def test_the_sitemap_lists_every_public_page_and_nothing_else(app: Flask) -> None:
    pages = listed(app)
    client = app.test_client()
    for address in pages:
        assert client.get(address.removeprefix(BASE)).status_code == 200, address
    for lang in ("es", "en"):
        for path in ("", "kb/", "kb/category/setup", "products/server", "kb/11-guide"):
            assert f"{BASE}/{lang}/{path}" in pages
    for number in (16, 17, 34):  # for agents, archived, an alert for agents
        assert not any(f"/kb/{number}-" in address for address in pages)


def test_a_page_of_the_sitemap_has_its_day_and_its_languages(app: Flask) -> None:
    url = listed(app)[f"{BASE}/en/kb/11-guide"]
    assert url.findtext("s:lastmod", "", SPACE) == "2026-11-03"
    links = {link.get("hreflang"): link.get("href") for link in url.findall("x:link", SPACE)}
    assert links == {"es": f"{BASE}/es/kb/11-guide", "en": f"{BASE}/en/kb/11-guide"}


def test_many_pages_are_several_sitemaps(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = set(listed(app))
    monkeypatch.setattr(discovery, "MOST_URLS", 7)
    app.extensions["waypost-pages"].__init__()
    assert app.test_client().get("/sitemap.xml").text.count("<sitemap>") > 4
    app.extensions["waypost-pages"].__init__()
    assert set(listed(app)) == whole


@pytest.mark.parametrize("name", ["fr-1", "en-0", "en-99", "en-99999999999999999999", "en-x"])
def test_a_sitemap_that_is_not_there_is_not_found(app: Flask, name: str) -> None:
    assert app.test_client().get(f"/sitemap-{name}.xml").status_code == 404


def test_robots_are_told_what_is_somebodys_own(app: Flask) -> None:
    answer = app.test_client().get("/robots.txt")
    assert answer.mimetype == "text/plain"
    lines = answer.text.splitlines()
    assert f"Sitemap: {BASE}/sitemap.xml" in lines
    for path in ("/en/account", "/es/my", "/es/desk", "/en/search?", "/api/", "/preview/"):
        assert f"Disallow: {path}" in lines


def test_a_site_under_work_is_nobodys_to_keep(small: Settings) -> None:
    dev = create_app(replace(small, dev=True))
    client = dev.test_client()
    assert "Disallow: /\n" in client.get("/robots.txt").text
    assert client.get("/en/kb/11-guide").headers["X-Robots-Tag"] == "noindex"
    dev.extensions["waypost"].db.close()


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/en/", True),
        ("/en/kb/", True),
        ("/en/kb/11-guide", True),
        ("/en/kb/11-guide?version=12", True),
        ("/en/kb/category/setup", True),
        ("/en/products/server", True),
        ("/en/search", True),
        ("/en/search?q=vault", False),
        ("/en/kb/17-archived", False),
        ("/en/kb/99-nothing", False),
        ("/en/kb/11/missing", False),
        ("/en/account/sign-in", False),
        ("/en/account/sign-up", False),
    ],
)
def test_pages_that_are_not_for_search_engines_say_so(app: Flask, path: str, kept: bool) -> None:
    answer = app.test_client().get(path)
    assert ("X-Robots-Tag" not in answer.headers) is kept
    assert ('<link rel="canonical"' in answer.text) is kept
    assert ('property="og:title"' in answer.text) is kept
    if kept:
        plain = path.partition("?")[0]
        assert f'<link rel="canonical" href="{BASE}{plain}">' in answer.text


def test_a_page_names_itself_its_languages_and_the_one_for_others(visitor: Visitor) -> None:
    def named(path: str) -> dict[str, str]:
        found = r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)">'
        return dict(re.findall(found, visitor.get(path).html))

    guide = "/kb/11-guide"
    languages = {"es": f"{BASE}/es{guide}", "en": f"{BASE}/en{guide}"}
    assert named("/en" + guide) == languages | {"x-default": f"{BASE}/es{guide}"}
    assert named("/es/")["x-default"] == f"{BASE}/"
    assert named("/en/account/sign-in") == {}


def data(visitor: Visitor, path: str) -> dict[str, Any]:
    html = visitor.get(path).html
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    assert len(blocks) == 1
    found: dict[str, Any] = json.loads(blocks[0])["@graph"][0]
    return found


def test_a_how_to_tells_its_steps(visitor: Visitor) -> None:
    found = data(visitor, "/en/kb/11-guide")
    assert found["@type"] == "HowTo"
    assert found["name"] == "Guide </script> to vaults"
    assert [step["text"] for step in found["step"]] == [
        "Open the console.",
        "Choose Vaults. the first the second",
        "See that it works.",
    ]
    assert found["image"].startswith(f"{BASE}/media/")


def test_a_faq_tells_its_questions_and_answers(visitor: Visitor) -> None:
    found = data(visitor, "/en/kb/19-faq")
    assert found["@type"] == "FAQPage"
    told = {q["name"]: q["acceptedAnswer"]["text"] for q in found["mainEntity"]}
    assert told == {"Is it free?": "Yes, it is.", "And in the cloud?": "No."}


def test_any_other_article_is_a_technical_article(visitor: Visitor) -> None:
    found = data(visitor, "/en/kb/14-vault-code")
    assert found["@type"] == "TechArticle"
    assert found["keywords"] == "E1"
    assert found["about"] == [{"@type": "SoftwareApplication", "name": "Acme Server"}]


@pytest.mark.parametrize(
    "html", ["", "<ol><li>x</li></ol>", '<ol class="steps"></ol>', '<ol class="steps"><li>']
)
def test_a_text_without_steps_has_none(html: str) -> None:
    assert steps_of(html) == []
