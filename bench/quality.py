"""nDCG@10 of the product's own search function on real support questions.

    python -m bench.quality [--peers] [--steps] [CORPORA]

Beside it, in the same run and on the same texts, plain Whoosh, SQLite FTS5 and Tantivy (--peers),
each with stemming, a title boost and OR; and what each step of understanding a query brings
(--steps). The corpora are described in their README; without them nothing is measured.
"""

import argparse
import gzip
import json
import math
import shutil
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path

from bench import peers, steps
from kb.search.analysis import folded
from kb.search.documents import Document
from kb.search.index import Index, Query, build

CORPORA = Path(__file__).resolve().parent.parent.parent / "shared" / "corpora"
AIMS = {"stackfaq": 0.89, "ki_desc": 0.95, "ki_sym": 0.82, "ki_code": 0.98, "ki_es": 0.90}
ACCENT_GAP = 0.01
OURS = frozenset({"waypost", "unaccented", "misspelt", "uncorrected"})
Finder = Callable[[str], list[str]]
Scores = Mapping[str, list[float]]


def read(path: Path) -> list[dict]:
    with gzip.open(path, "rt") as lines:
        return [json.loads(line) for line in lines]


def ndcg(found: Iterable[str], relevant: dict[str, float]) -> float:
    gains = [relevant.get(id_, 0) for id_ in found][:10]
    best = sorted(relevant.values(), reverse=True)[:10]
    return _dcg(gains) / _dcg(best)


def misspelt(query: str) -> str:
    """Swap two letters of the longest word; a code is left as it is."""
    word = max(filter(str.isalpha, query.split()), key=len, default="")
    if len(word) < 5:
        return query
    middle = len(word) // 2
    return query.replace(word, word[:middle] + word[middle + 1] + word[middle] + word[middle + 2 :])


def _dcg(gains: list[float]) -> float:
    return sum(gain / math.log2(place + 2) for place, gain in enumerate(gains))


def waypost(texts: list[dict], lang: str, folder: Path) -> tuple[Finder, Finder]:
    """Index the texts; return the search of the product, and it without correcting words."""
    build(
        folder,
        (
            Document(lang=lang, id=text["id"], title=text["title"], body=text["body"], url="")
            for text in texts
        ),
    )
    index = Index.open(folder)

    def find(text: str, *, verbatim: bool = False) -> list[str]:
        query = Query(text, lang, snippets=False, verbatim=verbatim)
        return [hit.id for hit in index.search(query).hits]

    return find, partial(find, verbatim=True)


def measure(corpora: Path, *, with_peers: bool) -> dict[str, dict[str, list[float]]]:
    """Return each engine's nDCG@10 of each query, by set; the others of ours are asked with
    accents stripped, with a typing error in each question, and with that left uncorrected."""
    queries = read(corpora / "queries.jsonl.gz")
    scores: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    scratch = Path(tempfile.mkdtemp(prefix="waypost-quality-"))
    for corpus in ("docs_en", "docs_es"):
        lang = corpus[-2:]
        texts = read(corpora / f"{corpus}.jsonl.gz")
        ours, verbatim = waypost(texts, lang, scratch / corpus)
        finders: dict[str, Finder] = {
            "waypost": ours,
            "unaccented": _after(folded, ours),
            "misspelt": _after(misspelt, ours),
            "uncorrected": _after(misspelt, verbatim),
        }
        if with_peers:
            finders |= peers.finders(texts, lang, scratch)
        for query in queries:
            if query["corpus"] == corpus:
                for name, find in finders.items():
                    gained = ndcg(find(query["text"]), query["relevant"])
                    scores[name][query["set"]].append(gained)
    shutil.rmtree(scratch)
    return scores


def _after(change: Callable[[str], str], find: Finder) -> Finder:
    return lambda text: find(change(text))


def tables(corpora: Path, *, with_peers: bool) -> None:
    """Print nDCG@10 by engine and set, with the aims and whether they are met."""
    scores = measure(corpora, with_peers=with_peers)
    print(f"\n{'nDCG@10':<14}" + "".join(f"{name:>10}" for name in AIMS))
    means = {name: _means(by_set) for name, by_set in scores.items()}
    for name, by_set in means.items():
        print(f"{name:<14}" + "".join(f"{by_set[set_]:>10.3f}" for set_ in AIMS))
    print(f"{'aim':<14}" + "".join(f"{aim:>10.2f}" for aim in AIMS.values()))
    rivals = [means[name] for name in means if name not in OURS]
    mine = means["waypost"]
    said = []
    for set_, aim in AIMS.items():
        best = max((rival[set_] for rival in rivals), default=0.0)
        said.append("met" if mine[set_] >= aim and mine[set_] >= best else "MISSED")
    print(f"{'':<14}" + "".join(f"{word:>10}" for word in said))
    gap = mine["ki_es"] - means["unaccented"]["ki_es"]
    verdict = "met" if gap <= ACCENT_GAP else "MISSED"
    print(f"Spanish without accents: {gap:+.4f} lost, aim ≤ {ACCENT_GAP}: {verdict}")


def _means(by_set: Scores) -> dict[str, float]:
    return {set_: sum(values) / len(values) for set_, values in by_set.items()}


def ablation(corpora: Path) -> None:
    """Print what is lost when one step of understanding is left out."""
    whole = _means(measure(corpora, with_peers=False)["waypost"])
    print(f"\n{'left out':<44}" + "".join(f"{name:>10}" for name in AIMS) + f"{'no accents':>12}")
    for name, without in steps.STEPS.items():
        with without():
            scores = measure(corpora, with_peers=False)
        lost = _means(scores["waypost"])
        line = "".join(f"{lost[set_] - whole[set_]:>+10.3f}" for set_ in AIMS)
        plain = _means(scores["unaccented"])["ki_es"] - whole["ki_es"]
        print(f"{name:<44}{line}{plain:>+12.3f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpora", nargs="?", type=Path, default=CORPORA)
    parser.add_argument("--peers", action="store_true", help="measure the other engines too")
    parser.add_argument("--steps", action="store_true", help="leave each step out in turn")
    asked = parser.parse_args()
    if not asked.corpora.is_dir():
        sys.exit(f"there are no corpora in {asked.corpora}")
    tables(asked.corpora, with_peers=asked.peers)
    if asked.steps:
        ablation(asked.corpora)


if __name__ == "__main__":
    main()
