"""Articles that say the same: found by the worker once for each revision, for the work list."""

import json
from collections.abc import Iterator
from pathlib import Path

from kb.actions.live_site import Live
from kb.content.packs import write_file
from kb.rules.articles import Status
from kb.rules.likeness import DOUBLE, doubles

TWINS = "twins.json"
MOST = 200
Pair = tuple[str, int, int, float]  # language, article, article, how alike


class TwinsDuty:
    """Writes the twins of a revision once it is live."""

    def __init__(self, var: Path) -> None:
        self._var = var
        self._done = ""

    def run(self, live: Live) -> None:
        """Find them when the revision is another than the last time."""
        if live.site.revision == self._done:
            return
        kept = _read(self._var)
        if kept is None or kept[0] != live.site.revision:
            write_twins(self._var, live)
        self._done = live.site.revision


def find_twins(live: Live) -> tuple[Pair, ...]:
    """Return the published articles that say the same, the most alike first; those that are
    meant for other versions of a product, or name each other, are not among them."""
    return tuple(pair for lang in live.site.site.languages for pair in _of(live, lang))[:MOST]


def write_twins(var: Path, live: Live) -> None:
    """Find the twins and keep them with their revision."""
    told = {"revision": live.site.revision, "twins": find_twins(live)}
    write_file(var / TWINS, json.dumps(told).encode())


def read_twins(var: Path) -> tuple[Pair, ...]:
    """Return the twins that were found last; none before the first time."""
    kept = _read(var)
    return kept[1] if kept else ()


def _of(live: Live, lang: str) -> Iterator[Pair]:
    articles = live.site.articles[lang]
    apart = {
        frozenset((one.id, other))
        for one in articles.values()
        for other in (*one.versions, *one.related)
    }
    found = (
        (min(int(first), int(second)), max(int(first), int(second)), alike)
        for first, second, alike in live.index.pairs_alike(lang, DOUBLE)
    )
    for first, second, alike in doubles(found, apart):
        pair = (articles.get(first), articles.get(second))
        if all(one is not None and one.status is Status.PUBLISHED for one in pair):
            yield lang, first, second, alike


def _read(var: Path) -> tuple[str, tuple[Pair, ...]] | None:
    try:
        told = json.loads((var / TWINS).read_bytes())
        pairs = ((str(a), int(b), int(c), float(d)) for a, b, c, d in told["twins"])
        return str(told["revision"]), tuple(pairs)
    except (OSError, ValueError, TypeError, KeyError):
        return None
