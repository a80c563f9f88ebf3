"""Posting to a webhook's target: a name is resolved once, judged, and that very address is
connected to, so a name that leads elsewhere a moment later gains nothing (DNS rebinding).

Redirects are not followed, no proxy is asked, little of the answer is read, and all of it ends in
time, however slowly the other side speaks."""

import socket
import ssl
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from threading import Timer
from urllib.parse import SplitResult, urlsplit

from kb.rules.webhooks import Network, is_within, may_reach, url_flaw

CONNECT_SECONDS = 5.0
READ_SECONDS = 5.0  # between two pieces of the answer
TOTAL_SECONDS = 10.0
LARGEST_ANSWER = 16 * 1024  # bytes that are read of the answer; only its status counts
_LONGEST_ERROR = 200


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a target may take, in seconds."""

    connect: float = CONNECT_SECONDS
    read: float = READ_SECONDS
    total: float = TOTAL_SECONDS


@dataclass(frozen=True, slots=True)
class Reply:
    """How it ended: `status` is the HTTP status if there was one, `trouble` why it counts as a
    failure, '' when the target took it (2xx)."""

    status: int | None
    trouble: str = ""


class Target:
    """Posts to public addresses, and to those in the networks the operator allows."""

    def __init__(
        self,
        allowed: Sequence[Network] = (),
        limits: Limits | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._allowed = tuple(allowed)
        self._limits = limits or Limits()
        self._tls = tls or ssl.create_default_context()

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        """Post a body; never raises for anything the target, its name or the network does."""
        flaw = url_flaw(url, self._allowed)
        if flaw is not None:
            return Reply(None, f"the address is refused: {flaw}")
        parts = urlsplit(url)
        try:
            address = self._resolve(parts)
        except (OSError, UnicodeError) as error:
            return Reply(None, f"the name cannot be resolved: {_said(error)}")
        if address is None:
            return Reply(None, "the name leads to an address that is not public")
        if parts.scheme == "http" and not is_within(address, self._allowed):
            return Reply(None, "without https only to the networks that are allowed")
        return self._send(self._connection(parts, address), parts, body, headers)

    def _resolve(self, parts: SplitResult) -> str | None:
        """The address to connect to; None when any that the name stands for is refused."""
        found = socket.getaddrinfo(parts.hostname, _port(parts), type=socket.SOCK_STREAM)
        addresses = [str(one[4][0]) for one in found]
        sound = bool(addresses) and all(may_reach(one, self._allowed) for one in addresses)
        return addresses[0] if sound else None

    def _connection(self, parts: SplitResult, address: str) -> "_Pinned | _PinnedTls":
        host = parts.hostname or ""
        if parts.scheme == "https":
            return _PinnedTls(host, _port(parts), address, self._limits, self._tls)
        return _Pinned(host, _port(parts), address, self._limits)

    def _send(
        self,
        connection: "_Pinned | _PinnedTls",
        parts: SplitResult,
        body: bytes,
        headers: Mapping[str, str],
    ) -> Reply:
        """Send and read; when all the time is over, the socket is shut from outside."""
        path = parts.path or "/"
        path += f"?{parts.query}" if parts.query else ""
        ended = _Ended(connection)
        watch = Timer(self._limits.total, ended.end)
        watch.daemon = True
        watch.start()
        try:
            connection.request("POST", path, body, dict(headers))
            if ended.by_time:  # there was nothing to shut yet
                raise TimeoutError
            answer = connection.getresponse()
            status = answer.status
            with suppress(OSError, HTTPException):  # the status is enough, however the body ends
                answer.read(LARGEST_ANSWER)
        except (OSError, HTTPException, ValueError) as error:
            if ended.by_time:
                return Reply(None, f"no answer within {self._limits.total:g} seconds")
            return Reply(None, f"it cannot be reached: {_said(error)}")
        finally:
            watch.cancel()
            connection.close()
        return Reply(status, _trouble(status))


class _Ended:
    """Shuts a connection when its time is over, and remembers that it did."""

    def __init__(self, connection: "_Pinned | _PinnedTls") -> None:
        self._connection = connection
        self.by_time = False

    def end(self) -> None:
        self.by_time = True
        if self._connection.held is not None:
            with suppress(OSError):  # it has ended by itself
                socket.socket.shutdown(self._connection.held, socket.SHUT_RDWR)


class _Pinned(HTTPConnection):
    """A connection to the address that was judged, whatever the name stands for by now."""

    held: socket.socket | None = None  # the library lets go of `sock` while it still reads

    def __init__(self, host: str, port: int, address: str, limits: Limits) -> None:
        super().__init__(host, port, timeout=limits.read)
        self._address = address
        self._limits = limits

    def connect(self) -> None:
        self.sock = self.held = _connected(self._address, self.port, self._limits)


class _PinnedTls(HTTPSConnection):
    """The same under TLS; the certificate is checked for the name, not for the address."""

    held: socket.socket | None = None

    def __init__(
        self, host: str, port: int, address: str, limits: Limits, tls: ssl.SSLContext
    ) -> None:
        super().__init__(host, port, timeout=limits.read, context=tls)
        self._address = address
        self._limits = limits
        self._tls = tls

    def connect(self) -> None:
        plain = _connected(self._address, self.port, self._limits)
        wrapped = self._tls.wrap_socket(
            plain, server_hostname=self.host, do_handshake_on_connect=False
        )
        self.sock = self.held = wrapped
        wrapped.do_handshake()


def _connected(address: str, port: int, limits: Limits) -> socket.socket:
    sock = socket.create_connection((address, port), timeout=limits.connect)
    sock.settimeout(limits.read)
    return sock


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def _trouble(status: int) -> str:
    if 200 <= status < 300:
        return ""
    if 300 <= status < 400:
        return f"it answers {status}; redirects are not followed"
    return f"it answers {status}"


def _said(error: Exception) -> str:
    return (str(error) or type(error).__name__)[:_LONGEST_ERROR]
