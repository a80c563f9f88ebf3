"""A document turned into what the index holds: weighted terms, places of words, shown text."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from kb.search import analysis
from kb.search.documents import Document
from kb.search.groups import Group, group_of
from kb.search.stored import Array

TITLE_WEIGHT, SUMMARY_WEIGHT, HEADING_WEIGHT, KEYWORD_WEIGHT, CODE_WEIGHT = 3, 2, 1, 2, 3
"""What a word counts in these parts, beside 1 in the body: the F of BM25F, as
frequencies are weighted and added up before they saturate."""


CODE_PART = 0.5
"""What 2.3.4 counts in `2.3.4-p1`: less than where it stands alone."""


@dataclass(frozen=True, slots=True)
class Analysed:
    """`text` and `title` are the weighted frequencies of `terms` in the two scored fields.

    `content` is what is shown (title, summary, body, a line each). Its words are, one by one,
    number `place` of `terms`, from character `start`, `length` characters long."""

    key: str
    fingerprint: str
    group: Group
    terms: tuple[str, ...]
    text: Array
    text_length: int
    title: Array
    title_length: int
    title_line: str
    content: str
    place: Array
    start: Array
    length: Array
    forms: frozenset[str]
    record: str
    error_codes: tuple[str, ...]


def analyse(document: Document, fingerprint: str) -> Analysed:
    """Analyse one document; a pure function of it."""
    lang = document.lang
    title, summary = _line(document.title), _line(document.summary)
    content = f"{title}\n{summary}\n{analysis.normal(document.body)}"
    words, starts, of_words = analysis.chunks(content, lang)
    in_title = _counts((title, *document.error_codes), lang)
    text = _text(document, _counted(words, of_words), in_title)
    numbers = {term: number for number, term in enumerate(text)}
    kept = [
        (terms[0], at, len(word))
        for word, at, terms in zip(words, starts, of_words, strict=True)
        if terms
    ]
    return Analysed(
        key=document.key,
        fingerprint=fingerprint,
        group=group_of(document),
        terms=tuple(text),
        text=np.fromiter(text.values(), np.float32, len(text)),
        text_length=round(sum(text.values())),
        title=np.fromiter((in_title[term] for term in text), np.float32, len(text)),
        title_length=round(sum(in_title.values())),
        title_line=title,
        content=content,
        place=np.fromiter((numbers[term] for term, _, _ in kept), np.int32, len(kept)),
        start=np.fromiter((at for _, at, _ in kept), np.uint32, len(kept)),
        length=np.fromiter((min(long, 255) for _, _, long in kept), np.uint8, len(kept)),
        forms=forms_of(words, document.keywords),
        record=_record(document, title, len(summary)),
        error_codes=document.error_codes,
    )


def forms_of(words: Iterable[str], keywords: Iterable[str] = ()) -> frozenset[str]:
    """Return the distinct plain words as they are spelt; what spelling may suggest."""
    spelt = {word.lower() for word in {*words, *analysis.words("\n".join(keywords))}}
    return frozenset(word for word in spelt if 3 <= len(word) <= 24 and word.isalpha())


def _text(
    document: Document, text: Counter[str], in_title: Mapping[str, float]
) -> Mapping[str, float]:
    """The frequencies of all terms of a document, each weighted by where it stands."""
    lang = document.lang
    for counts, weight in (
        (in_title, TITLE_WEIGHT - 1),
        (_counts([document.summary], lang), SUMMARY_WEIGHT - 1),
        (_counts(document.headings, lang), HEADING_WEIGHT),
        (_counts(document.keywords, lang), KEYWORD_WEIGHT),
        (_counts(document.error_codes, lang), CODE_WEIGHT - TITLE_WEIGHT + 1),
    ):
        for term, count in counts.items():
            text[term] += weight * count  # type: ignore[assignment]
    return text


def _counts(texts: Iterable[str], lang: str) -> Counter[str]:
    """How often each term occurs in some texts."""
    words, _, of_words = analysis.chunks(analysis.normal("\n".join(texts)), lang)
    return _counted(words, of_words)


def _counted(words: Sequence[str], of_words: Sequence[tuple[str, ...]]) -> Counter[str]:
    """How often each term occurs; a part of a code or version counts less than the whole."""
    counts = Counter[str](chain.from_iterable(of_words))
    for word, terms in zip(words, of_words, strict=True):
        if len(terms) > 1 and any(letter.isdigit() for letter in word):
            for term in terms[1:]:
                counts[term] -= 1 - CODE_PART  # type: ignore[assignment]
    return counts


def _line(text: str) -> str:
    return " ".join(analysis.normal(text).split())


def _record(document: Document, title: str, summary_length: int) -> str:
    """What a hit shows, as JSON; `summary` is the length of the content's second line."""
    return json.dumps(
        {
            "id": document.id,
            "kind": document.kind.value,
            "title": title,
            "summary": summary_length,
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
