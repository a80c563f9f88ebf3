"""The whole way from files to a live site, at the size of a large knowledge base."""

import json
import statistics
import time
from pathlib import Path

from bench.rounds import Row, at_most
from kb.actions import compile_site as compiling
from kb.actions.live_site import LiveSite
from kb.content.import_fields import Mapped
from kb.content.import_markdown import import_markdown
from kb.search.index import Query
from kb.settings import Settings, read_settings

EDITS = 5


def compile_rows(scratch: Path, texts: list[dict]) -> list[Row]:
    """Compile all texts from nothing on every core, then one changed article, edit to live."""
    settings = _site(scratch / "large-site", texts)
    start = time.perf_counter()
    made = compiling.compile_site(settings)
    whole = time.perf_counter() - start
    assert made.articles == len(texts)
    live = LiveSite(settings.var)
    paths = sorted(settings.site.rglob("articles/*/*/en.md"))
    edits = [
        _edited(settings, live, path, n) for n, path in enumerate(paths[:: len(paths) // EDITS])
    ]
    return [
        at_most("whole compile from nothing", whole, 60, "s"),
        at_most("one article, edit to live", statistics.median(edits), 1, "s"),
    ]


def _edited(settings: Settings, live: LiveSite, path: Path, number: int) -> float:
    """Seconds from saving an article until a search finds its new word."""
    word = f"freshly{'abcdefghij'[number]}word"
    with path.open("a") as file:
        file.write(f"\nOne more sentence with {word}.\n")
    start = time.perf_counter()
    compiling.compile_site(settings)
    found = live.current().index.search(Query(word, "en", verbatim=True))
    took = time.perf_counter() - start
    assert found.total == 1
    return took


def _site(folder: Path, texts: list[dict]) -> Settings:
    """The texts as a site; what would be a link in Markdown leads nowhere here and is broken up."""
    (folder / "old" / "en").mkdir(parents=True)
    for number, text in enumerate(texts):
        body = text["body"].replace("](", "] (").replace("]:", "] :").replace("[[", "[ [")
        title = json.dumps(text["title"], ensure_ascii=False)
        page = f"---\ntitle: {title}\n---\n{body}\n"
        (folder / "old" / "en" / f"{number}.md").write_text(page)
    import_markdown(folder / "old", folder / "site", {"en": "en"}, Mapped())
    return read_settings({"KB_VAR": str(folder / "var")}, folder / "site")
