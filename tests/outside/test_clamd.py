"""The virus scanner: a real clamd with a signature of our own, and servers that misbehave."""

import io
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Thread

import pytest

from kb.outside.clamd import Clamd, ScannerTrouble
from tests.outside.web_server import hung_up

MARK = b"WAYPOST-TEST-VIRUS-4c1f"  # what the signature of these tests finds
SIGNATURE = f"Waypost.Test:0:*:{MARK.hex()}\n"
INSTALL = "no clamd; install it with: apt-get install clamav-daemon"

Serve = Callable[[socket.socket], None]


@contextmanager
def served(serve: Serve) -> Iterator[str]:
    """A TCP server that treats one connection as told."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:

        def run() -> None:
            line, _ = server.accept()
            with closing(line):
                serve(line)

        thread = Thread(target=run, daemon=True)
        thread.start()
        yield f"tcp://127.0.0.1:{server.getsockname()[1]}"
        thread.join(5)


def taken(line: socket.socket) -> bytes:
    """Read a whole INSTREAM: up to the chunk of no length."""
    file = line.makefile("rb")
    assert file.read(10) == b"zINSTREAM\0"
    content = b""
    while size := int.from_bytes(file.read(4), "big"):
        content += file.read(size)
    return content


def says(answer: bytes) -> Serve:
    def serve(line: socket.socket) -> None:
        taken(line)
        line.sendall(answer)

    return serve


def hangs(line: socket.socket) -> None:
    hung_up(line)


def hangs_up(line: socket.socket) -> None:
    line.recv(5)


def drips(line: socket.socket) -> None:
    """Give a byte now and then, so that no single wait is ever too long."""
    for _ in range(600):
        try:
            line.sendall(b"s")
        except OSError:
            return
        time.sleep(0.1)


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (b"stream: OK\0", None),
        (b"stream: Eicar-Signature FOUND\0", "Eicar-Signature"),
        (b"stream: Odd: Name.1 FOUND\0", "Odd: Name.1"),
    ],
)
def test_a_verdict(answer: bytes, found: str | None) -> None:
    with served(says(answer)) as address:
        assert Clamd(address).scan(io.BytesIO(b"x" * 700_000)) == found


def test_the_whole_content_arrives() -> None:
    seen: list[bytes] = []

    def serve(line: socket.socket) -> None:
        seen.append(taken(line))
        line.sendall(b"stream: OK\0")

    content = os.urandom(600_001)
    with served(serve) as address:
        Clamd(address).scan(io.BytesIO(content))
    assert seen == [content]


@pytest.mark.parametrize(
    ("serve", "said"),
    [
        pytest.param(hangs_up, "hung up|reset", id="hangs up"),
        pytest.param(says(b""), "hung up", id="says nothing"),
        pytest.param(says(b"\0"), "no verdict", id="an empty answer"),
        pytest.param(says(b"stream: FOUND\0"), "no verdict", id="found nothing named"),
        pytest.param(says(b"HTTP/1.1 200 OK\r\n\r\n\0"), "no verdict", id="rubbish"),
        pytest.param(says(b"\xff" * 9000), "does not end", id="endless"),
        pytest.param(
            says(b"INSTREAM size limit exceeded. ERROR\0"), "size limit", id="an error of its own"
        ),
    ],
)
def test_trouble_is_no_verdict(serve: Serve, said: str) -> None:
    with served(serve) as address, pytest.raises(ScannerTrouble, match=said):
        Clamd(address, seconds=60).scan(io.BytesIO(b"x" * 1000))


@pytest.mark.parametrize("serve", [hangs, drips])
def test_a_scanner_that_takes_too_long_is_left(serve: Serve) -> None:
    with served(serve) as address, pytest.raises(ScannerTrouble, match=r"within 0\.8 seconds"):
        Clamd(address, seconds=0.8).scan(io.BytesIO(b"x" * 1000))


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "unix:///nowhere/clamd.ctl"])
def test_a_scanner_that_is_not_there(address: str) -> None:
    with pytest.raises(ScannerTrouble, match=r"refused|No such file"):
        Clamd(address).scan(io.BytesIO(b"x"))


@pytest.fixture(scope="session")
def clamd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A real clamd on a socket of its own; its only signature is the mark of these tests."""
    program = shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin:/usr/local/sbin")
    if program is None:
        if os.environ.get("CI"):
            pytest.fail(INSTALL)
        pytest.skip(INSTALL)
    folder = tmp_path_factory.mktemp("clamd")
    (folder / "signatures").mkdir()
    (folder / "signatures" / "waypost.ndb").write_text(SIGNATURE)
    (folder / "clamd.conf").write_text(
        f"LocalSocket {folder}/ctl\nDatabaseDirectory {folder}/signatures\nForeground yes\n"
        f"LogFile {folder}/log\nUser {os.environ.get('USER', 'root')}\n"
    )
    process = subprocess.Popen(
        [program, "-c", str(folder / "clamd.conf")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        for _ in range(1200):
            if (folder / "ctl").exists():
                break
            assert process.poll() is None, process.stderr and process.stderr.read().decode()
            time.sleep(0.1)
        yield folder / "ctl"
    finally:
        process.terminate()
        process.wait(60)
        if process.stderr:
            process.stderr.close()


def test_a_real_clamd_finds_the_mark_and_passes_the_rest(clamd: Path) -> None:
    scanner = Clamd(f"unix://{clamd}", seconds=120)
    assert scanner.scan(io.BytesIO(b"a harmless log line\n" * 50_000)) is None
    assert scanner.scan(io.BytesIO(b"before " + MARK + b" after")) == "Waypost.Test.UNOFFICIAL"
    assert scanner.scan(io.BytesIO(b"")) is None
