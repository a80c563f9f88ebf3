"""Search tests as `kb check` runs them: only what changed is analysed, only once told.

The index of the last check and what it said lie in `var/cache/search-tests/`; a site that is the
same is not searched again, one that changed is indexed from that index, or from the live one.
"""

import json
import shutil
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

from kb.actions.compile_site import SEARCH, open_revision
from kb.actions.search_documents import Library
from kb.actions.search_tests import misses_of
from kb.content.kept import Kept
from kb.content.load import Source
from kb.content.packs import write_file
from kb.content.problems import Level, Problem
from kb.content.revisions import Revisions
from kb.search import index as search_index
from kb.search.index import Index, SearchIndexError, build

_TOLD = "told.json"
_NEXT = "next"


def problems_of_search(var: Path, source: Source, kept: Kept) -> tuple[Problem, ...]:
    """Run the site's search tests; return the misses as warnings. Needs the lock of `var`."""
    if not source.search_tests:
        return ()
    folder = var / "cache" / "search-tests"
    last = _last(folder)
    mark = f"{source.revision} {_code()}"
    if last.get("mark") == mark:
        return tuple(
            Problem(path, line, what, mend, Level.WARNING, "search-test")
            for path, line, what, mend in last["problems"]
        )
    library = Library(source, kept)
    index = _index(folder, library, var, last)
    found = tuple(miss.problem for miss in misses_of(index, source.search_tests))
    rows = [(one.path, one.line, one.what, one.mend) for one in found]
    told = {"mark": mark, "problems": rows, "prints": library.prints()}
    write_file(folder / _TOLD, json.dumps(told).encode())
    return found


def _last(folder: Path) -> dict[str, Any]:
    """What the last check kept; empty where there was none, or it cannot be read."""
    try:
        kept = json.loads((folder / _TOLD).read_bytes())
    except (OSError, ValueError):
        return {}
    whole = isinstance(kept, dict) and {"mark", "problems", "prints"} <= kept.keys()
    return kept if whole else {}


def _index(folder: Path, library: Library, var: Path, last: dict[str, Any]) -> Index:
    """Make this site's index from the last check's, from the live one, or from nothing."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    bases = [(folder / SEARCH, last["prints"])] if last else []
    if not bases:
        revisions = Revisions(var)
        live = open_revision(revisions, revisions.current())
        bases = [(live.folder / SEARCH, live.documents)] if live else []
    target, words = folder / _NEXT, library.source.vocabularies
    shutil.rmtree(target, ignore_errors=True)
    for base, prints in bases:
        try:
            build(target, library.documents(prints), base, words)
            return _kept_for_next(folder, target)
        except (SearchIndexError, OSError, ValueError):  # damaged or older: from nothing
            shutil.rmtree(target, ignore_errors=True)
    build(target, library.documents({}), words=words)
    return _kept_for_next(folder, target)


def _kept_for_next(folder: Path, target: Path) -> Index:
    (folder / _TOLD).unlink(missing_ok=True)  # what it says is about the index that goes now
    shutil.rmtree(folder / SEARCH, ignore_errors=True)
    target.rename(folder / SEARCH)
    return Index.open(folder / SEARCH)


@cache
def _code() -> str:
    """Identify the code that searches: another one may find something else."""
    digest = blake2b(digest_size=8)
    for path in sorted(Path(search_index.__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()
