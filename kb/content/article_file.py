"""One article file: front matter and Markdown become a card and a rendered text.

Nothing here looks at another file, so what comes out depends on this file alone and may be kept
until it changes (`kept.py`). What needs the rest of the site is checked in `article_checks.py`.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Annotated, Self

from pydantic import Field, StringConstraints, ValidationError, model_validator

from kb.content.article_own_checks import cut_texts, own_checks, unwritten
from kb.content.article_text import split_article
from kb.content.markdown import Context, Image, Link, Rendered, render
from kb.content.problems import ContentError, Problem
from kb.content.validate import Form, validate
from kb.content.yaml_source import YamlSource, is_mapping, read_yaml
from kb.rules.articles import (
    AlertLevel,
    AlertPeriod,
    Article,
    ArticleType,
    Audience,
    SearchTest,
    Status,
    Video,
)
from kb.rules.products import ProductRange, parse_range

LONGEST_SUMMARY = 400

Line = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Name = Annotated[str, StringConstraints(pattern=r"^[\w.-]+$")]


class _FindWith(Form):
    q: Line
    within: Annotated[int, Field(ge=1, le=50)] = 3


class _Video(Form):
    src: Line
    title: Line
    transcript: Line


class _Alert(Form):
    first: date = Field(alias="from")
    last: date = Field(alias="until")
    level: AlertLevel = AlertLevel.WARNING

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last < self.first:
            raise ValueError("the alert ends before it begins; swap “from” and “until”")
        return self


class FrontMatter(Form):
    """The keys at the top of an article; see docs/authors.md."""

    title: Annotated[Line, StringConstraints(max_length=200)]
    summary: Annotated[str, StringConstraints(max_length=LONGEST_SUMMARY)] = ""
    type: ArticleType = ArticleType.REFERENCE
    products: tuple[Line, ...] = ()
    audience: Audience = Audience.PUBLIC
    status: Status = Status.PUBLISHED
    error_codes: tuple[Line, ...] = ()
    keywords: tuple[Line, ...] = ()
    find_with: tuple[_FindWith, ...] = ()
    updated: date | None = None
    review_by: date | None = None
    owner: str = ""
    reviewers: Annotated[tuple[Line, ...], Field(max_length=10)] = ()
    related: tuple[Annotated[int, Field(ge=1)], ...] = ()
    versions: tuple[Annotated[int, Field(ge=1)], ...] = ()
    moved_from: tuple[Name, ...] = ()
    troubleshooter: str | None = None
    video: _Video | None = None
    alert: _Alert | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where an article file stands: what its path says about it."""

    path: str
    id: int
    slug: str
    lang: str
    category: str

    @property
    def folder(self) -> str:
        return self.path.rpartition("/")[0]


@dataclass(frozen=True, slots=True)
class Card:
    """Everything about one article file but its text; `lines` tells where its keys stand."""

    article: Article
    links: tuple[Link, ...] = ()
    images: tuple[Image, ...] = ()
    only: tuple[tuple[int, ProductRange], ...] = ()
    lines: Mapping[str, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def line(self, *keys: str | int) -> int:
        """Return the line of a key of the front matter, or of the nearest part there is."""
        for end in range(len(keys), 0, -1):
            name = ".".join(str(key) for key in keys[:end])
            if name in self.lines:
                return self.lines[name]
        return 1


@dataclass(frozen=True, slots=True)
class ReadArticle:
    """A read file: its card, or None when it has no readable front matter, and its text."""

    card: Card | None
    problems: tuple[Problem, ...]
    parts: tuple[str, ...] = ()
    text: str = ""


def read_article(place: Place, raw: bytes) -> ReadArticle:
    """Read and render one article file; mistakes come back as problems, all at once."""
    try:
        head, body, first_line = split_article(place.path, raw)
        yaml = read_yaml(place.path, head, first_line=2)
    except ContentError as error:
        return ReadArticle(None, error.problems)
    form, problems = validate(FrontMatter, yaml)
    rendered = render(body, Context(place.lang, place.path, first_line))
    if form is None:
        form = _sound_keys(yaml)
    article, wrong = _article(place, form, yaml)
    own = (*own_checks(article, rendered, yaml), *cut_texts(place.path, head))
    rest = unwritten(article, body, first_line)
    found = (*problems, *wrong, *rendered.problems, *own, *rest)
    card = Card(
        article=replace(article, headings=rendered.headings, links=_linked(article.id, rendered)),
        links=rendered.links,
        images=rendered.images,
        only=rendered.only,
        lines={".".join(str(step) for step in loc): line for loc, line in yaml.lines.items()},
        problems=tuple(dict.fromkeys(found)),
    )
    return ReadArticle(card, card.problems, rendered.parts, rendered.text)


def _sound_keys(yaml: YamlSource) -> FrontMatter:
    """Take the keys that are right on their own, so that the rest of the file is checked too."""
    sound: dict[str, object] = {"title": "?"}
    for key, value in yaml.data.items() if is_mapping(yaml.data) else ():
        with suppress(ValidationError):
            FrontMatter.model_validate({"title": "?", key: value})
            sound[key] = value
    return FrontMatter.model_validate(sound)


def _article(
    place: Place, form: FrontMatter, yaml: YamlSource
) -> tuple[Article, tuple[Problem, ...]]:
    products, problems = [], []
    for number, name in enumerate(form.products):
        try:
            products.append(parse_range(name))
        except ValueError:
            what = f"“{name}” is not a product"
            line = yaml.line_of(("products", number))
            mend = "write line, line@12 or line@11-12"
            problems.append(Problem(place.path, line, what, mend, rule="unknown-product"))
    article = Article(
        id=place.id,
        lang=place.lang,
        slug=place.slug,
        path=place.path,
        category=place.category,
        products=tuple(products),
        find_with=tuple(SearchTest(one.q, one.within) for one in form.find_with),
        video=Video(form.video.src, form.video.title, form.video.transcript)
        if form.video
        else None,
        alert=AlertPeriod(form.alert.first, form.alert.last, form.alert.level)
        if form.alert
        else None,
        **{name: getattr(form, name) for name in _PLAIN},
    )
    return article, tuple(problems)


_PLAIN = (
    *("title", "summary", "type", "audience", "status", "error_codes", "keywords", "updated"),
    *("review_by", "owner", "reviewers", "related", "versions", "moved_from"),
    "troubleshooter",
)


def _linked(own: int, rendered: Rendered) -> tuple[int, ...]:
    """The articles that the text leads to, each once."""
    targets = (link.target for link in rendered.links if link.target.startswith("article:"))
    ids = (int(target.removeprefix("article:").partition("#")[0]) for target in targets)
    return tuple(dict.fromkeys(id_ for id_ in ids if id_ != own))
