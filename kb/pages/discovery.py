"""What search engines are told: which pages there are, in which languages, which not to keep."""

from collections.abc import Iterator
from datetime import date, datetime
from html import escape
from typing import Any, NamedTuple

from flask import Blueprint, Flask, Response, abort, current_app, g, request, url_for

from kb.pages.frame import alternates, article_url, live, wiring
from kb.pages.page_cache import same_for_strangers
from kb.rules.articles import Article, Audience, Status

blueprint = Blueprint("discovery", __name__)

MOST_URLS = 10_000
"""Addresses in one file: a fifth of what the protocol allows, so that files stay quick to make."""

INDEXED = frozenset(
    {
        *("home.home", "articles.browse", "articles.category", "articles.article"),
        *("products.browse", "products.product", "products.downloads"),
        *("troubleshooter.trees", "troubleshooter.step", "licensing.calculator"),
        *("contact.start", "feedback.feedback", "search.search"),
    }
)
"""The views whose pages search engines may keep; all others are for the person who asked."""

_LISTED = ("home.home", "articles.browse", "troubleshooter.trees", "contact.start")
_WITH_PRODUCTS = ("products.browse", "products.downloads")
_CLOSED = ("account", "my", "desk", "search?", "kb/*/missing", "follow")


class Entry(NamedTuple):
    """One page of a sitemap: its address by language, and its last change."""

    urls: dict[str, str]
    changed: date | None = None


def install(app: Flask) -> None:
    """Tell search engines on every page that is not for them to leave it."""
    app.after_request(_mark)


def _mark(response: Response) -> Response:
    if response.mimetype == "text/html" and not is_indexed(response.status_code):
        response.headers["X-Robots-Tag"] = "noindex"
    return response


def is_indexed(status: int = 200) -> bool:
    """Tell whether search engines may keep the page of this request."""
    if status >= 400 or request.endpoint not in INDEXED or wiring().settings.dev:
        return False
    return not g.get("noindex") and not (request.endpoint == "search.search" and request.args)


def canonical() -> str:
    """Return the one address of this page, whatever its query; '' where it is not to be kept."""
    return wiring().settings.base_url + request.path if is_indexed() else ""


def hreflangs() -> list[tuple[str, str]]:
    """Return each language of this page with its full address, its own too, and the one for
    readers of any other; none for a page in one language only."""
    if not is_indexed():
        return []
    base, code = wiring().settings.base_url, g.get("lang", "")
    others = {name: url.partition("?")[0] for name, url in alternates().items()}
    if not others:
        return []
    urls = {code: request.path, **others}
    site = live().site.site
    chosen = "/" if request.endpoint == "home.home" else urls.get(site.default_language)
    ordered = [(name, base + urls[name]) for name in site.languages if name in urls]
    return [*ordered, *([("x-default", base + chosen)] if chosen else [])]


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Say where not to look: what is somebody's own, and searches, of which there is no end."""
    base = wiring().settings.base_url
    lines = ["User-agent: *"]
    if wiring().settings.dev:
        lines.append("Disallow: /")
    else:
        lines += [
            f"Disallow: /{code}/{path}" for code in live().site.site.languages for path in _CLOSED
        ]
        lines += ["Disallow: /api/", "Disallow: /preview/", "", f"Sitemap: {base}/sitemap.xml"]
    return _cached("\n".join(lines) + "\n", "text/plain; charset=utf-8")


@blueprint.get("/sitemap.xml")
@same_for_strangers
def sitemap_index() -> Response:
    """List the sitemaps: one for each language, more where a language has many pages."""
    base = wiring().settings.base_url
    parts = []
    for code in live().site.site.languages:
        for number in range(1, _files(code) + 1):
            address = url_for("discovery.sitemap", code=code, number=number)
            parts.append(f"<sitemap><loc>{escape(base + address)}</loc></sitemap>")
    return _xml("sitemapindex", parts)


@blueprint.get("/sitemap-<code>-<int:number>.xml")
@same_for_strangers
def sitemap(code: str, number: int) -> Response:
    """List a language's public pages with their last change and their other languages."""
    if code not in live().site.site.languages or not 1 <= number <= _files(code):
        abort(404)
    listed = list(_entries(code))[(number - 1) * MOST_URLS : number * MOST_URLS]
    return _xml("urlset", [_url(entry, code) for entry in listed])


def _files(code: str) -> int:
    return -(-sum(1 for _ in _entries(code)) // MOST_URLS)


def _entries(code: str) -> Iterator[Entry]:
    """Every public page there is in a language."""
    site = live().site
    for endpoint in (*_LISTED, *(_WITH_PRODUCTS if site.policy.products else ())):
        yield _in_all(endpoint)
    shelf = [article for article in site.articles[code].values() if is_listed(article)]
    for name in sorted({article.category for article in shelf}):
        yield _in_all("articles.category", category=name)
    for line in site.policy.products:
        yield _in_all("products.product", line=line)
    for tree, by_lang in site.trees.items():
        if code in by_lang:
            yield Entry({name: _step(name, tree, text.start) for name, text in by_lang.items()})
    for article in shelf:
        yield Entry(_translations(article), article.updated or _changed(article))


def is_listed(article: Article) -> bool:
    """Tell whether an article is for everybody, search engines too."""
    return article.status is Status.PUBLISHED and article.audience is Audience.PUBLIC


def _in_all(endpoint: str, **values: Any) -> Entry:
    languages = live().site.site.languages
    return Entry({code: url_for(endpoint, lang=code, **values) for code in languages})


def _step(code: str, tree: str, node: str) -> str:
    return url_for("troubleshooter.step", lang=code, tree=tree, node=node)


def _translations(article: Article) -> dict[str, str]:
    shelves = live().site.articles
    found = {code: shelf[article.id] for code, shelf in shelves.items() if article.id in shelf}
    return {code: article_url(one) for code, one in found.items() if is_listed(one)}


def _changed(article: Article) -> date | None:
    at: datetime | None = live().site.last_changed(article.lang, article.id)
    return at.date() if at else None


def _url(entry: Entry, code: str) -> str:
    base = wiring().settings.base_url
    links = "".join(
        f'<xhtml:link rel="alternate" hreflang="{name}" href="{escape(base + url)}"/>'
        for name, url in entry.urls.items()
        if len(entry.urls) > 1
    )
    changed = f"<lastmod>{entry.changed.isoformat()}</lastmod>" if entry.changed else ""
    return f"<url><loc>{escape(base + entry.urls[code])}</loc>{changed}{links}</url>"


def _xml(name: str, parts: list[str]) -> Response:
    spaces = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    if name == "urlset":
        spaces += ' xmlns:xhtml="http://www.w3.org/1999/xhtml"'
    body = "\n".join(parts)
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<{name} {spaces}>\n{body}\n</{name}>\n'
    return _cached(text, "application/xml; charset=utf-8")


def _cached(text: str, content_type: str) -> Response:
    answer: Response = current_app.response_class(text, content_type=content_type)
    answer.cache_control.max_age = 3600
    return answer
