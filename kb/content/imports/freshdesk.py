"""Freshdesk: its account export (`Solutions*.json`, categories with folders with articles), or what
its API lists (`/api/v2/solutions/…`), saved as JSON files."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kb.content.imports.foreign import Export, Foreign
from kb.content.imports.json_files import body, day, language, names_in, read_json_files, words
from kb.content.imports.report import Report
from kb.content.problems import ContentError, Problem
from kb.rules.articles import Audience, Status

_ADDRESS = re.compile(r"/solution[s]?/articles/(\d+)")
_DRAFT = "1"
_VISIBLE = {"": Audience.PUBLIC, "1": Audience.PUBLIC, "2": Audience.CUSTOMERS}  # else: agents
Record = dict[str, Any]


def read_freshdesk(source: Path, pictures: tuple[Path, ...], lang: str, report: Report) -> Export:
    """Read an export; raises ContentError. Articles that name no language are in `lang`."""
    articles: list[Foreign] = []
    folders: dict[str, Record] = {}
    records: list[tuple[Record, Record]] = []
    for _, data in read_json_files(source):
        for record, folder in _walk(data, {}):
            if _is_article(record):
                records.append((record, folder))
            else:
                folders[words(record, "id")] = record
    for record, inside in records:
        folder = folders.get(words(record, "folder_id"), inside)
        articles.append(_one(record, folder, lang, report))
    if not articles:
        mend = "save the folder “Solutions” of the account export, or the articles of the API"
        raise ContentError((Problem(source.name, 1, "there are no solution articles", mend),))
    base = source if source.is_dir() else source.parent
    return Export(tuple(articles), _article_of, (*pictures, base))


def _article_of(href: str, article: Foreign) -> str | None:
    found = _ADDRESS.search(href)
    return found[1] if found else None


def _walk(data: Any, folder: Record) -> Iterator[tuple[Record, Record]]:
    """Every folder and article, each with the folder around it, however the file wraps them."""
    if isinstance(data, list):
        for one in data:
            yield from _walk(one, folder)
    elif isinstance(data, dict):
        inner = next((data[name] for name in _WRAPS if isinstance(data.get(name), dict)), None)
        if inner is not None and len(data) == 1:
            yield from _walk(inner, folder)
            return
        is_folder = "visibility" in data and not _is_article(data)
        if is_folder or _is_article(data):
            yield data, folder
        for name in _LISTS:
            yield from _walk(data.get(name), data if is_folder else folder)


_WRAPS = ("category", "solution_category", "folder", "solution_folder", "article",
          "solution_article")  # fmt: skip
_LISTS = ("categories", "folders", "all_folders", "articles", "published_articles", "translations")


def _is_article(record: Record) -> bool:
    return "title" in record and ("description" in record or "folder_id" in record)


def _one(record: Record, folder: Record, lang: str, report: Report) -> Foreign:
    key = words(record, "parent_id", "article_id", "id")
    seen = words(folder, "visibility")
    given = words(record, "language", "language_code")
    made = language(given) if given else lang
    if seen not in _VISIBLE:
        report.note(f"{key} ({made})", "shown to some people only, for agents until you say more")
    seo = record.get("seo_data")
    return Foreign(
        key=key,
        lang=made,
        title=words(record, "title"),
        html=body(record, "description", "desc_un_html"),
        summary=words(seo, "meta_description") if isinstance(seo, dict) else "",
        category=words(folder, "name"),
        keywords=names_in(record.get("tags")),
        updated=day(record, "modified_at", "updated_at", "created_at"),
        status=Status.DRAFT if words(record, "status") == _DRAFT else Status.PUBLISHED,
        audience=_VISIBLE.get(seen, Audience.INTERNAL),
    )
