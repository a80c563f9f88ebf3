"""The search of one compiled site: `build` writes it, `Index.open` maps it, `search` asks it."""

from kb.search.build import BuildReport, build
from kb.search.collection import SearchIndexError

__all__ = ["BuildReport", "SearchIndexError", "build"]
