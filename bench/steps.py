"""Each step of understanding a query, and how to leave it out to see what it brings."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager

from kb.search import analysis, proximity, ranking, understanding
from kb.search.understanding import Reader

Without = Callable[[], AbstractContextManager[None]]


def _changed(*changes: tuple[object, str, object]) -> Without:
    """A context in which some attributes hold something else, and no word is remembered."""

    @contextmanager
    def without() -> Iterator[None]:
        before = [(owner, name, getattr(owner, name)) for owner, name, _ in changes]
        try:
            for owner, name, value in changes:
                setattr(owner, name, value)
            analysis._analyser.cache_clear()
            yield
        finally:
            for owner, name, value in before:
                setattr(owner, name, value)
            analysis._analyser.cache_clear()

    return without


def _nothing(*_: object) -> list[str]:
    return []


def _no_weights(*_: object) -> dict[str, float]:
    return {}


STEPS: Mapping[str, Without] = {
    "stemming": _changed((analysis, "_stemmer", lambda lang: analysis.folded)),
    "stop words": _changed((analysis, "STOP_WORDS", {})),
    "accented spellings of plain words": _changed(
        (analysis, "_UNACCENTED_ENDINGS", {}), (Reader, "_with_accents", _nothing)
    ),
    "parts of codes, versions and file names": _changed(
        (analysis, "_code_parts", _nothing), (analysis, "_dotted", lambda part: [part.lower()])
    ),
    "parts of compounds (e-mail, and/or)": _changed(
        (analysis, "_compound", lambda chunk: [chunk.lower()])
    ),
    "camel case": _changed((analysis, "_camel_parts", _nothing)),
    "words joined (web app, E 000101F4)": _changed(
        (understanding, "_joined", _no_weights), (Reader, "_compounds", _no_weights)
    ),
    "the title once more": _changed((ranking, "TITLE_BOOST", 0.0)),
    "pairs of neighbouring words": _changed((proximity, "BONUS", 0.0)),
    "synonyms": _changed((Reader, "_add_synonyms", lambda *_: None)),
    "fillers count less": _changed((understanding, "FILLER_WEIGHT", 1.0)),
}
