"""The search that travels with an export, beside the server's: nDCG@10 and the bytes it takes.

    python -m bench.offline_search [CORPORA]

The browser's ranking runs where customers run it, in Chromium, on the judged questions and corpora
of bench/quality.py. Bytes are those of the index as a script, as it is and gzipped.
"""

import argparse
import gzip
import json
import shutil
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

from playwright.sync_api import sync_playwright

from bench.quality import AIMS, CORPORA, misspelt, ndcg, read, waypost
from kb.bundled import STATIC
from kb.search.collection import Collection
from kb.search.portable import portable
from tests.browser.conftest import ARGUMENTS
from tests.programs import chromium

FIND = "([texts]) => texts.map((text) => find(text).slice(0, 10).map((hit) => hit.id))"


def main() -> None:
    """Print one line for each set of questions."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpora", nargs="?", type=Path, default=CORPORA)
    corpora = parser.parse_args().corpora
    if not corpora.is_dir():
        sys.exit(f"there are no corpora in {corpora}")
    scratch = Path(tempfile.mkdtemp(prefix="waypost-offline-"))
    try:
        _run(corpora, scratch)
    finally:
        shutil.rmtree(scratch)


def _run(corpora: Path, scratch: Path) -> None:
    scores: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        for corpus in ("docs_en", "docs_es"):
            lang, texts = corpus[-2:], read(corpora / f"{corpus}.jsonl.gz")
            server, _ = waypost(texts, lang, scratch / corpus)
            index = json.dumps(portable(Collection.open(scratch / corpus / lang)))
            packed = len(gzip.compress(index.encode()))
            print(f"{corpus}: {len(texts)} texts, {len(index) >> 10} kB, gzipped {packed >> 10} kB")
            page = browser.new_page()
            page.add_script_tag(path=STATIC / "offline-search.js")
            page.evaluate("(data) => { globalThis.find = waypost.index(JSON.parse(data)) }", index)
            asked = [q for q in read(corpora / "queries.jsonl.gz") if q["corpus"] == corpus]
            for name, change in (("", str), (", misspelt", misspelt)):
                words = [change(query["text"]) for query in asked]
                for query, text, found in zip(
                    asked, words, page.evaluate(FIND, [words]), strict=True
                ):
                    scores[f"browser{name}"][query["set"]].append(ndcg(found, query["relevant"]))
                    scores[f"server{name}"][query["set"]].append(
                        ndcg(server(text), query["relevant"])
                    )
            page.close()
    print(f"\n{'nDCG@10':<20}" + "".join(f"{name:>10}" for name in AIMS))
    for name, by_set in sorted(scores.items()):
        means = (sum(by_set[set_]) / len(by_set[set_]) for set_ in AIMS)
        print(f"{name:<20}" + "".join(f"{mean:>10.3f}" for mean in means))


if __name__ == "__main__":
    main()
