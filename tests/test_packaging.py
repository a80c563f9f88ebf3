"""The wheel holds all it needs: install it elsewhere, make a site, serve it."""

import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from tests.browser.server import free_port

ROOT = Path(__file__).parent.parent
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment in which only the wheel's own files are found, not the checkout's."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "-o", str(folder), "."]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    wheel = next(folder.glob("*.whl"))
    target = folder / "installed"
    pip = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", str(target)]
    subprocess.run([*pip, str(wheel)], check=True, capture_output=True)
    return {**os.environ, "PYTHONPATH": str(target), "PYTHONWARNINGS": "ignore"}


def test_init_and_serve_from_the_wheel(installed: dict[str, str], tmp_path: Path) -> None:
    kb = [sys.executable, "-m", "kb"]
    subprocess.run([*kb, "init", "support"], cwd=tmp_path, env=installed, check=True)
    port = free_port()
    process = subprocess.Popen(
        [*kb, "--site", "support", "serve", "--port", str(port), "--workers", "1"],
        cwd=tmp_path,
        env=installed,
    )
    try:
        for lang in ("es", "en"):
            assert "<h1>" in fetch(f"http://127.0.0.1:{port}/{lang}/")
    finally:
        process.terminate()
        process.wait(timeout=60)


def fetch(url: str) -> str:
    """Fetch a page as soon as the server answers."""
    for _ in range(600):
        try:
            with urllib.request.urlopen(url, timeout=60) as answer:  # noqa: S310 # loopback
                return str(answer.read().decode())
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{url} does not answer")


def test_the_wheel_asks_for_the_locked_dependencies(installed: dict[str, str]) -> None:
    metadata = next(Path(installed["PYTHONPATH"]).glob("waypost-*.dist-info/METADATA"))
    wanted = (ROOT / "requirements" / "runtime.in").read_text().split()
    lines = metadata.read_text().lower().splitlines()
    asked = [line.removeprefix("requires-dist: ") for line in lines if "requires-dist" in line]
    assert sorted(asked) == sorted(name.lower() for name in wanted)
