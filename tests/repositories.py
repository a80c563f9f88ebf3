"""Content repositories for tests: a small site with a history, made by git itself."""

import os
import subprocess
from pathlib import Path

from tests.content.sites import SITE, SmallSite

_QUIET = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}


class Repository(SmallSite):
    """A site in a git repository, each commit a day after the one before; `at` is the site's folder
    in it."""

    def __init__(self, top: Path, site: str = SITE, at: str = "") -> None:
        self.top = top
        self._days = 0
        top.mkdir(parents=True, exist_ok=True)
        self.git("init", "-q", "-b", "main")
        super().__init__(top / at if at else top, site)

    def git(self, *words: str, author: str = "Ana Ruiz", mail: str = "ana@example.com") -> str:
        """Run git as somebody; return what it says."""
        when = f"{1_790_000_000 + self._days * 86_400} +0000"
        env = {**os.environ, **_QUIET}
        for role in ("AUTHOR", "COMMITTER"):
            env |= {f"GIT_{role}_NAME": author, f"GIT_{role}_EMAIL": mail, f"GIT_{role}_DATE": when}
        command = ["git", "-C", str(self.top), *words]
        done = subprocess.run(command, env=env, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    def commit(self, subject: str, author: str = "Ana Ruiz", mail: str = "ana@example.com") -> str:
        """Commit everything there is; return the commit."""
        self._days += 1
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", subject, author=author, mail=mail)
        return self.git("rev-parse", "HEAD")

    def clone(self, folder: Path, *words: str) -> Path:
        """Clone the repository into `folder`."""
        source = self.top.as_uri()
        command = ["git", "clone", "-q", *words, source, str(folder)]
        subprocess.run(command, env={**os.environ, **_QUIET}, check=True, capture_output=True)
        return folder
