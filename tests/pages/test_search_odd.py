"""Whatever is typed or written into an address, search answers with a page that makes sense."""

import json
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, example, given
from hypothesis import settings as limits
from hypothesis import strategies as st

from tests.visitor import Visitor

ODD = {
    "empty": "",
    "spaces": "  \t\n ",
    "10,000 characters": "x" * 10_000,
    "2,000 words": "backup vault " * 1_000,
    "stop words": "the of and a",
    "punctuation": "?!.,;:-_/\\()[]{}",
    "control characters": "\0\x01\x08\x1b[31m\x7f\u200b\ufeff",
    "right to left": "مرحبا النسخة الاحتياطية",
    "overridden direction": "\u202eelif pukcab\u202c",
    "emoji": "🔥💾👩‍👩‍👧‍👦",
    "combining": "a" + "\u0301" * 500,
    "one quote": '"',
    "unbalanced quotes": '"backup stops',
    "many quotes": '"' * 301,
    "guillemets": "«copia",
    "star": "*",
    "stars": "b*ckup *** back*",
    "tilde": "~",
    "fuzzy": "backup~2 title:backup AND OR NOT ^",
    "minus": "- -- -backup",
    "markup": "<script>alert(1)</script>",
    "format": "%s %(words)s {q} {{ 7*7 }} %",
    "SQL": "' OR 1=1 --",
    "digits": "9" * 400,
    "codes": "E000101F4 " * 90,
}
PAGES = ("/en/search", "/es/search")
FILTERS = ("product", "version", "type", "lang", "page", "exact")

texts = st.text(max_size=80) | st.sampled_from([*ODD.values(), "backup", "copia", "E000101F4"])
filters = st.dictionaries(
    st.sampled_from(FILTERS),
    st.text(max_size=12)
    | st.sampled_from(
        ["home", "backup-server", "backup-server@12", "12", "faq", "tree", "es", "2"]
    ),
    max_size=4,
)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("kind", ODD)
def test_odd_words_are_a_page_with_a_way_on(visitor: Visitor, path: str, kind: str) -> None:
    page = visitor.get(path, q=ODD[kind])
    assert any("/contact/" in href for _, href in page.links)
    assert any("/troubleshoot/" in href for _, href in page.links)
    assert "<script>alert" not in page.html
    assert "49" not in page.title


@limits(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(path=st.sampled_from(PAGES), q=texts, chosen=filters)
@example(path="/en/search", q="backup", chosen={"product": "backup-server@99-1"})
def test_any_search_is_a_page(visitor: Visitor, path: str, q: str, chosen: dict[str, str]) -> None:
    page = visitor.get(path, q=_sendable(q), **{n: _sendable(v) for n, v in chosen.items()})
    assert f'lang="{path[1:3]}"' in page.html
    assert page.title.endswith(
        "Norvault Support" if path.startswith("/en/") else "Norvault Soporte"
    )


@limits(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(q=texts, chosen=filters, lang=st.sampled_from(["es", "en"]))
def test_any_question_to_the_api_is_answered(
    client: FlaskClient, q: str, chosen: dict[str, str], lang: str
) -> None:
    asked = {"lang": lang, "q": _sendable(q)} | {n: _sendable(v) for n, v in chosen.items()}
    answer = client.get("/api/search", query_string=asked)
    assert answer.status_code in {200, 400, 409}  # 409: a version of another product
    assert ("results" in answer.json) if answer.status_code == 200 else ("error" in answer.json)
    for path in ("/api/suggest", f"/{lang}/opensearch-suggestions"):
        answer = client.get(path, query_string={"lang": lang, "q": _sendable(q)})
        assert answer.status_code == 200
        assert json.loads(answer.get_data(as_text=True))


@limits(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(raw=st.binary(max_size=60))
@example(raw=b"\xff\xfe%")
@example(raw=b"\xed\xa0\x80")
def test_any_bytes_in_an_address_are_answered(client: FlaskClient, raw: bytes) -> None:
    """Broken encodings too, as words and as places."""
    assert client.get(f"/en/search?q={quote(raw)}").status_code == 200
    assert client.get(f"/api/suggest?lang=en&q={quote(raw)}").status_code == 200
    for path in (f"/en/{quote(raw, safe='')}", f"/en/kb/9-{quote(raw, safe='')}"):
        assert client.get(path).status_code in {200, 301, 308, 404}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("product", "nonsense"),
        ("product", "backup-server@"),
        ("type", "rubbish"),
        ("version", "77"),
        ("lang", "de"),
    ],
)
@pytest.mark.parametrize("path", PAGES)
def test_an_unknown_filter_is_said_whatever_it_filters(
    visitor: Visitor, path: str, name: str, value: str
) -> None:
    page = visitor.get(path, **{"q": "backup", "product": "home", name: value})
    assert value in page.text
    assert "left out" in page.text or "omitido" in page.text


def test_a_version_without_its_product_is_left_out_and_said(visitor: Visitor) -> None:
    page = visitor.get("/en/search", q="backup", version="12")
    assert "There is no filter “12”; it was left out." in page.text


@pytest.mark.parametrize("version", ["11", "11.5"])
def test_versions_that_count_as_one_answer_to_either_name(visitor: Visitor, version: str) -> None:
    page = visitor.get("/en/search", q="backup", product="backup-server", version=version)
    assert f"Version {version}" in page.text
    assert "There is no filter" not in page.text
    assert 'value="11.5" checked' in page.html


def _sendable(text: str) -> str:
    """Half characters cannot be sent in an address."""
    return text.encode(errors="replace").decode()


def test_a_long_search_is_cut_with_one_sign_that_is_no_three_dots(visitor: Visitor) -> None:
    page = visitor.get("/es/search", q="x" * 300)
    assert f"No hay artículos para «{'x' * 79}…»" in page.text
    assert "..." not in page.text
