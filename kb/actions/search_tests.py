"""Running a site's search tests on its files as they are now, compiled or not."""

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

from kb.actions.compile_site import SEARCH, Progress, open_revision
from kb.actions.search_documents import Library
from kb.content.compiled import CompiledSite
from kb.content.kept import Kept
from kb.content.load import Source, load_site
from kb.content.problems import Level, Problem
from kb.content.revisions import Revisions
from kb.rules.search_tests import Wanted
from kb.search.explain import Explanation
from kb.search.index import Hit, Index, Query, SearchIndexError, build
from kb.settings import Settings

DEEPEST = 50
"""How far down one looks for what was missed, to say where it is."""
TREE = "tree"


@dataclass(frozen=True, slots=True)
class Miss:
    """A search test that failed: where its document came (None: not among the first 50), the
    results that came instead, and why each has its score, the wanted document last."""

    wanted: Wanted
    place: int | None
    came: tuple[Hit, ...]
    why: tuple[Explanation | None, ...] = ()

    @property
    def problem(self) -> Problem:
        """The miss as `kb check` tells it, a warning."""
        where = f"is number {self.place}" if self.place else "is not found"
        instead = ", ".join(f"{_name(hit)} “{hit.title}”" for hit in self.came[:3]) or "nothing"
        return Problem(
            self.wanted.path,
            self.wanted.line,
            f"searching “{self.wanted.q}”, {self.wanted.finds} {where}, not among the first "
            f"{self.wanted.within}; first came {instead}",
            "add the customer's words to its title, summary or keywords (kb test-search --explain)",
            Level.WARNING,
            "search-test",
        )


@dataclass(frozen=True, slots=True)
class Tested:
    """A site that was read, how many search tests it has, and those that failed."""

    source: Source
    tests: int
    misses: tuple[Miss, ...]


def check_search(settings: Settings, progress: Progress | None = None) -> Tested:
    """Read and check the site, then run its search tests on an index of it that is thrown away;
    raises ContentError. Only what differs from the live index is analysed."""
    revisions = Revisions(settings.var)
    with revisions.locked():
        kept = Kept(settings.var / "cache" / "articles")
        source = load_site(settings.site, kept, progress)
        if not source.search_tests:
            return Tested(source, 0, ())
        live = open_revision(revisions, revisions.current())
        with _indexed(settings.var, source, kept, live) as index:
            misses = tuple(misses_of(index, source.search_tests))
    return Tested(source, len(source.search_tests), misses)


@contextmanager
def _indexed(var: Path, source: Source, kept: Kept, live: CompiledSite | None) -> Iterator[Index]:
    """The live index where it is of this very site, else one made for the occasion."""
    if live is not None and live.revision == source.revision:
        yield Index.open(live.folder / SEARCH)
        return
    folder = Path(mkdtemp(prefix="search-tests-", dir=var / "cache"))
    try:
        _build(folder / SEARCH, Library(source, kept), live)
        yield Index.open(folder / SEARCH)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _build(folder: Path, library: Library, live: CompiledSite | None) -> None:
    words = library.source.vocabularies
    if live is not None:
        try:
            build(folder, library.documents(live.documents), live.folder / SEARCH, words)
        except (SearchIndexError, OSError, ValueError):  # of another version: from nothing
            shutil.rmtree(folder, ignore_errors=True)
        else:
            return
    build(folder, library.documents({}), words=words)


def misses_of(index: Index, tests: Iterable[Wanted]) -> Iterator[Miss]:
    """Run search tests on an index and give those that fail."""
    for wanted in tests:
        kind, _, id_ = wanted.finds.rpartition(":")
        query = Query(
            wanted.q,
            wanted.lang,
            audiences=frozenset({"public", wanted.audience}),
            types=(TREE,) if kind == TREE else (),
            limit=DEEPEST,
            snippets=False,
        )
        hits = index.search(query).hits
        place = next((n for n, hit in enumerate(hits, 1) if hit.id == id_), None)
        if place is None or place > wanted.within:
            keys = [f"{hit.kind}:{hit.id}:{hit.lang}" for hit in hits[: wanted.within]]
            why = tuple(index.explain(query, key) for key in [*keys, wanted.key])
            yield Miss(wanted, place, hits[: wanted.within], why)


def _name(hit: Hit) -> str:
    return f"tree:{hit.id}" if hit.kind == TREE else hit.id
