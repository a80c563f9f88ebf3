"""Articles: reading one, browsing by category."""

from typing import Any

from flask import Blueprint, abort, g, redirect, request
from werkzeug.wrappers import Response

from kb.pages.banner import banner
from kb.pages.frame import (
    article_url,
    feature,
    lang,
    live,
    may_read,
    render,
    same_query,
    wiring,
)
from kb.pages.kept_parts import kept_part, shared
from kb.pages.moved import moved_to
from kb.pages.page_cache import same_for_strangers
from kb.pages.reading import reading
from kb.pages.shelves import shelves
from kb.pages.texts import gettext as _
from kb.pages.visit_steps import opened
from kb.rules.articles import Article, Audience, Status

blueprint: Blueprint = feature("articles", __name__, "/kb")


@blueprint.before_request
def _count() -> None:
    """Count what is opened from the results of a search, cached pages too."""
    if request.endpoint == "articles.article":
        opened((request.view_args or {})["id"])


@blueprint.get("/")
@same_for_strangers
def browse() -> str:
    """Show every category with its articles."""
    return render("articles/browse.html", section="kb", shelves=shelves(), alert=banner())


@blueprint.get("/category/<category>")
@same_for_strangers
def category(category: str) -> str:
    """Show the articles of one category."""
    shelf = next((s for s in shelves() if s.id == category), None)
    if shelf is None:
        abort(404)
    return render("articles/category.html", section="kb", shelf=shelf, alert=banner())


@blueprint.get("/<int:id>", defaults={"slug": ""})
@blueprint.get("/<int:id>-<slug>")
@same_for_strangers
def article(id: int, slug: str) -> str | Response:
    """Show an article; an old or mistyped slug leads to the right address."""
    site = live().site
    found = site.articles[lang()].get(id)
    if found is None or not may_read(found):
        return _in_another_language(id)
    if slug != found.slug:
        return redirect(article_url(found) + same_query(), code=301)
    g.alternates = _translations(id)
    g.noindex = found.status is Status.ARCHIVED or found.audience is not Audience.PUBLIC
    version = _version(request.args.get("version", ""))
    shown = kept_part(("article", str(id), version), lambda: _shown(found, version))
    return render(
        "articles/article.html",
        section="kb",
        article=found,
        category=site.site.categories.get(found.category),
        alert=banner(found.products, but=found.id),
        **shown,
    )


def _shown(found: Article, version: str) -> dict[str, Any]:
    """What all readers of one audience see of an article: its text with what stands beside it,
    and what previews and search engines are told."""
    site, read = live().site, reading(found, version)
    body = shared(
        "articles/body.html",
        article=found,
        page=site.page(lang(), found.id),
        products=[(r, site.policy.products[r.line]) for r in found.products],
        ribbon=_ribbon(found) if wiring().settings.dev else "",
        **read,
    )
    return {"body": body, "picture": read["picture"], "data": read["data"]}


def _version(wanted: str) -> str:
    """Return a version that there is; any other means the newest, as none does."""
    products = live().site.policy.products.values() if wanted else ()
    known = any(wanted in group for product in products for group in product.generations)
    return wanted if known else ""


def _ribbon(found: Article) -> str:
    """What the author is told who sees what customers do not."""
    if found.status is Status.DRAFT:
        return _("Draft: customers do not see this article")
    if found.audience is Audience.INTERNAL:
        return _("Internal: customers do not see this article")
    return ""


def _translations(id: int) -> dict[str, str]:
    shelves = live().site.articles
    return {
        code: article_url(shelf[id])
        for code, shelf in shelves.items()
        if code != lang() and id in shelf and may_read(shelf[id])
    }


def _in_another_language(id: int) -> str | Response:
    """An article that exists, but not in this language, is offered in those it has."""
    others = _translations(id)
    if not others:
        slug = (request.view_args or {}).get("slug", "")
        return moved_to(f"{id}-{slug}", str(id)) or abort(404)
    g.alternates, g.noindex = others, True
    page = render("articles/other_language.html", section="kb", others=others)
    return Response(page, status=404, content_type="text/html; charset=utf-8")
