"""Posting to targets of every kind: good, redirecting, hanging, dripping, private, rebinding."""

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from ipaddress import ip_network
from threading import Event, Thread, Timer
from typing import Any

import pytest
import trustme

from kb.outside import webhooks
from kb.outside.webhooks import LARGEST_ANSWER, Limits, Target
from tests.outside.web_server import PATIENCE, hung_up

HERE = (ip_network("127.0.0.1/32"),)
CALM = Limits(connect=60, read=60, total=120)  # a busy machine is no trouble
Serve = Callable[[socket.socket], None]


@contextmanager
def server(serve: Serve, tls: ssl.SSLContext | None = None) -> Iterator[tuple[int, list[bytes]]]:
    """A server of one's own on this machine; what it read is in the list."""
    heard: list[bytes] = []
    listening = socket.create_server(("127.0.0.1", 0))

    def run() -> None:
        while True:
            try:
                conn, _ = listening.accept()
            except OSError:
                return
            with closing(conn):
                try:
                    talking = tls.wrap_socket(conn, server_side=True) if tls else conn
                    heard.append(_request(talking))
                    serve(talking)
                    talking.close()
                except OSError:
                    pass

    thread = Thread(target=run, daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1], heard
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(5)


def _request(conn: socket.socket) -> bytes:
    """Read a request whole: its head, and the body of the length that the head tells."""
    read = b""
    while b"\r\n\r\n" not in read:
        read += conn.recv(65536)
    head, _, body = read.partition(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
    while len(body) < length:
        body += conn.recv(65536)
    return head + b"\r\n\r\n" + body


def answering(said: bytes) -> Serve:
    return lambda conn: conn.sendall(said)


def hanging(conn: socket.socket) -> None:
    hung_up(conn)


class Dripping:
    """Says something, then a byte now and then; `left` tells that the other side had enough."""

    def __init__(self, first: bytes = b"") -> None:
        self._first = first
        self.left = Event()

    def __call__(self, conn: socket.socket) -> None:
        conn.sendall(self._first)
        for _ in range(600):
            try:
                conn.sendall(b"x")
                gone = hung_up(conn, 0.1)
            except OSError:
                gone = True
            if gone:
                self.left.set()
                return


OK = b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"


def test_a_target_gets_the_body_and_the_headers() -> None:
    with server(answering(OK)) as (port, heard):
        reply = Target(HERE).post(f"http://127.0.0.1:{port}/in?a=1", b"{}", {"X-Is": "here"})
    assert (reply.status, reply.trouble) == (204, "")
    assert heard[0].startswith(b"POST /in?a=1 HTTP/1.1\r\n")
    assert b"X-Is: here" in heard[0]
    assert heard[0].endswith(b"\r\n\r\n{}")


def test_a_redirect_is_not_followed() -> None:
    with server(answering(OK)) as (inside, heard_inside):
        to = f"Location: http://127.0.0.1:{inside}/secret".encode()
        moved = b"HTTP/1.1 302 Found\r\n" + to + b"\r\nContent-Length: 0\r\n\r\n"
        with server(answering(moved)) as (port, _):
            reply = Target(HERE).post(f"http://127.0.0.1:{port}/", b"{}", {})
    assert (reply.status, reply.trouble) == (302, "it answers 302; redirects are not followed")
    assert heard_inside == []


@pytest.mark.parametrize(
    ("serve", "trouble"),
    [
        pytest.param(answering(b"what\r\n\r\n"), "it cannot be reached", id="speaks no HTTP"),
        pytest.param(answering(b""), "it cannot be reached", id="hangs up"),
        pytest.param(
            answering(b"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"), "it answers 500", id="500"
        ),
    ],
)
def test_a_target_that_does_not_take_it_is_told(serve: Serve, trouble: str) -> None:
    with server(serve) as (port, _):
        reply = Target(HERE, CALM).post(f"http://127.0.0.1:{port}/", b"{}", {})
        assert reply.trouble.startswith(trouble)


def test_a_target_that_says_nothing_is_left() -> None:
    with server(hanging) as (port, _):
        limits = replace(CALM, read=0.3)
        reply = Target(HERE, limits).post(f"http://127.0.0.1:{port}/", b"{}", {})
    assert reply.trouble == "it cannot be reached: timed out"


def test_a_target_that_says_it_drop_by_drop_is_left() -> None:
    """No piece is late; the whole is."""
    drip = Dripping()
    with server(drip) as (port, _):
        limits = replace(CALM, total=0.8)
        reply = Target(HERE, limits).post(f"http://127.0.0.1:{port}/", b"{}", {})
        assert reply.trouble == "no answer within 0.8 seconds"
        assert drip.left.wait(PATIENCE)


def test_time_that_is_over_before_the_connection_is_there_is_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """There is nothing yet to shut when the time ends."""
    late = Event()
    connect = socket.create_connection

    def slowly(*words: Any, **more: Any) -> socket.socket:
        assert late.wait(PATIENCE)
        return connect(*words, **more)

    monkeypatch.setattr(socket, "create_connection", slowly)
    end = webhooks._Ended.end
    monkeypatch.setattr(webhooks._Ended, "end", lambda ended: [end(ended), late.set()])
    with server(answering(OK)) as (port, _):
        limits = replace(CALM, total=0.1)
        reply = Target(HERE, limits).post(f"http://127.0.0.1:{port}/", b"{}", {})
    assert reply.trouble == "no answer within 0.1 seconds"


def test_the_status_is_enough_and_a_body_that_never_ends_is_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The time is over when the head has come, however long that took."""
    drip, headed = Dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"), Event()

    class Late(Timer):
        def run(self) -> None:
            if headed.wait(PATIENCE):
                self.function(*self.args, **self.kwargs)

    read_head = webhooks._Pinned.getresponse

    def getresponse(connection: webhooks._Pinned) -> Any:
        answer = read_head(connection)
        headed.set()
        return answer

    monkeypatch.setattr(webhooks, "Timer", Late)
    monkeypatch.setattr(webhooks._Pinned, "getresponse", getresponse)
    with server(drip) as (port, _):
        reply = Target(HERE, CALM).post(f"http://127.0.0.1:{port}/", b"{}", {})
        assert drip.left.wait(PATIENCE)
    assert reply.status == 200


def test_of_a_long_answer_little_is_read() -> None:
    sent: list[int] = []

    def endless(conn: socket.socket) -> None:
        conn.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
        for _ in range(2000):
            sent.append(conn.send(b"x" * 65536))

    with server(endless) as (port, _):
        reply = Target(HERE).post(f"http://127.0.0.1:{port}/", b"{}", {})
    assert reply.status == 200
    assert sum(sent) < 2000 * 65536
    assert LARGEST_ANSWER < 65536


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/",
        "https://10.0.0.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::1]/",
        "https://localhost/",
        "http://8.8.8.8/",
    ],
)
def test_a_private_address_is_refused_without_a_connection(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def connected(*_: Any, **__: Any) -> socket.socket:
        raise AssertionError("nothing may be connected to")

    monkeypatch.setattr(socket, "create_connection", connected)
    reply = Target().post(url, b"{}", {})
    assert reply.status is None
    assert "refused" in reply.trouble or "not public" in reply.trouble


def names(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Let names stand for these addresses, one answer after another; returns what is asked."""
    asked: list[str] = []
    left = list(answers)

    def resolve(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        asked.append(host)
        found = left.pop(0) if len(left) > 1 else left[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in found]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return asked


def test_a_name_that_leads_elsewhere_a_moment_later_gains_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tried: list[str] = []

    def connect(address: tuple[str, int], **_: Any) -> socket.socket:
        tried.append(address[0])
        raise ConnectionRefusedError("nobody there")

    monkeypatch.setattr(socket, "create_connection", connect)
    asked = names(monkeypatch, ["8.8.8.8"], ["127.0.0.1"])
    reply = Target().post("https://rebind.example/", b"{}", {})
    assert reply.trouble == "it cannot be reached: nobody there"
    assert (asked, tried) == (["rebind.example"], ["8.8.8.8"])


def test_a_name_with_one_private_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    names(monkeypatch, ["8.8.8.8", "10.0.0.7"])
    assert "not public" in Target().post("https://both.example/", b"{}", {}).trouble


def test_a_name_that_is_none_is_a_failure_like_others(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(*_: Any, **__: Any) -> list[Any]:
        raise socket.gaierror(-2, "unknown")

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    assert "cannot be resolved" in Target().post("https://none.example/", b"{}", {}).trouble


@pytest.mark.parametrize(("name", "taken"), [("hooks.example", True), ("other.example", False)])
def test_a_certificate_is_checked_for_the_name(
    name: str, taken: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    ca = trustme.CA()
    theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("hooks.example").configure_cert(theirs)
    ours = ssl.create_default_context()
    ca.configure_trust(ours)
    with server(answering(OK), theirs) as (port, heard):
        names(monkeypatch, ["127.0.0.1"])
        reply = Target(HERE, tls=ours).post(f"https://{name}:{port}/", b"{}", {})
    assert (reply.status == 204) is taken
    assert bool(heard) is taken
