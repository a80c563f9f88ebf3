"""Do 200 idle chats slow the pages? Page rate, latency and memory with 0 and with 200 open event
streams, side by side in turn; how soon a message is told; and what a thread for each stream does.

    python -m bench.chat_streams"""

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from bench.pages import ROOT, SITE, fetch, free_port, rate
from bench.rounds import Row, at_most, ratio, show
from kb.actions import chats
from kb.actions.case_steps import Who
from kb.actions.cases import CaseForm, Opened, open_case
from kb.actions.chat_signs import takes_chats
from kb.actions.live_site import LiveSite
from kb.app import create_app
from kb.mail import letters_for
from kb.pages.visitors import SignedIn
from kb.rules.accounts import Role
from kb.rules.cases import Actor
from kb.rules.contact import Wish
from kb.settings import Settings, read_settings
from kb.store import Database, migrate, users
from kb.store.users import NewUser

STREAMS = 200
ROUNDS = 7
SECONDS = 1.5
MESSAGES = 20
VISITORS = 10
PAGE = "/es/kb/1042-backup-stops-not-enough-space"
OPEN_HOURS = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
PEER = """
import time
from kb.app import create_app
from kb.settings import read_settings
site = create_app(read_settings())

def hold():
    while True:
        yield b": idle\\n\\n"
        time.sleep(20)

def app(environ, start_response):
    if environ["PATH_INFO"] != "/stream":
        return site(environ, start_response)
    start_response("200 OK", [("Content-Type", "text/event-stream")])
    return hold()
"""
Chatter = tuple[int, str]  # the number of a case, the cookie of its customer


@contextmanager
def served(
    source: str, worker: str, folder: Path, name: str, env: Mapping[str, str]
) -> Iterator[tuple[int, int]]:
    """Serve an application as `kb serve` does by default; yields port and process id."""
    (folder / f"{name}.py").write_text(source)
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "-w", "2", "-k", worker, "--threads", "64"]
    command += ["--keep-alive", "75", "-b", f"127.0.0.1:{port}", "--graceful-timeout", "1"]
    command += ["--log-level", "error", f"{name}:app"]
    paths = os.pathsep.join([str(folder), str(ROOT)])
    process = subprocess.Popen(command, env={**env, "PYTHONPATH": paths}, cwd=folder)
    try:
        for _ in range(600):
            try:
                socket.create_connection(("127.0.0.1", port), 0.2).close()
                break
            except OSError:
                assert process.poll() is None, f"{name} did not start"
                time.sleep(0.05)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(timeout=20)


def chatters(db: Database, settings: Settings) -> list[Chatter]:
    """Make customers, each in a live chat with one agent, and sign them in."""
    site = LiveSite(settings.var).current().site
    letters = letters_for(settings, site.site)
    app = create_app(settings)
    cookies = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    irene = _person(db, "irene", Role.AGENT)
    takes_chats(db, irene, 8, OPEN_HOURS)
    found = []
    for number in range(STREAMS):
        user = _person(db, f"c{number}", Role.CUSTOMER)
        form = CaseForm("chat", "", "Una duda", "Una duda", "es", "Ana", "P", "a@example.com")
        wish = Wish("customer-service", topic="web-site")
        opened = open_case(
            db, site.policy, letters, user, wish, form, submission_id="f", now=OPEN_HOURS
        )
        assert isinstance(opened, Opened), opened
        chats.begin(db, site.policy, user, opened.number, OPEN_HOURS)
        chats.take(db, site.policy, letters, irene, opened.number, OPEN_HOURS)
        with db.read() as conn:
            row = users.by_id(conn, user)
        assert row is not None
        session = cookies.dumps({"_user_id": SignedIn(row).get_id(), "_fresh": True})
        found.append((opened.number, f"waypost={session}"))
    app.extensions["waypost"].db.close()
    return found


def _person(db: Database, name: str, role: Role) -> int:
    address = f"{name}@bench.example"
    made = NewUser(
        email=address,
        email_key=address,
        first_name=name,
        last_name="B",
        country="ES",
        lang="es",
        password_hash="none",  # noqa: S106 # nobody signs in with it
        role=role,
        confirmed_at=OPEN_HOURS,
    )
    with db.write() as conn:
        user_id = users.add(conn, made, OPEN_HOURS)
    assert user_id is not None
    return user_id


@contextmanager
def streaming(port: int, requests: Sequence[str]) -> Iterator[list[socket.socket]]:
    """Hold an open event stream for each request."""
    opened = []
    try:
        for request in requests:
            sock = socket.create_connection(("127.0.0.1", port), 5)
            sock.sendall(request.encode())
            opened.append(sock)
        yield opened
    finally:
        for sock in opened:
            sock.close()


def stream_request(port: int, number: int, cookie: str) -> str:
    path = f"/es/my/cases/{number}/chat/events"
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookie}\r\n\r\n"


def begun(streams: Sequence[socket.socket]) -> int:
    """Wait for the first event of each; returns how many are streams."""
    for number, sock in enumerate(streams):
        data = b""
        while b"data:" not in data and (chunk := sock.recv(4096)):
            data += chunk
        assert b" 200 " in data, (number, data)
    return len(streams)


def latencies(port: int, seconds: float) -> list[float]:
    """Milliseconds of one page after the other on one connection."""
    request = f"GET {PAGE} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode()
    taken, end = [], time.perf_counter() + seconds
    with socket.create_connection(("127.0.0.1", port), 60) as connection:
        while (start := time.perf_counter()) < end:
            fetch(connection, request)
            taken.append((time.perf_counter() - start) * 1000)
    return taken


def memory(parent: int) -> float:
    """Megabytes of their own of the server's processes together."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    total = 0
    for pid in children:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
        kept = dict(line.split(":") for line in rollup)
        total += sum(int(kept[name].split()[0]) for name in ("Private_Clean", "Private_Dirty"))
    return total / 1024


def compare(port: int, parent: int, known: Sequence[Chatter]) -> list[Row]:
    """Measure without and with streams in turn."""
    requests = [stream_request(port, *one) for one in known]
    rates: dict[int, list[float]] = {0: [], STREAMS: []}
    waits: dict[int, list[float]] = {0: [], STREAMS: []}
    held: dict[int, float] = {}
    rate(port, PAGE, 1.0)
    with streaming(port, requests) as streams:  # warm both
        begun(streams)
    time.sleep(1)
    for _ in range(ROUNDS):
        for count in (0, STREAMS):
            with streaming(port, requests[:count]) as streams:
                assert begun(streams) == count
                rates[count].append(rate(port, PAGE, SECONDS))
                waits[count] += latencies(port, SECONDS)
                held[count] = memory(parent)
            time.sleep(0.6)
    ratios = [with_ / without for without, with_ in zip(*rates.values(), strict=True)]
    share = statistics.median(ratios)
    cuts = {count: statistics.quantiles(of, n=20) for count, of in waits.items()}
    return [
        Row(
            "pages a second, without and with",
            f"{statistics.median(rates[0]):.0f} and {statistics.median(rates[STREAMS]):.0f}"
            f", {share:.2f}×",
            "≥ 0.9×",
            share >= 0.9,
        ),
        ratio("page p50, with to without", cuts[STREAMS][9], cuts[0][9], 1.15),
        Row("page p95, without and with", f"{cuts[0][18]:.2f} ms and {cuts[STREAMS][18]:.2f} ms"),
        at_most("memory of 200 streams", held[STREAMS] - held[0], 40, "MB"),
    ]


def told_after(port: int, db: Database, settings: Settings, known: Sequence[Chatter]) -> Row:
    """How long until a stream tells of a message that another process stored."""
    site = LiveSite(settings.var).current().site
    letters = letters_for(settings, site.site)
    number, cookie = known[0]
    with db.read() as conn:
        irene = users.by_email(conn, "irene@bench.example")
    assert irene is not None
    taken = []
    with streaming(port, [stream_request(port, number, cookie)]) as (sock,):
        begun([sock])
        for count in range(MESSAGES):
            at = datetime.now(UTC)
            who = Who(Actor.AGENT, irene.id)
            chats.say(db, site.policy, letters, who, number, f"{count}", submission_id=None, now=at)
            start = time.perf_counter()
            while b"data:" not in sock.recv(4096):
                pass
            taken.append((time.perf_counter() - start) * 1000)
            time.sleep(0.07)
    return at_most("a message is told, worst of 20", max(taken), 1200, "ms")


def with_threads(port: int) -> Row:
    """What becomes of pages when each stream has a thread."""
    request = f"GET /stream HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n"
    page = f"GET {PAGE} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode()
    latencies(port, 0.5)
    answered = 0
    with streaming(port, [request] * STREAMS):
        time.sleep(1)
        for _ in range(VISITORS):
            with socket.create_connection(("127.0.0.1", port), 2) as connection:
                try:
                    fetch(connection, page)
                    answered += 1
                except TimeoutError:
                    pass
    return Row("visitors answered within 2 s", f"{answered} of {VISITORS}")


def main() -> None:
    """Compile the vendor site, make the chats, serve, measure."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        secret = {"KB_SECRET_KEY": "bench " * 8, "KB_BASE_URL": "http://127.0.0.1"}
        env = {**os.environ, "KB_SITE": str(ROOT), "KB_VAR": str(folder / "var"), **secret}
        kb = [sys.executable, "-m", "kb", "--site", str(ROOT)]
        subprocess.run([*kb, "index"], env=env, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        settings = read_settings(env, ROOT)
        migrate(settings.database_url)
        with closing(Database(settings.database_url)) as db:
            known = chatters(db, settings)
        worker = "kb.cli.stream_worker.StreamWorker"
        with served(SITE, worker, folder, "waypost_app", env) as (port, parent):
            rows = compare(port, parent, known)
            with closing(Database(settings.database_url)) as db:
                rows.append(told_after(port, db, settings, known))
        show(f"{STREAMS} idle event streams, 2 processes of 64 threads", rows)
        with served(PEER, "gthread", folder, "peer_app", env) as (port, _):
            show("peer: a thread for each stream", [with_threads(port)])


if __name__ == "__main__":
    main()
