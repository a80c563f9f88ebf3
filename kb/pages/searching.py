"""What the search page and the search API have in common: who asks, for what, in which words."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flask_login import current_user
from werkzeug.datastructures import MultiDict

from kb.pages.frame import live, previewed, wiring
from kb.pages.names import type_name
from kb.pages.texts import gettext as _
from kb.rules.articles import ArticleType, Audience
from kb.rules.near_codes import canonical, is_code
from kb.rules.products import Product, parse_range
from kb.rules.whole_numbers import whole
from kb.search.groups import TREE
from kb.search.query import Query, Suggestion

PAGE_SIZE = 10
LONGEST = 300
TYPES = (*(str(type_) for type_ in ArticleType), TREE)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A search as the address says it; `versions` are `line@version`, `version_names` as they
    stand in the address; `unknown` are filters there is nothing of."""

    query: Query
    products: tuple[str, ...]
    versions: tuple[str, ...]
    version_names: tuple[str, ...]
    types: tuple[str, ...]
    unknown: tuple[str, ...]


def audiences() -> frozenset[str]:
    """Return whose articles this visitor may see: everyone's, customers', our own."""
    seen = {str(Audience.PUBLIC)}
    if current_user.is_authenticated or previewed() or wiring().settings.dev:
        seen.add(str(Audience.CUSTOMERS))
    if current_user.is_agent or wiring().settings.dev:
        seen.add(str(Audience.INTERNAL))
    return frozenset(seen)


def wanted(args: MultiDict[str, str], lang: str) -> Wanted:
    """Read a search from the address; unknown filters are named and left out."""
    products = live().site.policy.products
    asked = _given(args, "product")
    known = tuple(name for name in asked if _is_product(name, products))
    types = tuple(name for name in _given(args, "type") if name in TYPES)
    versions = _versions(known, _given(args, "version"), products)
    narrowed = tuple(one for group in versions.values() for one in group)
    taken = {"product": known, "type": types, "version": tuple(versions)}
    taken["lang"] = live().site.site.languages
    return Wanted(
        query=Query(
            text=args.get("q", ""),
            lang=lang,
            products=narrowed or known,
            types=types,
            audiences=audiences(),
            verbatim=args.get("exact") == "1",
        ),
        products=known,
        versions=narrowed,
        version_names=tuple(versions),
        types=types,
        unknown=tuple(
            dict.fromkeys(
                name
                for kind, some in taken.items()
                for name in _given(args, kind)
                if name not in some
            )
        ),
    )


def counting_versions(asked: Wanted, query: Query) -> Query:
    """With one product chosen, its versions are counted too."""
    if len(asked.products) != 1:
        return query
    product = live().site.policy.products.get(asked.products[0])
    firsts = tuple(f"{product.id}@{first}" for first in generations(product)) if product else ()
    return replace(query, versions=firsts)


def type_word(type_: str) -> str:
    """Name a type of result: of article, or the guided troubleshooter."""
    return _("Guided troubleshooter") if type_ == TREE else type_name(ArticleType(type_))


def suggested(text: str, lang: str, limit: int) -> tuple[Suggestion, ...]:
    """Return what goes on as the text: titles, trees, error codes however they are written."""
    index, seen = live().index, audiences()
    found = index.suggest(text[:LONGEST], lang, limit, seen)
    if not found and is_code(text[:LONGEST]):
        code = canonical(text[:LONGEST])
        ways = (index.suggest(form, lang, limit, seen) for form in (code, f"0x{code}"))
        found = next((lines for lines in ways if lines), ())
    return found


def paged(query: Query, page: int, size: int = PAGE_SIZE) -> Query:
    """Return the query for one page, counted from 1."""
    return replace(query, offset=(page - 1) * size, limit=size)


def whole_number(text: str | None, default: int, least: int, most: int) -> int | None:
    """Read a number of the address; None when it is none or out of bounds."""
    if not text:
        return default
    number = whole(text, 7)
    return number if number is not None and least <= number <= most else None


def generations(product: Product) -> Mapping[str, tuple[str, ...]]:
    """The versions of a product that count as one, by the newest of each."""
    return {group[0]: group for group in product.generations}


def known_versions() -> frozenset[str]:
    """Return every version that some product of this site has."""
    products = live().site.policy.products.values()
    groups = (group for product in products for group in product.generations)
    return frozenset(version for group in groups for version in group)


def _is_product(name: str, products: Mapping[str, Product]) -> bool:
    try:
        range_ = parse_range(name)
    except ValueError:
        return False
    return range_.line in products


def _versions(
    known: tuple[str, ...], asked: tuple[str, ...], products: Mapping[str, Product]
) -> dict[str, tuple[str, ...]]:
    """Versions narrow one product, and stand for all that count as one; of several products
    they would mean nothing."""
    if len(known) != 1 or known[0] not in products:
        return {}
    groups = {
        version: tuple(f"{known[0]}@{one}" for one in group)
        for group in products[known[0]].generations
        for version in group
    }
    return {name: groups[name] for name in asked if name in groups}


def _given(args: MultiDict[str, str], name: str) -> tuple[str, ...]:
    """The values of a filter, once each, without empty ones."""
    return tuple(dict.fromkeys(value for value in args.getlist(name) if value))
