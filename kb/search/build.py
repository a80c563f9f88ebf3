"""Build the search index of one compiled site.

Incremental protocol (for `actions/compile_site.py`): give `build` *every* document of the new
site, every time, and the `previous` index folder if there is one. A document whose fingerprint
is the same as in `previous` is taken over without being analysed; one that is no longer given is
removed. For a document you know to be unchanged you may give `Kept(lang, key, fingerprint)`
instead and never load its text. `folder` must not exist; `previous` is only read (its files
are hard-linked) and may be deleted afterwards. A `previous` that is damaged or of another version
is not used; then a `Kept` cannot be honoured and SearchIndexError tells to give documents in full.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

import numpy as np

from kb.rules.vocabulary import NO_VOCABULARY, Vocabulary
from kb.search import analysis, forms, postings, ranking, rows, titles, whoosh_store
from kb.search.analysed import Analysed, forms_of
from kb.search.analysing import analysed
from kb.search.collection import Collection, SearchIndexError
from kb.search.documents import Document, Kept
from kb.search.groups import Group
from kb.search.stored import Moved


@dataclass(frozen=True, slots=True)
class BuildReport:
    """How many documents the new index holds, and how many were analysed, taken over, removed."""

    documents: int
    analysed: int
    kept: int
    removed: int


def build(
    folder: Path,
    documents: Iterable[Document | Kept],
    previous: Path | None = None,
    words: Mapping[str, Vocabulary] = MappingProxyType({}),
) -> BuildReport:
    """Write a new index into `folder`; raises SearchIndexError when the count is not right.

    `words` are the site's own for each language; they are looked at in queries alone."""
    wanted: dict[str, dict[str, Document | Kept]] = defaultdict(dict)
    for document in documents:
        if isinstance(document, Kept) or document.status != "draft":
            if document.key in wanted[document.lang]:
                raise SearchIndexError(f"{document.key} is given twice")
            wanted[document.lang][document.key] = document
    folder.mkdir(mode=0o700, parents=True)
    reports = [
        _build_language(
            folder / lang,
            lang,
            wanted[lang],
            previous / lang if previous else None,
            words.get(lang, NO_VOCABULARY),
        )
        for lang in sorted(wanted)
    ]
    gone = _gone(previous, wanted)
    (folder / "languages.json").write_text(json.dumps(sorted(wanted)))
    return BuildReport(
        documents=sum(report.documents for report in reports),
        analysed=sum(report.analysed for report in reports),
        kept=sum(report.kept for report in reports),
        removed=sum(report.removed for report in reports) + gone,
    )


def check_whole(folder: Path) -> None:
    """Raise SearchIndexError, OSError or ValueError when the index in `folder` is not whole."""
    for lang in json.loads((folder / "languages.json").read_text()):
        Collection.open(folder / lang, at_once=False)


def _build_language(
    folder: Path,
    lang: str,
    wanted: Mapping[str, Document | Kept],
    previous: Path | None,
    vocabulary: Vocabulary,
) -> BuildReport:
    old = _usable(previous)
    prints = {key: _print(document) for key, document in wanted.items()}
    before = old.keys if old else {}
    kept = {key for key, print_ in prints.items() if before.get(key, ("",))[0] == print_}
    if not kept:
        old, previous = None, None
    tasks = [(_given(wanted[key]), prints[key]) for key in wanted if key not in kept]
    added: list[Analysed] = []
    removed = sorted(row for key, (_, row) in before.items() if key not in kept) if old else []
    moved = whoosh_store.write(
        folder / "whoosh",
        previous / "whoosh" if previous else None,
        removed,
        _kept_in(added, tasks),
    )
    made = replace(_joined(lang, old, moved, removed, added), vocabulary=vocabulary)
    _check_count(folder, made, len(wanted))
    made.save(folder)
    gone = sum(key not in wanted for key in before)
    return BuildReport(len(wanted), len(added), len(kept), gone)


def _kept_in(added: list[Analysed], tasks: Sequence[tuple[Document, str]]) -> Iterator[Analysed]:
    """Hand documents on as they are analysed, and keep them all."""
    for document in analysed(tasks):
        added.append(document)
        yield document


def _joined(
    lang: str,
    old: Collection | None,
    moved: Moved,
    removed: Sequence[int],
    added: Sequence[Analysed],
) -> Collection:
    """The previous collection, less the removed rows, plus the added documents."""
    groups, numbers = _groups(old, moved, added)
    old_postings = old.postings if old else postings.EMPTY
    old_rows = old.rows if old else rows.EMPTY
    new_postings = postings.joined(old_postings, moved, added)
    new_rows = rows.joined(old_rows, moved, added, numbers, old_postings.terms, new_postings.terms)
    level = np.array([group.level for group in groups] or [0])[new_rows.group]
    return Collection(
        lang=lang,
        vocabulary=NO_VOCABULARY,
        keys=_keys(old, moved, added),
        groups=groups,
        postings=new_postings,
        rows=new_rows,
        forms=forms.changed(
            old.forms if old else forms.EMPTY,
            [_forms_at(old, row) for row in removed] if old else [],
            [(document.group.audience, document.forms) for document in added],
        ),
        titles=titles.joined(
            old.titles if old else titles.EMPTY,
            moved,
            [(document.title_line, document.error_codes) for document in added],
        ),
        scores=ranking.scores(new_postings, new_rows, level),
    )


def _groups(
    old: Collection | None, moved: Moved, added: Sequence[Analysed]
) -> tuple[tuple[Group, ...], list[int]]:
    """All groups, the previous ones first at their numbers, and the added documents' numbers."""
    numbers = {group: number for number, group in enumerate(old.groups if old else ())}
    of = [numbers.setdefault(document.group, len(numbers)) for document in added]
    return tuple(numbers), of


def _keys(
    old: Collection | None, moved: Moved, added: Sequence[Analysed]
) -> dict[str, tuple[str, int]]:
    keys = {}
    for key, (print_, row) in (old.keys if old else {}).items():
        if moved.move[row] >= 0:
            keys[key] = (print_, int(moved.move[row]))
    for document, row in zip(added, moved.fresh.tolist(), strict=True):
        keys[document.key] = (document.fingerprint, row)
    return keys


def _forms_at(old: Collection, row: int) -> tuple[str, frozenset[str]]:
    record = old.rows.record_of(row)
    words = analysis.words(old.rows.text_of(row))
    return str(record["audience"]), forms_of(words, record["keywords"])


def _usable(previous: Path | None) -> Collection | None:
    """The previous collection, or None when there is none that can be built upon."""
    if previous is None or not previous.is_dir():
        return None
    try:
        old = Collection.open(previous, at_once=False)
        return old if whoosh_store.count(previous / "whoosh") == len(old.keys) else None
    except Exception:  # whatever is wrong with it (Whoosh raises anything), we rebuild
        return None


def _print(document: Document | Kept) -> str:
    return document.fingerprint if isinstance(document, Kept) else document.print


def _given(document: Document | Kept) -> Document:
    if isinstance(document, Kept):
        raise SearchIndexError(
            f"{document.key} is not in the previous index as it was; give it in full"
        )
    return document


def _check_count(folder: Path, made: Collection, wanted: int) -> None:
    """An interrupted Whoosh build opens as an empty index: nothing is switched to uncounted."""
    counts = (whoosh_store.count(folder / "whoosh"), len(made.keys), int(made.rows.alive.sum()))
    if set(counts) != {wanted}:
        raise SearchIndexError(f"{folder.name}: {wanted} documents given, {counts} indexed")


def _gone(previous: Path | None, wanted: Mapping[str, object]) -> int:
    """Documents of languages that are no longer there."""
    if previous is None or not (previous / "languages.json").is_file():
        return 0
    before = json.loads((previous / "languages.json").read_text())
    old = [_usable(previous / lang) for lang in before if lang not in wanted]
    return sum(len(collection.keys) for collection in old if collection)
