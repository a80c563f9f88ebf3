"""Compile a site: check it, render what changed, index it for search, switch to it."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from pathlib import Path

from kb.actions.search_documents import Library
from kb.content.compile import sync_tree, write_site
from kb.content.compiled import CompiledSite, documents_of
from kb.content.git_history import read_history
from kb.content.kept import Kept
from kb.content.load import Source, load_site
from kb.content.moved import moved_names
from kb.content.problems import Problem
from kb.content.revisions import Revisions
from kb.garbage import collector_at_rest
from kb.rules.articles import Audience
from kb.search.build import build, check_whole
from kb.search.collection import SearchIndexError
from kb.settings import Settings

SEARCH = "search"

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Compiled:
    """What a compile did; `changed` is False when the live revision was already this one."""

    revision: str
    changed: bool
    articles: int
    read: int
    warnings: tuple[Problem, ...] = ()
    source: Source | None = field(default=None, repr=False)


def check_site(settings: Settings, progress: Progress | None = None) -> Source:
    """Read and check the whole site without compiling it; raises ContentError."""
    with Revisions(settings.var).locked():
        return load_site(settings.site, kept_of(settings), progress)


def compile_site(
    settings: Settings,
    progress: Progress | None = None,
    kept: Kept | None = None,
    drafts: Audience | None = None,
) -> Compiled:
    """Compile the site and switch to it; raises ContentError, and then nothing has changed.

    One compile at a time in a var folder; requests under way keep the revision they began with.
    Who compiles again and again passes the same `kept` (of `kept_of`) and need not read it anew.
    With `drafts` they are found by search as if published for that audience (`--dev`, previews)."""
    revisions = Revisions(settings.var)
    with revisions.locked(), collector_at_rest():
        if kept is None:
            kept = kept_of(settings)
        else:
            kept.look_again()
        source = with_history(settings, load_site(settings.site, kept, progress))
        if drafts is not None:
            mark = blake2b(f"{source.revision} {drafts}".encode(), digest_size=8)
            source = replace(source, revision=mark.hexdigest(), drafts=drafts)
        live = revisions.current()
        # opened only if it may stay: what is built upon it shows whether it is whole
        changed = live != source.revision or open_revision(revisions, live) is None
        if changed:
            _publish(settings, source, kept, revisions, live)
            revisions.prune()
    articles, read = len(source.entries), source.read
    return Compiled(source.revision, changed, articles, read, source.problems, source)


def with_history(settings: Settings, source: Source) -> Source:
    """Add what git knows of the articles: their changes, and the names they had before."""
    found = read_history(settings.site, settings.var / "cache" / "history")
    cards = {path: entry.card for path, entry in source.entries.items()}
    moved = moved_names(cards, found.moved if found else {})
    if found is None:
        return replace(source, moved=moved)
    told = f"{source.revision} {found.digest} {sorted(found.moved.items())}"
    revision = blake2b(told.encode(), digest_size=8).hexdigest()
    return replace(source, history=found.path, moved=moved, revision=revision)


def kept_of(settings: Settings) -> Kept:
    """Open the store of read articles of a var folder."""
    return Kept(settings.var / "cache" / "articles")


def open_revision(revisions: Revisions, revision: str | None) -> CompiledSite | None:
    """Open a revision; None when there is none or it is damaged, so that it is made anew."""
    if revision is None:
        return None
    folder = revisions.path(revision)
    try:
        check_whole(folder / SEARCH)
        return CompiledSite.open(folder)
    except (SearchIndexError, OSError, ValueError):
        return None


def _publish(
    settings: Settings,
    source: Source,
    kept: Kept,
    revisions: Revisions,
    live: str | None,
) -> None:
    draft = revisions.draft()
    try:
        library = Library(source, kept)
        before = revisions.path(live) if live else None
        write_site(source, kept, settings.site, draft, library.prints(), before)
        _index(library, draft, before)
        sync_tree(draft)
        revisions.publish(draft, source.revision)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise


def _index(library: Library, draft: Path, live: Path | None) -> None:
    """Build the search index, from that of the live site where there is one to build on."""
    words = library.source.vocabularies
    if live is not None:
        try:
            documents = library.documents(documents_of(live))
            build(draft / SEARCH, documents, live / SEARCH, words)
        except (SearchIndexError, OSError, ValueError):  # damaged or older: make it from nothing
            shutil.rmtree(draft / SEARCH, ignore_errors=True)
        else:
            return
    build(draft / SEARCH, library.documents({}), words=words)
