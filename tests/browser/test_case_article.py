"""From a solved case to a branch with a clean draft, in a real browser and a real repository."""

import re
import shutil
from pathlib import Path

from playwright.sync_api import Browser

from tests.browser.actor import Actor
from tests.browser.server import ROOT, running
from tests.repositories import Repository

ANSWER = """Hola, Marta:

1. Libere espacio en D:.
2. Repita la copia.

Si falla, llame al 612 345 678 y cite el proyecto Albatros.

Un saludo,
Irene"""


def sample_content(folder: Path) -> Repository:
    """A repository of the vendor site's own files."""
    made = Repository(folder)
    for name in ("articles", "policy"):
        shutil.copytree(ROOT / name, folder / name, dirs_exist_ok=True)
    shutil.copy(ROOT / "site.yaml", folder)
    made.commit("All of it")
    return made


def test_a_case_becomes_a_branch_with_a_clean_draft(browser: Browser, tmp_path: Path) -> None:
    content = sample_content(tmp_path / "content")
    before = content.git("rev-parse", "main")
    var = tmp_path / "var"
    var.mkdir()
    with running(var, settings={"KB_CONTENT_REPO": str(content.root)}) as site:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        agent = Actor(page, site).signs_in("agent").goes_to("/en/desk/")
        agent.clicks("La copia del servidor SQL").writes("Reply", ANSWER).clicks("Send")
        agent.clicks("Make an article").sees("612 345 678")  # listed, with a box to put it back
        assert "612 345 678" not in page.locator("[name=resolution]").input_value()
        agent.writes("Further words to remove", "proyecto Albatros").clicks("Apply")
        assert "proyecto Albatros" not in page.locator("[name=resolution]").input_value()
        agent.writes("Title", "La copia SQL se para sin espacio")
        page.get_by_label("I have read it").check()
        agent.clicks("Look at it").sees("No mistakes.").sees("Libere espacio en D:.")
        page.set_viewport_size({"width": 360, "height": 800})
        agent.looks()
        agent.clicks("Commit to a branch").sees("On its branch")
        number = re.search(r"/cases/(\d+)/article", page.url)
        assert number
        branch = f"draft/{number[1]}-la-copia-sql-se-para-sin-espacio"
        agent.sees(branch).clicks("Back to the case").sees(branch)
        page.close()
    (path,) = content.git("diff", "--name-only", f"main...{branch}").splitlines()
    draft = content.git("show", f"{branch}:{path}")
    assert "1. Libere espacio en D:.\n2. Repita la copia." in draft
    assert "status: draft" in draft
    for personal in ("612 345 678", "Albatros", "Marta", "Irene Otero", "marta.gil@"):
        assert personal not in draft.replace("agent@example.com", ""), personal
    assert content.git("log", "-1", "--format=%ae", branch) == "agent@example.com"
    assert content.git("rev-parse", "main") == before
