"""The JSON face: the shapes of DESIGN §7, and errors that say what is wrong."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kb.rules.articles import Audience
from tests.visitor import Visitor


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def get(client: FlaskClient, url: str, expect: int = 200, **query: Any) -> Any:
    response = client.get(url, query_string=query)
    assert response.status_code == expect, response.text
    assert response.content_type == "application/json"
    return response.json


def test_search(client: FlaskClient) -> None:
    answer = get(client, "/api/search", q="E000101F4", lang="en", limit=3)
    assert set(answer) == {"query", "total", "results", "suggestion", "facets"}
    first = answer["results"][0]
    assert set(first) == {"id", "title", "url", "snippet", "score", "type", "products"}
    assert (first["id"], first["type"]) == (1042, "problem")
    assert first["url"].startswith("/en/kb/1042-")
    assert client.get(first["url"]).status_code == 200
    assert len(answer["results"]) == min(3, answer["total"])


def test_search_filters_and_pages(client: FlaskClient) -> None:
    whole = get(client, "/api/search", q="backup", lang="en", limit=50)
    part = get(client, "/api/search", q="backup", lang="en", limit=2, offset=2)
    assert [r["id"] for r in part["results"]] == [r["id"] for r in whole["results"]][2:4]
    faq = get(client, "/api/search", q="licence", lang="en", type="faq", product="home")
    assert {r["type"] for r in faq["results"]} == {"faq"}
    trees = get(client, "/api/search", q="my backup fails", lang="en", type="tree")
    assert trees["results"][0]["id"] == "backup-fails"


def test_search_counts_what_each_filter_would_leave(client: FlaskClient) -> None:
    asked = {"q": "backup", "lang": "en", "product": "backup-server"}
    facets = get(client, "/api/search", **asked)["facets"]
    assert set(facets) == {"products", "versions", "types", "languages"}
    for key, count in facets["versions"].items():
        version = key.partition("@")[2]
        assert get(client, "/api/search", **asked, version=version)["total"] == count
    for type_, count in facets["types"].items():
        assert get(client, "/api/search", **asked, type=type_)["total"] == count
    for lang, count in facets["languages"].items():
        assert get(client, "/api/search", **asked | {"lang": lang})["total"] == count
    assert get(client, "/api/search", q="backup", lang="en")["facets"]["versions"] == {}
    get(client, "/api/search", 400, **asked, version="77")


def test_search_says_what_it_mended(client: FlaskClient) -> None:
    answer = get(client, "/api/search", q="bakcup stops", lang="en")
    assert answer["suggestion"] == "backup stops"


@pytest.mark.parametrize("q", ["", "   ", "?!", "x" * 5000, "\0", '"'])
def test_a_text_without_words_is_answered_with_nothing(client: FlaskClient, q: str) -> None:
    answer = get(client, "/api/search", q=q, lang="es")
    assert (answer["total"], answer["results"]) == (0, [])


def test_suggest(client: FlaskClient) -> None:
    answer = get(client, "/api/suggest", q="copia", lang="es")
    assert answer["query"] == "copia"
    for line in answer["suggestions"]:
        assert set(line) == {"title", "url", "type", "type_name", "error_codes"}
        assert "copia" in line["title"].lower()
    assert get(client, "/api/suggest", lang="es")["suggestions"] == []


def test_article(client: FlaskClient) -> None:
    answer = get(client, "/api/articles/1042", lang="es")
    assert answer["lang"] == "es"
    assert answer["error_codes"] == ["E000101F4"]
    assert "<h2" in answer["html"]
    assert answer["headings"][0]["level"] == 2


def test_tree(client: FlaskClient) -> None:
    answer = get(client, "/api/trees/backup-fails", lang="en")
    assert answer["start"] in answer["nodes"]
    assert answer["nodes"][answer["start"]]["kind"] in {"question", "input", "step"}


@pytest.mark.parametrize(
    ("url", "query", "status", "code"),
    [
        pytest.param("/api/articles/999999", {}, 404, "not_found", id="article"),
        pytest.param("/api/trees/nothing", {}, 404, "not_found", id="tree"),
        pytest.param("/api/nothing", {}, 404, "not_found", id="address"),
        pytest.param(
            "/api/search", {"q": "x", "lang": "de"}, 400, "unknown_language", id="language"
        ),
        pytest.param("/api/search", {"q": "x", "type": "?"}, 400, "unknown_filter", id="type"),
        pytest.param(
            "/api/search", {"q": "x", "product": "?"}, 400, "unknown_filter", id="product"
        ),
        pytest.param("/api/search", {"q": "x", "limit": "0"}, 400, "bad_number", id="limit"),
        pytest.param("/api/search", {"q": "x", "limit": "ten"}, 400, "bad_number", id="limit word"),
        pytest.param("/api/search", {"q": "x", "offset": "-1"}, 400, "bad_number", id="offset"),
        pytest.param("/api/suggest", {"q": "x", "limit": "99"}, 400, "bad_number", id="suggest"),
    ],
)
def test_errors(
    client: FlaskClient, url: str, query: dict[str, str], status: int, code: str
) -> None:
    answer = get(client, url, status, **query)
    assert set(answer) == {"error"}
    assert answer["error"]["code"] == code
    assert answer["error"]["message"]


def test_every_article_and_tree_is_served(app: Flask, client: FlaskClient) -> None:
    site = app.extensions["waypost"].live_site.current().site
    for lang, shelf in site.articles.items():
        for article in shelf.values():
            expect = 200 if article.audience is Audience.PUBLIC else 404
            get(client, f"/api/articles/{article.id}", expect, lang=lang)
    for name in site.trees:
        get(client, f"/api/trees/{name}", lang="en")


def test_what_customers_may_read_needs_their_session(visitor: Visitor) -> None:
    before = visitor.client.get("/api/search?q=backup&lang=en").json
    visitor.as_customer("premier")
    after = visitor.client.get("/api/search?q=backup&lang=en").json
    assert after["total"] >= before["total"]
