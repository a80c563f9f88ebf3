"""The preview while one types: milliseconds from a key's request to the answer, by length of text.

Usage: python bench/editor.py [ROUNDS]

The browser asks 220 ms after the last key; the aim is a preview within 300 ms of the server's own.
The peer is reading and rendering the same text in this very process, without the request, the
checks around it and the process apart. `first` is the request that starts the process."""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from kb.content.article_file import Place, read_article  # noqa: E402
from kb.content.read_apart import end_readers  # noqa: E402
from tests.edited_site import EDIT, EditedSite, fields  # noqa: E402

PLACE = Place("articles/setup/1-one/es.md", 1, "one", "es", "setup")
HEAD = "---\ntitle: Uno\n---\n\n"
CHECK = "/en/desk/articles/check"


def taken(work: Callable[[], object]) -> float:
    """Milliseconds."""
    started = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - started)


def main() -> None:
    """Print one row for each length of text."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    with tempfile.TemporaryDirectory() as folder:
        site = EditedSite(Path(folder))
        irene = site.visitor()
        sent = fields(irene.get(EDIT))
        print(f"{'words':>7}{'first ms':>10}{'median':>9}{'worst':>9}{'here':>9}{'ratio':>7}")
        for words in (100, 1_500, 10_000):
            row(words, rounds, lambda body: irene.client.post(CHECK, data={**sent, "body": body}))
        site.db.close()


def row(words: int, rounds: int, ask: Callable[[str], object]) -> None:
    """Type a figure behind a text, again and again."""
    end_readers()
    body = "## Hola\n\n" + "Palabras que siguen.\n\n" * (words // 3)
    first = taken(lambda: ask(body))
    asked, here = [], []
    for number in range(rounds):
        body += f"{number} "
        asked.append(taken(lambda: ask(body)))  # noqa: B023
        here.append(taken(lambda: read_article(PLACE, (HEAD + body).encode())))  # noqa: B023
    median, peer = statistics.median(asked), statistics.median(here)
    print(
        f"{words:>7}{first:>10.0f}{median:>9.1f}{max(asked):>9.1f}{peer:>9.1f}{median / peer:>7.1f}"
    )


if __name__ == "__main__":
    main()
