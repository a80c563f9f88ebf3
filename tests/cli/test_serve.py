"""`kb serve` as clients meet it: connections that rest between two requests."""

import http.client
import subprocess
import sys
import time

from tests.mail.smtp import free_port

SCRIPT = """
import sys
from kb.cli.serve import Server, _options

def app(environ, start):
    start("200 OK", [("Content-Length", "2")])
    return [b"ok"]

class Small(Server):
    def load(self):
        return app

Small(None, _options("127.0.0.1", int(sys.argv[1]), 1, 4, False)).run()
"""


def test_a_form_is_taken_on_a_connection_that_has_rested() -> None:
    """With the server's own 2 s a form that was sent just then met a reset."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-c", SCRIPT, str(port)])
    try:
        line = _connected(port)
        socket = line.sock
        time.sleep(2.5)
        assert _post(line) == 200
        assert line.sock is socket  # the same connection, not another one
        line.close()
    finally:
        process.terminate()
        process.wait(timeout=60)


def _connected(port: int) -> http.client.HTTPConnection:
    for _ in range(600):
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            assert _post(line) == 200
        except ConnectionRefusedError:
            time.sleep(0.1)
        else:
            return line
    raise AssertionError("the server did not start")


def _post(line: http.client.HTTPConnection) -> int:
    line.request("POST", "/", "title=x")
    answer = line.getresponse()
    answer.read()
    return answer.status
