"""Zendesk Guide: what its Help Center API lists (`articles`, `translations`, `sections`,
`categories`), saved as JSON files, page by page or together."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from kb.content.imports.foreign import Export, Foreign
from kb.content.imports.json_files import (
    body,
    day,
    language,
    listed,
    names_in,
    read_json_files,
    words,
)
from kb.content.imports.report import Report
from kb.content.problems import ContentError, Problem
from kb.rules.articles import Audience, Status

_ADDRESS = re.compile(r"/(?:hc|help_center)/(?:[\w-]+/)?articles/(\d+)")
Record = dict[str, Any]


def read_zendesk(source: Path, pictures: tuple[Path, ...], report: Report) -> Export:
    """Read an export; raises ContentError. Translations come from the list `translations` (each
    with `source_id`), from `translations` inside an article, or as articles with another locale."""
    files = read_json_files(source)
    found = {name: [one for _, data in files for one in listed(data, name)] for name in _LISTS}
    if not found["articles"]:
        mend = "save what /api/v2/help_center/articles.json answers, all its pages"
        raise ContentError((Problem(source.name, 1, "there is no list “articles”", mend),))
    shelves = _shelves(found["sections"], found["categories"])
    translations = _translations(found["translations"])
    articles: list[Foreign] = []
    for record in found["articles"]:
        articles += _versions(record, translations, shelves, report)
    folders = (*pictures, source if source.is_dir() else source.parent)
    return Export(tuple(articles), _article_of, folders)


_LISTS = ("articles", "translations", "sections", "categories")


def _article_of(href: str, article: Foreign) -> str | None:
    found = _ADDRESS.search(href)
    return found[1] if found else None


def _shelves(sections: Iterable[Record], categories: Iterable[Record]) -> Mapping[str, str]:
    """The name of each section; with its category's before it where two are called alike."""
    above = {words(one, "id"): words(one, "name") for one in categories}
    named = [(words(one, "id"), words(one, "name"), words(one, "category_id")) for one in sections]
    times = Counter(name for _, name, _ in named)
    return {
        id_: f"{above[category]}: {name}" if times[name] > 1 and category in above else name
        for id_, name, category in named
    }


def _translations(records: Iterable[Record]) -> Mapping[str, list[Record]]:
    found: dict[str, list[Record]] = {}
    for record in records:
        found.setdefault(words(record, "source_id"), []).append(record)
    return found


def _versions(
    record: Record,
    translations: Mapping[str, list[Record]],
    shelves: Mapping[str, str],
    report: Report,
) -> list[Foreign]:
    """The article in each of its languages; its own text first, so it wins over a copy."""
    key = words(record, "id")
    inside = record.get("translations")
    others = [one for one in (inside if isinstance(inside, list) else ()) if isinstance(one, dict)]
    made: dict[str, Foreign] = {}
    for one in ({**record}, *others, *translations.get(key, ())):
        lang = language(words(one, "locale") or words(record, "locale", "source_locale"))
        if lang not in made:
            made[lang] = _one({**record, **one, "id": record.get("id")}, lang, shelves, report)
    return list(made.values())


def _one(record: Record, lang: str, shelves: Mapping[str, str], report: Report) -> Foreign:
    key = words(record, "id")
    status = Status.DRAFT if record.get("draft") else Status.PUBLISHED
    audience = Audience.PUBLIC
    if record.get("user_segment_id") is not None or record.get("user_segment_ids"):
        audience = Audience.INTERNAL
        report.note(f"{key} ({lang})", "shown to some people only, for agents until you say more")
    return Foreign(
        key=key,
        lang=lang,
        title=words(record, "title", "name"),
        html=body(record, "body"),
        category=shelves.get(words(record, "section_id"), ""),
        keywords=names_in(record.get("label_names")),
        updated=day(record, "edited_at", "updated_at", "created_at"),
        status=status,
        audience=audience,
    )
