"""What a visitor's browser gets over the wire: compressed bytes, counted by Chromium."""

import gzip
import os
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from bench.pages import free_port
from tests.browser.conftest import ARGUMENTS
from tests.programs import chromium

_PACKED = {".html", ".css", ".js", ".json", ".svg", ".xml"}


@dataclass(frozen=True, slots=True)
class Wire:
    """Bytes of the page alone, of all that it needs to be read, and of what one search costs, part
    of which some pages fetch before anybody searches."""

    page: int
    read: int
    search: int


def fetched(url: str, search: Callable[[Page], Any]) -> Wire:
    """Open a page with an empty cache, then search once; only this host is asked and counted."""
    sizes: list[tuple[str, str, int]] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        page = browser.new_page()
        host = "/".join(url.split("/")[:3])

        def note(one: Any) -> None:
            told = one.sizes()
            size = int(told["responseBodySize"]) + int(told["responseHeadersSize"])
            sizes.append((one.url, one.resource_type, size))

        page.on("requestfinished", note)
        page.goto(url, wait_until="networkidle")
        count = len(sizes)
        search(page)
        page.wait_for_timeout(3000)
        browser.close()
    known: set[str] = set()
    read = searched = 0
    for place, (address, _kind, size) in enumerate(sizes):
        if address in known or not address.startswith(host):
            continue
        known.add(address)
        if place >= count or "/search/" in address or "workers/search" in address:
            searched += size
        else:
            read += size
    document = next(size for _address, kind, size in sizes if kind == "document")
    return Wire(document, read, searched)


class _Packed(SimpleHTTPRequestHandler):
    """A plain web server that compresses, as any does that is set up well."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(404)
            return
        body = path.read_bytes()
        packed = path.suffix in _PACKED
        body = gzip.compress(body, 9) if packed else body
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "max-age=3600")
        if packed:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@contextmanager
def gzip_server(folder: Path) -> Iterator[str]:
    """Serve a folder."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Packed, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def waypost_server(site: Path, env: dict[str, str]) -> Iterator[str]:
    """Serve a compiled site by the real command."""
    port = free_port()
    words = [sys.executable, "-m", "kb", "--site", str(site), "serve", "--port", str(port)]
    process = subprocess.Popen(
        [*words, "--workers", "1"],
        env={**os.environ, **env},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2).close()
                break
            except OSError:
                assert process.poll() is None, "the server did not start"
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=20)
