"""What one article says about the rest of the site: is it there?"""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field

from kb.content.article_file import Card
from kb.content.articles_source import plain_name
from kb.content.check_rules import RULES
from kb.content.media import KINDS, beside
from kb.content.problems import Problem
from kb.content.validate import did_you_mean
from kb.rules.articles import Article, Audience, Status
from kb.rules.products import Product, ProductRange
from kb.rules.site import Site

_ELSEWHERE = ("http:", "https:", "mailto:", "tel:", "/", "#", "article:")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an article may name: the site, products, trees, files and all the other articles."""

    site: Site
    products: Mapping[str, Product]
    trees: frozenset[str]
    files: Container[str]
    cards: Mapping[str, Card]
    folded: Mapping[str, str] = field(default_factory=dict)


def check_articles(around: Surroundings) -> Iterator[Problem]:
    """Check every article against the rest of the site."""
    by_id = _by_id(around)
    yield from _duplicates(around)
    yield from _missing_translations(around, by_id)
    for card in around.cards.values():
        yield from _one(card, around, by_id)


def check_article(card: Card, around: Surroundings) -> Iterator[Problem]:
    """Check one article against the rest of the site."""
    yield from _one(card, around, _by_id(around))


def check_translations(card: Card, around: Surroundings) -> Iterator[Problem]:
    """Check whether one article is there in every language, as far as the site wants that."""
    number = card.article.id
    yield from _missing_translations(around, {number: _by_id(around)[number]})


def _one(
    card: Card, around: Surroundings, by_id: Mapping[int, Mapping[str, Article]]
) -> Iterator[Problem]:
    yield from _ranges(card, around)
    yield from _names(card, around, by_id)
    yield from _links(card, around, by_id)
    yield from _files(card, around)


def _by_id(around: Surroundings) -> dict[int, dict[str, Article]]:
    by_id: dict[int, dict[str, Article]] = {}
    for card in around.cards.values():
        article = card.article
        by_id.setdefault(article.id, {}).setdefault(article.lang, article)
    return by_id


def _broken(rule: str, path: str, line: int, what: str, mend: str, about: str = "") -> Problem:
    return Problem(path, line, what, mend, RULES[rule].level, rule, about)


def _duplicates(around: Surroundings) -> Iterator[Problem]:
    folders: dict[int, str] = {}
    for path, card in sorted(around.cards.items()):
        folder = path.rpartition("/")[0]
        first = folders.setdefault(card.article.id, folder)
        if first != folder:
            what = f"the id {card.article.id} is already that of {first}"
            mend = f"rename the folder; {_free(around)} is free"
            yield _broken("duplicate-id", path, 1, what, mend, first)


def _free(around: Surroundings) -> int:
    return max(card.article.id for card in around.cards.values()) + 1


def _missing_translations(
    around: Surroundings, by_id: Mapping[int, Mapping[str, Article]]
) -> Iterator[Problem]:
    if not around.site.translations_required:
        return
    for shelf in by_id.values():
        have = next(iter(shelf.values()))
        if all(article.status is Status.DRAFT for article in shelf.values()):
            continue  # a draft is translated when it is done
        for lang in around.site.languages:
            beside_it = f"{have.path.rpartition('/')[0]}/{lang}.md"
            if lang not in shelf and beside_it not in around.files:
                what = f"article {have.id} has no translation into “{lang}”"
                mend = f"write {beside_it}, or set “translations: optional” in site.yaml"
                yield _broken("missing-translation", have.path, 1, what, mend, beside_it)


def _ranges(card: Card, around: Surroundings) -> Iterator[Problem]:
    path = card.article.path
    for number, range_ in enumerate(card.article.products):
        yield from _range(path, card.line("products", number), range_, around.products)
    for line, range_ in card.only:
        yield from _range(path, line, range_, around.products)


def _range(
    path: str, line: int, range_: ProductRange, products: Mapping[str, Product]
) -> Iterator[Problem]:
    product = products.get(range_.line)
    if product is None:
        mend = did_you_mean(range_.line, products)
        what = f"there is no product “{range_.line}”"
        yield _broken("unknown-product", path, line, what, mend)
        return
    for version in dict.fromkeys((range_.lowest, range_.highest)):
        if version is not None and version not in product.versions:
            what = f"“{range_.line}” has no version {version}"
            mend = did_you_mean(version, product.versions)
            yield _broken("unknown-version", path, line, what, mend)


def _names(
    card: Card, around: Surroundings, by_id: Mapping[int, Mapping[str, Article]]
) -> Iterator[Problem]:
    article, site = card.article, around.site
    if site.categories and article.category not in site.categories:
        what = f"the category “{article.category}” is not in site.yaml"
        mend = did_you_mean(article.category, site.categories)
        yield _broken("unknown-category", article.path, 1, what, mend)
    named = [("related", "to be related to", n, id_) for n, id_ in enumerate(article.related)]
    named += [("versions", "about another version", n, i) for n, i in enumerate(article.versions)]
    for key, why, number, other in named:
        if other not in by_id:
            what = f"there is no article {other} {why}"
            mend = did_you_mean(str(other), map(str, _near(other, by_id)))
            line = card.line(key, number)
            yield _broken("dead-link", article.path, line, what, mend, f"article:{other}")
    if article.troubleshooter and article.troubleshooter not in around.trees:
        what = f"there is no tree “{article.troubleshooter}”"
        mend = did_you_mean(article.troubleshooter, sorted(around.trees))
        about = f"troubleshooter/{article.troubleshooter}.yaml"
        yield _broken("unknown-tree", article.path, card.line("troubleshooter"), what, mend, about)


def _near(number: int, by_id: Mapping[int, object]) -> list[int]:
    return sorted(by_id, key=lambda id_: abs(id_ - number))[:5]


def _links(
    card: Card, around: Surroundings, by_id: Mapping[int, Mapping[str, Article]]
) -> Iterator[Problem]:
    article = card.article
    for link in card.links:
        if link.target.startswith("#"):
            if link.target[1:] not in {heading.anchor for heading in article.headings}:
                what = f"there is no heading “{link.target}” in this article"
                mend = did_you_mean(link.target[1:], [h.anchor for h in article.headings])
                yield _broken("dead-anchor", article.path, link.line, what, mend)
        elif link.target.startswith("article:"):
            yield from _article_link(article, link.target, link.line, by_id)


def _article_link(
    article: Article, target: str, line: int, by_id: Mapping[int, Mapping[str, Article]]
) -> Iterator[Problem]:
    number, _, anchor = target.removeprefix("article:").partition("#")
    shelf = by_id.get(int(number))
    if shelf is None:
        mend = did_you_mean(number, map(str, _near(int(number), by_id)))
        what = f"there is no article {number} to link to"
        yield _broken("dead-link", article.path, line, what, mend, f"article:{number}")
        return
    other = shelf.get(article.lang) or next(iter(shelf.values()))
    if _is_hidden(other) and not _is_hidden(article):
        what = f"this links to article {number}, which customers cannot read"
        mend = "publish that one, or remove the link"
        yield _broken("hidden-link", article.path, line, what, mend, other.path)
    anchors = [heading.anchor for heading in other.headings]
    if anchor and anchor not in anchors:
        what = f"article {number} has no heading “#{anchor}”"
        mend = did_you_mean(anchor, anchors)
        yield _broken("dead-anchor", article.path, line, what, mend, other.path)


def _is_hidden(article: Article) -> bool:
    return article.status is Status.DRAFT or article.audience is Audience.INTERNAL


def named_files(card: Card) -> dict[str, tuple[int, str]]:
    """Return the files beside an article that it shows or links to: {site path: (line, name)}."""
    article = card.article
    if not (card.images or card.links or article.video):
        return {}
    folder = article.path.rpartition("/")[0]
    named = [(image.src, image.line) for image in card.images if image.src]
    named += [
        (link.target, link.line)
        for link in card.links
        if not link.target.lower().startswith(_ELSEWHERE)
    ]
    if article.video:
        named.append((article.video.src, card.line("video", "src")))
    return {
        beside(folder, name): (line, name)
        for name, line in reversed(named)
        if not name.startswith("/")
    }


def _files(card: Card, around: Surroundings) -> Iterator[Problem]:
    path = card.article.path
    for file, (line, name) in named_files(card).items():
        if file.endswith(".md"):
            mend = "link to an article by its number: [[1042]]"
            what = f"“{name}” is a link to a source file"
            yield _broken("file-kind", path, line, what, mend)
        elif not file.startswith("articles/"):
            what = f"“{name}” lies outside of articles/"
            yield _broken("missing-file", path, line, what, "copy the file here")
        elif file not in around.files:
            near = around.folded.get(plain_name(file))
            mend = (
                f"there is {near}; write the name as the file has it"
                if near
                else f"add it as {file}"
            )
            yield _broken("missing-file", path, line, f"there is no file “{name}”", mend, file)
        elif not file.lower().endswith(tuple(KINDS)):
            what = f"files like “{name}” are not served"
            mend = f"use one of {' '.join(sorted(KINDS))}"
            yield _broken("file-kind", path, line, what, mend)
