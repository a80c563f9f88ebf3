"""Issue 10 in a browser: an article is opened, changed, gets a pasted picture, and is a commit."""

import base64
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.actor import Actor
from tests.browser.server import Running, running
from tests.edited_site import png
from tests.sites import HELPDESK

pytestmark = pytest.mark.browser

ARTICLE = "articles/safety/216-make-a-backup"
BRANCH = "edit/216-make-a-backup"
PASTE = """(data) => {
  const raw = Uint8Array.from(atob(data), (char) => char.charCodeAt(0));
  const bag = new DataTransfer();
  bag.items.add(new File([raw], "image.png", { type: "image/png" }));
  const body = document.querySelector("textarea[name=body]");
  body.setSelectionRange(body.value.length, body.value.length);
  const how = { clipboardData: bag, bubbles: true, cancelable: true };
  body.dispatchEvent(new ClipboardEvent("paste", how));
}"""


def git(folder: Path, *words: str) -> str:
    env = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    named = ("-c", "user.name=Old", "-c", "user.email=old@example.com")
    command = ["git", "-C", str(folder), *named, *words]
    return subprocess.run(command, env=env, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """The help desk's site in a repository of its own."""
    copy = tmp_path / "content"
    shutil.copytree(HELPDESK, copy, ignore=shutil.ignore_patterns("var"))
    git(copy, "init", "-q", "-b", "main")
    git(copy, "add", "-A")
    git(copy, "commit", "-q", "-m", "First")
    return copy


@pytest.fixture
def served(content: Path, tmp_path: Path) -> Iterator[Running]:
    (tmp_path / "var").mkdir()
    with running(tmp_path / "var", content) as site:
        yield site


def test_an_edit_in_the_browser_becomes_a_commit_on_a_branch(
    page: Page, served: Running, content: Path
) -> None:
    main = git(content, "rev-parse", "main")
    agent = Actor(page, served).signs_in("agent")
    agent.goes_to("/en/kb/216-make-a-backup").clicks("Edit here")
    body = page.locator("textarea[name=body]")
    words = body.input_value()
    body.fill(f"{words}\n\n## Quetzal\n\nSee [[99999]].\n")
    preview = page.locator("#preview")
    expect(preview.get_by_role("heading", name="Quetzal")).to_be_visible()
    expect(preview).to_contain_text("there is no article 99999")
    agent.looks()
    preview.get_by_role("button", name="Line").last.click()  # leads to the line of the mistake
    assert page.evaluate("getSelection().toString()") == "See [[99999]]."
    body.fill(f"{words}\n\n## Quetzal\n\nIt is safe.\n")
    expect(preview).not_to_contain_text("there is no article 99999")

    page.evaluate(PASTE, base64.b64encode(png()).decode())
    alt = page.locator("#pictures-kept input[type=text]")
    alt.fill("A red button")
    alt.press("Enter")
    picture = preview.get_by_role("img", name="A red button")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 8
    agent.looks()

    page.get_by_label("What you changed").fill("Where it is safe")
    agent.clicks("Save to the branch").sees(f"Saved on {BRANCH}")
    assert git(content, "log", "-1", "--format=%s", BRANCH) == "Where it is safe\n"
    saved = git(content, "show", f"{BRANCH}:{ARTICLE}/en.md")
    assert "## Quetzal\n\nIt is safe.\n\n![A red button](image-" in saved
    named = git(content, "ls-tree", "--name-only", BRANCH, f"{ARTICLE}/").split()
    assert len([name for name in named if name.endswith(".png") and "/image-" in name]) == 1
    assert git(content, "rev-parse", "main") == main
    assert git(content, "status", "--porcelain") == ""
    agent.goes_to("/en/desk/articles/drafts").sees(BRANCH).sees("Where it is safe")
