"""A site in a repository of its own, its application, and agents who edit in the browser."""

import io
from pathlib import Path
from typing import Any

from PIL import Image

from kb.actions.compile_site import compile_site
from kb.app import create_app
from kb.settings import Settings, read_settings
from kb.store import Database, migrate
from tests.actions.people import NOW, agent, customer
from tests.content.sites import SITE, front
from tests.repositories import Repository
from tests.visitor import Page, Visitor

EDIT = "/en/desk/articles/1/edit?lang=es"
PATH = "articles/setup/1-one/es.md"
BRANCH = "edit/1-one"


def png(colour: tuple[int, int, int] = (200, 30, 30)) -> bytes:
    """A small picture."""
    target = io.BytesIO()
    Image.new("RGB", (8, 6), colour).save(target, "PNG")
    return target.getvalue()


class EditedSite:
    """Spanish and English, one article in a repository, and people."""

    def __init__(self, folder: Path, *, remote: bool = False, at: str = "") -> None:
        self.repo = Repository(folder / "content", SITE, at)
        self.repo.spanish(front("# ours\nowner: ana\n", "Texto.\n"))
        self.repo.article(2, "two")
        self.first = self.repo.commit("First")
        if remote:
            self.repo.git("clone", "-q", "--bare", ".", str(folder / "remote.git"))
            self.repo.git("remote", "add", "origin", str(folder / "remote.git"))
        env = {"KB_VAR": str(folder / "var"), "KB_BASE_URL": "http://localhost"}
        self.settings: Settings = read_settings(env, self.repo.root)
        migrate(self.settings.database_url)
        compile_site(self.settings)
        self.app = create_app(self.settings)
        self.app.config["NOW"] = NOW
        self._people: dict[str, int] = {}
        self.db: Database = self.app.extensions["waypost"].db

    def visitor(self, who: str = "agent") -> Visitor:
        """A person with a browser: `agent`, `customer` or a `stranger`."""
        visitor = Visitor(self.app)
        if who != "stranger":
            if who not in self._people:
                self._people[who] = agent(self.db) if who == "agent" else customer(self.db)
            user_id = self._people[who]
            with visitor.client.session_transaction() as session:
                session["_user_id"] = f"{user_id}:1"
        return visitor

    def file(self, branch: str = BRANCH, path: str = PATH) -> str:
        """The file as a branch has it."""
        return self.repo.git("show", f"{branch}:{path}")


def fields(page: Page, **changed: Any) -> dict[str, Any]:
    """The fields of the sheet on a page as a browser would send them, some of them changed."""
    form = next(one for one in page.forms if one["attrs"].get("id") == "sheet")
    sent: dict[str, Any] = {}
    for one in form["fields"]:
        if one["tag"] == "input" and one.get("type") != "file" and one.get("name"):
            sent[str(one["name"])] = one.get("value") or ""
    sent |= {name: value for name, value in texts(page.html).items() if name in NAMES}
    return {**sent, **changed}


NAMES = ("summary", "products", "error_codes", "keywords", "find_with", "body", "type", "audience",
         "status")  # fmt: skip


def texts(html: str) -> dict[str, str]:
    """What stands in text areas and lists of choices."""
    import re
    from html import unescape

    found = {
        name: unescape(text).removeprefix("\r\n").removeprefix("\n")
        for name, text in re.findall(
            r'<textarea[^>]* name="(\w+)"[^>]*>(.*?)</textarea>', html, re.S
        )
    }
    for name, inner in re.findall(r'<select[^>]* name="(\w+)"[^>]*>(.*?)</select>', html, re.S):
        chosen = re.search(r'<option selected value="([^"]*)"', inner)
        found[name] = unescape(chosen[1]) if chosen else ""
    return found
