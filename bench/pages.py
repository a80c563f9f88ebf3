"""Requests a second of an article page and a troubleshooter step, as a ratio to a bare Flask view.

The bare view returns one small Jinja page. Both applications run under the same gunicorn
configuration on loopback, are loaded in turn, and the median of the rounds' ratios is printed."""

import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

ROOT = Path(__file__).parent.parent
ROUNDS = 7
SECONDS = 2.0
CLIENTS = 4

BARE = '''
from flask import Flask, render_template
from jinja2 import DictLoader
app = Flask(__name__)
PAGE = """<!doctype html><html lang="en"><head><title>{{ title }}</title></head>
<body><h1>{{ title }}</h1><ul>{% for n in numbers %}<li>{{ n }}</li>{% endfor %}</ul></body>
</html>"""

app.jinja_loader = DictLoader({"page.html": PAGE})

@app.get("/")
def page():
    return render_template("page.html", title="Bare", numbers=range(10))
'''
SITE = """
from kb.app import create_app
from kb.settings import read_settings
app = create_app(read_settings())
"""


def free_port() -> int:
    """Return a loopback port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(
    source: str, folder: Path, name: str, env: dict[str, str], workers: int = 1
) -> Iterator[int]:
    """Serve an application under gunicorn with threads and no log."""
    (folder / f"{name}.py").write_text(source)
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "-w", str(workers)]
    command += ["-k", "gthread", "--threads", "8", "--keep-alive", "75"]
    command += ["-b", f"127.0.0.1:{port}", "--log-level", "error", f"{name}:app"]
    paths = os.pathsep.join([str(folder), str(ROOT)])
    process = subprocess.Popen(command, env={**env, "PYTHONPATH": paths}, cwd=folder)
    try:
        for _ in range(300):
            try:
                socket.create_connection(("127.0.0.1", port), 0.2).close()
                break
            except OSError:
                assert process.poll() is None, f"{name} did not start"
                time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=10)


def fetch(connection: socket.socket, request: bytes) -> bytes:
    """Send a request on a kept connection and read exactly its answer."""
    connection.sendall(request)
    data = b""
    while b"\r\n\r\n" not in data:
        data += connection.recv(65536)
    head, _, body = data.partition(b"\r\n\r\n")
    found = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
    assert found, head
    missing = int(found[1]) - len(body)
    while missing > 0:
        chunk = connection.recv(min(missing, 65536))
        missing -= len(chunk)
    assert b" 200 " in head.split(b"\r\n")[0], head
    return head


def rate(port: int, path: str, seconds: float = SECONDS, cookie: str = "") -> float:
    """Return requests a second over a few kept connections."""
    counts = [0] * CLIENTS
    head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
    request = f"{head}Cookie: {cookie}\r\n\r\n".encode() if cookie else f"{head}\r\n".encode()
    end = time.perf_counter() + seconds

    def client(number: int) -> None:
        with socket.create_connection(("127.0.0.1", port)) as connection:
            while time.perf_counter() < end:
                fetch(connection, request)
                counts[number] += 1

    threads = [Thread(target=client, args=(n,)) for n in range(CLIENTS)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.perf_counter() - start)


def main() -> None:
    """Compile the vendor site, load both servers in turn, print the ratios."""
    pages = {
        "article": "/es/kb/1042-backup-stops-not-enough-space",
        "troubleshooter step": sys.argv[1] if len(sys.argv) > 1 else "",
    }
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        env = {**os.environ, "KB_SITE": str(ROOT), "KB_VAR": str(folder / "var")}
        env["KB_SECRET_KEY"] = "bench " * 8
        kb = [sys.executable, "-m", "kb", "--site", str(ROOT)]
        subprocess.run([*kb, "index"], env=env, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        pages["troubleshooter step"] = pages["troubleshooter step"] or first_step(env)
        with (
            served(BARE, folder, "bare_app", dict(os.environ)) as bare,
            served(SITE, folder, "waypost_app", env) as site,
        ):
            report(bare, site, pages, signed_in(env))


def signed_in(env: dict[str, str]) -> str:
    """Make an account; return the cookie of its session."""
    from kb.app import create_app
    from kb.settings import read_settings
    from kb.store import Database, migrate
    from tests.actions.people import customer

    settings = read_settings(env)
    migrate(settings.database_url)
    return session_of(create_app(settings), customer(Database(settings.database_url)))


def session_of(app: "Flask", user: int) -> str:
    """Return the cookie that a browser of this person sends."""
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    signed = signer.dumps({"_user_id": f"{user}:1", "_fresh": True})
    return f"{app.config['SESSION_COOKIE_NAME']}={signed}"


def first_step(env: dict[str, str]) -> str:
    """Return the address of the first tree's first question."""
    from kb.actions.live_site import LiveSite

    site = LiveSite(Path(env["KB_VAR"])).current().site
    tree = site.trees[sorted(site.trees)[0]]["es"]
    return f"/es/troubleshoot/{tree.id}/{tree.start}"


def report(bare: int, site: int, pages: dict[str, str], cookie: str) -> None:
    """Print two rows for each page: for strangers, who share it, and for one who is signed in."""
    print(f"{'page':<32}{'req/s':>9}{'bare':>9}{'ratio':>8}   (median of {ROUNDS} rounds; aim 0.7)")
    both = [(name, path, "") for name, path in pages.items()]
    both += [(f"{name}, signed in", path, cookie) for name, path in pages.items()]
    for name, path, who in both:
        rate(bare, "/", 0.5)
        rate(site, path, 0.5, who)
        rounds = []
        for _ in range(ROUNDS):
            ours = rate(site, path, cookie=who)
            theirs = rate(bare, "/")
            rounds.append((ours / theirs, ours, theirs))
        ratio, ours, theirs = (statistics.median(column) for column in zip(*rounds, strict=True))
        print(f"{name:<32}{ours:>9.0f}{theirs:>9.0f}{ratio:>8.2f}")


if __name__ == "__main__":
    main()
