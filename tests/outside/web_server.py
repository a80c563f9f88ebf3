"""A web server on this machine for the twins of other people's services."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread


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
