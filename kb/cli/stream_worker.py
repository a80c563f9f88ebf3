"""A process of the web server that can hand a connection over to the hub of event streams."""

from typing import Any

from gunicorn import util
from gunicorn.workers.gthread import TConn, ThreadWorker

from kb.pages.streams import HANDS_OVER, HandedOver


class StreamWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn is untyped
    """gunicorn's threads, which an event stream leaves as soon as it has begun."""

    wsgi: Any

    def load_wsgi(self) -> None:
        """Tell the application that connections may be handed over."""
        super().load_wsgi()
        inner = self.wsgi

        def wsgi(environ: dict[str, Any], start_response: Any) -> Any:
            environ[HANDS_OVER] = True
            return inner(environ, start_response)

        self.wsgi = wsgi

    def handle_request(self, req: Any, conn: TConn) -> Any:
        """Answer a request; one whose connection was handed over is no longer ours."""
        try:
            return super().handle_request(req, conn)
        except HandedOver:
            conn.handed_over = True
            return False

    def finish_request(self, conn: TConn, fs: Any) -> None:
        """Close our end without a word: the hub's copy of the connection lives on."""
        if not getattr(conn, "handed_over", False):
            super().finish_request(conn, fs)
            return
        self.nr_conns -= 1
        util.close(conn.sock)
