"""The fixture `db`: every test that takes it runs on SQLite and on a real PostgreSQL."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from itertools import count
from pathlib import Path

import psycopg
import pytest

from kb.settings import Settings
from kb.store import Database, migrate
from tests.postgres import NoServer, running_server

_numbers = count(1)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a server that lives as long as this session, with a migrated template."""
    try:
        with running_server() as address:
            _run(address, "CREATE DATABASE migrated")
            migrate(f"{address}/migrated")
            yield address
    except NoServer as missing:
        if os.environ.get("CI"):
            pytest.fail(f"PostgreSQL tests must run in CI: {missing}")
        pytest.skip(f"PostgreSQL tests skipped: {missing}")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a migrated, empty database of the test's own."""
    if request.param == "sqlite":
        path = tmp_path / "waypost.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    address = request.getfixturevalue("postgres_server")
    name = f"test_{next(_numbers)}"
    _run(address, f"CREATE DATABASE {name} TEMPLATE migrated")
    yield f"{address}/{name}"
    _run(address, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'new' / 'waypost.db'}"
        return
    address = request.getfixturevalue("postgres_server")
    name = f"empty_{next(_numbers)}"
    _run(address, f"CREATE DATABASE {name}")
    yield f"{address}/{name}"
    _run(address, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def demo_on_postgres(postgres_server: str, vendor_settings: Settings) -> str:
    """The name of a database with the demo accounts, to copy."""
    from kb.actions.demo import load_demo
    from kb.actions.live_site import LiveSite
    from tests.conftest import NOW

    _run(postgres_server, "CREATE DATABASE demo TEMPLATE migrated")
    database = Database(f"{postgres_server}/demo")
    load_demo(database, vendor_settings, LiveSite(vendor_settings.var).current().site.policy, NOW)
    database.close()
    return "demo"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def settings_on_both(
    request: pytest.FixtureRequest, vendor_settings: Settings, tmp_path: Path
) -> Iterator[Settings]:
    """The vendor site with the demo accounts, on each database; a module of tests that wants
    both names it `settings`."""
    if request.param == "sqlite":
        path = tmp_path / "demo.db"
        with (
            closing(sqlite3.connect(vendor_settings.var / "waypost.db")) as demo,
            closing(sqlite3.connect(path)) as copy,
        ):
            demo.backup(copy)
        yield replace(vendor_settings, database_url=f"sqlite:///{path}")
        return
    address, demo_name = (
        request.getfixturevalue(name) for name in ("postgres_server", "demo_on_postgres")
    )
    name = f"shown_{next(_numbers)}"
    _run(address, f"CREATE DATABASE {name} TEMPLATE {demo_name}")
    yield replace(vendor_settings, database_url=f"{address}/{name}")
    _run(address, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    """A migrated, empty database of the test's own."""
    database = Database(database_url)
    yield database
    database.close()


def _run(address: str, statement: str) -> None:
    plain = address.replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(f"{plain}/postgres", autocommit=True) as conn:
        conn.execute(statement.encode())
