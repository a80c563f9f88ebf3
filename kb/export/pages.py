"""Rendering pages and writing them, in processes where they are many."""

import gc
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

from flask import Flask

from kb.export.folder import ExportError
from kb.export.rewriting import Page

POOL_FROM = 150
_CHUNK = 25

Progress = Callable[[int, int], None]


class Written(NamedTuple):
    """One page: the address it was rendered at and its file."""

    address: str
    file: str


class _Work:
    """What the processes share by being forked."""

    app: Flask
    page: Page
    folder: Path


def write_pages(
    app: Flask,
    page: Page,
    folder: Path,
    addresses: Mapping[str, str],
    progress: Progress | None = None,
) -> list[Written]:
    """Render and write every page, and the texts for other versions that pages turn out to name."""
    _Work.app, _Work.page, _Work.folder = app, page, folder
    written: list[Written] = []
    waiting = [Written(*pair) for pair in addresses.items()]
    for file in {name for _, name in waiting}:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
    seen: set[str] = set()
    while waiting:
        for number, (versions, assets) in enumerate(_answers(waiting)):
            page.places.versions.update(versions)
            page.places.assets.update(assets)
            if progress:
                done = len(written) + min((number + 1) * _CHUNK, len(waiting))
                progress(done, len(written) + len(waiting))
        written += waiting
        seen |= {one.file for one in waiting}
        waiting = [Written(*v) for v in sorted(page.places.versions.items()) if v[1] not in seen]
    return written


_Named = tuple[dict[str, str], dict[str, str]]


def _answers(waiting: list[Written]) -> Iterator[_Named]:
    chunks = [waiting[at : at + _CHUNK] for at in range(0, len(waiting), _CHUNK)]
    workers = min(os.cpu_count() or 1, len(chunks))
    if len(waiting) < POOL_FROM or workers < 2 or threading.active_count() > 1:
        yield from map(_write, chunks)
        return
    gc.freeze()  # what is here now stays: no process need look through it for garbage
    try:
        with ProcessPoolExecutor(workers, get_context("fork")) as pool:
            yield from pool.map(_write, chunks)
    finally:
        gc.unfreeze()


def _write(chunk: list[Written]) -> _Named:
    """Write some pages; return the versions and files that they name."""
    for address, file in chunk:
        # the page itself, without the servers and headers around it, which files do not have; in a
        # context of its own, so that nothing of the page before is remembered
        with _Work.app.app_context(), _Work.app.test_request_context(address):
            response = _Work.app.full_dispatch_request()
        if response.status_code != 200:
            raise ExportError(f"{address} answered {response.status_code}; run `kb check`")
        html = _Work.page.rewritten(response.get_data(as_text=True), file.count("/"))
        (_Work.folder / file).write_text(html, encoding="utf-8", newline="\n")
    places = _Work.page.places
    return dict(places.versions), dict(places.assets)
