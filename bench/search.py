"""How fast search is and how well it finds, beside its peers in the same run, with the aims.

    python -m bench.search [--quick] [CORPORA]

Real support articles and real questions, top 10 with title, one thread; each engine tuned fairly
(stemming, title boost, OR). Tantivy and FTS5 take turns with ours on the same queries, and every
figure is the median of several rounds. `--quick` leaves out the compile and the 50,000 articles.
"""

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

from bench import peers
from bench.large_site import compile_rows
from bench.quality import CORPORA, misspelt, read, tables
from bench.rounds import WARM_UP, Row, Run, at_most, ratio, show, times
from bench.workers import memory_of_a_worker
from kb.search.documents import Document
from kb.search.index import Index, Query, build

ROUNDS = 5
LARGE = 50_000
ODD = (
    "x" * 10_000,
    "backup " * 2_000,
    "a1 " * 5_000,
    "qwzx" * 5 + " zxqwv" * 2_000,
    "the of and",
    "?!.,;:-_*~^()[]{}" * 600,
    '"' * 5_000 + '"backup of ' * 500,
    "-word " * 2_000,
    "\x00\x01\u202e\u0645\u0631 \U0001f525" * 1_000,
    " ".join(f"{letter}nstal{letter}ation" for letter in "abcdefghijklmnopqrstuvwxyz") * 10,
)
_ENGLISH = ("stackfaq", "ki_desc", "ki_sym")


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


def ours(folder: Path, *, snippets: bool = False) -> Run:
    """Search as the product does, by an index opened for this measurement."""
    index = Index.open(folder)
    return lambda text: index.search(Query(text, "en", snippets=snippets))


def query_rows(folder: Path, texts: list[dict], queries: list[str]) -> list[Row]:
    """The rows of the issue that ask 10,000 articles."""
    found = peers.finders(texts, "en", folder.parent, only=("tantivy", "fts5"))
    rows: list[Row] = []
    taken = times({"ours": ours(folder), **found}, queries, ROUNDS)
    mine, fts5 = taken["ours"], taken["fts5"]
    if "tantivy" in found:
        other = taken["tantivy"]
        rows += [
            ratio("query p50, to Tantivy", mine.p50, other.p50, 1.5),
            ratio("query p95, to Tantivy", mine.p95, other.p95, 1.5),
        ]
        del found
        with_body = peers.tantivy_snippets(peers.Tantivy(texts, "en", body=True))
        taken = times({"ours": ours(folder, snippets=True), "t": with_body}, queries, ROUNDS)
        for name, one, two in (
            ("p50", taken["ours"].p50, taken["t"].p50),
            ("p95", taken["ours"].p95, taken["t"].p95),
        ):
            rows.append(ratio(f"with 10 snippets {name}, to Tantivy", one, two, 1.0))
    faster = fts5.p50 / mine.p50
    figure = f"{mine.p50:.2f} ms to {fts5.p50:.2f} ms, {faster:.0f}×"
    rows.append(Row("query p50, faster than FTS5", figure, "≥ 15×", faster >= 15))
    wrong = [wrong for query in queries if (wrong := misspelt(query)) != query]
    taken = times({"ours": ours(folder)}, wrong, ROUNDS)
    rows.append(at_most("with a one-edit typo, p95", taken["ours"].p95, 5, "ms"))
    index = Index.open(folder)
    starts = [query[:length] for query in queries for length in (3, 6, 10)]
    taken = times({"ours": lambda text: index.suggest(text, "en")}, starts, ROUNDS)
    rows.append(at_most("suggestions while typing, p95", taken["ours"].p95, 1, "ms"))
    return [*rows, _odd_row(folder)]


def _odd_row(folder: Path) -> Row:
    """The slowest of texts that nobody means well with, asked for the first time; the best of
    three, as one busy moment of the machine says nothing."""
    slowest = 0.0
    for text in ODD:
        taken = []
        for run in [ours(folder, snippets=True) for _ in range(3)]:
            run(WARM_UP)
            start = time.perf_counter()
            run(text)
            taken.append((time.perf_counter() - start) * 1000)
        slowest = max(slowest, min(taken))
    return at_most("slowest odd text", slowest, 20, "ms")


def build_rows(folder: Path, texts: list[dict]) -> list[Row]:
    """Indexing from nothing, one document changed, opening."""
    start = time.perf_counter()
    build(folder, documents(texts))
    took = time.perf_counter() - start
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6
    changed = documents(texts)
    seconds = []
    for number in range(3):
        changed[number] = Document(lang="en", id=texts[number]["id"], title="Another", url="")
        start = time.perf_counter()
        build(folder.with_name(f"next{number}"), changed, folder)
        seconds.append(time.perf_counter() - start)
    start = time.perf_counter()
    Index.open(folder)
    opened = (time.perf_counter() - start) * 1000
    return [
        at_most("index from nothing", took, 25, "s", f", {size:.0f} MB"),
        Row("index, one document changed", f"{statistics.median(seconds):.2f} s"),
        Row("opening", f"{opened:.0f} ms"),
    ]


def large_rows(scratch: Path, texts: list[dict], queries: list[str]) -> list[Row]:
    """The rows of the issue that ask 50,000 articles."""
    many = perturbed(texts, LARGE)
    folder = scratch / "large"
    build(folder, documents(many))
    found = peers.finders(many, "en", scratch, only=("tantivy",))
    if not found:
        return []
    del many
    taken = times({"ours": ours(folder), **found}, queries, ROUNDS)
    mine, other = taken["ours"], taken["tantivy"]
    return [
        ratio("query p50 at 50,000, to Tantivy", mine.p50, other.p50, 2.0),
        Row("query p95 at 50,000, to Tantivy", f"{mine.p95:.2f} ms to {other.p95:.2f} ms"),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpora", nargs="?", type=Path, default=CORPORA)
    parser.add_argument("--quick", action="store_true", help="no compile, no 50,000 articles")
    asked = parser.parse_args()
    if not asked.corpora.is_dir():
        sys.exit(f"there are no corpora in {asked.corpora}")
    texts = read(asked.corpora / "articles_en_10k.jsonl.gz")
    stored = read(asked.corpora / "queries.jsonl.gz")
    queries = [query["text"] for query in stored if query["set"] in _ENGLISH]
    busy = os.getloadavg()[0]
    print(f"{len(texts)} articles, {len(queries)} queries; load before: {busy:.1f}")
    scratch = Path(tempfile.mkdtemp(prefix="waypost-search-"))
    try:
        folder = scratch / "index"
        rows = build_rows(folder, texts)
        rows = query_rows(folder, texts, queries) + rows
        rows.append(memory_of_a_worker(folder, queries[::3]))
        if not asked.quick:
            rows += compile_rows(scratch, texts)
            rows += large_rows(scratch, texts, queries)
        show("Speed", rows)
        tables(asked.corpora, with_peers=True)
    finally:
        shutil.rmtree(scratch)


if __name__ == "__main__":
    main()
