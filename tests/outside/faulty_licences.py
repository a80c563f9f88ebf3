"""A licence service on this machine that answers as it is told to: well, or in every bad way."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from threading import Event
from typing import Any

from tests.outside.web_server import hung_up, serving

TOKEN = "token of the tests"


@dataclass
class FaultyLicences:
    """What it knows, and how it behaves: "", hang, html, half, lies, missing, list, wrong-type,
    error, redirect, huge, wrong-product."""

    url: str = ""
    trouble: str = ""
    known: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: list[list[str]] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    left: Event = field(default_factory=Event)
    """Whoever was kept waiting has hung up."""

    def answer(self, keys: list[str]) -> tuple[int, bytes]:
        found: Any = {key: self.known.get(key) for key in keys}
        if self.trouble == "lies":
            found = {key: {"key": "NBS12" + "Z" * 20, "product": "x"} for key in keys}
        if self.trouble == "missing":
            found.pop(keys[0])
        if self.trouble == "list":
            found = list(found)
        if self.trouble == "wrong-type":
            found = {key: {"product": 7, "sold_on": "2026-01-01"} for key in keys}
        if self.trouble == "wrong-product":
            found = {key: {"product": "no-such", "sold_on": "2026-01-01"} for key in keys}
        if self.trouble == "wrong-day":
            found = {key: {"product": "backup-server", "sold_on": "soon"} for key in keys}
        body = json.dumps({"licences": found}).encode()
        if self.trouble == "html":
            body = b"<html><body>It works</body></html>"
        if self.trouble == "huge":
            body = b" " * 2_000_000 + body
        if self.trouble == "deep":
            body = b"[" * 100_000
        return (500 if self.trouble == "error" else 200), body


@contextmanager
def faulty_licences() -> Iterator[FaultyLicences]:
    """Run it on a free port of this machine."""
    service = FaultyLicences()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            service.asked.append(sent["keys"])
            service.tokens.append(self.headers.get("Authorization", ""))
            if service.trouble == "hang":
                if hung_up(self.connection):
                    service.left.set()
                return
            if service.trouble == "redirect":
                self.send_response(302)
                self.send_header("Location", "http://127.0.0.1:9/")
                self.end_headers()
                return
            status, body = service.answer(sent["keys"])
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: len(body) // 2] if service.trouble == "half" else body)

        def log_message(self, *_: Any) -> None:
            return

    with serving(Handler) as service.url:
        yield service
