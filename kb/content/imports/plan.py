"""What an import will write: translations together; number, slug and category of each article."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kb.content.imports.fields import Head, Mapped, read_head, split_head
from kb.content.imports.report import Report
from kb.content.markdown.slugs import slug

SIZE_LIMIT = 5 * 1024 * 1024
FIRST_NUMBER = 1001
HIGHEST_NUMBER = 999_999_999
WRITTEN = re.compile(r"\.(md|markdown|mdx|html?)$", re.IGNORECASE)
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff]")


@dataclass(slots=True)
class Planned:
    """One article to be: its files by language and what their front matters say."""

    key: str
    files: dict[str, Path]
    heads: dict[str, Head]
    number: int = 0
    slug: str = ""
    category: str = ""

    @property
    def folder(self) -> str:
        return f"articles/{self.category}/{self.number}-{self.slug}"


@dataclass(slots=True)
class Plan:
    """All articles of an import, and how foreign names lead to them."""

    languages: tuple[str, ...]
    articles: list[Planned] = field(default_factory=list)
    by_path: dict[str, int] = field(default_factory=dict)
    by_name: dict[str, int] = field(default_factory=dict)
    by_number: dict[int, Planned] = field(default_factory=dict)


def plan_import(source: Path, folders: Mapping[str, str], mapped: Mapped, report: Report) -> Plan:
    """Read every front matter and decide what becomes of each file; raises OSError."""
    plan = Plan(tuple(folders))
    found: dict[str, Planned] = {}
    stems: dict[str, str] = {}
    for lang, folder in folders.items():
        root = (source / folder).resolve()
        for path in _files(root, report):
            text = read_text(path, f"{folder}/{path.relative_to(root)}", report)
            if text is None:
                continue
            key = WRITTEN.sub("", path.relative_to(root).as_posix())
            key = key if key in found else stems.get(key.rpartition("/")[2], key)
            article = found.setdefault(key, Planned(key, {}, {}))
            stems.setdefault(key.rpartition("/")[2], key)
            name = f"{folder}/{path.relative_to(root).as_posix()}"
            if lang in article.files:
                report.leave_out(name, "another file with this name was taken for this language")
                continue
            data, body = split_head(name, text, report)
            article.files[lang] = path
            article.heads[lang] = read_head(name, data, body, mapped, report)
            plan.by_path[str(path)] = 0
    _number(found, mapped, plan, report)
    return plan


def _files(root: Path, report: Report) -> Iterator[Path]:
    """Every Markdown file below a language's folder; links out of it are left out."""
    for path in sorted(root.rglob("*")):
        if path.suffix.lower() not in (".md", ".markdown", ".mdx") or path.name.startswith("."):
            continue
        report.read += 1
        if not path.resolve().is_relative_to(root):
            report.leave_out(str(path.relative_to(root)), "a link out of the folder")
        elif path.is_file():
            yield path


def read_text(path: Path, name: str, report: Report) -> str | None:
    """A file's text in whatever encoding it is; None, with the reason, when it is too large or
    none."""
    if path.stat().st_size > SIZE_LIMIT:
        report.leave_out(name, f"more than {SIZE_LIMIT // (1024 * 1024)} MB")
        return None
    raw = path.read_bytes()
    try:
        if raw.startswith(_UTF_16):
            raw = raw.decode("utf-16").encode()
            report.note(name, "encoding that is not UTF-8, read as UTF-16")
        if b"\0" in raw:
            report.leave_out(name, "not a text")
            return None
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
        report.note(name, "encoding that is not UTF-8, read as Windows-1252")
    text, controls = _CONTROL.subn("", text.replace("\r\n", "\n").replace("\r", "\n"))
    report.note(name, "control characters, dropped", controls)
    return text


def _number(found: dict[str, Planned], mapped: Mapped, plan: Plan, report: Report) -> None:
    """Give every article a number of its own, a slug and a category."""
    taken: set[int] = set()
    waiting: list[Planned] = []
    for article in found.values():
        head = next(iter(article.heads.values()))
        if head.number is not None and head.number not in taken:
            article.number = head.number
            taken.add(head.number)
        else:
            waiting.append(article)
    free = max([FIRST_NUMBER - 1, *taken]) + 1
    if free + len(waiting) > HIGHEST_NUMBER:
        free = FIRST_NUMBER
    for article in waiting:
        while free in taken:
            free += 1
        article.number, free = free, free + 1
        report.note(article.key, "number that was missing or taken, a new one given")
    for article in found.values():
        lang = next(one for one in plan.languages if one in article.heads)
        head = article.heads[lang]
        english = article.heads.get("en", head)
        article.slug = slug(english.title) or slug(head.title) or "article"
        name = head.category or (head.products[0] if head.products else "")
        article.category = slug(name, 40) or slug(mapped.default_category, 40) or "general"
        plan.articles.append(article)
        plan.by_number[article.number] = article
        plan.by_name.setdefault(article.key.rpartition("/")[2].lower(), article.number)
        for path in article.files.values():
            plan.by_path[str(path)] = article.number
