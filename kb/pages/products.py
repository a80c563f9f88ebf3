"""Product lines: current version, support state, guides, articles; downloads (R12, R27)."""

from flask import abort

from kb.pages.banner import banner
from kb.pages.frame import feature, lang, live, may_read, needs_products, render
from kb.pages.page_cache import same_for_strangers
from kb.rules.articles import Article
from kb.rules.products import Lifecycle, Market, Product, ProductRange
from kb.rules.shelves import shelf_key
from kb.rules.trees import Tree

blueprint = feature("products", __name__)
blueprint.before_request(needs_products)


@blueprint.get("/products/")
@same_for_strangers
def browse() -> str:
    """Show every product line by market."""
    return render("products/browse.html", section="products", markets=_by_market(), alert=banner())


@blueprint.get("/products/<line>")
@same_for_strangers
def product(line: str) -> str:
    """Show one line: its current version, which versions are supported, and what helps (R27)."""
    found = live().site.policy.products.get(line)
    if found is None:
        abort(404)
    return render(
        "products/product.html",
        section="products",
        product=found,
        alert=banner([ProductRange(line)]),
        versions=[(group, found.lifecycle(group[0])) for group in found.generations],
        supported=Lifecycle.SUPPORTED,
        articles=articles_for(line),
        trees=trees_for(line),
    )


@blueprint.get("/downloads")
@same_for_strangers
def downloads() -> str:
    """Show guides for everyone and where registered customers find their installers (R12)."""
    markets = _by_market()
    return render("products/downloads.html", section="downloads", markets=markets, alert=banner())


def articles_for(line: str) -> list[Article]:
    """Return the articles that name this line, problems first, then by title."""
    shelf = live().site.articles[lang()].values()
    named = [a for a in shelf if any(r.line == line for r in a.products) and may_read(a)]
    return sorted(named, key=lambda a: (a.type != "problem", shelf_key(a.title)))


def trees_for(line: str) -> list[Tree]:
    """Return the trees that serve this line."""
    trees = (by_lang[lang()] for by_lang in live().site.trees.values() if lang() in by_lang)
    return [t for t in trees if not t.products or any(r.line == line for r in t.products)]


def _by_market() -> dict[Market, list[Product]]:
    groups: dict[Market, list[Product]] = {market: [] for market in Market}
    for found in live().site.policy.products.values():
        groups[found.market].append(found)
    return {market: found for market, found in groups.items() if found}
