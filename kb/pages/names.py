"""Names in the visitor's language for what the rules call by a word."""

import re
import unicodedata
from functools import cache

from babel import Locale
from babel.lists import format_list

from kb.pages.frame import lang, live
from kb.pages.texts import gettext as _
from kb.rules.articles import Article, ArticleType
from kb.rules.products import Market, ProductRange
from kb.rules.texts import nested as in_quotation_marks

# Spanish says “e” for “and” before the sound of an i: “español e inglés”, but “agua y hielo”
_BEFORE_I = re.compile(r" y (?=[ií]|h[ií](?![aeou]))", re.IGNORECASE)


def type_name(type_: ArticleType) -> str:
    """Name a type of article."""
    match ArticleType(type_):
        case ArticleType.HOW_TO:
            return _("How to")
        case ArticleType.PROBLEM:
            return _("Problem")
        case ArticleType.FAQ:
            return _("Question")
        case ArticleType.REFERENCE:
            return _("Reference")
        case ArticleType.ALERT:
            return _("Alert")


def market_name(market: Market) -> str:
    """Name for whom a product is."""
    return {
        Market.BUSINESS: _("For business"),
        Market.HOME: _("For the home"),
        Market.HOME_OFFICE: _("For the home office"),
    }[Market(market)]


def range_words(range_: ProductRange) -> str:
    """Write the versions a range means: “ 11–12”, or nothing for all of them."""
    if range_.lowest == range_.highest:
        return f" {range_.lowest}" if range_.lowest else ""
    if range_.lowest is None:
        return " " + _("up to %(version)s", version=range_.highest)
    if range_.highest is None:
        return " " + _("from %(version)s", version=range_.lowest)
    return f" {range_.lowest}–{range_.highest}"


def product_names(article: Article) -> str:
    """Name the products an article is for, without the brand in front."""
    if not article.products:
        return _("All products")
    products = live().site.policy.products
    brand = live().site.site.brand
    names = (
        products[r.line].name.removeprefix(brand).strip() + range_words(r) for r in article.products
    )
    return ", ".join(names)


def language_name(code: str) -> str:
    """Name a language in itself: “Español”, “English”."""
    return str(Locale.parse(code).get_display_name(code) or code).capitalize()


def spoken_name(code: str) -> str:
    """Name a language in the reader's: “inglés”, “English”."""
    return str(Locale.parse(code).get_display_name(lang()) or code)


def joined(names: list[str]) -> str:
    """Write names as a list in a sentence: “phone, chat and e-mail”, “español e inglés”."""
    written = str(format_list(names, locale=Locale.parse(lang())))
    return _BEFORE_I.sub(" e ", written) if lang() == "es" else written


def nested(title: str) -> str:
    """Write a title so that it can stand in quotation marks of its language: those that it has
    itself become the inner ones, as “the message ‘No space’”, «el mensaje “Sin espacio”»."""
    return in_quotation_marks(title, lang())


def country_name(code: str) -> str:
    """Name a country; an unknown code stays as it is."""
    return str(Locale.parse(lang()).territories.get(code, code))


def country_names() -> list[tuple[str, str]]:
    """Return every country's code and name, sorted in the visitor's language."""
    return list(_countries(lang()))


@cache  # for each of the site's languages; sorting takes as long as a page
def _countries(code: str) -> tuple[tuple[str, str], ...]:
    territories = Locale.parse(code).territories
    countries = [
        (code, name)
        for code, name in territories.items()
        if len(code) == 2 and code not in {"ZZ", "EU", "EZ", "UN", "QO", "XA", "XB"}
    ]
    return tuple(sorted(countries, key=lambda pair: _fold(pair[1])))


def _fold(name: str) -> str:
    return unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
