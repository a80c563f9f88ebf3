"""OpenSearch: browsers can add the site to their search boxes, with suggestions."""

from flask import Response, json, request, url_for

from kb.pages.frame import feature, lang, live, render, wiring
from kb.pages.searching import LONGEST, suggested, type_word

blueprint = feature("opensearch", __name__)

SHORT_NAME = 16
"""Longer names are cut by browsers; so says the specification."""
SUGGESTIONS = 8


@blueprint.get("/opensearch.xml")
def description() -> Response:
    """Describe the site's search for browsers: addresses of results and of suggestions."""
    site = live().site.site
    name = site.name.in_(lang())
    page = render(
        "search/opensearch.xml",
        short_name=name if len(name) <= SHORT_NAME else site.brand[:SHORT_NAME],
        results=_absolute("search.search") + "?q={searchTerms}",
        suggestions=_absolute("opensearch.suggestions") + "?q={searchTerms}",
        itself=_absolute("opensearch.description"),
        start=_absolute("search.search"),
        logo=f"/site/{site.logo}" if site.logo else "",
    )
    answer = Response(page, content_type="application/opensearchdescription+xml; charset=utf-8")
    answer.cache_control.max_age = 86_400
    return answer


@blueprint.get("/opensearch-suggestions")
def suggestions() -> Response:
    """Suggest while one types in the browser: words, titles, what they are, addresses."""
    text = request.args.get("q", "")[:LONGEST]
    found = suggested(text, lang(), SUGGESTIONS)
    lines = [
        text,
        [line.title for line in found],
        [", ".join((type_word(line.type), *line.error_codes[:3])) for line in found],
        [wiring().settings.base_url + line.url for line in found],
    ]
    return Response(json.dumps(lines), content_type="application/x-suggestions+json")


def _absolute(endpoint: str) -> str:
    return wiring().settings.base_url + url_for(endpoint)
