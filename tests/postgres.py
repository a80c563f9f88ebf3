"""A real PostgreSQL for the tests: started from the installed binaries, thrown away afterwards."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

INSTALL = "install it with: apt-get install postgresql-15 (macOS: brew install postgresql@15)"
_OPTIONS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "unix_socket_directories": "",
    "listen_addresses": "127.0.0.1",
    "max_connections": "200",
}
_HASTY = ("fsync", "synchronous_commit", "full_page_writes")


class NoServer(Exception):
    """PostgreSQL cannot be started here; the message says why and what to install."""


def binaries() -> Path:
    """Return the folder of `initdb` and `postgres`: version 15, else the newest there is."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version)
    wanted = [folder for folder in debian if folder.parent.name == "15"]
    on_path = shutil.which("initdb")
    for folder in [*wanted, *reversed(debian), *([Path(on_path).parent] if on_path else [])]:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise NoServer(f"no PostgreSQL server binaries; {INSTALL}")


@contextmanager
def running_server(*, durable: bool = False) -> Iterator[str]:
    """Start a server on a free loopback port; give its address without a database name. One that
    is `durable` waits for the disk, as a benchmark must."""
    programs = binaries()
    owner = _owner()
    folder = Path(tempfile.mkdtemp(prefix="waypost-postgres-"))
    try:
        if owner:
            shutil.chown(folder, owner["user"], owner["group"])
        data, log = folder / "data", folder / "log"
        initdb = [str(programs / "initdb"), "-D", str(data), "-U", "waypost", "-A", "trust"]
        initdb += ["-E", "UTF8", "--locale=C", "--no-sync"]
        made = subprocess.run(initdb, capture_output=True, text=True, cwd=folder, **owner)
        if made.returncode:
            raise NoServer(f"initdb failed: {made.stderr.strip()}")
        port = _free_port()
        wanted = {name: _OPTIONS[name] for name in _OPTIONS if name not in _HASTY or not durable}
        options = [part for name, value in wanted.items() for part in ("-c", f"{name}={value}")]
        command = [str(programs / "postgres"), "-D", str(data), "-p", str(port), *options]
        with (
            log.open("wb") as output,
            subprocess.Popen(command, stdout=output, stderr=output, cwd=folder, **owner) as server,
        ):
            try:
                _wait(server, port, log)
                yield f"postgresql+psycopg://waypost@127.0.0.1:{port}"
            finally:
                server.send_signal(2)  # SIGINT: end sessions, stop at once
                server.wait(timeout=60)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait(server: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    for _ in range(1200):
        if server.poll() is not None:
            raise NoServer(f"PostgreSQL stopped at once: {log.read_text()[-2000:]}")
        try:
            psycopg.connect(f"postgresql://waypost@127.0.0.1:{port}/postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.1)
        else:
            return
    raise NoServer(f"PostgreSQL did not answer in two minutes: {log.read_text()[-2000:]}")


def _owner() -> dict[str, Any]:
    """PostgreSQL refuses to run as root: use the unprivileged account there is."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": name, "group": found.pw_gid, "extra_groups": []}
    raise NoServer("running as root and there is no account “postgres” or “nobody” to start it")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _version(folder: Path) -> tuple[int, ...]:
    return tuple(int(part) for part in folder.parent.name.split(".") if part.isdigit())
