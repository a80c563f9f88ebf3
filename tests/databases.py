"""The fixture `db`: every test that takes it runs on SQLite and on a real PostgreSQL."""

import os
import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest

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
