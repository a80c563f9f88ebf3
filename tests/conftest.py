"""What every test may use: the compiled vendor site, an app over it, a visitor with verbs."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from kb.settings import Settings, read_settings

if TYPE_CHECKING:
    from flask import Flask

    from tests.visitor import Visitor

pytest_plugins = ("tests.commands", "tests.databases", "tests.stripe_server")

# a busy machine is no flaw of the code: no example is held to a time
hypothesis_settings.register_profile(
    "calm", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("calm")

ROOT = Path(__file__).parent.parent
NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


@pytest.fixture(scope="session", autouse=True)
def _calm() -> Iterator[None]:
    """What is sound may take its time on a busy machine; tests of a limit set a short one."""
    with pytest.MonkeyPatch.context() as calm:
        for limit in (
            "kb.actions.case_articles._WAIT_SECONDS",
            "kb.content.old_article._SECONDS",
            "kb.content.old_article._WAIT_SECONDS",
            "kb.content.read_apart._SECONDS",
            "kb.content.read_apart._WAIT_SECONDS",
            "kb.outside.graphviz.SECONDS",
            "kb.outside.payments.stripe_checkout.TIMEOUT_SECONDS",
            "kb.outside.sign_in_web._TIMEOUT_SECONDS",
        ):
            calm.setattr(limit, 120.0)
        yield


@pytest.fixture(scope="session")
def vendor_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The vendor site, compiled once, with the demo accounts in a database of its own."""
    from kb.actions.compile_site import compile_site
    from kb.actions.demo import load_demo
    from kb.actions.live_site import LiveSite
    from kb.store import Database, migrate

    var = tmp_path_factory.mktemp("var")
    env = {"KB_VAR": str(var), "KB_BASE_URL": "http://localhost", "KB_SECRET_KEY": "test " * 8}
    settings = read_settings(env, ROOT)
    compile_site(settings)
    migrate(settings.database_url)
    policy = LiveSite(var).current().site.policy
    load_demo(Database(settings.database_url), settings, policy, NOW)
    return settings


@pytest.fixture
def settings(vendor_settings: Settings, tmp_path: Path) -> Settings:
    """The vendor site with a copy of the demo database that a test may change."""
    database = tmp_path / "waypost.db"
    with (
        closing(sqlite3.connect(vendor_settings.var / "waypost.db")) as demo,
        closing(sqlite3.connect(database)) as copy,
    ):
        demo.backup(copy)
    return replace(vendor_settings, database_url=f"sqlite:///{database}")


@pytest.fixture
def app(settings: Settings) -> "Iterator[Flask]":
    """The real application, CSRF on, the clock at NOW."""
    from kb.app import create_app

    made = create_app(settings)
    made.config["NOW"] = NOW
    yield made
    made.extensions["waypost"].db.close()


@pytest.fixture
def visitor(app: "Flask") -> "Visitor":
    """A person with a browser that checks every page it fetches."""
    from tests.visitor import Visitor

    return Visitor(app)


@pytest.fixture
def another(app: "Flask") -> "Callable[[], Visitor]":
    """Make one more visitor of the same site."""
    from tests.visitor import Visitor

    return lambda: Visitor(app)
