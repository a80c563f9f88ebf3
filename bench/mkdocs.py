"""A thousand real support articles, published: Waypost beside MkDocs with the Material theme.

    KB_BENCH_MKDOCS=PYTHON python -m bench.mkdocs [--rounds N] [--articles N]

PYTHON is that of an environment of its own (`python -m venv X`, `X/bin/pip install
mkdocs-material`); without it there is nothing to compare with. MkDocs runs in its fastest set-up,
`navigation.prune`.
Both take turns on the same texts: from nothing, and after one article changed, where MkDocs has
`--dirty` (which leaves a search index of only that page). What Waypost publishes is `kb index`:
all is checked, indexed and live. `kb export static` on top gives files as MkDocs does.

Times are of whole commands, with their start, on the clock and of the processor, which says more
on a machine that others use too. A site that is served is not compiled by a command but by the
worker, which runs already; what that takes after one change is measured too. Memory is the most
that all processes of a command hold together. Bytes are what Chromium gets over the wire,
compressed, when a visitor first opens
an article, and what is fetched besides to search once; fonts from elsewhere are not counted.
"""

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.compile import CORPUS
from bench.pages import ROOT
from bench.rounds import Row, show
from bench.wire import fetched, gzip_server, waypost_server
from kb.actions.compile_site import compile_site, kept_of
from kb.settings import read_settings

WORDS = "cannot sign in error"
CONFIG = """\
site_name: Knowledge base
theme:
  name: material
  features: [navigation.prune]
markdown_extensions: [admonition, attr_list, def_list, footnotes, tables, pymdownx.superfences]
"""
SITE = "name: {en: Knowledge base}\nbrand: Bench\nlanguages: [en]\ntranslations: optional\n"


Taken = tuple[float, float, float]
"""Seconds on the clock, seconds of the processor, megabytes."""


@dataclass(slots=True)
class Run:
    """What one command took, round by round."""

    seconds: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)

    @property
    def time(self) -> float:
        return statistics.median(self.seconds)

    @property
    def cpu(self) -> float:
        return statistics.median(self.processor)

    @property
    def megabytes(self) -> float:
        return statistics.median(self.memory)


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--articles", type=int, default=1000)
    asked = parser.parse_args()
    python = os.environ.get("KB_BENCH_MKDOCS")
    if not python:
        print("KB_BENCH_MKDOCS names no Python with mkdocs-material: nothing to compare with")
        return
    if not CORPUS.is_file():
        sys.exit(f"the shared corpus is not there: {CORPUS}")
    scratch = Path(tempfile.mkdtemp(prefix="kb-bench-"))
    try:
        _measure(Bench(scratch, python, asked.articles), asked.rounds)
    finally:
        shutil.rmtree(scratch)


class Bench:
    """The same articles as a site of each kind, and the commands that publish them."""

    def __init__(self, scratch: Path, python: str, wanted: int) -> None:
        self.theirs, self.ours = scratch / "theirs", scratch / "ours"
        self.var, self.out = scratch / "var", scratch / "out"
        self._python = python
        _unpacked(scratch / "old", wanted)
        shutil.copytree(scratch / "old", self.theirs / "docs")
        for path in (self.theirs / "docs").glob("*.md"):  # `hide: false` stops its theme
            path.write_text(re.sub(r"^hide:.*\n", "", path.read_text(), count=1, flags=re.M))
        (self.theirs / "docs" / "index.md").write_text("# Knowledge base\n")
        (self.theirs / "mkdocs.yml").write_text(CONFIG)
        self.env = {**os.environ, "KB_VAR": str(self.var), "PYTHONPATH": str(ROOT)}
        self.env.pop("PYTHONDONTWRITEBYTECODE", None)  # else our own code is compiled at each start
        words = ["import", "markdown", str(scratch / "old"), "--site", str(self.ours)]
        subprocess.run([sys.executable, "-m", "kb", *words, "--lang", "en=."], env=self.env,
                       check=True, capture_output=True)  # fmt: skip
        (self.ours / "site.yaml").write_text(SITE)
        self.count = len(list((scratch / "old").glob("*.md")))

    def mkdocs(self, *words: str) -> Taken:
        return _timed([self._python, "-m", "mkdocs", "build", "-q", *words], self.theirs, self.env)

    def kb(self, *words: str) -> Taken:
        command = [sys.executable, "-m", "kb", "--site", str(self.ours), *words]
        return _timed(command, self.ours, self.env)

    def resident(self) -> Taken:
        """Compile as a process does that has compiled before."""
        settings = read_settings({"KB_VAR": str(self.var)}, self.ours)
        kept = kept_of(settings)
        start, used = time.perf_counter(), time.process_time()
        done = compile_site(settings, kept=kept)
        assert done.changed
        return time.perf_counter() - start, time.process_time() - used, 0.0

    def change(self, folder: Path, number: int) -> None:
        """Add a sentence to one article."""
        paths = sorted(path for path in folder.rglob("*.md") if path.name != "index.md")
        with paths[number * 37 % len(paths)].open("a") as file:
            file.write(f"\nOne more sentence, number {number}.\n")


def _unpacked(folder: Path, wanted: int) -> None:
    folder.mkdir()
    with tarfile.open(CORPUS) as archive:
        archive.extractall(folder, filter="data")
    pages = sorted(folder.glob("kcs-articles/en/*.md"))[:wanted]
    for path in pages:
        path.rename(folder / path.name)
    shutil.rmtree(folder / "kcs-articles")


def _timed(command: Sequence[str], folder: Path, env: dict[str, str]) -> Taken:
    """Run a command; return its seconds, those of the processor, and the most megabytes its
    processes held."""
    start, used = time.perf_counter(), _children()
    process = subprocess.Popen(
        command, cwd=folder, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    most = [0.0]
    watcher = threading.Thread(target=_watch, args=(process, most))
    watcher.start()
    error = process.communicate()[1]
    seconds = time.perf_counter() - start
    watcher.join()
    assert process.returncode == 0, error.decode()[-2000:]
    return seconds, _children() - used, most[0]


def _children() -> float:
    times = os.times()
    return times.children_user + times.children_system


def _watch(process: "subprocess.Popen[bytes]", most: list[float]) -> None:
    while process.poll() is None:
        most[0] = max(most[0], sum(map(_held, _family(process.pid))) / 1024)
        time.sleep(0.05)


def _family(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return [pid]
    return [pid, *(one for child in children for one in _family(int(child)))]


def _held(pid: int) -> int:
    """Kilobytes of a process, what it shares counted in parts."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    except (OSError, StopIteration):
        return 0


def _measure(bench: Bench, rounds: int) -> None:
    runs: dict[str, Run] = {}

    def run(name: str, work: Callable[[], Taken]) -> None:
        seconds, processor, memory = work()
        made = runs.setdefault(name, Run())
        made.seconds.append(seconds)
        made.processor.append(processor)
        made.memory.append(memory)

    for number in range(rounds):
        shutil.rmtree(bench.theirs / "site", ignore_errors=True)
        shutil.rmtree(bench.var, ignore_errors=True)
        shutil.rmtree(bench.out, ignore_errors=True)
        run("mkdocs", bench.mkdocs)
        run("index", lambda: bench.kb("index"))
        run("export", lambda: bench.kb("export", "static", str(bench.out)))
        for change in range(2):
            bench.change(bench.theirs / "docs", 2 * number + change)
            run("mkdocs dirty", lambda: bench.mkdocs("--dirty"))
            bench.change(bench.ours / "articles", 2 * number + change)
            run("worker", bench.resident)
            bench.change(bench.ours / "articles", 2 * number + change + 100)
            run("index again", lambda: bench.kb("index"))
            run("export again", lambda: bench.kb("export", "static", str(bench.out)))
    bench.mkdocs()
    print(f"{bench.count} articles, {rounds} rounds; load {os.getloadavg()[0]:.1f}")
    show("Time and memory", _times(runs))
    show("Over the wire, kB", _bytes(bench))


def _times(runs: dict[str, Run]) -> list[Row]:
    whole, dirty = runs["mkdocs"], runs["mkdocs dirty"]
    return [
        Row("MkDocs from nothing", _said(whole)),
        Row("MkDocs --dirty, one change", _said(dirty)),
        _row("kb index from nothing", (runs["index"],), whole, 0.3),
        _row("and kb export static", (runs["index"], runs["export"]), whole, 0.3),
        _row("one change, in the worker", (runs["worker"],), dirty, 0.5),
        _row("one change, kb index", (runs["index again"],), dirty, 0.5),
        _row("and kb export static, to the whole", (runs["index again"], runs["export again"]),
             whole, 0.3),
    ]  # fmt: skip


def _said(run: Run) -> str:
    return f"{run.time:.2f} s (cpu {run.cpu:.2f}), {run.megabytes:.0f} MB"


def _row(name: str, ours: Sequence[Run], peer: Run, aim: float) -> Row:
    """Compare by the processor's seconds, and say the clock's."""
    seconds, cpu = sum(run.time for run in ours), sum(run.cpu for run in ours)
    memory = max(run.megabytes for run in ours)
    told = f"{seconds:.2f} s (cpu {cpu:.2f})" + (f", {memory:.0f} MB" if memory else "")
    ratios = f"{seconds / peer.time:.2f}× (cpu {cpu / peer.cpu:.2f}×)"
    return Row(name, f"{told}, {ratios}", f"≤ {aim:g}×", cpu <= aim * peer.cpu)


def _bytes(bench: Bench) -> list[Row]:
    theirs = sorted((bench.theirs / "site").glob("KA-*/index.html"))[500 % bench.count]
    article = sorted(bench.out.glob("en/kb/[0-9]*.html"))[500 % bench.count].stem
    found = {}
    with gzip_server(bench.theirs / "site") as url:
        found["MkDocs"] = fetched(
            f"{url}/{theirs.parent.name}/", lambda page: _typed(page, ".md-search__input")
        )
    with gzip_server(bench.out) as url:
        found["export static"] = fetched(
            f"{url}/en/kb/{article}.html", lambda page: page.goto(f"{url}/en/search.html?q={WORDS}")
        )
    with waypost_server(bench.ours, bench.env) as url:
        found["live site"] = fetched(
            f"{url}/en/kb/{article}", lambda page: page.goto(f"{url}/en/search?q={WORDS}")
        )
    rows = []
    for name, wire in found.items():
        aim = {} if name == "MkDocs" else {"aim": "with all ≤ 60", "met": wire.read <= 60_000}
        told = f"page {wire.page / 1000:.1f}, with all it needs {wire.read / 1000:.0f}"
        rows.append(Row(name, f"{told}, to search {wire.search / 1000:.0f}", **aim))  # type: ignore[arg-type]
    return rows


def _typed(page: object, box: str) -> None:
    page.locator(box).first.click(force=True)  # type: ignore[attr-defined]
    page.keyboard.type(WORDS)  # type: ignore[attr-defined]


if __name__ == "__main__":
    main()
