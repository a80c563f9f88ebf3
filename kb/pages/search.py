"""The search page: results, filters, corrections, and ways on where nothing was found."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from flask import g, request, url_for
from markupsafe import Markup, escape
from werkzeug.wrappers import Response

from kb.pages.banner import banner
from kb.pages.frame import feature, lang, live, render
from kb.pages.leads import leads_of_words, nearly
from kb.pages.names import language_name, range_words, spoken_name
from kb.pages.page_cache import small_for_strangers
from kb.pages.searching import (
    LONGEST,
    PAGE_SIZE,
    Wanted,
    counting_versions,
    generations,
    paged,
    type_word,
    wanted,
    whole_number,
)
from kb.pages.texts import gettext as _
from kb.pages.visit_steps import searched
from kb.rules.near_codes import is_code
from kb.rules.products import parse_range
from kb.search.query import Hit, Results

blueprint = feature("search", __name__, "/search")

MOST_PAGES = 1000

Choice = tuple[str, str, int, bool]
"""A value of a filter, its name, how many results it has, and whether it is chosen."""
Filter = tuple[str, str]
"""An active filter's name, and the address without it."""


@blueprint.get("")
@small_for_strangers
def search() -> str | Response:
    """Search articles and trees; without words, say how to begin."""
    asked = wanted(request.args, _content_lang())
    g.alternates = _alternates()
    if not asked.query.text.strip():
        return render("search/start.html", section="search", alert=banner())
    page = whole_number(request.args.get("page"), 1, 1, MOST_PAGES)
    results = live().index.search(counting_versions(asked, paged(asked.query, page or 1)))
    made = _page(asked, results, page)
    if page == 1 and not asked.query.products and not asked.query.types:
        return searched(made, asked.query.text, results.total)
    return made


def _page(asked: Wanted, results: Results, page: int | None) -> str:
    context = _context(asked, results, page)
    if not results.total:
        return render("search/nothing.html", section="search", **context, **_ways_on(asked))
    if page is None or (page > 1 and not results.hits):
        return render("search/beyond.html", section="search", **context)
    return render("search/results.html", section="search", **context)


def _ways_on(asked: Wanted) -> dict[str, Any]:
    """What a search without results offers beside the ways that are always there."""
    query = asked.query
    near = nearly(query)
    return {
        "leads": leads_of_words(query.text, asked.products),
        "meant": next((words for words, code, _ in near.texts if code == query.lang), None),
        "elsewhere": [found for found in near.texts if found[1] != query.lang],
        "near_codes": near.codes,
        "again": lambda words: _fresh_url(words, query.lang),
        "has_code": any(is_code(word) for word in query.text[:LONGEST].split()),
        "noted": not _filters(asked),
    }


def _content_lang() -> str:
    """The language searched in: the page's own unless another was chosen."""
    chosen = request.args.get("lang", "")
    return chosen if chosen in live().site.site.languages else lang()


def _context(asked: Wanted, results: Results, page: int | None) -> dict[str, Any]:
    number = page or 1
    last = min(number * PAGE_SIZE, results.total)
    corrected = results.suggestion if results.corrected else None
    return {
        "asked": asked,
        "q": asked.query.text[:LONGEST],
        "results": results,
        "corrected": corrected,
        "changed": _changed(asked.query.text, corrected) if corrected else None,
        "exact_url": _url(exact="1", page=None),
        "spoken": _spoken(asked, results),
        "products": _products(asked, results),
        "versions": _versions(asked, results),
        "types": _types(asked, results),
        "languages": _languages(asked, results),
        "filters": _filters(asked),
        "first": (number - 1) * PAGE_SIZE + 1,
        "last": last,
        "page": page,
        "previous_url": _url(page=str(number - 1) if number > 2 else None) if number > 1 else None,
        "next_url": _url(page=str(number + 1)) if last < results.total else None,
        "first_url": _url(page=None),
        "hidden": _hidden(asked),
        "unfiltered_url": url_for("search.search", q=asked.query.text[:LONGEST]),
        "meta": _meta,
        "type_word": type_word,
    }


def _url(*, without: tuple[str, str] | None = None, **changed: str | None) -> str:
    """This page's address with some arguments changed, or one value of a filter removed."""
    kept = [
        (name, value[:LONGEST])
        for name, value in request.args.items(multi=True)
        if name not in changed and (name, value) != without and name != "page"
    ]
    made = [(name, value) for name, value in changed.items() if value is not None]
    return f"{request.path}?{urlencode([*kept, *made])}"


def _spoken(asked: Wanted, results: Results) -> tuple[str, str, int] | None:
    """The language that the words seem to be in where it is another: its name, the address of the
    same search there, and how many results that has."""
    code = results.spoken
    if code is None:
        return None
    url = _url(lang=code, exact=None) if lang() != code else _url(lang=None, exact=None)
    return spoken_name(code), url, results.facets.languages.get(code, 0)


def _fresh_url(words: str, code: str) -> str:
    """The address of another search of the same articles, without filters."""
    chosen = [("lang", code)] if code != lang() else []
    return f"{request.path}?{urlencode([('q', words), *chosen])}"


def _alternates() -> dict[str, str]:
    """The same search in the other languages, page and articles."""
    given = request.args.items(multi=True)
    kept = [(name, value[:LONGEST]) for name, value in given if name not in {"lang", "page"}]
    return {
        code: f"{url_for('search.search', lang=code)}?{urlencode(kept)}"
        for code in live().site.site.languages
        if code != lang()
    }


def _changed(typed: str, corrected: str) -> Markup:
    """The corrected words, with those in bold that were not typed."""
    before = {word.lower() for word in typed.split()}
    pieces = []
    for new, words in groupby(corrected.split(), key=lambda word: word.lower() not in before):
        text = escape(" ".join(words))
        pieces.append(Markup("<b>{}</b>").format(text) if new else text)
    return Markup(" ").join(pieces)


def _products(asked: Wanted, results: Results) -> list[Choice]:
    """The product lines with results, most first, and those that are chosen."""
    counts = dict.fromkeys(asked.products, 0) | results.facets.products
    products = live().site.policy.products
    return [
        (line, _short(line), count, line in asked.products)
        for line, count in counts.items()
        if line in products
    ]


def _versions(asked: Wanted, results: Results) -> list[Choice]:
    """The versions of the one chosen product; those that count as one stand together."""
    if len(asked.products) != 1 or asked.products[0] not in live().site.policy.products:
        return []
    product = live().site.policy.products[asked.products[0]]
    choices = []
    for place, (first, group) in enumerate(generations(product).items()):
        name = _(" and ").join(sorted(group, key=lambda v: [int(n) for n in v.split(".")]))
        label = _("%(version)s (current)", version=name) if place == 0 else name
        key = f"{product.id}@{first}"
        count = results.facets.versions.get(key, 0)
        if count:
            choices.append((first, label, count, key in asked.versions))
    return choices


def _types(asked: Wanted, results: Results) -> list[Choice]:
    counts = dict.fromkeys(asked.types, 0) | results.facets.types
    return [
        (type_, type_word(type_), count, type_ in asked.types)
        for type_, count in sorted(counts.items(), key=lambda item: -item[1])
    ]


def _languages(asked: Wanted, results: Results) -> list[Choice]:
    """The languages with results; none when only this one has any."""
    counts = {asked.query.lang: results.total} | results.facets.languages
    if len(counts) < 2:
        return []
    return [
        (code, language_name(code), count, code == asked.query.lang)
        for code, count in counts.items()
    ]


def _filters(asked: Wanted) -> list[Filter]:
    return [
        *((_short(n), _url(without=("product", n), version=None)) for n in asked.products),
        *((_version(n), _url(without=("version", n))) for n in asked.version_names),
        *((type_word(n), _url(without=("type", n))) for n in asked.types),
    ]


def _version(name: str) -> str:
    return _("Version %(version)s", version=name)


def _hidden(asked: Wanted) -> list[tuple[str, str]]:
    """What the filters' form carries on beside its own fields."""
    kept = [("q", asked.query.text[:LONGEST])]
    if asked.query.verbatim:
        kept.append(("exact", "1"))
    return kept


def _short(name: str) -> str:
    """A product without the brand in front, with the versions that are meant."""
    range_ = parse_range(name)
    product = live().site.policy.products.get(range_.line)
    brand = live().site.site.brand
    full = product.name if product else range_.line
    return full.removeprefix(brand).strip() + range_words(range_)


def _meta(hit: Hit) -> str:
    """The products of a result in one line; many are counted."""
    names = [_short(name) for name in _known(hit.products)]
    if len(names) > 3:
        return _("%(names)s and %(count)s more", names=", ".join(names[:2]), count=len(names) - 2)
    return ", ".join(names)


def _known(products: Iterable[str]) -> list[str]:
    return [name for name in products if parse_range(name).line in live().site.policy.products]
