"""What goes over the wire: small forms where a browser takes them, and never where a secret is."""

import gzip
import re
from pathlib import Path

import brotli
import pytest
from flask import Flask
from werkzeug.test import TestResponse

from kb.bundled import STATIC
from kb.pages.frame import static_url
from kb.pages.static_files import lean, pressed
from tests.visitor import Visitor

ARTICLE = "/en/kb/1042-backup-stops-not-enough-space"
SEARCH = "/en/search?q=backup"
STEP = "/en/troubleshoot/backup-fails/when"


def fetched(app: Flask, path: str, takes: str) -> TestResponse:
    return app.test_client().get(path, headers={"Accept-Encoding": takes}, buffered=True)


@pytest.mark.parametrize(
    ("takes", "form"),
    [
        ("gzip, deflate, br", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("identity", None),
        ("", None),
        ("*", "br"),
        ("zstd, nonsense;q=x", None),
    ],
)
def test_a_page_for_strangers_comes_in_the_form_the_browser_takes(
    app: Flask, takes: str, form: str | None
) -> None:
    whole = fetched(app, ARTICLE, "").data
    for _ in range(2):  # made, then kept
        answer = fetched(app, ARTICLE, takes)
        assert answer.headers.get("Content-Encoding") == form
        assert "Accept-Encoding" in answer.headers["Vary"]
        undo = {"br": brotli.decompress, "gzip": gzip.decompress}.get(form or "", bytes)
        assert undo(answer.data) == whole


@pytest.mark.parametrize("path", ["/en/account/sign-in", "/en/feedback", "/en/contact/"])
def test_a_page_with_a_token_is_never_compressed(app: Flask, path: str) -> None:
    """Its length would tell of its secrets (BREACH)."""
    answer = fetched(app, path, "gzip, br")
    assert answer.headers.get("Content-Encoding") is None


def test_results_of_a_search_come_small_with_the_visits_cookie(app: Flask) -> None:
    browser = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0"}
    whole = fetched(app, SEARCH, "")
    answer = app.test_client().get(SEARCH, headers={"Accept-Encoding": "br", **browser})
    assert answer.headers["Content-Encoding"] == "br"
    assert brotli.decompress(answer.data) == whole.data
    assert len(answer.data) < len(whole.data) / 3
    assert "visit=" in answer.headers["Set-Cookie"]


def test_a_customers_own_results_are_never_compressed(visitor: Visitor) -> None:
    visitor.as_customer("premier")
    answer = visitor.client.get(SEARCH, headers={"Accept-Encoding": "br, gzip"})
    assert answer.headers.get("Content-Encoding") is None
    assert b"My account" in answer.data


def test_a_customers_own_page_is_never_compressed(visitor: Visitor) -> None:
    visitor.as_customer("premier")
    answer = visitor.client.get(ARTICLE, headers={"Accept-Encoding": "br, gzip"})
    assert answer.headers.get("Content-Encoding") is None
    assert b"My account" in answer.data


@pytest.mark.parametrize("name", ["site.css", "desk.css", "pico.min.css", "copy.js"])
def test_static_files_lie_ready_in_small_forms(app: Flask, name: str) -> None:
    whole = lean(STATIC / name)
    for takes, undo in (("br", brotli.decompress), ("gzip", gzip.decompress), ("", bytes)):
        answer = fetched(app, static_url(name), takes)
        assert undo(answer.data) == whole
        assert "immutable" in answer.headers["Cache-Control"]


def test_a_style_sheet_is_served_without_comments_but_with_licences() -> None:
    whole, served = (STATIC / "site.css").read_text(), lean(STATIC / "site.css").decode()
    assert "/*" in whole
    assert "/*" not in served
    assert whole.count("{") == served.count("{") == served.count("}")
    assert "MIT" in lean(STATIC / "pico.min.css").decode()


@pytest.mark.parametrize("path", ["/en/", "/es/", ARTICLE, STEP, SEARCH])
def test_a_page_with_all_it_needs_is_light(app: Flask, path: str) -> None:
    """A first visit in 60 kB, less 7 kB for heads, icons and the hero; bench/page_weight.py has it
    to the byte, from a browser."""
    page = fetched(app, path, "br")
    fetches = set(re.findall(r'(?:src|href)="(/static/[^"]+\.(?:css|js|woff2))"', _text(page)))
    assert static_url("site.css") in fetches  # which fetches the next two
    fetches |= {static_url("pico.min.css"), static_url("fonts/plain-zero.woff2")}
    sizes = [len(fetched(app, address, "br").data) for address in fetches]
    assert len(page.data) + sum(sizes) < 53_000


def test_visitors_do_not_pay_for_the_desk(visitor: Visitor) -> None:
    visitor.as_agent()
    assert b"/desk.css" in visitor.client.get("/en/desk/").data
    assert b"/desk.css" not in visitor.client.get(ARTICLE).data


def _text(page: TestResponse) -> str:
    return brotli.decompress(page.data).decode()


def test_where_nothing_can_be_written_static_files_come_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "static").write_text("in the way")
    assert pressed(tmp_path, "abc") == STATIC


def test_small_forms_of_the_last_releases_are_kept(tmp_path: Path) -> None:
    for number in range(5):
        assert pressed(tmp_path, f"release{number}").is_dir()
    assert len(list((tmp_path / "static").iterdir())) == 3
    assert (tmp_path / "static" / "release4" / "site.css.br").is_file()


def test_an_export_has_lean_files_without_small_forms_and_takes_those_of_a_server(
    tmp_path: Path,
) -> None:
    lean_ones = pressed(tmp_path, "release", small=False)
    assert (lean_ones / "site.css").read_bytes() == lean(STATIC / "site.css")
    assert not list(lean_ones.rglob("*.br")) + list(lean_ones.rglob("*.gz"))
    served = pressed(tmp_path, "release")
    assert (served / "site.css.br").is_file()
    assert pressed(tmp_path, "release", small=False) == served
    for number in range(3):
        pressed(tmp_path, f"other{number}", small=False)
    assert served.is_dir()
