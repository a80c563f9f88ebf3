"""What only all articles together show: doubles, files that nobody shows, pictures too large."""

from collections.abc import Iterable, Iterator, Mapping

from kb.content.article_checks import named_files
from kb.content.article_file import Card
from kb.content.articles_source import Found
from kb.content.check_rules import RULES
from kb.content.media import MediaFile
from kb.content.problems import Problem
from kb.rules.articles import Article, ArticleType, Status
from kb.rules.products import Lifecycle, Product

LARGE_BYTES = 1_000_000
LARGE_SIDE = 4_000  # pixels
HUGE_PIXELS = 50_000_000
_IMAGES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg")


def check_shelf(
    cards: Mapping[str, Card], files: Mapping[str, Found], products: Mapping[str, Product]
) -> Iterator[Problem]:
    """Check what no article shows by itself."""
    published = [
        (path, card) for path, card in sorted(cards.items())
        if card.article.status is Status.PUBLISHED
    ]  # fmt: skip
    yield from _titles(published)
    yield from _codes(published)
    for path, card in published:
        is_alert = card.article.type is ArticleType.ALERT  # which may be about the end of support
        if not is_alert and not is_supported(card.article, products):
            mend = "archive it (status: archived), or name the versions that it is right for too"
            what = "every version that this article is about is out of support"
            yield _problem("unsupported-only", path, card.line("products"), what, mend)
    yield from _orphans(cards, files)


def is_supported(article: Article, products: Mapping[str, Product]) -> bool:
    """Tell whether an article is about all products, or about a version in support (R27); what
    the policy does not know is a mistake of its own, not the end of support."""
    if not article.products:
        return True
    for range_ in article.products:
        product = products.get(range_.line)
        if product is None:
            return True
        covered: list[str | None] = [v for v in product.versions if range_.covers(range_.line, v)]
        if not covered or any(
            product.lifecycle(version) is Lifecycle.SUPPORTED for version in covered
        ):
            return True
    return False


def check_images(media: Iterable[MediaFile], sizes: Mapping[str, int]) -> Iterator[Problem]:
    """Check pictures that articles show: `sizes` are bytes by path."""
    for file in media:
        if not file.path.lower().endswith(_IMAGES):
            continue
        if file.flaw:
            mend = "fetch it: git lfs pull" if "LFS" in file.flaw else "save it anew"
            yield _problem("broken-image", file.path, 1, f"this file {file.flaw}", mend)
            continue
        mend = "save it smaller: 1,600 pixels wide is enough for any screen"
        pixels = f"{file.width} × {file.height} pixels"
        if file.width * file.height > HUGE_PIXELS:
            what = f"this picture has {pixels}, more than a browser can hold"
            yield _problem("huge-image", file.path, 1, what, mend)
        elif max(file.width, file.height) > LARGE_SIDE:
            yield _problem("large-image", file.path, 1, f"this picture has {pixels}", mend)
        elif sizes.get(file.path, 0) > LARGE_BYTES:
            what = f"this picture has {sizes[file.path] // 1000} kB"
            yield _problem("large-image", file.path, 1, what, mend)


Published = Iterable[tuple[str, Card]]


def _titles(published: Published) -> Iterator[Problem]:
    first: dict[tuple[str, str], Article] = {}
    for path, card in published:
        key = (card.article.lang, " ".join(card.article.title.casefold().split()))
        other = first.setdefault(key, card.article)
        if other.id != card.article.id:
            what = f"the title “{card.article.title}” is also that of {other.path}"
            mend = "say in the title what is special here, or make one article of the two"
            yield _problem("duplicate-title", path, card.line("title"), what, mend, other.path)


def _codes(published: Published) -> Iterator[Problem]:
    """A code that two articles explain to the same readers: which one is right?"""
    seen: dict[tuple[str, str], list[tuple[str, Card]]] = {}
    for path, card in published:
        article = card.article
        if article.type is not ArticleType.PROBLEM:
            continue
        for number, code in enumerate(article.error_codes):
            others = seen.setdefault((article.lang, code.casefold()), [])
            other = next(
                (p for p, c in others if _meet(c.article, article)),
                None,
            )
            if other is not None:
                what = f"the error code {code} is also explained by {other}"
                mend = "keep it in one, and link to that from the other; or name their products"
                line = card.line("error_codes", number)
                yield _problem("duplicate-code", path, line, what, mend, other)
            others.append((path, card))


def _meet(one: Article, other: Article) -> bool:
    """Tell whether these are two articles that may be about the same product."""
    if one.id == other.id:
        return False
    lines = {range_.line for range_ in one.products}
    return not lines or not other.products or any(r.line in lines for r in other.products)


def _orphans(cards: Mapping[str, Card], files: Mapping[str, Found]) -> Iterator[Problem]:
    named = {file for card in cards.values() for file in named_files(card)}
    for path in sorted(set(files) - named):
        if not path.endswith(".md"):
            mend = "show it, link to it, or delete it"
            yield _problem("orphan-file", path, 1, "no article shows or names this file", mend)


def _problem(rule: str, path: str, line: int, what: str, mend: str, about: str = "") -> Problem:
    return Problem(path, line, what, mend, RULES[rule].level, rule, about)
