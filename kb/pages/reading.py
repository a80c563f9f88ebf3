"""What an article's page shows around its text: versions, contents, what is near, ways on."""

from typing import Any, NamedTuple

from flask import url_for

from kb.content.versions import for_version, ranges_in
from kb.pages.frame import article_url, lang, live, reader, wiring
from kb.pages.names import product_names, range_words, type_name
from kb.pages.searching import audiences
from kb.pages.structured import structured
from kb.pages.texts import gettext as _
from kb.pages.zoom import first_picture, zoomable
from kb.rules.articles import Article, Status
from kb.rules.likeness import candidates, related
from kb.rules.products import Product, ProductRange, version_key
from kb.rules.shelves import neighbours
from kb.rules.tree_products import Chosen
from kb.rules.trees import Tree

MOST_RELATED = 5
MOST_SUBHEADINGS = 40
"""With more headings than this the contents list only those of the first level."""


class VersionTab(NamedTuple):
    """A link to the same topic for another version."""

    url: str
    name: str
    current: bool


def reading(found: Article, wanted: str) -> dict[str, Any]:
    """Return what the page of an article shows, for the version that is wanted."""
    html, tabs = _for_version(found, live().site.page(lang(), found.id).html, wanted)
    html = zoomable(html)
    picture = first_picture(html)
    picture = wiring().settings.base_url + picture if picture else ""
    near = neighbours(found, live().site.shelves[lang()][found.category], reader())
    return {
        "html": html,
        "versions": _with_others(found, tabs),
        "outline": outline(found),
        "related": [(article_url(a), a.title, type_name(a.type)) for a in _related(found)],
        "previous": near.previous,
        "next": near.next,
        "onward": onward(found),
        "picture": picture,
        "data": structured(found, html, picture),
    }


def outline(found: Article) -> list[tuple[str, str, int]]:
    """Return the contents: headings of two levels, or of one where they are many."""
    fine = [heading for heading in found.headings if heading.level in (2, 3)]
    if len(fine) > MOST_SUBHEADINGS:
        fine = [heading for heading in fine if heading.level == 2]
    return [(heading.anchor, heading.text, heading.level) for heading in fine]


def onward(found: Article) -> list[tuple[str, str, str]]:
    """Where to go when the article is not enough: its tree (about the article's product, where it
    is about just one and the tree would ask for it), and a person."""
    contact = (url_for("contact.start"), "message-circle", _("Contact support"))
    tree = live().site.trees.get(found.troubleshooter or "", {}).get(lang())
    if tree is None:
        return [contact]
    return [
        (tree_url(tree, found), "signpost", _("Troubleshooter: %(title)s", title=tree.title)),
        contact,
    ]


def tree_url(tree: Tree, found: Article) -> str:
    """Return the address of a tree that goes on from an article."""
    only = found.products[0] if len(found.products) == 1 and tree.by_product else None
    about = str(Chosen(only.line, _one_version(only))) if only else None
    return url_for("troubleshooter.tree", tree=tree.id, product=about)


def _one_version(only: ProductRange) -> str | None:
    return only.lowest if only.lowest == only.highest else None


def _related(found: Article) -> list[Article]:
    """The articles to read beside this one, of those that this visitor may read."""
    site, shelf = live().site, live().site.articles[lang()]
    near = live().index.alike(found.id, lang(), audiences())
    alike = {int(one.id): one.likeness for one in near}
    ties, readable = site.relations[lang()], reader()
    seen = {
        id_: shelf[id_]
        for id_ in (*candidates(found, ties, alike), *found.related)
        if id_ in shelf and readable(shelf[id_]) and shelf[id_].status is Status.PUBLISHED
    }
    return [seen[id_] for id_ in related(found, seen, ties, alike, MOST_RELATED)]


def _for_version(article: Article, html: str, wanted: str) -> tuple[str, list[VersionTab]]:
    """Return the text for the wanted version, else the newest, and a tab for each generation;
    no tabs where the text is the same for all versions."""
    lines = [range_.line for range_ in ranges_in(html)]
    product = live().site.policy.products.get(lines[0]) if lines else None
    if product is None:
        return html, []
    groups = _groups(article, product)
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


def _groups(article: Article, product: Product) -> list[tuple[str, ...]]:
    """The generations of a product that an article is about."""
    meant = [range_ for range_ in article.products if range_.line == product.id]
    return [
        group
        for group in product.generations
        if not meant or any(range_.covers(product.id, v) for range_ in meant for v in group)
    ]


def _version_words(name: str, group: tuple[str, ...], *, first: bool) -> str:
    """Name a generation: the first with the product, the others by their versions alone."""
    versions = _(" and ").join(reversed(group))
    return f"{name.removeprefix(live().site.site.brand).strip()} {versions}" if first else versions


def _with_others(found: Article, tabs: list[VersionTab]) -> list[VersionTab]:
    """Add the articles on the same topic for other versions, the newest first."""
    shelf, readable = live().site.articles[lang()], reader()
    ids = live().site.relations[lang()].other_versions.get(found.id, frozenset())
    others = [shelf[id_] for id_ in ids if id_ in shelf and readable(shelf[id_])]
    others = [one for one in others if one.status is not Status.DRAFT]
    if not others:
        return tabs
    own = tabs or [VersionTab(article_url(found), _products_words(found), True)]
    ranked = sorted(others, key=lambda one: (_newest(one), one.id), reverse=True)
    rest = [VersionTab(article_url(one), _products_words(one, found), False) for one in ranked]
    newer = [tab for tab, one in zip(rest, ranked, strict=True) if _newest(one) > _newest(found)]
    return [*newer, *own, *rest[len(newer) :]]


def _products_words(article: Article, beside: Article | None = None) -> str:
    """Name what an article is about: of the same product as another one, its versions alone."""
    lines = {range_.line for range_ in article.products}
    if beside and len(lines) == 1 and lines == {range_.line for range_ in beside.products}:
        words = [range_words(range_).strip() for range_ in article.products]
        if all(words):
            return ", ".join(words)
    return product_names(article)


def _newest(article: Article) -> tuple[int, ...]:
    """The newest version an article names; one that names none is about the newest too."""
    highest = [range_.highest for range_ in article.products]
    if not highest or None in highest:
        return (2**31,)
    return max(version_key(one) for one in highest if one)
