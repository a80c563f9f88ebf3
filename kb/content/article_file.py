"""One article file: front matter and Markdown become a card and a rendered text.

Nothing here looks at another file, so what comes out depends on this file alone and may be kept
until it changes (`kept.py`). What needs the rest of the site is checked in `article_checks.py`.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Annotated, Self

from pydantic import Field, StringConstraints, ValidationError, model_validator

from kb.content.markdown import Context, Image, Link, Rendered, render
from kb.content.markdown.words import KCS_PARTS
from kb.content.problems import ContentError, Level, Problem
from kb.content.validate import Form, validate
from kb.content.yaml_source import YamlSource, is_mapping, read_yaml
from kb.rules.articles import (
    AlertPeriod,
    Article,
    ArticleType,
    Audience,
    SearchTest,
    Status,
    Video,
)
from kb.rules.products import ProductRange, parse_range

SIZE_LIMIT = 2 * 1024 * 1024
LONGEST_SUMMARY = 400
_MARK = re.compile(r"---[ \t]*$", re.MULTILINE)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_KEY = re.compile(r"^[A-Za-z_]+:", re.MULTILINE)

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
    related: tuple[Annotated[int, Field(ge=1)], ...] = ()
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
        source = _decode(place.path, raw)
        head, body, first_line = _split(place.path, source)
        yaml = read_yaml(place.path, head, first_line=2)
    except ContentError as error:
        return ReadArticle(None, error.problems)
    form, problems = validate(FrontMatter, yaml)
    rendered = render(body, Context(place.lang, place.path, first_line))
    if form is None:
        form = _sound_keys(yaml)
    article, wrong = _article(place, form, yaml)
    found = (*problems, *wrong, *rendered.problems, *_own_checks(article, rendered, yaml))
    card = Card(
        article=replace(article, headings=rendered.headings),
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


def _decode(path: str, raw: bytes) -> str:
    """Bytes to text, without BOM or CR; raises ContentError for what is no text of an article."""
    if len(raw) > SIZE_LIMIT:
        what = f"this file has more than {SIZE_LIMIT // 1024} KB"
        raise ContentError([Problem(path, 1, what, "split it")])
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        what = f"this file is not UTF-8 text (byte 0x{raw[error.start]:02x})"
        raise ContentError([Problem(path, line, what, "save it with the encoding UTF-8")]) from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    bad = _CONTROL.search(text)
    if bad:
        line = text.count("\n", 0, bad.start()) + 1
        what = f"a control character (U+{ord(bad[0]):04X}) stands in this line"
        raise ContentError([Problem(path, line, what, "delete it")])
    return text


def _split(path: str, source: str) -> tuple[str, str, int]:
    """Part front matter and body; tell on which line the body begins."""
    start = _MARK.match(source)
    if start is None:
        what = "this article does not begin with its front matter"
        raise ContentError([Problem(path, 1, what, "put its keys between two lines “---” on top")])
    end = _MARK.search(source, start.end() + 1)
    if end is None:
        keys = list(_KEY.finditer(source))
        line = source.count("\n", 0, keys[-1].start()) + 1 if keys else 1
        what = "the front matter is not closed"
        raise ContentError([Problem(path, line, what, "put a line “---” below its last key")])
    head = source[start.end() + 1 : end.start()]
    first_line = source.count("\n", 0, end.end()) + 2
    return head, source[end.end() + 1 :], first_line


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
        alert=AlertPeriod(form.alert.first, form.alert.last) if form.alert else None,
        **{name: getattr(form, name) for name in _PLAIN},
    )
    return article, tuple(problems)


_PLAIN = (
    *("title", "summary", "type", "audience", "status", "error_codes", "keywords", "updated"),
    *("review_by", "owner", "related", "moved_from", "troubleshooter"),
)


def _own_checks(article: Article, rendered: Rendered, yaml: YamlSource) -> Iterator[Problem]:
    path = article.path
    if article.type is ArticleType.PROBLEM:
        yield from _kcs_parts(path, rendered)
    if (article.type is ArticleType.ALERT) != (article.alert is not None):
        if article.alert is None:
            mend = "add “alert: {from: 2026-11-20, until: 2027-01-31}”"
            yield Problem(path, yaml.line_of(("type",)), "an alert needs its days", mend)
        else:
            what = f"an article of the type {article.type} has no alert days"
            yield Problem(path, yaml.line_of(("alert",)), what, "make it “type: alert”")
    if article.updated and article.review_by and article.review_by < article.updated:
        what = "“review_by” lies before “updated”"
        yield Problem(path, yaml.line_of(("review_by",)), what, "set a later day")
    if article.id in article.related:
        line = yaml.line_of(("related", article.related.index(article.id)))
        yield Problem(path, line, "the article is related to itself", "remove it from the list")
    for image in rendered.images:
        if not image.alt.strip():
            what = "an image has no alternative text"
            mend = "say in ![…] what it shows"
            yield Problem(path, image.line, what, mend, rule="alternative-text")
        if not image.src:
            what = "an image is on another site and will not be shown"
            mend = "save it beside the article"
            yield Problem(path, image.line, what, mend, rule="foreign-image")
    if not "".join(rendered.parts).strip() and not rendered.problems:
        what = "the article has no text"
        yield Problem(path, 1, what, "write it", Level.WARNING, "empty-article")


def _kcs_parts(path: str, rendered: Rendered) -> Iterator[Problem]:
    """A problem has its four parts, in order, and no other heading of that level."""
    if rendered.problems and not rendered.parts:
        return
    parts = [heading for heading in rendered.headings if heading.level == 2]
    lines = [heading.line for heading in rendered.source_headings if heading.level == 2]
    have = [heading.anchor for heading in parts]
    missing = [name for name in KCS_PARTS if name not in have]
    for name in missing:
        what = f"a problem article has no part “{name}”"
        line = lines[-1] if lines else 1
        yield Problem(path, line, what, f"add ## {_HEADINGS[name]}", rule="problem-parts")
    if not missing and [name for name in have if name in KCS_PARTS] != list(KCS_PARTS):
        mend = "put them as problem, environment, cause, resolution"
        what = "the four parts are not in order"
        yield Problem(path, lines[0], what, mend, rule="problem-parts")
    for number, heading in enumerate(parts):
        if heading.anchor not in KCS_PARTS:
            line = lines[number] if number < len(lines) else 1
            what = f"“{heading.text}” is not one of the four parts of a problem article"
            mend = "make it a ### heading below one of them"
            yield Problem(path, line, what, mend, rule="problem-parts")


_HEADINGS = {
    "problem": "Problem (es: Problema)",
    "environment": "Environment (es: Entorno)",
    "cause": "Cause (es: Causa)",
    "resolution": "Resolution (es: Resolución)",
}
