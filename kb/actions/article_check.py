"""What an article's source that is not live yet looks like, and what `kb check` says of it."""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from pathlib import Path

from kb.content.article_checks import Surroundings, check_article, check_translations
from kb.content.article_file import Card, Place
from kb.content.articles_source import place_of
from kb.content.check_rules import weighed
from kb.content.compiled import CompiledSite
from kb.content.media import MediaFile
from kb.content.problems import ContentError, Problem
from kb.content.read_apart import ReadingBusy, read_apart
from kb.content.shelf_checks import check_shelf
from kb.content.site_source import load_site_file
from kb.rules.articles import Article

__all__ = ["CheckedArticle", "ReadingBusy", "check_source"]


@dataclass(frozen=True, slots=True)
class CheckedArticle:
    """A source as readers would see it, and its mistakes in the order of its lines; `article` is
    None where the source is none."""

    article: Article | None
    html: str
    problems: tuple[Problem, ...]


def check_source(
    site: CompiledSite,
    root: Path,
    path: str,
    raw: bytes,
    files: Container[str] = (),
    media: Mapping[str, MediaFile] | None = None,
) -> CheckedArticle:
    """Render the source of an article as if it stood at `path` of the site at `root`, and check it
    against the live articles, trees and products by the site's own levels. `files` are paths that
    will be there with it, `media` those of them that have an address already. Raises
    ReadingBusy."""
    problems: list[Problem] = []
    place = place_of(path, site.site.languages, problems)
    read = read_apart(place, raw) if place else None
    if place and read is None:
        mend = "make it shorter or simpler"
        problems.append(Problem(path, 1, "this text takes too long to render", mend))
    if place is None or read is None or read.card is None:
        found = read.problems if read else tuple(problems)
        return CheckedArticle(None, "", found)
    found = _weighed(root, (*read.card.problems, *_around(site, root, place, read.card, files)))
    assembler = site.assembler_with(media or {})
    html = "".join(assembler.html(part, place.lang, place.folder) for part in read.parts)
    return CheckedArticle(read.card.article, html, found)


def _around(
    site: CompiledSite, root: Path, place: Place, card: Card, files: Container[str]
) -> tuple[Problem, ...]:
    """What the rest of the live site says of it."""
    cards = {
        article.path: Card(article)
        for shelf in site.articles.values()
        for article in shelf.values()
    }
    around = Surroundings(
        site.site,
        site.policy.products,
        frozenset(site.trees),
        _There(root, files),
        {**cards, place.path: card},
    )
    return (
        *check_article(card, around),
        *check_translations(card, around),
        *(p for p in check_shelf(around.cards, {}, around.products) if p.path == place.path),
    )


@dataclass(frozen=True, slots=True)
class _There:
    """The files that are in the site's folder, or will be."""

    root: Path
    coming: Container[str]

    def __contains__(self, path: object) -> bool:
        return path in self.coming or (self.root / str(path)).is_file()


def _weighed(root: Path, problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """Each problem once, in order, with the level that the site gives its rule."""
    try:
        levels = load_site_file(root).levels
    except ContentError:
        levels = {}
    return tuple(sorted(dict.fromkeys(weighed(problems, levels))))
