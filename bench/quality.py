"""nDCG@10 of the product's own search function on real support questions.

Usage: python bench/quality.py [--peers] [--unaccented] [CORPORA]

Beside it, in the same run and on the same texts, plain Whoosh, SQLite FTS5 and Tantivy (--peers),
each with stemming, a title boost and OR. The corpora are described in their README; without
them nothing is measured.
"""

import argparse
import gzip
import json
import math
import shutil
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import peers
from kb.search.analysis import folded
from kb.search.documents import Document
from kb.search.index import Index, Query, build

CORPORA = Path(__file__).resolve().parent.parent.parent / "shared" / "corpora"
Finder = Callable[[str], list[str]]


def read(path: Path) -> list[dict]:
    with gzip.open(path, "rt") as lines:
        return [json.loads(line) for line in lines]


def ndcg(found: Iterable[str], relevant: dict[str, float]) -> float:
    gains = [relevant.get(id_, 0) for id_ in found][:10]
    best = sorted(relevant.values(), reverse=True)[:10]
    return _dcg(gains) / _dcg(best)


def _dcg(gains: list[float]) -> float:
    return sum(gain / math.log2(place + 2) for place, gain in enumerate(gains))


def waypost(texts: list[dict], lang: str, folder: Path) -> Finder:
    build(
        folder,
        (
            Document(lang=lang, id=text["id"], title=text["title"], body=text["body"], url="")
            for text in texts
        ),
    )
    index = Index.open(folder)

    def find(text: str) -> list[str]:
        return [hit.id for hit in index.search(Query(text, lang, snippets=False)).hits]

    return find


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpora", nargs="?", type=Path, default=CORPORA)
    parser.add_argument("--peers", action="store_true", help="measure the other engines too")
    parser.add_argument("--unaccented", action="store_true", help="strip the queries' accents")
    asked = parser.parse_args()
    if not asked.corpora.is_dir():
        sys.exit(f"there are no corpora in {asked.corpora}")
    queries = read(asked.corpora / "queries.jsonl.gz")
    scores: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    scratch = Path(tempfile.mkdtemp(prefix="waypost-quality-"))
    for corpus in ("docs_en", "docs_es"):
        lang = corpus[-2:]
        texts = read(asked.corpora / f"{corpus}.jsonl.gz")
        finders = {"waypost": waypost(texts, lang, scratch / corpus)}
        if asked.peers:
            finders |= peers.finders(texts, lang, scratch)
        for query in queries:
            if query["corpus"] == corpus:
                for name, find in finders.items():
                    text = folded(query["text"]) if asked.unaccented else query["text"]
                    scores[name][query["set"]].append(ndcg(find(text), query["relevant"]))
    shutil.rmtree(scratch)
    sets = list(dict.fromkeys(query["set"] for query in queries))
    print(f"{'nDCG@10':<12}" + "".join(f"{name:>10}" for name in sets))
    for name, by_set in scores.items():
        means = [sum(by_set[set_]) / len(by_set[set_]) for set_ in sets]
        print(f"{name:<12}" + "".join(f"{mean:>10.3f}" for mean in means))


if __name__ == "__main__":
    main()
