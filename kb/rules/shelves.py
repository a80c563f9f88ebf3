"""Articles in the order of their category's page, and which stands before and after one."""

import unicodedata
from collections.abc import Iterable
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


def neighbours(article: Article, shelf: Iterable[Article]) -> Neighbours:
    """Return the neighbours of an article among those of its category for the same products; one
    that names no product is for all of them. `shelf` are those the reader may see."""
    lines = {range_.line for range_ in article.products}
    own = (*shelf_key(article.title), article.id)
    before: tuple[tuple[str, str, int], Article] | None = None
    after: tuple[tuple[str, str, int], Article] | None = None
    for other in shelf:
        if other.category != article.category or other.id == article.id:
            continue
        if other.status is Status.ARCHIVED or not _shares(other, lines):
            continue
        key = (*shelf_key(other.title), other.id)
        if key < own and (before is None or key > before[0]):
            before = (key, other)
        if key > own and (after is None or key < after[0]):
            after = (key, other)
    return Neighbours(before[1] if before else None, after[1] if after else None)


def _shares(article: Article, lines: set[str]) -> bool:
    return not lines or not article.products or any(one.line in lines for one in article.products)
