"""An author at work: save and the page is new, break it and be told where, mend it and go on."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.actor import RULES
from tests.browser.server import ROOT, Running, _wait_until_ready, free_port
from tests.content.sites import SmallSite, front

pytestmark = pytest.mark.browser

BODY = "---\ntitle: One\n{keys}---\n\n{text}\n"


@pytest.fixture(scope="module")
def author(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, SmallSite]]:
    """A small site, served by `kb serve --dev`."""
    folder = tmp_path_factory.mktemp("dev")
    site = SmallSite(folder / "site")
    site.article(1)
    site.article(
        2,
        "two",
        es=front("status: draft\n"),
        en=BODY.format(keys="audience: internal\n", text="Two."),
    )
    var = folder / "var"
    var.mkdir()
    port = free_port()
    env = {**os.environ, "KB_VAR": str(var), "PYTHONWARNINGS": "ignore"}
    words = [sys.executable, "-m", "kb", "--site", str(site.root), "serve", "--dev", "--no-mail"]
    with (var / "serve.log").open("w") as log:
        process = subprocess.Popen(
            [*words, "--port", str(port)], env=env, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT
        )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_until_ready(url, process, var)
        yield Running(url, var), site
    finally:
        process.terminate()
        process.wait(timeout=60)
        deadline = time.monotonic() + 60
        while (left := _builders(site.root)) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert not left, "the builder outlived its server"


def _builders(root: Path) -> list[Path]:
    """The builder processes of a site that still run."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().split(b"\0")
        except OSError:
            continue
        if b"kb.cli.dev_builder" in words and os.fsencode(root) in words:
            found.append(path)
    return found


def save(site: SmallSite, text: str, keys: str = "") -> None:
    site.write("articles/setup/1-one/en.md", BODY.format(keys=keys, text=text))


def opens(page: Page, url: str) -> None:
    """Open a page and wait until it follows its file."""
    page.goto(url)
    expect(page.locator("html[data-dev]:not([data-dev='0'])")).to_have_count(1)


def test_saving_changes_the_open_page_and_a_mistake_covers_it(page: Page, author) -> None:
    served, site = author
    violations: list[str] = []
    page.on("console", lambda said: violations.append(said.text) if said.type == "error" else None)
    opens(page, f"{served.url}/en/kb/1-one")
    before = page.locator("html").get_attribute("data-dev") or ""
    save(site, "A first sentence.")
    expect(page.locator(".prose")).to_contain_text("A first sentence.")
    expect(page.locator("html")).not_to_have_attribute("data-dev", before)  # all is compiled
    expect(page.locator(".prose")).to_contain_text("A first sentence.")

    save(site, "<script>alert(1)</script> & [[99]]")
    overlay = page.get_by_role("dialog")
    expect(overlay).to_contain_text("articles/setup/1-one/en.md:5")
    expect(overlay).to_contain_text("there is no article 99 to link to")
    expect(overlay.locator(".dev-here")).to_contain_text("<script>alert(1)</script> & [[99]]")
    assert overlay.locator("script").count() == 0
    expect(page.locator(".prose")).to_contain_text("A first sentence.")
    page.reload()
    expect(page.get_by_role("dialog")).to_contain_text("there is no article 99")

    assert not violations, violations  # nothing of this needs a weaker policy
    assert not Axe().run(page, options=RULES).response["violations"]
    save(site, "Mended, with care.")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator(".prose")).to_contain_text("Mended, with")


def test_front_matter_trees_and_new_articles_are_followed_too(page: Page, author) -> None:
    served, site = author
    opens(page, f"{served.url}/en/kb/1-one")
    save(site, "Text.", keys="summary: A short one.\n")
    expect(page.locator("main")).to_contain_text("A short one.")
    save(site, "Text.", keys="sumary: x\n")
    expect(page.get_by_role("dialog")).to_contain_text("did you mean “summary”?")
    save(site, "Text.")
    expect(page.get_by_role("dialog")).to_have_count(0)
    site.write("troubleshooter/x.yaml", "title: X\n")
    expect(page.get_by_role("dialog")).to_contain_text("troubleshooter/x.yaml:1")
    (site.root / "troubleshooter/x.yaml").unlink()
    expect(page.get_by_role("dialog")).to_have_count(0)
    opens(page, f"{served.url}/en/kb/")
    site.article(7, "seven")
    expect(page.locator("main")).to_contain_text("seven en")


def test_drafts_and_internal_articles_wear_a_ribbon(page: Page, author) -> None:
    served, _ = author
    page.goto(f"{served.url}/es/kb/2-two")
    expect(page.locator(".ribbon")).to_contain_text("Borrador")
    page.goto(f"{served.url}/en/kb/2-two")
    expect(page.locator(".ribbon")).to_contain_text("Internal")
    page.goto(f"{served.url}/en/kb/1-one")
    expect(page.locator(".ribbon")).to_have_count(0)


def test_a_site_that_is_not_for_authors_has_none_of_this(tmp_path: Path, site: Running) -> None:
    with urllib.request.urlopen(f"{site.url}/en/kb/") as answer:  # noqa: S310 # loopback
        assert b"dev.js" not in answer.read()
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"{site.url}/dev/events")  # noqa: S310 # loopback
