"""What a site's search must find: its own tests, from articles and from `search-tests.yaml`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wanted:
    """For `q` in `lang`, `finds` must be among the first `within` results.

    `finds` is an article as `1042` or a tree as `tree:backup-fails`; `path`, `line` say where the
    test is written, `audience` who may read what it finds."""

    q: str
    lang: str
    finds: str
    within: int
    path: str
    line: int
    audience: str = "public"

    @property
    def key(self) -> str:
        """The document's key in the index."""
        kind, _, id_ = self.finds.rpartition(":")
        return f"{kind or 'article'}:{id_}:{self.lang}"
