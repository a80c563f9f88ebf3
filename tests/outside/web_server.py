"""A web server on this machine for the twins of other people's services."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

PATIENCE = 60.0
"""Seconds that a server which says nothing waits for the other side to hang up."""


def hung_up(connection: socket.socket, patience: float = PATIENCE) -> bool:
    """Say nothing until the other side hangs up; False when it never does."""
    connection.settimeout(patience)
    try:
        while connection.recv(65536):
            pass
    except TimeoutError:
        return False
    except OSError:
        return True
    return True


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler], over: Event | None = None) -> Iterator[str]:
    """Serve until the end of the block; the server's address. `over` is set before it ends, so
    that answers which hang let go."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        if over:
            over.set()
        server.shutdown()
        server.server_close()
        thread.join(5)
