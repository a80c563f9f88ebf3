"""Zammad: what its knowledge base API answers (`/api/v1/knowledge_bases/init`, and each answer with
its contents), saved as JSON files; the objects of all files are put together by their ids."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kb.content.imports.foreign import Export, Foreign
from kb.content.imports.json_files import body, day, language, names_in, read_json_files, words
from kb.content.imports.report import Report
from kb.content.problems import ContentError, Problem
from kb.rules.articles import Audience, Status

_ADDRESS = re.compile(r"/(?:answers?|help/[\w-]+/[\w%-]+)/(\d+)")
_NAMES = (
    *("KnowledgeBaseLocale", "KnowledgeBaseCategory", "KnowledgeBaseCategoryTranslation"),
    *("KnowledgeBaseAnswer", "KnowledgeBaseAnswerTranslation"),
    *("KnowledgeBaseAnswerTranslationContent", "Locale"),
)
Record = dict[str, Any]
Assets = Mapping[str, Mapping[str, Record]]


def read_zammad(
    source: Path, pictures: tuple[Path, ...], languages: tuple[str, ...], report: Report
) -> Export:
    """Read an export; raises ContentError. `languages` are those of the knowledge base in its
    order, for files that do not bring Zammad's own list of locales."""
    assets = _assets(source)
    spoken = _spoken(assets, languages)
    if not assets["KnowledgeBaseAnswerTranslation"]:
        mend = "save what /api/v1/knowledge_bases/init answers, and every answer with its contents"
        raise ContentError((Problem(source.name, 1, "there are no answers", mend),))
    articles = [
        _one(translation, assets, spoken, report)
        for translation in assets["KnowledgeBaseAnswerTranslation"].values()
    ]
    base = source if source.is_dir() else source.parent
    return Export(tuple(one for one in articles if one), _article_of, (*pictures, base))


def _article_of(href: str, article: Foreign) -> str | None:
    found = _ADDRESS.search(href)
    return found[1] if found else None


def _assets(source: Path) -> Assets:
    found: dict[str, dict[str, Record]] = {name: {} for name in _NAMES}
    for _, data in read_json_files(source):
        inside = data.get("assets", data) if isinstance(data, dict) else {}
        for name in _NAMES:
            records = inside.get(name)
            for id_, record in records.items() if isinstance(records, dict) else ():
                if isinstance(record, dict):
                    found[name].setdefault(str(id_), {}).update(record)
        for record in data if isinstance(data, list) else ():
            if isinstance(record, dict) and "locale" in record:
                found["Locale"][words(record, "id")] = record
    return found


def _spoken(assets: Assets, languages: tuple[str, ...]) -> Mapping[str, str]:
    """The language of each of the knowledge base's locales, the primary one first."""
    locales = sorted(
        assets["KnowledgeBaseLocale"].items(),
        key=lambda one: (not one[1].get("primary"), len(one[0]), one[0]),
    )
    found: dict[str, str] = {}
    for at, (id_, record) in enumerate(locales):
        known = assets["Locale"].get(words(record, "system_locale_id"))
        given = languages[at] if at < len(languages) else ""
        found[id_] = language(words(known, "locale", "alias")) if known else given
    return found


def _one(
    translation: Record, assets: Assets, spoken: Mapping[str, str], report: Report
) -> Foreign | None:
    key = words(translation, "answer_id")
    lang = spoken.get(words(translation, "kb_locale_id"), "")
    answer = assets["KnowledgeBaseAnswer"].get(key, {})
    content = assets["KnowledgeBaseAnswerTranslationContent"].get(words(translation, "content_id"))
    if content is None:
        report.read += 1
        report.leave_out(f"{key} ({lang})", "its content is not in the export; save the answer too")
        return None
    return Foreign(
        key=key,
        lang=lang,
        title=words(translation, "title"),
        html=body(content, "body"),
        category=_category(words(answer, "category_id"), translation, assets),
        keywords=names_in(answer.get("tags")),
        updated=day(translation, "updated_at"),
        status=_status(answer),
        audience=Audience.PUBLIC if _is_public(answer) else Audience.INTERNAL,
    )


def _status(answer: Record) -> Status:
    if answer.get("archived_at"):
        return Status.ARCHIVED
    shown = answer.get("published_at") or answer.get("internal_at")
    return Status.PUBLISHED if shown else Status.DRAFT


def _is_public(answer: Record) -> bool:
    """What is for staff only stays so, also in a draft or an archived answer."""
    return bool(answer.get("published_at")) or not answer.get("internal_at")


def _category(id_: str, translation: Record, assets: Assets) -> str:
    names = [
        one
        for one in assets["KnowledgeBaseCategoryTranslation"].values()
        if words(one, "category_id") == id_
    ]
    same = (one for one in names if one.get("kb_locale_id") == translation.get("kb_locale_id"))
    named = next(same, names[0] if names else {})
    return words(named, "title")
