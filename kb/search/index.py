"""Build and open the search index of one compiled site.

Incremental protocol (for `actions/compile_site.py`): give `build` *every* document of the new
site, every time, and the `previous` index folder if there is one. A document whose fingerprint
is the same as in `previous` is taken over without being analysed; one that is no longer given is
removed. For a document you know to be unchanged you may give `Kept(lang, key, fingerprint)`
instead and never load its text. `folder` must not exist; `previous` is only read (its files
are hard-linked) and may be deleted afterwards. A wrong or damaged `previous` is ignored when every
document is given in full, and raises `SearchIndexError` when a `Kept` cannot be honoured.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from kb.search.documents import Document, Kept


class SearchIndexError(Exception):
    """The index could not be built or opened; it can always be rebuilt from the content."""


@dataclass(frozen=True, slots=True)
class BuildReport:
    """How many documents the new index holds, and how many were analysed, taken over, removed."""

    documents: int
    analysed: int
    kept: int
    removed: int


def build(
    folder: Path, documents: Iterable[Document | Kept], previous: Path | None = None
) -> BuildReport:
    """Write a new index into `folder`; raises SearchIndexError when the count is not right."""
    raise NotImplementedError
