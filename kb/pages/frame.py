"""What every page stands in: its language, the live site, who is visiting, the rendering."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import (
    Blueprint,
    Flask,
    abort,
    current_app,
    g,
    has_request_context,
    render_template,
    request,
    url_for,
)
from flask_login import current_user

from kb.actions.live_site import Live, LiveSite
from kb.bundled import STATIC
from kb.content.assemble import article_address
from kb.mail import Letters, letters_for
from kb.rules.articles import Article, readable_by
from kb.rules.previews import readable_in_preview
from kb.settings import Settings
from kb.store import Database

_PAGES = {
    "home": "home.home",
    "articles": "articles.browse",
    "products": "products.browse",
    "downloads": "products.downloads",
    "search": "search.search",
    "troubleshooter": "troubleshooter.trees",
    "contact": "contact.start",
    "feedback": "feedback.feedback",
    "my-products": "assets.assets",
    "my-cases": "cases.cases",
    "sign-up": "account.sign_up",
}


@dataclass(frozen=True, slots=True)
class Wiring:
    """What `create_app` put together and every view may ask for."""

    settings: Settings
    db: Database
    live_site: LiveSite


def wiring() -> Wiring:
    """Return the parts this application was wired from."""
    wired: Wiring = current_app.extensions["waypost"]
    return wired


def live() -> Live:
    """Return the compiled site of this request; the same one from its start to its end."""
    if "live" not in g:
        preview = request.environ.get("waypost.preview") if has_request_context() else None
        g.live = preview[1] if preview else wiring().live_site.current()
    found: Live = g.live
    return found


def previewed() -> bool:
    """Tell whether this request reads the preview of a branch instead of the live site."""
    return bool(request.environ.get("waypost.preview"))


def letters() -> Letters:
    """Return what writes this site's mails."""
    return letters_for(wiring().settings, live().site.site)


def lang() -> str:
    """Return the language of this request."""
    code: str = g.lang
    return code


def spoken() -> str:
    """Return the language for the form library's own messages; before one is known, English."""
    return str(g.get("lang", "en"))


def now() -> datetime:
    """The one place where pages read the clock; tests set `app.config["NOW"]`."""
    fixed: datetime | None = current_app.config.get("NOW")
    return fixed or datetime.now(UTC)


def feature(name: str, import_name: str, prefix: str = "") -> Blueprint:
    """Make a feature's blueprint under `/<lang>`; views do not see the language argument."""
    blueprint = Blueprint(name, import_name, url_prefix=f"/<lang:lang>{prefix}")
    blueprint.url_value_preprocessor(_take_language)
    return blueprint


def needs_products() -> None:
    """Before a request for pages about products: a site without any has no such pages."""
    if not live().site.policy.products:
        abort(404)


def _take_language(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    code = (values or {}).pop("lang", None)
    if code not in live().site.site.languages:
        abort(404)
    g.lang = code


def add_language_to_urls(app: Flask) -> None:
    """Let `url_for` fill in the language of the request where it is not given."""

    @app.url_defaults
    def _language(endpoint: str, values: dict[str, Any]) -> None:
        if "lang" not in values and app.url_map.is_endpoint_expecting(endpoint, "lang"):
            values["lang"] = g.get("lang") or best_language()


def best_language() -> str:
    """Choose the language of a visitor who has not chosen: profile, browser, site default."""
    languages = live().site.site.languages
    if current_user and current_user.is_authenticated and current_user.lang in languages:
        return str(current_user.lang)
    return request.accept_languages.best_match(languages) or languages[0]


def render(template: str, *, section: str = "", **context: Any) -> str:
    """Render a page in the frame; `section` marks the current part in the header."""
    return render_template(template, section=section, **context)


def may_read(article: Article) -> bool:
    """Tell whether this visitor may see the article; its author (`--dev`) sees every one."""
    return reader()(article)


def reader() -> Callable[[Article], bool]:
    """Return `may_read` for many articles: who asks is looked up once for all of them."""
    agent = current_user.is_agent
    if previewed():
        return lambda article: readable_in_preview(article, agent=agent)
    if wiring().settings.dev:
        return lambda article: True
    signed_in = current_user.is_authenticated
    return lambda article: readable_by(article, signed_in=signed_in, agent=agent)


def article_url(article: Article, **query: Any) -> str:
    """Return the address of an article in its own language."""
    if not query:  # as below, for the many links of every page at a twentieth of the time
        return request.script_root + article_address(article)
    return url_for("articles.article", lang=article.lang, id=article.id, slug=article.slug, **query)


def articles_by_id(ids: tuple[int, ...]) -> list[Article]:
    """Return those of `ids` this visitor may read, in this language, in the given order."""
    shelf, readable = live().site.articles[lang()], reader()
    return [shelf[id_] for id_ in ids if id_ in shelf and readable(shelf[id_])]


def alternates() -> dict[str, str]:
    """Return this page's address in the other languages of the site."""
    if "alternates" in g:
        chosen: dict[str, str] = g.alternates
        return chosen
    if not request.endpoint or request.view_args is None or request.method != "GET":
        return {}
    if not current_app.url_map.is_endpoint_expecting(request.endpoint, "lang"):
        return {}
    query = same_query()
    return {
        code: url_for(request.endpoint, **{**request.view_args, "lang": code}) + query
        for code in live().site.site.languages
        if code != g.get("lang")
    }


def same_query() -> str:
    """Return the query of this request, to stand behind another address. It never goes through
    `url_for`, to which some names of a query, as `_scheme`, are orders."""
    return f"?{urlencode(request.args.to_dict(flat=False), doseq=True)}" if request.args else ""


def place_url(target: str) -> str:
    """Return the address of a place that `site.yaml` names: `page:downloads`, `tree:ID`,
    `article:ID`, `product:LINE`, or a URL, which stays as it is."""
    kind, _, name = target.partition(":")
    if kind == "page":
        return url_for(_PAGES[name])
    if kind == "tree":
        return url_for("troubleshooter.tree", tree=name)
    if kind == "product":
        return url_for("products.product", line=name)
    if kind == "article":
        article = live().site.articles[lang()].get(int(name))
        return article_url(article) if article else url_for("articles.browse")
    return target


@cache
def static_digest(folder: Path = STATIC) -> str:
    """Hash all static files once; it is part of their address, so they may be kept for ever."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def static_url(path: str) -> str:
    """Return the address of a bundled static file."""
    return f"/static/{static_digest()}/{path}"
