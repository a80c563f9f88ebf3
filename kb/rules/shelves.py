"""Articles in the order of their category's page, and which stands before and after one."""

import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from kb.rules.articles import Article, Status


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The articles before and after one, as far as there are any."""

    previous: Article | None = None
    next: Article | None = None


@lru_cache(maxsize=65_536)
def shelf_key(title: str) -> tuple[str, str]:
    """Return what titles are sorted by: the alphabet without accents and capitals."""
    folded = unicodedata.normalize("NFKD", title.casefold())
    return "".join(c for c in folded if not unicodedata.combining(c)), title


def by_category(articles: Iterable[Article]) -> dict[str, tuple[Article, ...]]:
    """Return the articles of each category in the order of its page."""
    shelves: dict[str, list[Article]] = {}
    for article in articles:
        shelves.setdefault(article.category, []).append(article)
    return {name: tuple(sorted(shelf, key=_place)) for name, shelf in shelves.items()}


def neighbours(
    article: Article, shelf: Sequence[Article], readable: Callable[[Article], bool]
) -> Neighbours:
    """Return the neighbours of an article on the shelf of its category, which is in order, among
    those for the same products that are `readable`; one that names no product is for all."""
    lines = {range_.line for range_ in article.products}

    def stands(other: Article) -> bool:
        used = other.id != article.id and other.status is not Status.ARCHIVED
        return used and _shares(other, lines) and readable(other)

    at = bisect_left(shelf, _place(article), key=_place)
    before = (shelf[number] for number in range(at - 1, -1, -1))
    after = (shelf[number] for number in range(at, len(shelf)))
    return Neighbours(next(filter(stands, before), None), next(filter(stands, after), None))


def _place(article: Article) -> tuple[str, str, int]:
    return (*shelf_key(article.title), article.id)


def _shares(article: Article, lines: set[str]) -> bool:
    return not lines or not article.products or any(one.line in lines for one in article.products)
