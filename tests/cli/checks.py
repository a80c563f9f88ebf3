"""What the tests of `kb check` ask it."""

import json
import os
import struct
import subprocess

from click.testing import CliRunner

from kb.cli import main
from tests.content.sites import SmallSite


def found(site: SmallSite, *words: str) -> list[dict]:
    return json.loads(CliRunner().invoke(
        main, ["--site", str(site.root), "check", "--json", *words]
    ).stdout)  # fmt: skip


def git(site: SmallSite, *words: str) -> str:
    """Run git with a day of its own for each commit."""
    env = {
        **os.environ,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
        **{f"GIT_{who}_{what}": f"a{at}" for who in ("AUTHOR", "COMMITTER")
           for what, at in (("NAME", ""), ("EMAIL", "@example.com"))},
    }  # fmt: skip
    day = git.day = getattr(git, "day", 0) + 1  # type: ignore[attr-defined]
    env["GIT_COMMITTER_DATE"] = env["GIT_AUTHOR_DATE"] = f"{1_700_000_000 + day * 86_400} +0000"
    done = subprocess.run(
        ["git", "-C", str(site.root), *words], env=env, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def png(width: int, height: int, more: int = 0) -> bytes:
    return b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", width, height) + b"\0" * more
