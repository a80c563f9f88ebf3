"""Compiling a knowledge base: articles a second from nothing, and after one changed article.

    python -m bench.compile [--articles N]

The peer, measured in the same run on the same texts, is the least that any static tool has to do:
read each file and render its Markdown with Python-Markdown (tables, fences, footnotes), on one
core and with no checks, no cleaning, no search index and nothing written. Ours checks, cleans,
highlights, indexes for search and writes. Uses the shared corpus where it is, else made-up texts.
"""

import argparse
import os
import random
import resource
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from pathlib import Path

from markdown import Markdown

from kb.actions.compile_site import compile_site
from kb.content.imports.fields import Mapped
from kb.content.imports.markdown import import_markdown
from kb.settings import Settings, read_settings

CORPUS = Path(__file__).parents[2] / "shared" / "corpora" / "kcs-articles.tar.gz"
_EXTENSIONS = ["tables", "fenced_code", "footnotes", "def_list", "attr_list", "admonition"]
_WORDS = ["backup", "disk", "vault", "restore", "error", "task", "media", "server", "licence"]


def corpus(folder: Path, wanted: int) -> int:
    """Put a foreign knowledge base into `folder`; return how many files it has."""
    if CORPUS.is_file():
        with tarfile.open(CORPUS) as archive:
            archive.extractall(folder, filter="data")
        for lang in ("en", "es"):
            (folder / "kcs-articles" / lang).rename(folder / lang)
    else:
        print("the shared corpus is not beside the project: made-up texts instead")
        for lang in ("en", "es"):
            (folder / lang).mkdir()
            for number in range(1000, 2178):
                (folder / lang / f"{number}.md").write_text(_made_up(number))
    stems = sorted({path.name for path in folder.glob("*/*.md")})
    for stem in stems[wanted // 2 :] if wanted else []:
        for path in folder.glob(f"*/{stem}"):
            path.unlink()
    return len(list(folder.glob("*/*.md")))


def _made_up(number: int) -> str:
    random.seed(number)
    body = "\n\n".join(
        f"## Part {part}\n\n"
        + " ".join(random.choices(_WORDS, k=90))  # noqa: S311 - words, no secret
        + "\n\n```shell\nnvctl vault list --show quota\n```\n\n1. One\n2. Two\n"
        for part in range(4)
    )
    return f"---\ntitle: Article {number}\n---\n{body}\n"


class Watch:
    """Seconds on the clock and on the processor (this process and its finished workers)."""

    def __init__(self) -> None:
        self._wall, self._cpu = time.perf_counter(), self._used()

    def stop(self) -> tuple[float, float]:
        return time.perf_counter() - self._wall, self._used() - self._cpu

    @staticmethod
    def _used() -> float:
        times = os.times()
        return times.user + times.system + times.children_user + times.children_system


Seconds = tuple[float, float]


def plain(site: Path) -> Seconds:
    """Return what plain Python-Markdown takes for the same files."""
    watch = Watch()
    md = Markdown(extensions=_EXTENSIONS)
    for path in site.rglob("articles/*/*/*.md"):
        md.reset().convert(path.read_text(encoding="utf-8").split("\n---\n", 1)[1])
    return watch.stop()


def timed_compile(settings: Settings) -> tuple[Seconds, int]:
    watch = Watch()
    made = compile_site(settings)
    return watch.stop(), made.read


def changed(settings: Settings, times: int) -> Seconds:
    """Return the median of compiles after one changed article."""
    paths = sorted(settings.site.rglob("articles/*/*/en.md"))
    seconds = []
    for number in range(times):
        with paths[number * 7 % len(paths)].open("a") as file:
            file.write(f"\nOne more sentence, number {number}.\n")
        took, read = timed_compile(settings)
        assert read == 1, read
        seconds.append(took)
    return sorted(seconds)[times // 2]


def command(settings: Settings) -> Seconds:
    """Return what the whole command takes after one change, from its start."""
    path = next(settings.site.rglob("articles/*/*/en.md"))
    with path.open("a") as file:
        file.write("\nA last sentence.\n")
    watch = Watch()
    words = [sys.executable, "-m", "kb", "--site", str(settings.site), "index"]
    subprocess.run(words, check=True, env={"KB_VAR": str(settings.var)}, capture_output=True)
    return watch.stop()


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=0, help="at most so many files")
    wanted = parser.parse_args().articles
    scratch = Path(tempfile.mkdtemp(prefix="kb-bench-"))
    try:
        _run(scratch, wanted)
    finally:
        shutil.rmtree(scratch)


def _run(scratch: Path, wanted: int) -> None:
    (scratch / "old").mkdir()
    count = corpus(scratch / "old", wanted)
    started = time.perf_counter()
    report = import_markdown(scratch / "old", scratch / "site", {"en": "en", "es": "es"}, Mapped())
    imported = time.perf_counter() - started
    settings = read_settings({"KB_VAR": str(scratch / "var")}, scratch / "site")
    peer = plain(settings.site)
    cold, read = timed_compile(settings)
    unchanged, _ = timed_compile(settings)
    one = changed(settings, 5)
    whole = command(settings)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    workers = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(
        f"{count} files, {report.written} imported in {imported:.1f} s "
        f"({report.written / imported:.0f} a second)"
    )
    print(f"{'':38}{'seconds':>9}{'cpu':>8}{'a second':>10}{'of plain':>10}")
    for name, (seconds, cpu), number in [
        ("plain Python-Markdown, one core", peer, report.written),
        ("compile from nothing", cold, read),
        ("compile, nothing changed", unchanged, report.written),
        ("compile, one article changed", one, report.written),
        ("the same as a command, with its start", whole, report.written),
    ]:
        ratio = seconds / peer[0]
        print(f"{name:38}{seconds:9.2f}{cpu:8.2f}{number / seconds:10.0f}{ratio:10.2f}")
    print(f"memory: {memory} MB, each worker at most {workers} MB")
    told = "met" if one[0] < 1 else "missed on this clock"
    print(f"one article changed: {one[0]:.2f} s (cpu {one[1]:.2f} s), aim under 1 s: {told}")


if __name__ == "__main__":
    main()
