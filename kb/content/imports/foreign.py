"""Articles of another help desk, and the way to a site: staged as Markdown, then imported as that.

Each reader (`zendesk.py`, `freshdesk.py`, …) makes an `Export`; `import_export` writes its articles
as Markdown into a folder of its own and hands that to the Markdown import, which mends links,
headings and numbers as ever. Pictures are taken from local folders only; nothing is fetched.
"""

import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from bs4 import Tag

from kb.content.imports.fields import Mapped
from kb.content.imports.files import LocalFiles
from kb.content.imports.html import TooDeep, markdown_of, soup_of
from kb.content.imports.markdown import import_markdown
from kb.content.imports.report import Report
from kb.content.markdown.slugs import slug
from kb.rules.articles import Audience, Status

_SAFE = re.compile(r"[^A-Za-z0-9-]+")


@dataclass(frozen=True, slots=True)
class Foreign:
    """One article in one language as the other program kept it; `key` is the same for its
    translations, `folder` is where its pictures' relative addresses begin."""

    key: str
    lang: str
    title: str
    html: str
    summary: str = ""
    category: str = ""
    keywords: tuple[str, ...] = ()
    updated: date | None = None
    status: Status = Status.PUBLISHED
    audience: Audience = Audience.PUBLIC
    folder: Path | None = None


@dataclass(frozen=True, slots=True)
class Export:
    """What a reader found: the articles; `article_of` tells which article an address leads to;
    `files` are the folders in which pictures and other files may lie."""

    articles: tuple[Foreign, ...]
    article_of: Callable[[str, Foreign], str | None]
    files: tuple[Path, ...] = ()


def import_export(
    export: Export,
    out: Path,
    languages: tuple[str, ...],
    report: Report,
    mapped: Mapped | None = None,
    step: Any = None,
) -> Report:
    """Write a site into the empty folder `out`; `languages`, the default first. Returns the report,
    with what the reader noted in it. Raises OSError."""
    with tempfile.TemporaryDirectory() as made:
        staged = Path(made)
        for lang in languages:
            (staged / lang).mkdir()
        _stage(export, staged, languages, report)
        folders = {lang: lang for lang in languages if any((staged / lang).iterdir())}
        first = import_markdown(staged, out, folders or {languages[0]: languages[0]},
                                mapped or Mapped(), step)  # fmt: skip
    return _joined(report, first)


def _stage(export: Export, staged: Path, languages: Iterable[str], report: Report) -> None:
    names = _names(export.articles)
    files = LocalFiles(export.files)
    taken: set[tuple[str, str]] = set()
    for article in export.articles:
        shown = f"{article.key} ({article.lang})"
        report.read += 1
        if article.lang not in languages:
            report.leave_out(shown, f"in a language that was not asked for: {article.lang or '?'}")
        elif (article.key, article.lang) in taken:
            report.leave_out(shown, "the same article twice; the first was taken")
        else:
            taken.add((article.key, article.lang))
            _stage_one(export, article, names, files, staged, shown, report)


def _stage_one(
    export: Export,
    article: Foreign,
    names: Mapping[str, str],
    files: LocalFiles,
    staged: Path,
    shown: str,
    report: Report,
) -> None:
    try:
        root = soup_of(article.html)
    except TooDeep:
        report.leave_out(shown, "its elements are nested deeper than anybody writes")
        return
    folder = staged / article.lang
    for picture in root.find_all("img"):
        _place_picture(files, article, picture, folder, shown, report)
    for link in root.find_all("a", href=True):
        key = export.article_of(str(link["href"]), article) or ""
        if key in names:
            link["href"] = f"{names[key]}.md"
        elif found := files.find(str(link["href"]), article.folder):
            link["href"] = _placed(found, article, folder)
            report.note(shown, "file of the export, now beside the article")
    body = markdown_of(root)
    keys = yaml.safe_dump(_front_matter(article), allow_unicode=True, sort_keys=False, width=10_000)
    path = folder / f"{names[article.key]}.md"
    path.write_text(f"---\n{keys}---\n\n{body}", encoding="utf-8")


def _names(articles: Iterable[Foreign]) -> dict[str, str]:
    """A file name for each key; those alike but for case or signs are told apart."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for article in articles:
        name = _SAFE.sub("-", article.key).strip("-").lower() or "article"
        if article.key not in names:
            names[article.key] = name if name not in taken else f"{name}-x{len(names)}"
            taken.add(names[article.key])
    return names


def _front_matter(article: Foreign) -> dict[str, Any]:
    keys = {
        "title": article.title,
        "summary": article.summary,
        "keywords": list(article.keywords),
        "category": article.category,
        "updated": article.updated,
        "status": str(article.status),
        "audience": str(article.audience),
    }
    return {key: value for key, value in keys.items() if value}


def _place_picture(
    files: LocalFiles, article: Foreign, picture: Tag, folder: Path, shown: str, report: Report
) -> None:
    """Copy a local picture beside the staged article; one that is not there is left to the import,
    which makes a link of an address outside and says what is missing."""
    src = str(picture.get("src") or "")
    if not src or src.lower().startswith("data:"):
        return
    found = files.find(src, article.folder)
    if found is not None:
        picture["src"] = _placed(found, article, folder)
        report.note(shown, "picture of the export, now beside the article")
    elif not src.lower().startswith(("http:", "https:")):
        picture["src"] = "not-there.png"


def _placed(found: Path, article: Foreign, folder: Path) -> str:
    """Copy a file for one article; return its path from the staged language's folder."""
    target = folder / "files" / (slug(article.key) or "article")
    target.mkdir(parents=True, exist_ok=True)
    made = target / f"{slug(found.stem) or 'file'}{found.suffix.lower()}"
    if made.exists() and made.read_bytes() != found.read_bytes():
        made = target / f"{made.stem}-{len(list(target.iterdir()))}{made.suffix}"
    shutil.copyfile(found, made)
    return os.path.relpath(made, folder)


def _joined(reader: Report, written: Report) -> Report:
    """One report of both steps; the reader's names of articles stand beside the files'."""
    for path, counts in written.mended.items():
        for what, times in counts.items():
            reader.note(path, what, times)
    reader.left_out.update(written.left_out)
    reader.written, reader.articles = written.written, written.articles
    reader.numbers = written.numbers
    return reader
