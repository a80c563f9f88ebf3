"""What the search page and the search API have in common: who asks, for what, in which words."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flask_login import current_user
from werkzeug.datastructures import MultiDict

from kb.pages.frame import live
from kb.rules.articles import ArticleType, Audience
from kb.rules.products import Product, parse_range
from kb.search.groups import TREE
from kb.search.query import Query

PAGE_SIZE = 10
LONGEST = 300
TYPES = (*(str(type_) for type_ in ArticleType), TREE)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A search as the address says it; `unknown` are filters there is nothing of."""

    query: Query
    products: tuple[str, ...]
    versions: tuple[str, ...]
    types: tuple[str, ...]
    unknown: tuple[str, ...]


def audiences() -> frozenset[str]:
    """Return whose articles this visitor may see: everyone's, customers', our own."""
    seen = {str(Audience.PUBLIC)}
    if current_user.is_authenticated:
        seen.add(str(Audience.CUSTOMERS))
    if current_user.is_agent:
        seen.add(str(Audience.INTERNAL))
    return frozenset(seen)


def wanted(args: MultiDict[str, str], lang: str) -> Wanted:
    """Read a search from the address; unknown filters are named and left out."""
    products = live().site.policy.products
    asked = [name for name in args.getlist("product") if name]
    types = [name for name in args.getlist("type") if name]
    known = tuple(dict.fromkeys(name for name in asked if _is_product(name, products)))
    versions = _versions(known, args.getlist("version"), products)
    return Wanted(
        query=Query(
            text=args.get("q", ""),
            lang=lang,
            products=versions or known,
            types=tuple(dict.fromkeys(name for name in types if name in TYPES)),
            audiences=audiences(),
            verbatim=args.get("exact") == "1",
        ),
        products=known,
        versions=versions,
        types=tuple(dict.fromkeys(name for name in types if name in TYPES)),
        unknown=tuple(
            dict.fromkeys(
                [name for name in asked if name not in known]
                + [name for name in types if name not in TYPES]
            )
        ),
    )


def paged(query: Query, page: int, size: int = PAGE_SIZE) -> Query:
    """Return the query for one page, counted from 1."""
    return replace(query, offset=(page - 1) * size, limit=size)


def whole_number(text: str | None, default: int, least: int, most: int) -> int | None:
    """Read a number of the address; None when it is none or out of bounds."""
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 8):
        return None
    number = int(text)
    return number if least <= number <= most else None


def generations(product: Product) -> Mapping[str, tuple[str, ...]]:
    """The versions of a product that count as one, by the newest of each."""
    return {group[0]: group for group in product.generations}


def _is_product(name: str, products: Mapping[str, Product]) -> bool:
    try:
        range_ = parse_range(name)
    except ValueError:
        return False
    return range_.line in products


def _versions(
    known: tuple[str, ...], asked: list[str], products: Mapping[str, Product]
) -> tuple[str, ...]:
    """Versions narrow one product; of several they would mean nothing."""
    if len(known) != 1 or known[0] not in products:
        return ()
    groups = generations(products[known[0]])
    return tuple(f"{known[0]}@{version}" for first in asked for version in groups.get(first, ()))
