"""The JSON face for other programs: search, suggestions, articles, trees (docs/search.md)."""

from dataclasses import asdict, replace
from typing import NoReturn, TypeVar

from flask import Blueprint, Response, abort, g, jsonify, make_response, request
from pydantic import BaseModel

from kb.pages import api_shapes as shapes
from kb.pages.frame import article_url, best_language, live, may_read
from kb.pages.searching import (
    LONGEST,
    counting_versions,
    known_versions,
    suggested,
    type_word,
    wanted,
)
from kb.pages.shapes import BadShape, Shape, read_query
from kb.rules.articles import Article
from kb.search.query import Hit, Results, Suggestion

blueprint = Blueprint("api", __name__, url_prefix="/api")

QueryT = TypeVar("QueryT", bound=Shape)


@blueprint.get("/search")
def search() -> Response:
    """Search: `q`, `lang`, `product`, `version`, `type` (repeatable), `limit` (1–50), `offset`."""
    said = _read(shapes.SearchQuery)
    asked = wanted(request.args, _lang())
    if asked.unknown:
        first = asked.unknown[0]
        if first in said.version and first in known_versions():
            _refuse(409, "other_version", f"The version “{first}” is not of one chosen product.")
        _refuse(400, "unknown_filter", f"There is no product, version or type “{first[:60]}”.")
    query = replace(asked.query, limit=said.limit, offset=said.offset)
    results = live().index.search(counting_versions(asked, query))
    return _told(_results(results))


@blueprint.get("/suggest")
def suggest() -> Response:
    """Suggest titles that go on as `q`, in `lang`."""
    said = _read(shapes.SuggestQuery)
    text = said.q[:LONGEST]
    found = suggested(text, _lang(), said.limit)
    return _told(
        shapes.SuggestAnswer(query=text, suggestions=tuple(_suggestion(line) for line in found))
    )


@blueprint.get("/articles/<int:id>")
def article(id: int) -> Response:
    """Give an article with its HTML, in `lang`."""
    site, lang = live().site, _lang()
    found = site.articles[lang].get(id)
    if found is None or not may_read(found):
        _refuse(404, "not_found", f"There is no article {id} in “{lang}”.")
    page = site.page(lang, id)
    return _told(_article(found, page.html))


@blueprint.get("/trees/<id>")
def tree(id: str) -> Response:
    """Give a decision tree with all its nodes, in `lang`."""
    lang = _lang()
    found = live().site.trees.get(id, {}).get(lang)
    if found is None:
        _refuse(404, "not_found", f"There is no tree “{id[:60]}” in “{lang}”.")
    return _told(
        shapes.TreeAnswer(
            id=found.id,
            lang=found.lang,
            title=found.title,
            summary=found.summary,
            products=tuple(str(range_) for range_ in found.products),
            start=found.start,
            nodes={name: asdict(node) for name, node in found.nodes.items()},
        )
    )


def _lang() -> str:
    """The language asked for, else the visitor's; texts of the answer are in it."""
    code = request.args.get("lang") or best_language()
    if code not in live().site.site.languages:
        _refuse(400, "unknown_language", f"This site has no language “{code[:20]}”.")
    g.lang = code
    return code


def _read(shape: type[QueryT]) -> QueryT:
    try:
        return read_query(shape, request.args, lenient=True)
    except BadShape as error:
        name = error.flaws[0][0]
        field = shape.model_json_schema()["properties"].get(name, {})
        least, most = field.get("minimum"), field.get("maximum")
        _refuse(400, "bad_number", f"“{name}” is a whole number from {least} to {most}.")


def _told(answer: BaseModel) -> Response:
    return Response(answer.model_dump_json(), content_type="application/json")


def _refuse(status: int, code: str, message: str) -> NoReturn:
    response = jsonify({"error": {"code": code, "message": message}})
    abort(make_response(response, status))


def _results(results: Results) -> shapes.SearchAnswer:
    facets = results.facets
    return shapes.SearchAnswer(
        query=results.query.text[:LONGEST],
        total=results.total,
        results=tuple(_hit(hit) for hit in results.hits),
        suggestion=results.suggestion,
        facets=shapes.FacetCounts(
            products=facets.products,
            versions=facets.versions,
            types=facets.types,
            languages=facets.languages,
        ),
    )


def _hit(hit: Hit) -> shapes.Found:
    return shapes.Found(
        id=hit.id if hit.kind == "tree" else int(hit.id),
        title=hit.title,
        url=hit.url,
        snippet=str(hit.snippet),
        score=hit.score,
        type=hit.type,
        products=tuple(hit.products),
    )


def _suggestion(line: Suggestion) -> shapes.SuggestedTitle:
    return shapes.SuggestedTitle(
        title=line.title,
        url=line.url,
        type=line.type,
        type_name=type_word(line.type),
        error_codes=tuple(line.error_codes),
    )


def _article(found: Article, html: str) -> shapes.ArticleAnswer:
    return shapes.ArticleAnswer(
        id=found.id,
        lang=found.lang,
        title=found.title,
        summary=found.summary,
        url=article_url(found),
        type=str(found.type),
        products=tuple(str(range_) for range_ in found.products),
        error_codes=tuple(found.error_codes),
        updated=found.updated,
        related=tuple(found.related),
        html=html,
        headings=tuple(shapes.ArticleHeading.model_validate(one) for one in found.headings),
    )
