"""Analysing many documents at once, in processes; few are analysed here."""

import gc
import os
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from kb.search.analysed import Analysed, analyse
from kb.search.documents import Document

POOL_FROM = 1000
"""From so many on the processes are worth their start and the way of texts between them."""

_CHUNK = 50

Task = tuple[Document, str]


def analysed(tasks: Sequence[Task]) -> Iterator[Analysed]:
    """Yield the documents (each with its fingerprint) analysed, in the order given."""
    workers = os.cpu_count() or 1
    if len(tasks) < POOL_FROM or workers == 1:
        yield from map(_one, tasks)
        return
    alone = threading.active_count() == 1
    way = get_context("fork" if alone else "forkserver")
    with ProcessPoolExecutor(workers, way, initializer=gc.enable) as pool:
        yield from pool.map(_one, tasks, chunksize=_CHUNK)


def _one(task: Task) -> Analysed:
    return analyse(*task)
