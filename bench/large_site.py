"""The whole way from files to a live site, at the size of a large knowledge base."""

import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from bench.rounds import Row, at_most
from kb.actions import compile_site as compiling
from kb.actions.live_site import LiveSite
from kb.content.imports.fields import Mapped
from kb.content.imports.markdown import import_markdown
from kb.content.kept import Kept
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
    kept = compiling.kept_of(settings)
    edits = [
        _edited(settings, live, path, n, kept)
        for n, path in enumerate(paths[:: len(paths) // EDITS][:EDITS])
    ]
    commands = [_command(settings, path) for path in paths[1 :: len(paths) // EDITS][:EDITS]]
    return [
        at_most("whole compile from nothing", whole, 60, "s"),
        at_most("one article, edit to live", statistics.median(e[0] for e in edits), 1, "s"),
        at_most("the same, processor time", statistics.median(e[1] for e in edits), 1, "s"),
        at_most("kb index, one article", statistics.median(c[0] for c in commands), 1, "s"),
        at_most("the same, processor time", statistics.median(c[1] for c in commands), 1, "s"),
    ]


def _processor() -> float:
    """Seconds of processor time of this process and its finished children."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _command(settings: Settings, path: Path) -> tuple[float, float]:
    """Seconds on the clock and of the processor for `kb index` after an edit, from its start."""
    with path.open("a") as file:
        file.write("\nA sentence for the command.\n")
    words = [sys.executable, "-m", "kb", "--site", str(settings.site), "index"]
    start, used = time.perf_counter(), _processor()
    env = {**os.environ, "KB_VAR": str(settings.var)}
    subprocess.run(words, check=True, env=env, capture_output=True)
    return time.perf_counter() - start, _processor() - used


def _edited(
    settings: Settings, live: LiveSite, path: Path, number: int, kept: Kept
) -> tuple[float, float]:
    """Seconds from saving an article until a search finds its new word: clock and processor."""
    word = f"freshly{'abcdefghij'[number]}word"
    with path.open("a") as file:
        file.write(f"\nOne more sentence with {word}.\n")
    start, used = time.perf_counter(), _processor()
    compiling.compile_site(settings, kept=kept)
    found = live.current().index.search(Query(word, "en", verbatim=True))
    took = time.perf_counter() - start, _processor() - used
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
