"""Atom feeds of new and changed articles, of alerts and of a product (R62), for everybody."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from urllib.parse import urlsplit

from flask import Response, abort, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from kb.content.compiled import CompiledSite
from kb.pages.frame import article_url, feature, lang, live, now, render, wiring
from kb.pages.names import type_name
from kb.pages.texts import gettext as _
from kb.rules import feeds
from kb.rules.articles import Audience
from kb.rules.feeds import Entry, Feed, lasting_id

blueprint = feature("feeds", __name__, "/feeds")

TYPE = "application/atom+xml; charset=utf-8"
MAX_AGE = 600
_BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)  # what an empty feed says of itself


@blueprint.get("/new.atom")
def new() -> AnyResponse:
    """The articles that came last."""
    return _answer(Feed.NEW, _("New articles"))


@blueprint.get("/changed.atom")
def changed() -> AnyResponse:
    """The articles that changed last, new ones among them."""
    return _answer(Feed.CHANGED, _("New and changed articles"))


@blueprint.get("/alerts.atom")
def alerts() -> AnyResponse:
    """The alerts that have begun (R62)."""
    return _answer(Feed.ALERTS, _("Alerts"))


@blueprint.get("/product/<line>.atom")
def product(line: str) -> AnyResponse:
    """The articles about one product that changed last."""
    found = live().site.policy.products.get(line)
    if found is None:
        abort(404)
    return _answer(Feed.PRODUCT, found.name, line)


def _answer(feed: Feed, title: str, line: str = "") -> AnyResponse:
    """The feed, or 304 for a reader that has it; what it says does not depend on who asks."""
    found = feeds.entries(feed, _dated(), now().date(), line)
    newest = max((one.changed for one in found), default=_BEGINNING)
    answer = Response(content_type=TYPE)
    answer.set_etag(_mark(title, found), weak=True)
    answer.last_modified = newest
    answer.cache_control.public = True
    answer.cache_control.max_age = MAX_AGE
    answer.make_conditional(request)
    if answer.status_code == 304:
        return answer
    answer.set_data(_written(feed, title, line, found, newest))
    return answer


def _dated() -> Iterator[Entry]:
    site = live().site
    moments = _moments(site, lang())
    for article in site.articles[lang()].values():
        one = feeds.entry(article, *moments.get(article.id, (None, None)))
        if one:
            yield one


@lru_cache(maxsize=4)
def _moments(site: CompiledSite, code: str) -> Mapping[int, tuple[datetime, datetime]]:
    """When everybody could first read each article, and when it changed last, by git; looked up
    once for a compiled site."""
    found = {}
    for article in site.articles[code].values():
        seen = [c.at for c in site.history(code, article.id) if c.audience is Audience.PUBLIC]
        if seen:
            found[article.id] = (min(seen), max(seen))
    return found


def _mark(title: str, found: tuple[Entry, ...]) -> str:
    """A hash of all that the feed says."""
    site = live().site.site
    told = [title, site.name.in_(lang()), wiring().settings.base_url]
    told += [f"{one.article!r} {one.published} {one.changed}" for one in found]
    return sha256("\n".join(told).encode()).hexdigest()[:32]


def _written(feed: Feed, title: str, line: str, found: tuple[Entry, ...], newest: datetime) -> str:
    base = wiring().settings.base_url
    host = urlsplit(base).hostname or "localhost"
    about = url_for("products.product", line=line) if line else url_for("articles.browse")
    return render(
        "feeds/feed.xml",
        title=title,
        id=lasting_id(host, "feed", feed, *([line] if line else []), lang()),
        itself=base + request.path,
        about=base + about,
        updated=newest,
        entries=[
            {
                "id": lasting_id(host, "article", one.article.id, one.article.lang),
                "title": one.article.title,
                "url": base + article_url(one.article),
                "published": one.published,
                "updated": one.changed,
                "summary": one.article.summary,
                "type": one.article.type,
                "type_name": type_name(one.article.type),
                "products": [
                    (range_.line, live().site.policy.products[range_.line].name)
                    for range_ in one.article.products
                ],
            }
            for one in found
        ],
    )
