"""The documents of one language: everything that is searched together, mapped from disk."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from kb.rules.vocabulary import Vocabulary
from kb.search import analysis, forms, postings, ranking, rows, titles
from kb.search.groups import Group

FORMAT = 7
_PARTS = ("postings", "rows", "forms", "titles", "scores")


class SearchIndexError(ValueError):
    """The index could not be built or opened; it can always be rebuilt from the content."""


@dataclass(frozen=True, slots=True)
class Collection:
    """`keys` tells each document's fingerprint and row; rows name their group by number."""

    lang: str
    vocabulary: Vocabulary
    keys: Mapping[str, tuple[str, int]]
    groups: tuple[Group, ...]
    postings: postings.Postings
    rows: rows.Rows
    forms: forms.Forms
    titles: titles.Titles
    scores: ranking.Scores

    @classmethod
    def open(cls, folder: Path, at_once: bool = True) -> Self:
        """Map one language's folder; raises SearchIndexError when it is not whole.

        Without `at_once` nothing is brought into memory before it is looked at."""
        try:
            meta = json.loads((folder / "meta.json").read_text())
            if (meta["format"], meta["analysis"]) != (FORMAT, analysis.VERSION):
                raise SearchIndexError(f"{folder.name}: made by another version; run `kb index`")
            return cls(
                lang=meta["lang"],
                vocabulary=_vocabulary(meta["vocabulary"]),
                keys={key: (print_, row) for key, print_, row in meta["keys"]},
                groups=tuple(
                    Group(**{**group, "products": tuple(group["products"])})
                    for group in meta["groups"]
                ),
                postings=postings.Postings.open(folder / "postings", at_once),
                rows=rows.Rows.open(folder / "rows", at_once),
                forms=forms.Forms.open(folder / "forms", at_once),
                titles=titles.Titles.open(folder / "titles", at_once),
                scores=ranking.Scores.open(folder / "scores", at_once),
            )
        except SearchIndexError:
            raise
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise SearchIndexError(
                f"{folder.name}: the index is not whole ({error}); run `kb index`"
            ) from error

    def save(self, folder: Path) -> None:
        """Write it for `open`."""
        for name in _PARTS:
            getattr(self, name).save(folder / name)
        meta = {
            "format": FORMAT,
            "analysis": analysis.VERSION,
            "lang": self.lang,
            "vocabulary": asdict(self.vocabulary),
            "keys": [[key, print_, row] for key, (print_, row) in self.keys.items()],
            "groups": [asdict(group) for group in self.groups],
        }
        (folder / "meta.json").write_text(json.dumps(meta, ensure_ascii=False))


def _vocabulary(read: dict[str, Any]) -> Vocabulary:
    return Vocabulary(
        same=tuple(map(tuple, read["same"])),
        products={line: tuple(names) for line, names in read["products"].items()},
        brand=read["brand"],
        versions={line: tuple(names) for line, names in read["versions"].items()},
    )
