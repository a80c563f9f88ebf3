"""Stripe as far as it is used here: checkouts over HTTP on this machine, and signed notices.

It keeps what the real one promises: the same idempotency key gives the same answer and refuses
other parameters; a checkout that is complete or over cannot be ended."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from threading import Lock, Semaphore
from typing import Any
from urllib.parse import parse_qs

import stripe

from kb.settings import Stripe
from tests.outside.web_server import hung_up, serving

SECRET = "whsec_of_the_tests"


@dataclass
class StripeTwin:
    """One account; `trouble` makes the next answers bad: hang, html, half, error, nothing."""

    url: str = ""
    trouble: str = ""
    sessions: dict[str, dict[str, Any]] = field(default_factory=dict)
    by_key: dict[str, tuple[str, str]] = field(default_factory=dict)
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)
    left: Semaphore = field(default_factory=lambda: Semaphore(0))
    """One for each time that whoever was kept waiting hung up."""

    @property
    def settings(self) -> Stripe:
        return Stripe("sk_test_twin", SECRET, self.url)

    def pay(self, session_id: str, *, amount: int | None = None) -> dict[str, Any]:
        """A customer pays; returns the session as the notice carries it."""
        session = self.sessions[session_id]
        session |= {"status": "complete", "payment_status": "paid"}
        session["payment_intent"] = f"pi_{session_id}"
        if amount is not None:
            session["amount_total"] = amount
        return session

    def notice(
        self,
        thing: dict[str, Any],
        kind: str = "checkout.session.completed",
        *,
        id_: str = "evt_1",
        at: float | None = None,
        secret: str = SECRET,
    ) -> tuple[bytes, str]:
        """Return the body and the signature of a notice about a thing."""
        event = {"id": id_, "object": "event", "type": kind, "data": {"object": thing}}
        body = json.dumps(event)
        signed = stripe.WebhookSignature.generate_signature_header(
            body, secret, int(at or time.time())
        )
        return body.encode(), signed

    def charge(self, session: dict[str, Any]) -> dict[str, Any]:
        """The charge of a paid session, given back."""
        return {
            "id": f"ch_{session['id']}",
            "object": "charge",
            "refunded": True,
            "amount_refunded": session["amount_total"],
            "currency": session["currency"],
            "payment_intent": session["payment_intent"],
            "metadata": dict(session["metadata"]),
        }

    def answer(
        self, method: str, path: str, form: dict[str, str], key: str
    ) -> tuple[int, dict[str, Any]]:
        parts = path.strip("/").split("/")
        with self.lock:
            if parts == ["v1", "checkout", "sessions"] and method == "POST":
                return self._create(form, key)
            session = self.sessions.get(parts[3]) if len(parts) > 3 else None
            if session is None:
                return 404, {"error": {"type": "invalid_request_error", "message": "No such"}}
            if parts[4:] == ["expire"]:
                if session["status"] != "open":
                    said = "Only Checkout Sessions with a status in [open] can be expired."
                    return 400, {"error": {"type": "invalid_request_error", "message": said}}
                session["status"] = "expired"
            return 200, session

    def _create(self, form: dict[str, str], key: str) -> tuple[int, dict[str, Any]]:
        asked = json.dumps(form, sort_keys=True)
        if key in self.by_key:
            known, id_ = self.by_key[key]
            if known != asked:
                said = "Keys for idempotent requests can only be used with the same parameters"
                return 400, {"error": {"type": "idempotency_error", "message": said}}
            return 200, self.sessions[id_]
        id_ = f"cs_test_{len(self.sessions) + 1}"
        line = "line_items[0][price_data]"
        self.sessions[id_] = {
            "id": id_,
            "object": "checkout.session",
            "url": f"{self.url}/pay/{id_}",
            "status": "open",
            "payment_status": "unpaid",
            "expires_at": int(time.time()) + 86_400,
            "amount_total": int(form[f"{line}[unit_amount]"]),
            "currency": form[f"{line}[currency]"],
            "client_reference_id": form["client_reference_id"],
            "metadata": {"order": form["metadata[order]"]},
            "payment_intent": None,
            "success_url": form["success_url"],
        }
        self.by_key[key] = (asked, id_)
        return 200, self.sessions[id_]


@contextmanager
def stripe_twin() -> Iterator[StripeTwin]:
    """Run the twin on a free port of this machine."""
    twin = StripeTwin()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self._answer("POST")

        def do_GET(self) -> None:
            self._answer("GET")

        def _answer(self, method: str) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            sent = parse_qs(self.rfile.read(length).decode())
            form = {name: values[0] for name, values in sent.items()}
            twin.asked.append((method, self.path, form))
            if twin.trouble == "hang":
                if hung_up(self.connection):
                    twin.left.release()
                return
            if twin.trouble == "nothing":
                self.close_connection = True
                return
            if self.path.startswith("/pay/"):
                self._pay_page(method, self.path.removeprefix("/pay/"))
                return
            key = self.headers.get("Idempotency-Key", "")
            status, found = twin.answer(method, self.path, form, key)
            body = json.dumps(found).encode()
            if twin.trouble == "error":
                status, body = 500, b'{"error": {"type": "api_error", "message": "boom"}}'
            if twin.trouble == "html":
                body = b"<html><body>Welcome</body></html>"
            if twin.trouble == "empty":
                body = b"{}"
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            half = twin.trouble == "half"
            self.wfile.write(body[: len(body) // 2] if half else body)
            if half:
                self.close_connection = True

        def _pay_page(self, method: str, session_id: str) -> None:
            """The page where a customer pays: a button, then back to the site."""
            body = b"<!doctype html><title>Pay</title><form method=post><button>Pay</button></form>"
            if method == "POST":
                self.send_response(303)
                self.send_header("Location", twin.pay(session_id)["success_url"])
                body = b""
            else:
                self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            return

    with serving(Handler) as twin.url:
        yield twin
