"""The knowledge base by its categories, as one visitor may read it."""

from dataclasses import dataclass

from kb.pages.frame import lang, live, reader
from kb.rules.articles import Article
from kb.rules.shelves import shelf_key
from kb.rules.texts import Text


@dataclass(frozen=True, slots=True)
class Shelf:
    """One category with the articles this visitor may read."""

    id: str
    name: Text
    articles: tuple[Article, ...]


def shelves() -> list[Shelf]:
    """Return every category with articles, those of site.yaml first."""
    site, readable = live().site, reader()
    by_category: dict[str, list[Article]] = {}
    for found in site.articles[lang()].values():
        if readable(found):
            by_category.setdefault(found.category, []).append(found)
    known = [c for c in site.site.categories if c in by_category]
    others = sorted(set(by_category) - set(known))
    return [
        Shelf(
            name,
            site.site.categories.get(name, Text({lang(): name.replace("-", " ").capitalize()})),
            tuple(sorted(by_category[name], key=lambda a: shelf_key(a.title))),
        )
        for name in (*known, *others)
    ]
