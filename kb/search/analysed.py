"""A document turned into what the index holds: weighted terms, places of words, shown text."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from kb.search import analysis
from kb.search.documents import Document
from kb.search.groups import Group, group_of

TITLE_WEIGHT, SUMMARY_WEIGHT, HEADING_WEIGHT, KEYWORD_WEIGHT, CODE_WEIGHT = 3.0, 2.0, 1.0, 2.0, 3.0
"""What a word counts in these parts, beside 1 in the body: the F of BM25F, as
frequencies are weighted and added up before they saturate."""


@dataclass(frozen=True, slots=True)
class Analysed:
    """`text` and `title` are the two scored fields (term -> weighted frequency); `content` is what
    is shown (title, summary, body, a line each) and `places` its words (main term, start, end)."""

    key: str
    fingerprint: str
    group: Group
    text: dict[str, float]
    text_length: int
    title: dict[str, float]
    title_length: int
    title_line: str
    content: str
    places: tuple[tuple[str, int, int], ...]
    forms: dict[str, int]
    record: str
    error_codes: tuple[str, ...]


def analyse(document: Document) -> Analysed:
    """Analyse one document; a pure function of it."""
    lang = document.lang
    title = _line(document.title)
    head = "\n".join((title, _line(document.summary)))
    content = f"{head}\n{analysis.normal(document.body)}"
    places: list[tuple[str, int, int]] = []
    text: Counter[str] = Counter()
    for token in analysis.tokens(content, lang):
        weight = _weight(token.start, len(title), len(head))
        places.append((token.terms[0], token.start, token.end))
        for term in token.terms:
            text[term] += weight  # type: ignore[assignment]
    codes = _terms(document.error_codes, lang)
    for extra, weight in (
        (_terms(document.headings, lang), HEADING_WEIGHT),
        (_terms(document.keywords, lang), KEYWORD_WEIGHT),
        (codes, CODE_WEIGHT),
    ):
        for term in extra:
            text[term] += weight  # type: ignore[assignment]
    in_title = [*analysis.terms(title, lang), *codes]
    return Analysed(
        key=document.key,
        fingerprint=document.print,
        group=group_of(document),
        text={term: float(count) for term, count in text.items()},
        text_length=round(sum(text.values())),
        title={term: float(count) for term, count in Counter(in_title).items()},
        title_length=len(in_title),
        title_line=title,
        content=content,
        places=tuple(places),
        forms=forms_of(content, document.keywords),
        record=_record(document, title, len(head) - len(title)),
        error_codes=document.error_codes,
    )


def forms_of(content: str, keywords: Iterable[str] = ()) -> dict[str, int]:
    """Return the plain words as they are spelt; what spelling may suggest."""
    spelt = analysis.words("\n".join((content, *map(analysis.normal, keywords))))
    return {word: 1 for word in spelt if 3 <= len(word) <= 24 and word.isalpha()}


def _weight(start: int, title_end: int, head_end: int) -> float:
    if start < title_end:
        return TITLE_WEIGHT
    return SUMMARY_WEIGHT if start < head_end else 1.0


def _terms(texts: Iterable[str], lang: str) -> list[str]:
    return [term for text in texts for term in analysis.terms(analysis.normal(text), lang)]


def _line(text: str) -> str:
    return " ".join(analysis.normal(text).split())


def _record(document: Document, title: str, summary_length: int) -> str:
    """What a hit shows, as JSON; `summary` is the length of the content's second line."""
    return json.dumps(
        {
            "id": document.id,
            "kind": document.kind.value,
            "title": title,
            "summary": summary_length - 1,
            "url": document.url,
            "type": document.type,
            "products": document.products,
            "audience": document.audience,
            "status": document.status,
            "supported": document.supported,
            "error_codes": document.error_codes,
            "keywords": document.keywords,
            "updated": document.updated.isoformat() if document.updated else None,
        },
        ensure_ascii=False,
    )
