"""How soon a saved article is new in an open page of `kb serve --dev`, at 2,000 articles.

    python -m bench.dev [CORPORA]

From the moment the file is closed to the moment the browser's page holds the new words (a real
browser), and to the moment the server gives them. CORPORA (or KB_CORPORA)
holds the shared articles.
"""

import argparse
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import sync_playwright

from bench.check import texts, without_mistakes
from bench.large_site import _site
from bench.quality import CORPORA
from bench.rounds import at_most, show

COUNT = 2_000
SAVES = 15
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic"]


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    default = Path(os.environ.get("KB_CORPORA", CORPORA))
    parser.add_argument("corpora", nargs="?", type=Path, default=default)
    corpora = parser.parse_args().corpora
    scratch = Path(tempfile.mkdtemp(prefix="kb-bench-"))
    try:
        settings = _site(scratch / "site", texts(corpora)[:COUNT])
        without_mistakes(settings)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        words = [sys.executable, "-m", "kb", "--site", str(settings.site), "serve", "--dev"]
        env = {**os.environ, "KB_VAR": str(settings.var), "PYTHONWARNINGS": "ignore"}
        server = subprocess.Popen([*words, "--no-mail", "--port", str(port)], env=env)
        try:
            _measure(f"http://127.0.0.1:{port}", settings.site)
        finally:
            server.terminate()
            server.wait()
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _measure(url: str, site: Path) -> None:
    paths = sorted(site.rglob("articles/*/*/en.md"))
    for _ in range(600):
        try:
            urllib.request.urlopen(f"{url}/readyz").close()  # noqa: S310 # loopback
            break
        except OSError:
            time.sleep(0.2)
    with sync_playwright() as tool:
        browser = tool.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page()
        taken = []
        for number in range(SAVES):
            path = paths[number * 37 % len(paths)]
            page.goto(f"{url}/en/kb/{path.parent.name.partition('-')[0]}")
            page.wait_for_selector("html[data-dev]:not([data-dev='0'])", timeout=120_000)
            time.sleep(1.5)  # the compile after the last save is over, as it is for an author
            taken.append(_save(page, path, f"Freshword{number}."))
        browser.close()
    print("  ".join(f"{one:.0f}" for one in taken))
    rows = [
        at_most("save to new in the browser, median", statistics.median(taken), 300, "ms"),
        at_most("the slowest", max(taken), 300, "ms"),
    ]
    show(f"kb serve --dev, {len(paths)} articles", rows)


def _save(page: object, path: Path, words: str) -> float:
    """Milliseconds from closing the file until the page holds the words."""
    page.evaluate(  # type: ignore[attr-defined]
        """words => { window.seen = new Promise(done => {
            const look = () => document.body.innerText.includes(words) && done(Date.now());
            new MutationObserver(look).observe(document.body, {childList: true, subtree: true});
        }); }""",
        words,
    )
    with path.open("a") as file:
        file.write(f"\n{words}\n")
    saved = time.time() * 1000
    return float(page.evaluate("window.seen")) - saved  # type: ignore[attr-defined]


if __name__ == "__main__":
    main()
