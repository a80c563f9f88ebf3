"""What every page stands in: languages, headers, failures, the cache for strangers."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from kb.app import create_app
from kb.pages.page_cache import KeptPage, PageCache
from kb.pages.visitors import safe_next
from kb.settings import Settings
from kb.store import StoreError
from tests.conftest import NOW
from tests.visitor import Visitor

PAGES = [
    "/es/",
    "/en/",
    "/es/kb/",
    "/en/products/",
    "/es/downloads",
    "/en/feedback",
    "/es/contact/",
]


@pytest.mark.parametrize(
    ("accepts", "lang"), [("es-MX,es;q=0.9", "es"), ("en-GB", "en"), ("de", "es"), ("", "es")]
)
def test_the_root_leads_to_the_visitors_language(accepts: str, lang: str, visitor: Visitor) -> None:
    answer = visitor.client.get("/", headers={"Accept-Language": accepts})
    assert answer.location == f"/{lang}/"


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_there_in_the_other_language(path: str, visitor: Visitor) -> None:
    other = "en" if path.startswith("/es/") else "es"
    page = visitor.get(path)
    assert f'hreflang="{other}"' in page.html
    assert visitor.get(page.link("English" if other == "en" else "Español")).status == 200


@pytest.mark.parametrize("path", [*PAGES, "/en/nowhere", "/healthz", "/api/search?q=backup"])
def test_every_answer_carries_the_guards(path: str, visitor: Visitor) -> None:
    headers = visitor.client.get(path).headers
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_a_stranger_who_reads_gets_no_cookie(visitor: Visitor) -> None:
    for path in ("/es/", "/en/kb/1042-backup-stops-not-enough-space", "/en/troubleshoot/"):
        assert "Set-Cookie" not in visitor.client.get(path).headers


def test_R4_the_header_shows_sign_in_or_my_account(visitor: Visitor) -> None:
    page = visitor.get("/en/")
    assert "Sign in" in page.text
    assert "My account" not in page.text
    page = visitor.as_customer("premier").get("/en/")
    assert "My account" in page.text
    assert "Sign in" not in page.text


def test_what_is_kept_for_strangers_is_not_shown_to_customers_nor_the_other_way(
    visitor: Visitor, another: Callable[[], Visitor]
) -> None:
    visitor.as_customer("premier").get("/en/")
    assert "Sign in" in another().get("/en/").text
    assert "My account" in visitor.get("/en/").text


def test_a_page_kept_for_strangers_ends_with_the_day(app: Flask, visitor: Visitor) -> None:
    before = visitor.get("/en/").text
    assert "Current alerts" in before
    app.config["NOW"] = NOW + timedelta(days=365)
    assert "Current alerts" not in visitor.get("/en/").text


def test_the_page_cache_drops_what_was_unused_for_longest() -> None:
    pages = PageCache(limit=2)
    kept = {name: KeptPage(name.encode(), "text/html") for name in "abc"}
    pages.put(("a",), kept["a"])
    pages.put(("b",), kept["b"])
    pages.get(("a",))
    pages.put(("c",), kept["c"])
    assert pages.get(("b",)) is None
    assert pages.get(("a",)) is kept["a"]


def test_the_page_cache_ends_at_a_weight_whatever_addresses_are_thought_up() -> None:
    pages = PageCache[KeptPage](limit=1000, heaviest=10_000)
    for number in range(100):
        for _twice in range(2):
            pages.put((f"/en/kb/?x={number}",), KeptPage(b"x" * 980, "text/html"))
    there = [n for n in range(100) if pages.get((f"/en/kb/?x={n}",))]
    assert there == list(range(90, 100))
    pages.put(("/",), KeptPage(b"x" * 11_000, "text/html"))  # alone too heavy
    assert pages.get(("/",)) is None
    pages.put(("/",), KeptPage(b"x", "text/html"))
    assert pages.get(("/",))


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/es/nada", 404),
        ("/zz/", 404),
        ("/en/kb/999999", 404),
        ("/en/kb/category/nothing", 404),
        ("/en/products/nothing", 404),
        ("/en/troubleshoot/nothing/start", 404),
        ("/media/0000/nothing.png", 404),
        ("/en/kb/1042/vote", 405),
    ],
)
def test_what_is_not_there_is_a_page_with_a_search_box(
    path: str, code: int, visitor: Visitor
) -> None:
    page = visitor.get(path, expect=code)
    assert 'name="q"' in page.html
    assert "Traceback" not in page.html


def test_a_failure_in_a_view_is_a_page_and_no_traceback(app: Flask, visitor: Visitor) -> None:
    app.view_functions["home.home"] = lambda: 1 / 0
    app.config["PROPAGATE_EXCEPTIONS"] = False
    page = visitor.get("/es/", expect=500)
    assert "Algo ha fallado por nuestra parte" in page.text
    assert "ZeroDivision" not in page.html


def test_a_database_that_is_away_is_told_and_nothing_else(app: Flask, visitor: Visitor) -> None:
    def away() -> str:
        raise StoreError("secret-host: connection refused")

    app.view_functions["home.home"] = away
    page = visitor.get("/en/", expect=503)
    assert "secret-host" not in page.html


def test_a_site_that_is_not_compiled_says_so(settings: Settings, tmp_path: Path) -> None:
    app = create_app(replace(settings, var=tmp_path))
    for path in ("/es/", "/readyz", "/api/search?q=x"):
        assert app.test_client().get(path).status_code == 503
    app.extensions["waypost"].db.close()


def test_an_expired_form_shows_what_was_typed_and_sends_it_again(visitor: Visitor) -> None:
    visitor.get("/en/feedback")
    page = visitor.post(
        "/en/feedback", csrf_token="old", kind="suggestion", words="Keep <this>", expect=400
    )
    assert "Keep &lt;this&gt;" in page.html
    page = visitor.post(
        "/en/feedback",
        csrf_token=page.token(),
        kind=page.hidden("kind"),
        words=page.hidden("words"),
    )
    assert "Every message is recorded" in page.text


def test_another_sites_form_is_refused_and_not_offered_again(visitor: Visitor) -> None:
    visitor.get("/en/feedback")
    answer = visitor.client.post(
        "/en/feedback",
        data={"kind": "suggestion", "words": "forged"},
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert answer.status_code == 400
    assert 'name="words"' not in answer.text


@pytest.mark.parametrize(
    ("target", "kept"),
    [
        ("/en/my/cases", "/en/my/cases"),
        ("/en/contact/?request=technical", "/en/contact/?request=technical"),
        ("//evil.example", None),
        ("/\\evil.example", None),
        ("https://evil.example", None),
        ("javascript:alert(1)", None),
        ("/a\nb", None),
        ("", None),
        (None, None),
    ],
)
def test_nobody_is_led_to_another_site_after_signing_in(
    target: str | None, kept: str | None
) -> None:
    assert safe_next(target) == kept


def test_the_operators_pages(visitor: Visitor) -> None:
    assert visitor.client.get("/healthz").text == "ok\n"
    assert visitor.client.get("/readyz").text.startswith("ready ")
    metrics = visitor.client.get("/metrics").text
    assert 'waypost_articles{lang="es"}' in metrics
    assert 'waypost_outbox_messages{state="queued"}' in metrics


def test_the_sites_accent_is_served_as_a_style_sheet(visitor: Visitor) -> None:
    answer = visitor.client.get("/theme.css")
    assert answer.content_type.startswith("text/css")
    assert "--accent-light:#0b5a68" in answer.text
