"""Event streams that hold no thread: each connection is handed to one thread of the process.

A request comes in on a thread of the server as every other; its answer's beginning is written
there. Then the socket is duplicated into the hub, the server lets go of its own end, and the
thread is free. The hub looks at the database once a tick for all streams together. It needs a
server that hands over (`kb serve` does); under any other the page asks now and then instead."""

import contextlib
import logging
import selectors
import socket
import threading
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Generic, TypeVar
from zlib import crc32

from flask import Response

TICK = 0.5  # seconds between two looks; a message of the same process does not wait for it
BEAT = 20.0  # seconds between two signs of life, ours to the browser and theirs to the database
LASTS = 240.0  # seconds; then the browser comes again, and whoever went away unseen does not
MOST = 1000  # streams of one process: each is an open file
MOST_OF_ONE = 6  # streams of one person in one process
SLOW = 65_536  # bytes that somebody has not read, after which they are cut off
HANDS_OVER = "waypost.hands_over"  # set in the environment by a server that can

W = TypeVar("W", bound=Hashable)
log = logging.getLogger("kb.streams")


class HandedOver(OSError):
    """The connection is the hub's now: the server closes its own end of it and says nothing."""


class NoPlace(Exception):
    """No stream can be had now; `status` is that of the answer, after which the page polls."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


@dataclass(eq=False, slots=True)
class Stream(Generic[W]):
    """One open connection: who watches what, what was told last, what is not yet written."""

    watcher: W
    person: int
    sock: socket.socket
    chunked: bool
    told: str
    ends_at: float
    beats_at: float
    rest: bytes = b""


@dataclass(eq=False)
class Hub(Generic[W]):
    """All streams of a process. `look` says for each watcher what its page has to know, as a text
    that is the same while nothing changes; `seen` is told now and then who is there."""

    look: Callable[[Iterable[W]], Mapping[W, str]]
    seen: Callable[[Iterable[W]], None]
    clock: Callable[[], float] = monotonic
    most: int = MOST
    most_of_one: int = MOST_OF_ONE
    _streams: dict[int, Stream[W]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _bell: "_Bell | None" = None
    _thread: threading.Thread | None = None
    _seen_at: float = 0.0
    _closed: bool = False

    def answer(self, environ: Mapping[str, Any], watcher: W, person: int, last: str) -> Response:
        """Answer a request with a stream; raises NoPlace. `last` is the id of the last event this
        browser has had: what it knows already is not told again."""
        if not environ.get(HANDS_OVER):
            raise NoPlace(503)
        self._room_for(person)
        now = self.look([watcher])[watcher]
        begun = b": known\n\n" if last == event_id(now) else event(now)
        stream = self._begin(environ, watcher, person, now, b"retry: 1500\n\n" + begun)
        answer = Response(stream, mimetype="text/event-stream")
        answer.headers["Cache-Control"] = "no-store"
        answer.headers["X-Accel-Buffering"] = "no"  # nginx: pass every event on at once
        return answer

    def poke(self) -> None:
        """Look now: something has just been said in this process."""
        if self._bell is not None:
            self._bell.ring()

    def close(self) -> None:
        """End every stream and the thread; the browsers come again, to whoever answers then."""
        self._closed = True
        if self._thread is not None:
            self.poke()
            self._thread.join()
        for stream in tuple(self._streams.values()):
            self._drop(stream)
        if self._bell is not None:
            self._bell.close()

    def __len__(self) -> int:
        with self._lock:
            return len(self._streams)

    def _room_for(self, person: int) -> None:
        with self._lock:
            if len(self._streams) >= self.most:
                raise NoPlace(503)
            theirs = sum(one.person == person for one in self._streams.values())
            if theirs >= self.most_of_one:
                raise NoPlace(429)

    def _begin(
        self, environ: Mapping[str, Any], watcher: W, person: int, now: str, begun: bytes
    ) -> Iterator[bytes]:
        yield begun
        sock: socket.socket = environ["gunicorn.socket"]
        copy = sock.dup()
        copy.setblocking(False)
        _notice_the_dead(copy)
        at = self.clock()
        chunked = environ.get("SERVER_PROTOCOL") == "HTTP/1.1"  # as the server began it
        self._add(Stream(watcher, person, copy, chunked, now, at + LASTS, at + BEAT))
        raise HandedOver

    def _add(self, stream: Stream[W]) -> None:
        with self._lock:
            self._streams[stream.sock.fileno()] = stream
            if self._bell is None:
                self._bell = _Bell()
            self._bell.selector.register(stream.sock, selectors.EVENT_READ)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="streams", daemon=True)
                self._thread.start()
        self.poke()  # what changed since the look above, and a loop that slept without streams

    def _run(self) -> None:
        next_look = 0.0
        while not self._closed:
            wait = max(next_look - self.clock(), 0.0) if len(self) else None
            poked = self._hear(wait)
            if not len(self) or not (poked or self.clock() >= next_look):
                continue
            next_look = self.clock() + TICK
            try:
                self.turn()
            except Exception:  # the thread of all streams must outlive a database that is away
                log.exception("the streams could not be looked after; tried again")

    def _hear(self, wait: float | None) -> bool:
        """Wait for a poke or for somebody who goes away."""
        poked = False
        bell = self._bell
        for key, _ in bell.selector.select(wait) if bell else ():
            if bell and bell.is_rung_by(key):
                poked = True
                continue
            with self._lock:
                stream = self._streams.get(key.fd)
            if stream is not None:
                self._read(stream)
        return poked

    def turn(self) -> None:
        """Look once for all streams and write what is new to each; end those that are old."""
        with self._lock:
            streams = tuple(self._streams.values())
        at = self.clock()
        told = self.look({one.watcher for one in streams})
        if at - self._seen_at >= BEAT:
            self._seen_at = at
            self.seen({one.watcher for one in streams})
        for one in streams:
            new = told[one.watcher]
            if new != one.told:
                one.told = new
                self._write(one, event(new))
            elif at >= one.beats_at:
                one.beats_at = at + BEAT
                self._write(one, b": here\n\n")
            elif one.rest:
                self._write(one, b"")
            if at >= one.ends_at:
                self._end(one)

    def _read(self, stream: Stream[W]) -> None:
        """Nothing is said on a stream by the browser, but that it went away."""
        try:
            said = stream.sock.recv(4096)
        except BlockingIOError:
            return
        except OSError:
            said = b""
        if not said:
            self._drop(stream)

    def _write(self, stream: Stream[W], data: bytes) -> None:
        if data and stream.chunked:
            data = b"%x\r\n%s\r\n" % (len(data), data)
        stream.rest += data
        try:
            stream.rest = stream.rest[stream.sock.send(stream.rest) :]
        except BlockingIOError:
            pass
        except OSError:
            self._drop(stream)
            return
        if len(stream.rest) > SLOW:
            self._drop(stream)

    def _end(self, stream: Stream[W]) -> None:
        if stream.chunked and not stream.rest:
            stream.rest = b"0\r\n\r\n"
            stream.chunked = False
            self._write(stream, b"")
        self._drop(stream)

    def _drop(self, stream: Stream[W]) -> None:
        with self._lock:
            if self._streams.pop(stream.sock.fileno(), None) is None:
                return
            if self._bell is not None:
                self._bell.selector.unregister(stream.sock)
        stream.sock.close()


class _Bell:
    """Wakes the thread that waits for the sockets. Made with the first stream: a server that forks
    must not share it, and most processes never have one."""

    def __init__(self) -> None:
        self.selector = selectors.DefaultSelector()
        self._inside, self._outside = socket.socketpair()
        for end in (self._inside, self._outside):
            end.setblocking(False)
        self.selector.register(self._inside, selectors.EVENT_READ)

    def ring(self) -> None:
        with contextlib.suppress(OSError):  # as many wakes as fit are waiting already
            self._outside.send(b"!")

    def is_rung_by(self, key: selectors.SelectorKey) -> bool:
        """Tell whether it was this that woke the thread; it is quiet afterwards."""
        if key.fileobj is not self._inside:
            return False
        return bool(self._inside.recv(4096))

    def close(self) -> None:
        self.selector.close()
        self._inside.close()
        self._outside.close()


def event(told: str) -> bytes:
    """Write an event; its id says what is known by it."""
    return f"id: {event_id(told)}\ndata: {told}\n\n".encode()


def event_id(told: str) -> str:
    """Name a state, so that a browser that comes back says what it knows."""
    return f"{crc32(told.encode()):08x}"


def _notice_the_dead(sock: socket.socket) -> None:
    """Let a write to somebody who vanished fail after half a minute, not after a quarter hour."""
    if sock.family in (socket.AF_INET, socket.AF_INET6) and hasattr(socket, "TCP_USER_TIMEOUT"):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 30_000)
