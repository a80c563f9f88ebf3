"""A content repository with a branch, its clone that is served, and people who preview it."""

from pathlib import Path

from kb.actions.compile_site import compile_site
from kb.actions.previews import ask_preview, build_preview, preview_url
from kb.app import create_app
from kb.rules.previews import Preview
from kb.settings import Settings, read_settings
from kb.store import Database, migrate
from tests.actions.people import NOW, agent
from tests.content.sites import SITE, front
from tests.repositories import Repository
from tests.visitor import Visitor

TREE = """\
title: No arranca
summary: Dos preguntas
start: when
nodes:
  when:
    ask: ¿Cuándo falla?
    closed: Falla ahora o más tarde.
    options:
      - {id: now, label: Ahora mismo, go: done}
      - {id: later, label: Más tarde, go: done}
  done: {end: solved}
"""
TREE_EN = """\
title: It does not start
summary: Two questions
nodes:
  when:
    ask: When does it fail?
    options: {now: Just now, later: Later}
"""


class Desk:
    """A remote with a branch, the clone that is served, and people."""

    def __init__(self, folder: Path) -> None:
        self.remote = Repository(folder / "remote", SITE)
        self.remote.spanish(front("", "Vea [[2]].\n"))
        self.remote.article(2, "two")
        self.remote.commit("First")
        self.root = self.remote.clone(folder / "clone")
        env = {"KB_VAR": str(folder / "var"), "KB_BASE_URL": "http://localhost",
               "KB_HOOK_SECRET": "a secret of sixteen"}  # fmt: skip
        self.settings: Settings = read_settings(env, self.root)
        migrate(self.settings.database_url)
        compile_site(self.settings)
        self.remote.git("switch", "-q", "-c", "new-words")
        picture = b"GIF89a" + b"\1\0" * 4
        self.remote.write("articles/setup/1-one/foto.gif", picture)
        self.remote.spanish(front(
            "",
            "Palabras nuevas. Vea [[2]].\n\n![Una foto](foto.gif)\n\n"
            '`<a href="/es/kb/2-two">`\n',
        ))  # fmt: skip
        self.remote.article(3, "draft", es=front("status: draft\n", "Un borrador.\n"),
                            en="---\ntitle: Draft\nstatus: draft\n---\n\nA draft.\n")  # fmt: skip
        hidden = front("audience: internal\n", "La contraseña es Secreto-Uno.\n")
        self.remote.article(4, "hidden", es=hidden)
        self.remote.write("troubleshooter/start.yaml", TREE)
        self.remote.write("troubleshooter/start.en.yaml", TREE_EN)
        self.remote.write("templates/base.html", "{{ 7 * 7 }} code of a branch")
        (self.remote.root / "articles/setup/5-evil").symlink_to("/etc")
        self.commit = self.remote.commit("New words")
        self.app = create_app(self.settings)
        self.app.config["NOW"] = NOW
        self.db: Database = self.app.extensions["waypost"].db

    def visitor(self, *, as_agent: bool = False) -> Visitor:
        visitor = Visitor(self.app)
        if as_agent:
            user_id = agent(self.db)
            with visitor.client.session_transaction() as session:
                session["_user_id"] = f"{user_id}:1"
        return visitor

    def preview(self, branch: str = "new-words", days: int = 7) -> tuple[Preview, str]:
        asked = ask_preview(self.settings, branch, NOW, days)
        assert isinstance(asked, Preview)
        built = build_preview(self.settings, asked)
        url = preview_url(self.settings, built).removeprefix("http://localhost").rstrip("/")
        return built, url
