"""What a visitor may not read shows nowhere in search: their pages are, letter for letter, those
of a site that does not have it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from urllib.parse import quote, urlencode

import pytest
from flask import Flask
from hypothesis import HealthCheck, given
from hypothesis import settings as limits
from hypothesis import strategies as st

from kb.actions.compile_site import compile_site
from kb.app import create_app
from kb.settings import Settings
from tests.conftest import NOW
from tests.hidden_articles import HIDDEN, make
from tests.visitor import Visitor

Apps = dict[tuple[str, ...], Flask]
NONE: tuple[str, ...] = ()
CUSTOMERS = ("customers",)
BOTH = ("customers", "internal")
SEES = {"stranger": NONE, "premier": CUSTOMERS, "agent": BOTH}
"""What of the hidden articles each visitor may read."""

WORDS = [
    *(str(value) for words in HIDDEN.values() for value in words.values()),
    *("zarquonitt", "blorptasstic", "quibblestorre", "zarquonitenik"),
    *("blorptasticery", "E00DEF457", "E-00DEF456", "00DEF456"),
    *("backup", "quota", "stops", "home", '"the backup stops"', "-backup", "only a few", "alert"),
]  # fmt: skip
FACES = (
    "/en/search?q={}",
    "/es/search?q={}",
    "/en/search?q={}&exact=1",
    "/en/search?q={}&product=home&type=alert",
    "/en/search?q={}&lang=es",
    "/api/search?lang=en&limit=50&q={}",
    "/api/suggest?lang=en&q={}",
    "/es/opensearch-suggestions?q={}",
    "/en/not-there-{}",
    "/en/kb/9999-{}",
)


@pytest.fixture(scope="module")
def sites(
    vendor_settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> dict[tuple[str, ...], Settings]:
    """The same site without hidden articles, with those for customers, with all."""
    made = {}
    for hidden in (NONE, CUSTOMERS, BOTH):
        root = make(tmp_path_factory.mktemp("site"), hidden)
        made[hidden] = replace(vendor_settings, site=root, var=tmp_path_factory.mktemp("var"))
        compile_site(made[hidden])
    return made


@pytest.fixture
def visit(
    sites: dict[tuple[str, ...], Settings], settings: Settings
) -> Iterator[Callable[[tuple[str, ...], str], Visitor]]:
    """Make a visitor of the site with these hidden articles."""
    apps: Apps = {}

    def made(hidden: tuple[str, ...], who: str) -> Visitor:
        if hidden not in apps:
            apps[hidden] = create_app(replace(sites[hidden], database_url=settings.database_url))
            apps[hidden].config["NOW"] = NOW
        visitor = Visitor(apps[hidden])
        return visitor if who == "stranger" else visitor.as_customer(who)

    yield made
    for app in apps.values():
        app.extensions["waypost"].db.close()


Visit = Callable[[tuple[str, ...], str], Visitor]


def seen(visitor: Visitor, address: str) -> str:
    """What comes back, without what differs between any two answers."""
    text = visitor.client.get(address).get_data(as_text=True)
    return re.sub(r'(theme\.css\?v=|name="csrf_token" value=")[^"]+', "", text)


@pytest.mark.parametrize("who", ["stranger", "premier"])
def test_hidden_articles_change_nothing_for_who_may_not_read_them(visit: Visit, who: str) -> None:
    """Results, order, counts, facets, suggestions, spelling, snippets, codes, missing pages."""
    with_all, without = visit(BOTH, who), visit(SEES[who], who)
    for face in FACES:
        for words in WORDS:
            address = face.format(quote(words))
            assert seen(with_all, address) == seen(without, address), address


@limits(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join),
    face=st.sampled_from(FACES),
    cut=st.integers(0, 6),
)
def test_nor_do_they_for_any_words(visit: Visit, words: str, face: str, cut: int) -> None:
    address = face.format(quote(words[: len(words) - cut] or words))
    assert seen(visit(BOTH, "stranger"), address) == seen(visit(NONE, "stranger"), address)


@pytest.mark.parametrize("who", SEES)
@pytest.mark.parametrize("audience", HIDDEN)
@pytest.mark.parametrize("lang", ["es", "en"])
def test_each_finds_what_they_may_read(visit: Visit, who: str, audience: str, lang: str) -> None:
    """The other side: who may read it finds it by word, typing error, code and beginning."""
    words, visitor = HIDDEN[audience], visit(BOTH, who)
    url, may = f"/{lang}/kb/{words['id']}-", audience in SEES[who]
    for text in (str(words["word"]), str(words["word"])[:-1] + "x", str(words["code"])):
        page = visitor.get(f"/{lang}/search", q=text)
        assert (url in page.html) is may, text
        found = visitor.client.get(f"/api/search?{urlencode({'q': text, 'lang': lang})}").json
        assert any(hit["url"].startswith(url) for hit in found["results"]) is may
    begun = urlencode({"q": str(words["word"])[:5], "lang": lang})
    assert (url in visitor.client.get(f"/api/suggest?{begun}").text) is may
    assert (url in visitor.client.get(f"/{lang}/opensearch-suggestions?{begun}").text) is may
    missed = visitor.get(f"/{lang}/kb/9999-{words['word']}-{words['place']}", expect=404)
    assert (url in missed.html) is may
    assert visitor.client.get(f"{url}x").status_code == (301 if may else 404)


@pytest.mark.parametrize("path", ["/sitemap.xml", "/sitemap-en-1.xml", "/robots.txt"])
def test_search_engines_are_not_told_of_them(visit: Visit, path: str) -> None:
    assert seen(visit(BOTH, "stranger"), path) == seen(visit(NONE, "stranger"), path)


@pytest.mark.parametrize(
    "path",
    [
        *("/en/", "/en/kb/", "/en/kb/category/backup", "/en/products/home", "/en/products/"),
        *("/en/kb/1042", "/en/kb/1049", "/en/kb/1045", "/en/kb/1042/missing"),
    ],
)
def test_lists_of_articles_do_not_tell_of_them_either(visit: Visit, path: str) -> None:
    for who in ("stranger", "premier"):
        html = visit(BOTH, who).get(path).html
        for audience in set(HIDDEN) - set(SEES[who]):
            assert str(HIDDEN[audience]["word"]) not in html


def test_answers_for_customers_are_not_kept_for_others(visit: Visit) -> None:
    """Whatever stands between may not give one person's answer to another."""
    for address in ("/en/search?q=backup", "/api/search?q=backup", "/api/suggest?q=ba"):
        response = visit(BOTH, "agent").client.get(address)
        assert "Cookie" in response.headers.get("Vary", "")
        assert "public" not in response.headers.get("Cache-Control", "")
