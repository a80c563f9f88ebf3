"""A site that is asked while it is compiled again and again, and compiles that are killed."""

import multiprocessing
import os
import random
import re
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.queues import Queue
from multiprocessing.sharedctypes import Synchronized
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest

from kb.actions.compile_site import compile_site
from kb.actions.live_site import Live, LiveSite
from kb.search.query import Query
from kb.settings import Settings, read_settings
from tests.content.sites import SmallSite, front

CHANGING, STANDING = 6, 40
COMPILES, THREADS, PROCESSES, KILLS = 50, 8, 2, 30
FLAT_MB = 8
"""What a process may hold more at the end than after a fifth of the compiles."""
Report = tuple[list[str], int, int, float]
_GENERATION = re.compile(r"generation(\d+)")


class Growing:
    """A site in which some articles say of which generation they are, in title and text."""

    def __init__(self, folder: Path) -> None:
        self.site = SmallSite(folder / "site")
        self.var = folder / "var"
        self.settings: Settings = read_settings({"KB_VAR": str(self.var)}, self.site.root)
        for number in range(100, 100 + STANDING):
            self.site.article(number, f"standing{number}")
        self.becomes(0)

    def becomes(self, generation: int) -> None:
        for number in range(1, CHANGING + 1):
            text = front("", f"Restaurar una copia, generation{generation}.\n")
            text = text.replace("title: Uno", f"title: Copia {number} generation{generation}")
            self.site.article(number, f"n{number}", es=text)


def generation_of(live: Live) -> int:
    """Ask for what every generation has; fail unless all that comes is whole and of one."""
    results = live.index.search(Query("restaurar copia", "es"))
    shown = [f"{hit.title} {hit.snippet}" for hit in results.hits]
    found = {int(number) for text in shown for number in _GENERATION.findall(text)}
    assert results.total == len(results.hits) == CHANGING, (results.total, shown)
    assert len(found) == 1, found
    generation = found.pop()
    assert live.index.search(Query(f"generation{generation}", "es")).total == CHANGING
    for number in range(1, CHANGING + 1):
        page = live.site.page("es", number)
        assert f"generation{generation}" in page.html, "the index and the pages are of two sites"
    assert live.index.suggest("standing1", "en")
    return generation


def private_mb() -> float:
    """Megabytes of this process that are its own."""
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()[1:]
    kept = [int(line.split()[1]) for line in lines if line.startswith("Private_Dirty")]
    return sum(kept) / 1024


def ask_on(var: Path, stop: Event, newest: "Synchronized[int]", told: "Queue[Report]") -> None:
    """What one serving process does: threads that ask until told to stop, the newest generation
    seen being told at once; in the end what went wrong, how often it asked, how many generations
    it saw, and by how much its memory grew."""
    live_site, wrong, seen = LiveSite(var), list[str](), set[int]()
    asked = [0] * THREADS

    def ask(thread: int) -> None:
        while not stop.is_set():
            try:
                seen.add(generation_of(live_site.current()))
                newest.value = max(newest.value, *seen)
            except Exception as error:
                wrong.append(repr(error))
                newest.value = COMPILES
                return
            asked[thread] += 1

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    while len(seen) < COMPILES // 5 and not wrong and not stop.is_set():
        time.sleep(0.02)
    early = private_mb()
    for thread in threads:
        thread.join()
    told.put((wrong, sum(asked), len(seen), private_mb() - early))


def wait_for(condition: Callable[[], bool], seconds: float = 120) -> None:
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.01)


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="needs Linux' smaps")
def test_asked_by_many_while_compiled_again_and_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    growing = Growing(tmp_path)
    compile_site(growing.settings)
    context = multiprocessing.get_context("spawn")
    stop, told = context.Event(), context.Queue()
    newest = [context.Value("i", 0) for _ in range(PROCESSES)]
    processes = [
        context.Process(target=ask_on, args=(growing.var, stop, one, told)) for one in newest
    ]
    for process in processes:
        process.start()
    try:
        for generation in range(1, COMPILES + 1):
            growing.becomes(generation)
            assert compile_site(growing.settings).changed
            if generation % 4 == 0:  # however slow they are, each sees a quarter of them
                wait_for(lambda: min(one.value for one in newest) >= generation)  # noqa: B023
    finally:
        stop.set()
    reports = [told.get(timeout=600) for _ in processes]
    for process in processes:
        process.join(600)
    with capsys.disabled():
        for wrong, asked, seen, grown in reports:
            sys.stdout.write(
                f"\n{asked} times asked by {THREADS} threads, {seen} of {COMPILES + 1} generations"
                f" seen, {len(wrong)} errors, memory {grown:+.1f} MB"
            )
    assert [wrong for wrong, *_ in reports] == [[]] * PROCESSES
    assert min(seen for _, _, seen, _ in reports) > COMPILES // 5
    assert max(grown for *_, grown in reports) < FLAT_MB


@contextmanager
def forked(work: Callable[[], object]) -> Iterator[int]:
    """Do work in a child process; the child never comes back into the test."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    yield child


def steps(growing: Growing, generation: int, last: int = 0) -> tuple[int, bool]:
    """Compile the next generation in a child process that kills itself at its `last` step (a file
    opened, moved, deleted …); how many steps it took, and whether it came to an end."""
    growing.becomes(generation)
    taken = multiprocessing.get_context("fork").Value("i", 0)

    def counted(event: str, _: object) -> None:
        if event == "open" or event.startswith(("os.", "shutil.", "sqlite3.", "fcntl.")):
            taken.value += 1
            if taken.value == last:
                os.kill(os.getpid(), signal.SIGKILL)

    def work() -> None:
        sys.addaudithook(counted)
        compile_site(growing.settings)

    with forked(work) as child:
        ended = os.waitpid(child, 0)[1]
    assert ended in (0, signal.SIGKILL)
    return taken.value, ended == 0


@pytest.mark.slow
def test_a_compile_killed_at_any_moment_leaves_the_live_site_untouched(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    growing = Growing(tmp_path)
    compile_site(growing.settings)
    whole = max(steps(growing, generation)[0] for generation in (1, 2, 3))
    moments = random.Random(3)  # noqa: S311 - moments, no secret
    before, cut, drafts = 3, 0, 0
    for generation in range(4, KILLS + 4):
        killed = not steps(growing, generation, moments.randrange(1, whole))[1]
        drafts += bool(list((growing.var / "site").glob(".draft-*")))
        now = generation_of(LiveSite(growing.var).current())
        assert now in (before, generation), (now, before, generation)
        assert killed or now == generation
        cut += killed
        compile_site(growing.settings)
        assert generation_of(LiveSite(growing.var).current()) == generation
        assert not list((growing.var / "site").glob(".draft-*"))
        before = generation
    with capsys.disabled():
        told = f"\n{KILLS} kills: {cut} before the end of the compile, {drafts} while it wrote"
        sys.stdout.write(told)
    assert cut >= KILLS // 3
    assert drafts >= KILLS // 10
