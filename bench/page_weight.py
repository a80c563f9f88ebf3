"""What a first visitor downloads to see a page: everything, as it goes over the wire.

    python -m bench.page_weight [ADDRESS OF A RUNNING SITE]

A fresh browser for each page, nothing kept; bytes are those of the network, heads included. Without
an address the vendor site is served for the time of the bench. The aim: each in 60 kB.

`bench.mkdocs` weighs an article of another site in the same way, alike to the byte. What articles
differ by is mostly the slanted letters, a file of their own, fetched where words are emphasised."""

import sys
import tempfile
from collections import defaultdict
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from bench.rounds import Row, at_most, show
from tests.browser.conftest import ARGUMENTS
from tests.browser.server import running
from tests.programs import chromium

PAGES = {
    "article": "/en/kb/1042-backup-stops-not-enough-space",
    "article, Spanish": "/es/kb/1042-backup-stops-not-enough-space",
    "article with a table": "/en/kb/1131-support-plans",
    "article with emphasis": "/en/kb/1043-free-vault-space-with-retention",
    "article with a video": "/en/kb/1121-register-products",
    "home": "/en/",
    "step": "/en/troubleshoot/backup-fails/when",
    "search": "/en/search?q=backup",
}
KINDS = ("Document", "Stylesheet", "Font", "Script", "Image", "Other")
AIM = 60.0
"""Kilobytes of a page (1 kB is 1,000 bytes)."""


def weigh(browser: Browser, address: str) -> dict[str, int]:
    """Bytes by kind of what one page makes a browser fetch."""
    context = browser.new_context()
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    kinds: dict[str, str] = {}
    weights: dict[str, int] = defaultdict(int)
    wire.on("Network.responseReceived", lambda e: kinds.update({e["requestId"]: e["type"]}))

    def done(event: dict) -> None:
        kind = kinds.get(event["requestId"], "Other")
        weights[kind if kind in KINDS else "Other"] += int(event["encodedDataLength"])

    wire.on("Network.loadingFinished", done)
    page.goto(address, wait_until="networkidle")
    context.close()
    return dict(weights)


def main() -> None:
    """Weigh every page and print the table and the aims."""
    with ExitStack() as stack:
        if len(sys.argv) > 1:
            url = sys.argv[1].rstrip("/")
        else:
            var = stack.enter_context(tempfile.TemporaryDirectory())
            url = stack.enter_context(running(Path(var))).url
        play = stack.enter_context(sync_playwright())
        browser = play.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        found = {name: weigh(browser, url + path) for name, path in PAGES.items()}
        browser.close()
    print(f"{'kB':24}" + "".join(f"{kind:>12}" for kind in (*KINDS, "all")))
    rows: list[Row] = []
    for name, weights in found.items():
        figures = [weights.get(kind, 0) / 1000 for kind in KINDS]
        print(f"{name:24}" + "".join(f"{figure:12.1f}" for figure in (*figures, sum(figures))))
        rows.append(at_most(name, sum(figures), AIM, "kB"))
    show("What a first visitor downloads", rows)


if __name__ == "__main__":
    main()
