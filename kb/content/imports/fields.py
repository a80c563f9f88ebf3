"""Foreign front matter becomes our keys, by a mapping that a file can change."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from html import unescape
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from kb.content.imports.report import Report
from kb.content.problems import ContentError
from kb.content.validate import Form
from kb.content.yaml_source import read_yaml
from kb.rules.articles import Audience, Status

_MARK = re.compile(r"---[ \t]*\n")
_END = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)
_PART = re.compile(r"\n(?=[^\W\d_][\w .-]*?\s*:(?:\s|$))")
_PAIR = re.compile(r"([^\W\d_][\w .-]*?)\s*:\s*(.*)$", re.DOTALL)
_ITEM = re.compile(r"^\s*-\s+", re.MULTILINE)
_NAMED = re.compile(r"\[!(?:UICONTROL|DNL|BADGE)\s+([^\]]+)\]", re.IGNORECASE)
_QUOTED = re.compile(r'^"([^"]+)"(\.?)$')
_TAG = re.compile(r"<[^>]*>")
_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_US_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_DIGITS = re.compile(r"(?<!\d)\d{1,9}(?!\d)")  # longer ones are no number that people say
_HOW_TO = re.compile(r"(?i)\s*(how to|how do i|cómo|como)\b")
_FAQ = re.compile(r"(?i)\b(faq|frequently asked|preguntas frecuentes)\b")
_NOTHING = {"", "null", "none", "n/a", "na", "~"}
LONGEST_TITLE = 200
LONGEST_SUMMARY = 400


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Names = Annotated[tuple[str, ...], BeforeValidator(_listed)]


class Fields(Form):
    """Ours: theirs. The first of theirs that is there and not empty is taken."""

    id: Names = ("article-number", "article_number", "id", "kb", "number")
    title: Names = ("title", "name", "heading")
    summary: Names = ("summary", "description", "excerpt", "abstract")
    keywords: Names = ("keywords", "tags", "labels")
    products: Names = ("product", "products", "applies-to", "solution")
    type: Names = ("type", "content-type")
    updated: Names = (
        *("updated", "last-update", "last_modified", "lastmod", "ms.date"),
        *("article-published-date", "date"),
    )
    owner: Names = ("owner", "team", "author")
    category: Names = ("category", "section")
    status: Names = ("status", "draft")
    audience: Names = ("audience", "visibility")


class Mapped(Form):
    """The mapping file of `kb import markdown --map FILE`."""

    fields: Fields = Fields()
    products: dict[str, str] = Field(default_factory=dict)
    drop_keywords: Names = ()
    default_category: str = "general"


@dataclass(frozen=True, slots=True)
class Head:
    """What a foreign front matter says, in our words; `number` is None where it names none."""

    title: str
    summary: str
    keywords: tuple[str, ...]
    products: tuple[str, ...]
    type: str
    updated: date | None
    owner: str
    category: str
    number: int | None
    status: Status = Status.PUBLISHED
    audience: Audience = Audience.PUBLIC


def split_head(path: str, text: str, report: Report) -> tuple[dict[str, Any], str]:
    """Part foreign front matter and body; what is not strict YAML is read line by line."""
    start = _MARK.match(text)
    end = _END.search(text, start.end()) if start else None
    if start is None or end is None:
        return {}, text
    source, body = text[start.end() : end.start()], text[end.end() :].lstrip("\n")
    try:
        data = read_yaml(path, source).data
        if isinstance(data, dict):
            return {str(key): value for key, value in data.items()}, body
    except ContentError:
        report.note(path, "front matter that is not strict YAML, read line by line")
    return _by_line(path, source), body


def _by_line(path: str, source: str) -> dict[str, Any]:
    """Read each key with the lines below it that belong to it; a value that is no YAML by itself
    is words, as it stands."""
    found: dict[str, Any] = {}
    for part in _PART.split(source):
        pair = _PAIR.match(part)
        if pair is None:
            continue
        try:
            data = read_yaml(path, part.expandtabs(4)).data
        except ContentError:
            data = None
        if isinstance(data, dict) and len(data) == 1:
            found[pair[1]] = next(iter(data.values()))
        else:
            found[pair[1]] = _bare(pair[2])
    return found


def _bare(value: str) -> str:
    """A value that is no YAML, on one line, without the marks of lists and quotes around it."""
    lines = [_ITEM.sub("", line).strip() for line in value.strip().split("\n")]
    plain = (", " if _ITEM.search(value) else " ").join(filter(None, lines))
    around = plain[:1] if plain[:1] in ("'", '"') else ""
    if around and (plain.endswith(around) or plain.count(around) == 1):
        return plain.strip(around)
    return plain


def read_head(
    path: str, data: Mapping[str, Any], body: str, mapped: Mapped, report: Report
) -> Head:
    """Read a foreign front matter by the mapping; what is too long is cut and reported."""
    fields = mapped.fields
    title = _words(_first(data, fields.title)) or _first_heading(body) or _from_name(path)
    summary = _words(_first(data, fields.summary))
    keywords = tuple(
        word for word in _split(_first(data, fields.keywords)) if word not in mapped.drop_keywords
    )
    named = _split(_first(data, fields.products))
    return Head(
        title=_cut(path, "title", title, LONGEST_TITLE, report),
        summary=_cut(path, "summary", summary, LONGEST_SUMMARY, report),
        keywords=tuple(dict.fromkeys(keywords)),
        products=tuple(dict.fromkeys(mapped.products.get(name, name) for name in named)),
        type=_type(str(_first(data, fields.type)), title),
        updated=_day(path, _first(data, fields.updated), report),
        owner=_words(_first(data, fields.owner)),
        category=_words(_first(data, fields.category)),
        number=_number(str(_first(data, fields.id)), path),
        status=_status(str(_first(data, fields.status))),
        audience=_audience(path, str(_first(data, fields.audience)), report),
    )


def _first(data: Mapping[str, Any], names: tuple[str, ...]) -> Any:
    lower = {key.lower(): value for key, value in data.items()}
    for name in names:
        value = lower.get(name.lower())
        if value is not None and str(value).strip().lower() not in _NOTHING:
            return value
    return ""


def _words(value: Any) -> str:
    """Plain words: entities resolved, tags, marks, line ends and quotes around it all gone; of
    several values, all."""
    return ", ".join(filter(None, map(_plain, _leaves(value))))


def _plain(value: str) -> str:
    plain = _NAMED.sub(r"\1", _TAG.sub("", unescape(unescape(value))))
    words = " ".join("".join(c if c.isprintable() else " " for c in plain).split())
    return _QUOTED.sub(r"\1\2", words).strip()


def _leaves(value: Any) -> Iterator[str]:
    """Every value that is no list or map, however deep, as text."""
    parts = value.values() if isinstance(value, dict) else value
    if not isinstance(value, dict | list):
        yield "" if value is None else str(value)
        return
    for part in parts:
        yield from _leaves(part)


def _split(value: Any) -> list[str]:
    parts = _leaves(value) if isinstance(value, dict | list) else str(value).split(",")
    return [words for part in parts if (words := _plain(part))]


def _cut(path: str, name: str, text: str, longest: int, report: Report) -> str:
    if len(text) <= longest:
        return text
    report.note(path, f"{name} cut to {longest} characters")
    return text[: longest - 1].rpartition(" ")[0] + "…"


def _first_heading(body: str) -> str:
    found = re.search(r"^#{1,2}\s+(.+?)\s*#*\s*(?:\{[^}]*\})?$", body, re.MULTILINE)
    return _words(found[1]) if found else ""


def _from_name(path: str) -> str:
    stem = path.rpartition("/")[2].rpartition(".")[0]
    return re.sub(r"[-_]+", " ", stem).strip().capitalize() or "Untitled"


def _type(given: str, title: str) -> str:
    if given.lower() in ("how-to", "howto", "tutorial") or _HOW_TO.match(title):
        return "how-to"
    return "faq" if given.lower() == "faq" or _FAQ.search(title) else "reference"


def _status(given: str) -> Status:
    """`draft: true` and words for it are a draft; what is archived or outdated is archived."""
    word = given.strip().lower()
    if word in ("draft", "true", "yes", "unpublished"):
        return Status.DRAFT
    return Status.ARCHIVED if word in ("archived", "outdated", "retired") else Status.PUBLISHED


def _audience(path: str, given: str, report: Report) -> Audience:
    """Who may read it; words that are not known mean agents only, so that nothing gets out."""
    word = given.strip().lower()
    if word in ("", "public", "everyone", "all", "external"):
        return Audience.PUBLIC
    if word in ("customers", "signed-in", "logged-in", "users"):
        return Audience.CUSTOMERS
    if word not in ("internal", "agents", "staff", "private"):
        report.note(path, "audience that is not known, for agents only until you say more")
    return Audience.INTERNAL


def _day(path: str, value: Any, report: Report) -> date | None:
    if isinstance(value, date):
        return value
    text = str(value)
    try:
        if found := _DAY.match(text):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _US_DAY.match(text):
            return date(int(found[3]), int(found[1]), int(found[2]))
    except ValueError:
        pass
    if text:
        report.note(path, "date that could not be read, left out")
    return None


def _number(given: str, path: str) -> int | None:
    stem = path.rpartition("/")[2].rpartition(".")[0]
    for text in (given, stem):
        found = _DIGITS.search(text)
        if found and int(found[0]):
            return int(found[0])
    return None
