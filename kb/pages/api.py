"""The JSON face for other programs: search, suggestions, articles, trees (docs/search.md)."""

from dataclasses import asdict, replace
from typing import Any, NoReturn

from flask import Blueprint, Response, abort, g, jsonify, make_response, request

from kb.pages.frame import article_url, best_language, live, may_read
from kb.pages.searching import (
    LONGEST,
    counting_versions,
    suggested,
    type_word,
    wanted,
    whole_number,
)
from kb.rules.articles import Article
from kb.search.query import Hit, Results, Suggestion

blueprint = Blueprint("api", __name__, url_prefix="/api")

MOST = 50


@blueprint.get("/search")
def search() -> Response:
    """Search: `q`, `lang`, `product`, `version`, `type` (repeatable), `limit` (1–50), `offset`."""
    asked = wanted(request.args, _lang())
    if asked.unknown:
        _refuse(
            400,
            "unknown_filter",
            f"There is no product, version or type “{asked.unknown[0][:60]}”.",
        )
    query = replace(
        asked.query, limit=_number("limit", 10, 1, MOST), offset=_number("offset", 0, 0, 10_000)
    )
    results = live().index.search(counting_versions(asked, query))
    return jsonify(_results(results))


@blueprint.get("/suggest")
def suggest() -> Response:
    """Suggest titles that go on as `q`, in `lang`."""
    text = request.args.get("q", "")[:LONGEST]
    found = suggested(text, _lang(), _number("limit", 8, 1, 20))
    return jsonify({"query": text, "suggestions": [_suggestion(line) for line in found]})


@blueprint.get("/articles/<int:id>")
def article(id: int) -> Response:
    """Give an article with its HTML, in `lang`."""
    site, lang = live().site, _lang()
    found = site.articles[lang].get(id)
    if found is None or not may_read(found):
        _refuse(404, "not_found", f"There is no article {id} in “{lang}”.")
    page = site.page(lang, id)
    return jsonify({**_card(found), "html": page.html, "headings": _plain(found.headings)})


@blueprint.get("/trees/<id>")
def tree(id: str) -> Response:
    """Give a decision tree with all its nodes, in `lang`."""
    lang = _lang()
    found = live().site.trees.get(id, {}).get(lang)
    if found is None:
        _refuse(404, "not_found", f"There is no tree “{id[:60]}” in “{lang}”.")
    return jsonify(
        {
            "id": found.id,
            "lang": found.lang,
            "title": found.title,
            "summary": found.summary,
            "products": [str(range_) for range_ in found.products],
            "start": found.start,
            "nodes": {name: asdict(node) for name, node in found.nodes.items()},
        }
    )


def _lang() -> str:
    """The language asked for, else the visitor's; texts of the answer are in it."""
    code = request.args.get("lang") or best_language()
    if code not in live().site.site.languages:
        _refuse(400, "unknown_language", f"This site has no language “{code[:20]}”.")
    g.lang = code
    return code


def _number(name: str, default: int, least: int, most: int) -> int:
    number = whole_number(request.args.get(name), default, least, most)
    if number is None:
        _refuse(400, "bad_number", f"“{name}” is a whole number from {least} to {most}.")
    return number


def _refuse(status: int, code: str, message: str) -> NoReturn:
    response = jsonify({"error": {"code": code, "message": message}})
    abort(make_response(response, status))


def _results(results: Results) -> dict[str, Any]:
    facets = results.facets
    return {
        "query": results.query.text[:LONGEST],
        "total": results.total,
        "results": [_hit(hit) for hit in results.hits],
        "suggestion": results.suggestion,
        "facets": {
            "products": facets.products,
            "versions": facets.versions,
            "types": facets.types,
            "languages": facets.languages,
        },
    }


def _hit(hit: Hit) -> dict[str, Any]:
    return {
        "id": hit.id if hit.kind == "tree" else int(hit.id),
        "title": hit.title,
        "url": hit.url,
        "snippet": str(hit.snippet),
        "score": hit.score,
        "type": hit.type,
        "products": list(hit.products),
    }


def _suggestion(line: Suggestion) -> dict[str, Any]:
    return {
        "title": line.title,
        "url": line.url,
        "type": line.type,
        "type_name": type_word(line.type),
        "error_codes": list(line.error_codes),
    }


def _card(found: Article) -> dict[str, Any]:
    return {
        "id": found.id,
        "lang": found.lang,
        "title": found.title,
        "summary": found.summary,
        "url": article_url(found),
        "type": str(found.type),
        "products": [str(range_) for range_ in found.products],
        "error_codes": list(found.error_codes),
        "updated": found.updated.isoformat() if found.updated else None,
        "related": list(found.related),
    }


def _plain(values: Any) -> list[dict[str, Any]]:
    return [asdict(value) for value in values]
