"""A real SMTP server for the tests: STARTTLS, login, and a mind of its own."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, PASSWORD = "postman", "p@ss:word"


@dataclass
class Mailbox:
    """Keeps what arrives; `answers` are said to DATA first, one each, then everything is taken."""

    taken: list[bytes] = field(default_factory=list)
    secured: list[bool] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)

    async def handle_RCPT(  # the name aiosmtpd calls
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        if address.startswith("nobody@"):
            return "550 no such mailbox"
        if address.startswith("busy@"):
            return "450 mailbox busy"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # the name aiosmtpd calls
        self, _server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if self.answers:
            return self.answers.pop(0)
        assert isinstance(envelope.content, bytes)
        self.taken.append(envelope.content)
        self.secured.append(session.ssl is not None)
        return "250 OK"


def free_port() -> int:
    """A loopback port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def authority() -> trustme.CA:
    """A certificate authority of the tests."""
    return trustme.CA()


def trusting(ca: trustme.CA) -> ssl.SSLContext:
    """A client context that trusts only this authority."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    ca.configure_trust(context)
    return context


@contextmanager
def smtp_server(
    mailbox: Mailbox, ca: trustme.CA | None = None, *, login: bool = False, implicit: bool = False
) -> Iterator[int]:
    """Run a server on a free loopback port and give the port."""
    context = None
    if ca:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        ca.issue_cert("localhost").configure_cert(context)
    controller = Controller(
        mailbox,
        hostname="localhost",
        port=free_port(),
        ssl_context=context if implicit else None,
        tls_context=None if implicit else context,
        require_starttls=bool(context) and not implicit,
        authenticator=_check if login else None,
        auth_required=login and bool(context),  # else the server warns of itself
        auth_require_tls=bool(context),
    )
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


def _check(
    _server: SMTP, _session: Session, _envelope: Envelope, _how: str, data: Any
) -> AuthResult:
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (
        USER.encode(),
        PASSWORD.encode(),
    )
    return AuthResult(success=right, handled=False)
