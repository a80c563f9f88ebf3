"""The sample sites, compiled with their demo data, for tests that run on one of them or on both."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from kb.actions.compile_site import compile_site
from kb.actions.demo import load_demo
from kb.actions.live_site import LiveSite
from kb.settings import Settings, read_settings
from kb.store import Database, migrate
from tests.conftest import NOW, ROOT

HELPDESK = ROOT / "examples" / "helpdesk"


@cache
def compiled(site: Path) -> Settings:
    """Compile a site and load its demo, once for all tests of a process."""
    var = Path(mkdtemp(prefix="waypost-site-"))
    env = {"KB_VAR": str(var), "KB_BASE_URL": "http://localhost", "KB_SECRET_KEY": "test " * 8}
    settings = read_settings(env, site)
    compile_site(settings)
    migrate(settings.database_url)
    with closing(Database(settings.database_url)) as db:
        load_demo(db, settings, LiveSite(var).current().site.policy, NOW)
    return settings


def with_own_database(settings: Settings, folder: Path) -> Settings:
    """The same site with a copy of its database that a test may change."""
    database = folder / "own.db"
    with (
        closing(sqlite3.connect(settings.var / "waypost.db")) as demo,
        closing(sqlite3.connect(database)) as copy,
    ):
        demo.backup(copy)
    return replace(settings, database_url=f"sqlite:///{database}")
