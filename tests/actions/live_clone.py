"""A content repository, its clone that is served, and pushes to it; for tests of syncing."""

import subprocess
from datetime import UTC, datetime
from pathlib import Path

from kb.actions.compile_site import compile_site
from kb.actions.live_site import LiveSite
from kb.actions.sync_site import Synced, sync_site
from kb.settings import Settings, read_settings
from kb.store import Database, migrate
from tests.content.sites import SITE, front
from tests.repositories import Repository

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
BROKEN = front("", "Vea [[77]].\n\n![](foto.png)\n")


class Live:
    """A remote, its clone that is served, and the database beside it."""

    def __init__(self, folder: Path, at: str = "", site: str = SITE) -> None:
        self.remote = Repository(folder / "remote", site, at)
        self.remote.article(1)
        self.first = self.remote.commit("First words")
        self.clone = self.remote.clone(folder / "clone")
        self.root = self.clone / at if at else self.clone
        env = {"KB_VAR": str(folder / "var"), "KB_BASE_URL": "http://localhost"}
        self.settings: Settings = read_settings(env, self.root)
        migrate(self.settings.database_url)
        self.db = Database(self.settings.database_url)
        compile_site(self.settings)

    def sync(self, **more: str) -> Synced:
        return sync_site(self.settings, self.db, NOW, **more)

    def push(self, text: str, subject: str = "Change", **author: str) -> str:
        self.remote.spanish(text)
        return self.remote.commit(subject, **author)

    def words(self) -> str:
        return LiveSite(self.settings.var).current().site.page("es", 1).html

    def git(self, *words: str) -> str:
        done = subprocess.run(["git", "-C", str(self.clone), "-c", "user.name=Eva",
                               "-c", "user.email=eva@example.com", *words],
                              check=True, capture_output=True, text=True)  # fmt: skip
        return done.stdout.strip()

    def mails(self) -> list[tuple[str, str, str]]:
        """Send what is queued; return recipient, subject and text of each mail, then forget it."""
        with self.db.read() as conn:
            rows = conn.exec_driver_sql("SELECT recipient, subject, text FROM outbox ORDER BY id")
            return [tuple(row) for row in rows]
