"""A running site for the browser: the real command, a port and a folder of its own."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


@dataclass(frozen=True)
class Running:
    """Where the site answers and where its mail lies."""

    url: str
    var: Path

    @property
    def mails(self) -> list[Path]:
        """Every mail written so far, oldest first."""
        return sorted((self.var / "mail").glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)

    def mail_to(self, address: str, about: str = "", within: float = 60.0) -> str:
        """Wait for the newest mail to an address (that holds `about`) and return its source."""
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            for path in reversed(self.mails):
                text = path.read_text(encoding="utf-8", errors="replace")
                if address in text.split("\n\n", 1)[0] and about in text:
                    return text
            time.sleep(0.1)
        raise AssertionError(f"no mail to {address} within {within} s")


def free_port() -> int:
    """Return a loopback port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(
    var: Path, site: Path = ROOT, settings: Mapping[str, str] | None = None
) -> Iterator[Running]:
    """Serve a site with demo data by the real command until the block ends; `settings` are more
    of the environment, where `{url}` stands for the site's address."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    more = {name: value.format(url=url) for name, value in (settings or {}).items()}
    env = {**os.environ, "KB_VAR": str(var), "PYTHONWARNINGS": "ignore", **more}
    command = [sys.executable, "-m", "kb", "--site", str(site), "serve", "--demo"]
    with (var / "serve.log").open("w") as log:
        process = subprocess.Popen(
            [*command, "--port", str(port), "--workers", "1"],
            env=env,
            cwd=ROOT,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_until_ready(f"http://127.0.0.1:{port}", process, var)
        yield Running(f"http://127.0.0.1:{port}", var)
    finally:
        process.terminate()
        process.wait(timeout=60)


def _wait_until_ready(url: str, process: "subprocess.Popen[bytes]", var: Path) -> None:
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise AssertionError((var / "serve.log").read_text())
        try:
            with urllib.request.urlopen(f"{url}/readyz", timeout=30):  # noqa: S310 # loopback
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise AssertionError(f"not ready after five minutes: {(var / 'serve.log').read_text()}")
