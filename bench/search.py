"""How fast search is, as ratios to Tantivy and SQLite FTS5 in the same run on the same texts.

Usage: python bench/search.py [--articles N] [--queries N] [CORPORA]

10,000 real support articles, questions of customers, top 10 with title; each engine tuned fairly
(stemming, title boost, OR). Times are of one thread in one process, every query a first time.
"""

import argparse
import resource
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import peers
from bench.quality import CORPORA, read
from kb.search.documents import Document
from kb.search.index import Index, Query, build

Run = Callable[[str], object]


def times(run: Run, queries: list[str]) -> tuple[float, float]:
    """p50 and p95 in milliseconds, after one query to warm up."""
    run(queries[-1])
    taken = []
    for query in queries:
        start = time.perf_counter()
        run(query)
        taken.append((time.perf_counter() - start) * 1000)
    cuts = statistics.quantiles(taken, n=100)
    return cuts[49], cuts[94]


def misspelt(query: str) -> str:
    """Swap two letters of the longest word."""
    word = max(query.split(), key=len)
    middle = len(word) // 2
    return query.replace(word, word[:middle] + word[middle + 1] + word[middle] + word[middle + 2 :])


def documents(texts: list[dict]) -> list[Document]:
    return [
        Document(lang="en", id=text["id"], title=text["title"], body=text["body"], url="")
        for text in texts
    ]


def perturbed(texts: list[dict], count: int) -> list[dict]:
    """As many texts as asked: copies with sentences in another order and a word of their own."""
    made = list(texts)
    while len(made) < count:
        text = texts[len(made) % len(texts)]
        number = len(made)
        lines = text["body"].split("\n")
        turned = lines[number % len(lines) :] + lines[: number % len(lines)]
        body = "\n".join(turned) + f" variant{number}"
        made.append({"id": f"{text['id']}-{number}", "title": text["title"], "body": body})
    return made[:count]


def table(rows: dict[str, tuple[float, float]], base: str) -> None:
    print(f"{'':<28}{'p50 ms':>9}{'p95 ms':>9}{'to ' + base:>16}")
    for name, (p50, p95) in rows.items():
        ratio = f"{p50 / rows[base][0]:.2f}× {p95 / rows[base][1]:.2f}×" if base in rows else ""
        print(f"{name:<28}{p50:>9.3f}{p95:>9.3f}{ratio:>16}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpora", nargs="?", type=Path, default=CORPORA)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--queries", type=int, default=300)
    asked = parser.parse_args()
    if not asked.corpora.is_dir():
        sys.exit(f"there are no corpora in {asked.corpora}")
    texts = perturbed(read(asked.corpora / "articles_en_10k.jsonl.gz"), asked.articles)
    stored = read(asked.corpora / "queries.jsonl.gz")
    english = [query["text"] for query in stored if query["set"] == "stackfaq"]
    queries = english[:: max(1, len(english) // asked.queries)][: asked.queries]
    scratch = Path(tempfile.mkdtemp(prefix="waypost-search-"))
    start = time.perf_counter()
    build(scratch / "index", documents(texts))
    took = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    size = sum(file.stat().st_size for file in scratch.rglob("*") if file.is_file()) / 1e6
    print(f"{len(texts)} articles indexed in {took:.1f} s, {size:.0f} MB, peak {peak:.0f} MB")
    changed = documents(texts)
    changed[0] = Document(lang="en", id=texts[0]["id"], title="Another", body="title", url="")
    start = time.perf_counter()
    build(scratch / "next", changed, scratch / "index")
    print(f"one article changed: {time.perf_counter() - start:.2f} s")
    start = time.perf_counter()
    index = Index.open(scratch / "index")
    print(f"opened in {(time.perf_counter() - start) * 1000:.1f} ms")
    plain: dict[str, tuple[float, float]] = {
        "waypost": times(lambda q: index.search(Query(q, "en", snippets=False)), queries)
    }
    others = peers.finders(texts, "en", scratch, only=("tantivy", "fts5"))
    plain |= {name: times(find, queries) for name, find in others.items()}
    print("\nten results with title")
    table(plain, "tantivy")
    snippets = {"waypost": times(lambda q: index.search(Query(q, "en")), queries)}
    if "tantivy" in others:
        with_body = peers.Tantivy(texts, "en", body=True)
        snippets["tantivy"] = times(peers.tantivy_snippets(with_body), queries)
    print("\nwith ten snippets")
    table(snippets, "tantivy")
    print("\nothers")
    wrong = [misspelt(query) for query in queries if len(max(query.split(), key=len)) > 4]
    starts = [query[:length] for query in queries for length in (3, 6, 10)]
    own = {
        "one typing error": times(lambda q: index.search(Query(q, "en", snippets=False)), wrong),
        "suggestions while typing": times(lambda q: index.suggest(q, "en"), starts),
    }
    table(own, "")
    shutil.rmtree(scratch)


if __name__ == "__main__":
    main()
