"""Articles: reading one, browsing by category, saying whether it helped."""

from dataclasses import dataclass
from typing import NamedTuple

from flask import Blueprint, abort, flash, g, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from kb.actions.votes import visitor_mark
from kb.actions.votes import vote as keep_vote
from kb.content.versions import for_version, ranges_in
from kb.pages.frame import (
    article_url,
    articles_by_id,
    feature,
    lang,
    live,
    may_read,
    now,
    render,
    wiring,
)
from kb.pages.moved import moved_to
from kb.pages.names import type_name
from kb.pages.page_cache import same_for_strangers
from kb.pages.safety import csrf, require_same_origin
from kb.pages.texts import gettext as _
from kb.rules.articles import Article, Audience, Status
from kb.rules.products import ProductRange
from kb.rules.texts import Text
from kb.rules.tree_products import Chosen
from kb.rules.trees import Tree
from kb.rules.votes import VoteAnswer

blueprint: Blueprint = feature("articles", __name__, "/kb")


@dataclass(frozen=True, slots=True)
class Shelf:
    """One category with the articles this visitor may read."""

    id: str
    name: Text
    articles: tuple[Article, ...]


class VersionTab(NamedTuple):
    """A link to the same article for another version."""

    url: str
    name: str
    current: bool


@blueprint.get("/")
@same_for_strangers
def browse() -> str:
    """Show every category with its articles."""
    return render("articles/browse.html", section="kb", shelves=_shelves())


@blueprint.get("/category/<category>")
@same_for_strangers
def category(category: str) -> str:
    """Show the articles of one category."""
    shelf = next((s for s in _shelves() if s.id == category), None)
    if shelf is None:
        abort(404)
    return render("articles/category.html", section="kb", shelf=shelf)


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
        return redirect(article_url(found, **request.args.to_dict()), code=301)
    g.alternates = _translations(id)
    page = site.page(lang(), id)
    html, versions = _for_version(found, page.html, request.args.get("version", ""))
    return render(
        "articles/article.html",
        section="kb",
        article=found,
        page=page,
        html=html,
        versions=versions,
        products=[(r, site.policy.products[r.line]) for r in found.products],
        outline=[(h.anchor, h.text, h.level) for h in found.headings if h.level == 2],
        related=[
            (article_url(a), a.title, type_name(a.type)) for a in articles_by_id(found.related)
        ],
        onward=_onward(found, site.trees.get(found.troubleshooter or "", {}).get(lang())),
        category=site.site.categories.get(found.category),
        ribbon=_ribbon(found) if wiring().settings.dev else "",
    )


def _ribbon(found: Article) -> str:
    """What the author is told who sees what customers do not."""
    if found.status is Status.DRAFT:
        return _("Draft: customers do not see this article")
    if found.audience is Audience.INTERNAL:
        return _("Internal: customers do not see this article")
    return ""


@blueprint.post("/<int:id>/vote")
@csrf.exempt  # type: ignore[untyped-decorator]  # the page is cached for all strangers, so it carries no token
def vote(id: int) -> Response:
    """Record whether the article helped, once for each visitor and day."""
    require_same_origin()
    found = live().site.articles[lang()].get(id)
    if found is None or not may_read(found) or request.form.get("helped") not in {"yes", "no"}:
        abort(404)
    helped = request.form["helped"] == "yes"
    words = request.form.get("words", "")[:2000].strip()
    heard = keep_vote(
        wiring().db,
        article_id=id,
        lang=lang(),
        visitor=_visitor(),
        helpful=helped,
        words=words,
        products=[one.line for one in found.products],
        secret=wiring().settings.secret_key,
        source=request.remote_addr or "",
        now=now(),
    )
    if heard in {VoteAnswer.NO_WORDS, VoteAnswer.TOO_MANY}:
        flash(_("Too many messages. Wait an hour and try again"), "warning")
        return redirect(url_for("articles.missing", id=id))
    if helped or words:
        flash(_("Thank you. Your answer reaches the people who keep this article."))
        return redirect(article_url(found))
    return redirect(url_for("articles.missing", id=id))


@blueprint.get("/<int:id>/missing")
def missing(id: int) -> str:
    """Ask what was missing and show the ways on."""
    found = live().site.articles[lang()].get(id)
    if found is None or not may_read(found):
        abort(404)
    tree = live().site.trees.get(found.troubleshooter or "", {}).get(lang())
    return render("articles/missing.html", section="kb", article=found, tree=tree)


def _shelves() -> list[Shelf]:
    site = live().site
    by_category: dict[str, list[Article]] = {}
    for found in site.articles[lang()].values():
        if may_read(found):
            by_category.setdefault(found.category, []).append(found)
    known = [c for c in site.site.categories if c in by_category]
    others = sorted(set(by_category) - set(known))
    return [
        Shelf(
            name,
            site.site.categories.get(name, Text({lang(): name.replace("-", " ").capitalize()})),
            tuple(sorted(by_category[name], key=lambda a: a.title.casefold())),
        )
        for name in (*known, *others)
    ]


def _onward(found: Article, tree: Tree | None) -> list[tuple[str, str, str]]:
    """Where to go when the article is not enough: its tree (about the article's product, where it
    is about just one and the tree would ask for it), and a person."""
    contact = (url_for("contact.start"), "message-circle", _("Contact support"))
    if tree is None:
        return [contact]
    words = _("Troubleshooter: %(title)s", title=tree.title)
    only = found.products[0] if len(found.products) == 1 and tree.by_product else None
    about = str(Chosen(only.line, _one_version(only))) if only else None
    url = url_for("troubleshooter.tree", tree=tree.id, product=about)
    return [(url, "signpost", words), contact]


def _one_version(only: ProductRange) -> str | None:
    return only.lowest if only.lowest == only.highest else None


def _for_version(article: Article, html: str, wanted: str) -> tuple[str, list[VersionTab]]:
    """Return the text for the wanted version, else the newest, and a tab for each generation;
    no tabs where the text is the same for all versions."""
    lines = [range_.line for range_ in ranges_in(html)]
    product = live().site.policy.products.get(lines[0]) if lines else None
    if product is None:
        return html, []
    meant = [range_ for range_ in article.products if range_.line == product.id]
    groups = [
        group
        for group in product.generations
        if not meant or any(range_.covers(product.id, v) for range_ in meant for v in group)
    ]
    if len(groups) < 2:
        return html, []
    chosen = next((group for group in groups if wanted in group), groups[0])
    tabs = [
        VersionTab(
            article_url(article, version=group[0])
            if group is not groups[0]
            else article_url(article),
            _version_words(product.name, group, first=group is groups[0]),
            group is chosen,
        )
        for group in groups
    ]
    return for_version(html, product.id, chosen[0]), tabs


def _version_words(name: str, group: tuple[str, ...], *, first: bool) -> str:
    """Name a generation: the first with the product, the others by their versions alone."""
    versions = _(" and ").join(reversed(group))
    return f"{name.removeprefix(live().site.site.brand).strip()} {versions}" if first else versions


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
    g.alternates = others
    page = render("articles/other_language.html", section="kb", others=others)
    return Response(page, status=404, content_type="text/html; charset=utf-8")


def _visitor() -> str:
    """Tell visitors apart without keeping who they are."""
    secret = wiring().settings.secret_key
    if current_user.is_authenticated:
        return visitor_mark(secret, "user", str(current_user.id))
    return visitor_mark(secret, request.remote_addr or "", request.user_agent.string)
