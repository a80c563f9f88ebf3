"""What one more worker process costs in memory: its own pages, not those it shares."""

import multiprocessing
from multiprocessing.connection import Connection
from pathlib import Path

from bench.rounds import Row, at_most
from kb.search.index import Index, Query

_SMAPS = Path("/proc/self/smaps_rollup")


def private() -> float:
    """Megabytes of this process that no other process shares."""
    lines = dict(line.split(":") for line in _SMAPS.read_text().splitlines()[1:])
    return sum(int(lines[name].split()[0]) for name in ("Private_Clean", "Private_Dirty")) / 1024


def memory_of_a_worker(folder: Path, queries: list[str]) -> Row:
    """Two workers answer the queries; return what the second holds above its idle state."""
    if not _SMAPS.is_file():
        return Row("memory of one more worker", "not measured on this system")
    context = multiprocessing.get_context("spawn")
    first, second = context.Pipe(), context.Pipe()
    holder = context.Process(target=_work, args=(folder, queries, first[1]))
    holder.start()
    first[0].recv()
    worker = context.Process(target=_work, args=(folder, queries, second[1]))
    worker.start()
    above = second[0].recv()
    for pipe, process in ((second, worker), (first, holder)):
        pipe[0].send(None)
        process.join()
    return at_most("memory of one more worker", above, 40, "MB")


def _work(folder: Path, queries: list[str], pipe: Connection) -> None:
    idle = private()
    index = Index.open(folder)
    for query in queries:
        index.search(Query(query, "en"))
        index.suggest(query[:6], "en")
    pipe.send(private() - idle)
    pipe.recv()  # stay until the other is measured, so that pages are shared as in a server
