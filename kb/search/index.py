"""The search of one compiled site: `build` writes it, `Index.open` maps it, `search` asks it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Self

from kb.search.build import BuildReport, build
from kb.search.collection import Collection, SearchIndexError
from kb.search.engine import Engine, Found
from kb.search.explain import Explanation, explain
from kb.search.forms import AUDIENCES
from kb.search.likeness import LEAST, Alike
from kb.search.priors import Votes
from kb.search.query import PUBLIC, Facets, Hit, Query, Results, Suggestion
from kb.search.typeahead import suggest, titled
from kb.search.understanding import is_stop_words

MOST_TITLED = 50
CLEARLY = 2
"""By so many words another language must know more of a text, and its words are no typing errors of
this one: “never” is not a mistyped “newer” for somebody who writes English on a Spanish page."""
EVERYONE = frozenset(AUDIENCES)

__all__ = ["BuildReport", "Facets", "Hit", "Index", "Query", "Results", "SearchIndexError", "build"]


class Index:
    """One compiled site's search in all its languages; read only, for every thread at once.

    It is opened for each new compiled site and never refreshed. Whoosh itself is not asked any
    more: a Searcher must not be shared between threads, and the arrays hold all it knows.
    """

    def __init__(self, engines: Mapping[str, Engine]) -> None:
        self._engines = engines

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Map the index in `folder`; raises SearchIndexError when it is not whole."""
        try:
            languages = json.loads((folder / "languages.json").read_text())
        except (OSError, ValueError) as error:
            raise SearchIndexError(
                f"{folder.name}: no whole index ({error}); run `kb index`"
            ) from error
        return cls({lang: Engine(Collection.open(folder / lang)) for lang in languages})

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that have any document."""
        return tuple(self._engines)

    def collection(self, lang: str) -> Collection | None:
        """Return all that is searched together in a language; None where there is nothing."""
        engine = self._engines.get(lang)
        return engine.collection if engine else None

    def search(self, query: Query) -> Results:
        """Return the best results for any text at all; an unknown language finds nothing."""
        engine = self._engines.get(query.lang)
        if engine is None:
            return Results(query)
        found = engine.find(query)
        spoken, ahead = self._spoken(engine, query, found)
        if ahead >= CLEARLY and found.asked.corrected:
            found = engine.find(replace(query, verbatim=True))
        if found.cut <= 0:
            return self._by_title(engine, query, spoken)
        total, hits = engine.page(query, found)
        asked = found.asked
        return Results(
            query=query,
            total=total,
            hits=tuple(hits),
            trees=() if query.offset or query.types else tuple(engine.trees(query, found)),
            suggestion=asked.text if asked.corrected else None,
            corrected=asked.corrected,
            facets=replace(engine.facets(query, found), languages=self._languages(query, total)),
            spoken=spoken,
        )

    def explain(self, query: Query, key: str) -> Explanation | None:
        """Return why the document `key` (`article:1042:en`) scores what it does for a query."""
        engine = self._engines.get(query.lang)
        return explain(engine, query, engine.find(query), key) if engine else None

    def suggest(
        self, text: str, lang: str, limit: int = 8, audiences: frozenset[str] = PUBLIC
    ) -> tuple[Suggestion, ...]:
        """Return titles that go on as what was typed; whole words and early ones first."""
        engine = self._engines.get(lang)
        return tuple(suggest(engine, text, limit, audiences)) if engine else ()

    def alike(
        self,
        id: int,
        lang: str,
        audiences: frozenset[str] = PUBLIC,
        limit: int = 20,
        least: float = LEAST,
    ) -> tuple[Alike, ...]:
        """Return the articles whose words are most like an article's, the nearest first, of those
        the audiences may read and that are in use; () for an unknown article or language."""
        engine = self._engines.get(lang)
        if engine is None:
            return ()
        readable = engine.readable(audiences)
        return tuple(engine.likeness.near(f"article:{id}:{lang}", readable, limit, least))

    def pairs_alike(
        self, lang: str, least: float, audiences: frozenset[str] = EVERYONE
    ) -> Iterator[tuple[str, str, float]]:
        """Give every two articles of a language that are at least so alike (0 to 1), each pair
        once; for finding doubles. Takes about a millisecond an article, so not while one waits."""
        engine = self._engines.get(lang)
        if engine is not None:
            yield from engine.likeness.pairs(engine.readable(audiences), least)

    def take_votes(self, votes: Votes) -> None:
        """Let readers' votes count as a small prior from now on; all of them, every time."""
        for engine in self._engines.values():
            engine.priors.take_votes(votes)

    def _spoken(self, engine: Engine, query: Query, found: Found) -> tuple[str | None, int]:
        """The other language that knows most of the words, and by how many more than the one
        searched; asked only when that one does not know all of them."""
        if (
            not found.asked.corrected
            and len(found.asked.sequence)
            and found.asked.sequence.min() >= 0
        ):
            return None, 0
        others = {code: one for code, one in self._engines.items() if code != query.lang}
        known = {code: one.knows(query) for code, one in others.items()}
        best = max(known, key=known.__getitem__, default=None)
        ahead = known[best] - engine.knows(query) if best else 0
        if best is None or ahead <= 0 or not others[best].count(replace(query, verbatim=True)):
            return None, 0
        return best, ahead

    def _languages(self, query: Query, total: int) -> dict[str, int]:
        """How many results the same query has in each language that has any."""
        counts = {
            lang: total if lang == query.lang else engine.count(replace(query, verbatim=True))
            for lang, engine in self._engines.items()
        }
        return {lang: count for lang, count in counts.items() if count}

    def _by_title(self, engine: Engine, query: Query, spoken: str | None) -> Results:
        """Stop words alone may still be words of titles; and there are the other languages."""
        rows = (
            titled(engine, query.text, MOST_TITLED, query.audiences)
            if is_stop_words(query.text, query.lang)
            else []
        )
        page = rows[query.offset : query.offset + query.limit]
        return Results(
            query=query,
            total=len(rows),
            hits=tuple(engine.hit(row, query) for row in page),
            facets=Facets(languages=self._languages(query, len(rows))),
            spoken=spoken,
        )
