"""`site.yaml`: name, languages, look and home page of a site."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from kb.bundled import TEMPLATES
from kb.content.check_rules import LEVELS, RULES
from kb.content.problems import ContentError, Problem
from kb.content.validate import Form, did_you_mean, validate
from kb.content.words import NO_WORDS, Words, check_words
from kb.content.yaml_source import YamlSource, read_yaml_file
from kb.rules.history import Shown
from kb.rules.products import Link
from kb.rules.site import GUIDES, PAGES, Accent, Site, Start, Tile, contrast

FILE = "site.yaml"
CANVAS = {"light": "#ffffff", "dark": "#101716"}
LEAST_CONTRAST = 4.5
LANGUAGES = ("es", "en")
"""The languages in which the pages themselves are written."""

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_EDIT_URL = re.compile(r"https?://[^\s{}/]+/[^\s{}]*\{path\}[^\s{}]*")

Line = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9a-f]{6}$")]


def _address(value: str) -> str:
    if value and not _EMAIL.fullmatch(value):
        raise ValueError(f"“{value}” is no e-mail address; write it like help@example.com")
    return value


Email = Annotated[str, AfterValidator(_address)]


def _edit_url(value: str) -> str:
    if value and not _EDIT_URL.fullmatch(value):
        mend = "write an address with {path} in it, like https://git.example.com/edit/main/{path}"
        raise ValueError(f"“{value}” is no address of a file; {mend}")
    return value


class _Accent(Form):
    light: Colour
    dark: Colour


class _Start(Form):
    label: Words
    tree: Line


class _Tile(Form):
    name: Words
    line: Words
    icon: Line
    place: Line


class _Link(Form):
    name: Words
    place: Line


class _History(Form):
    show: Shown = Shown.AGENTS
    edit_url: Annotated[str, AfterValidator(_edit_url)] = ""
    edit_for: Literal["agents", "all"] = "all"


class _Site(Form):
    """The keys of site.yaml; see docs/authors.md."""

    name: Words
    brand: Line
    company: str = ""
    languages: Annotated[tuple[Line, ...], Field(min_length=1)]
    translations: Literal["required", "optional"] = "required"
    offline: bool = False
    tagline: Words = NO_WORDS
    accent: _Accent | None = None
    logo: str | None = None
    style: Annotated[str | None, Field(pattern=r"^[A-Za-z0-9_-]+\.css$")] = None
    menu: Annotated[tuple[_Link, ...], Field(max_length=5)] = ()
    disclaimer: Words = NO_WORDS
    disclaimer_faq: Words = NO_WORDS
    agreements: str = ""
    guides: dict[str, str] = Field(default_factory=dict)
    search_hint: Words = NO_WORDS
    search_examples: dict[str, tuple[Line, ...]] = Field(default_factory=dict)
    common_problems: tuple[int, ...] = ()
    starts: tuple[_Start, ...] = ()
    tiles: tuple[_Tile, ...] = ()
    categories: dict[str, Words] = Field(default_factory=dict)
    footer: tuple[_Link, ...] = ()
    checks: dict[str, str] = Field(default_factory=dict)
    history: _History = Field(default_factory=_History)
    people: dict[str, Email] = Field(default_factory=dict)
    content_email: Email = ""
    forum_url: str = ""
    sales_email: Email = ""
    support_email: Email = ""
    complaints_email: Email = ""
    queue_email: Email = ""


@dataclass(frozen=True, slots=True)
class SiteSource:
    """A read site.yaml and what there is to say about it."""

    site: Site
    source: YamlSource
    problems: tuple[Problem, ...] = ()
    levels: Mapping[str, str] = field(default_factory=dict)
    """What `checks` says: error, warning or off, by rule."""


def load_site_file(root: Path) -> SiteSource:
    """Read site.yaml of the site at `root`; raises ContentError when it gives no site at all."""
    source = read_yaml_file(root, FILE)
    form, problems = validate(_Site, source)
    if form is None:
        raise ContentError(problems)
    found = [
        *_wrong_languages(form, source),
        *check_words(form, source, (), form.languages),
        *_look(form, root, source),
        *_guides(form, source),
        *_wrong_checks(form, source),
    ]
    levels = {
        name: level
        for name, level in form.checks.items()
        if name in RULES and not RULES[name].fixed and level in LEVELS
    }
    return SiteSource(_site(form), source, tuple(found), levels)


def _wrong_checks(form: _Site, source: YamlSource) -> Iterator[Problem]:
    for name, level in form.checks.items():
        line = source.line_of(("checks", name))
        rule = RULES.get(name)
        if rule is None:
            mend = did_you_mean(name, [r.name for r in RULES.values() if not r.fixed])
            yield Problem(FILE, line, f"there is no rule “{name}”", mend)
        elif level not in LEVELS:
            what = f"the level of “{name}” cannot be “{level}”"
            yield Problem(FILE, line, what, did_you_mean(level, LEVELS))
        elif rule.fixed:
            what = f"the rule “{name}” cannot have another level"
            mend = "remove this line: a site that breaks it cannot be compiled"
            yield Problem(FILE, line, what, mend)


def _guides(form: _Site, source: YamlSource) -> Iterator[Problem]:
    for name in form.guides:
        if name not in GUIDES:
            what = f"no page asks for a guide “{name}”"
            yield Problem(FILE, source.line_of(("guides", name)), what, did_you_mean(name, GUIDES))


def place_problem(place: str, articles: set[int], trees: set[str], lines: set[str]) -> str | None:
    """Tell what is wrong with a place that site.yaml names, or None."""
    kind, colon, name = place.partition(":")
    known: dict[str, set[str]] = {
        "page": set(PAGES),
        "tree": trees,
        "article": {str(id_) for id_ in articles},
        "product": lines,
    }
    if kind in known and colon:
        if name in known[kind]:
            return None
        return f"there is no {kind} “{name}”; {did_you_mean(name, sorted(known[kind])[:40])}"
    if place.startswith("/") and not place.startswith("//"):
        return None
    if kind in ("http", "https", "mailto", "tel") and colon and len(name) > 2:
        return None
    return f"“{place}” is no place; write page:…, tree:…, article:…, product:… or a full address"


def _site(form: _Site) -> Site:
    texts = {
        name: getattr(form, name).text(form.languages)
        for name in ("name", "tagline", "disclaimer", "disclaimer_faq", "search_hint")
    }
    return Site(
        **texts,
        brand=form.brand,
        company=form.company or form.brand,
        languages=form.languages,
        translations_required=form.translations == "required",
        offline=form.offline,
        accent=Accent(form.accent.light, form.accent.dark) if form.accent else None,
        logo=form.logo,
        style=form.style,
        menu=tuple(Link(one.name.text(form.languages), one.place) for one in form.menu),
        agreements=form.agreements,
        guides=form.guides,
        search_examples=form.search_examples,
        common_problems=form.common_problems,
        starts=tuple(Start(s.label.text(form.languages), s.tree) for s in form.starts),
        tiles=tuple(
            Tile(t.name.text(form.languages), t.line.text(form.languages), t.icon, t.place)
            for t in form.tiles
        ),
        categories={key: words.text(form.languages) for key, words in form.categories.items()},
        footer=tuple(Link(one.name.text(form.languages), one.place) for one in form.footer),
        history=form.history.show,
        edit_url=form.history.edit_url,
        edit_for_all=form.history.edit_for == "all",
        people=form.people,
        content_email=form.content_email,
        forum_url=form.forum_url,
        sales_email=form.sales_email,
        support_email=form.support_email,
        complaints_email=form.complaints_email,
        queue_email=form.queue_email,
    )


def _wrong_languages(form: _Site, source: YamlSource) -> Iterator[Problem]:
    for number, lang in enumerate(form.languages):
        if lang not in LANGUAGES:
            what = f"the pages are not written in “{lang}”"
            yield Problem(
                FILE, source.line_of(("languages", number)), what, did_you_mean(lang, LANGUAGES)
            )
    if len(set(form.languages)) < len(form.languages):
        yield Problem(
            FILE, source.line_of(("languages",)), "a language is there twice", "remove one"
        )
    for lang in form.search_examples:
        if lang not in form.languages:
            what = f"“{lang}” is not a language of this site"
            yield Problem(FILE, source.line_of(("search_examples", lang)), what, "remove it")


def _look(form: _Site, root: Path, source: YamlSource) -> Iterator[Problem]:
    for theme, canvas in CANVAS.items():
        colour = getattr(form.accent, theme) if form.accent else None
        if colour and contrast(colour, canvas) < LEAST_CONTRAST:
            ratio = f"{contrast(colour, canvas):.1f}"
            what = f"the {theme} accent {colour} has a contrast of {ratio} on {canvas}"
            way = "darker" if theme == "light" else "lighter"
            mend = f"choose a {way} one, {LEAST_CONTRAST} or more"
            yield Problem(FILE, source.line_of(("accent", theme)), what, mend)
    drawn = sorted(path.stem for path in (TEMPLATES / "parts" / "icons").glob("*.svg"))
    for number, tile in enumerate(form.tiles):
        if tile.icon not in drawn:
            what = f"there is no icon “{tile.icon}”"
            where = source.line_of(("tiles", number, "icon"))
            yield Problem(FILE, where, what, did_you_mean(tile.icon, drawn))
    for key in ("logo", "style"):
        name = getattr(form, key)
        if name and not (root / "static" / name).is_file():
            what = f"there is no file static/{name}"
            yield Problem(FILE, source.line_of((key,)), what, f"add it, or remove “{key}”")
