"""The migrations and the tables say the same, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import TextClause, text

from kb.store import Database, StoreError, migrate
from kb.store.migrate import differences
from kb.store.tables import metadata


def test_migrations_make_the_schema_of_the_tables(empty_url: str) -> None:
    migrate(empty_url)
    db = Database(empty_url)
    with db.read() as conn:
        assert differences(conn) == []
    db.close()


def test_a_missing_column_would_be_noticed(empty_url: str) -> None:
    migrate(empty_url)
    db = Database(empty_url)
    with db.write() as conn:
        conn.execute(text("ALTER TABLE outbox DROP COLUMN error"))
    with db.read() as conn:
        assert "error" in "".join(differences(conn))
    db.close()


def test_processes_that_start_together_migrate_once(empty_url: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(migrate, [empty_url] * 4))
    db = Database(empty_url)
    with db.read() as conn:
        assert conn.execute(text("SELECT count(*) FROM alembic_version")).scalar_one() == 1
    db.close()


@pytest.mark.parametrize(
    "empty_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)
def test_words_of_people_lose_the_length_they_had_at_first(empty_url: str) -> None:
    """A database of the first hour refused a long title, which SQLite never did."""
    migrate(empty_url)
    db = Database(empty_url)
    with db.write() as conn:
        conn.execute(text('ALTER TABLE "case" ALTER COLUMN title TYPE varchar(200)'))
        conn.execute(text('ALTER TABLE "user" ALTER COLUMN email_key TYPE varchar(320)'))
        conn.execute(text("UPDATE alembic_version SET version_num = '0026'"))
    migrate(empty_url)
    with db.read() as conn:
        assert differences(conn) == []
    db.close()


def test_nobody_else_on_the_machine_reads_a_database_that_is_made(tmp_path: Path) -> None:
    (tmp_path / "open").mkdir(mode=0o755)
    file = tmp_path / "open" / "waypost.db"
    migrate(f"sqlite:///{file}")
    db = Database(f"sqlite:///{file}")
    with db.write() as conn:
        conn.execute(text("CREATE TABLE one (id INTEGER)"))
        modes = {one.name: oct(one.stat().st_mode & 0o077) for one in file.parent.iterdir()}
    db.close()
    assert {f"waypost.db{end}" for end in ("", "-wal", "-shm")} <= set(modes)
    assert set(modes.values()) == {"0o0"}


def test_every_table_is_used_by_a_query() -> None:
    """A table nobody asks would be a wall without a room."""
    store = Path(__file__).parents[2] / "kb" / "store"
    source = "".join(path.read_text() for path in store.glob("*.py") if "tables" not in path.name)
    unused = [name for name in metadata.tables if f"({name}" not in source]
    assert unused == []


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("sqlite://", "name a file"),
        ("mysql://root@localhost/kb", "only sqlite and postgresql"),
        ("nonsense", "write sqlite:////folder/file.db"),
    ],
)
def test_a_wrong_address_says_what_to_write(url: str, said: str) -> None:
    with pytest.raises(StoreError, match=said):
        Database(url)


def test_a_server_that_is_not_there_is_told_without_the_password() -> None:
    with pytest.raises(StoreError) as caught:
        migrate("postgresql://kb:hidden@127.0.0.1:1/kb")
    assert "does not answer" in str(caught.value)
    assert "hidden" not in str(caught.value)


def test_a_database_of_a_newer_release_is_left_alone_and_told(empty_url: str) -> None:
    """Whoever goes back to an older release learns what to do instead of seeing a traceback."""
    migrate(empty_url)
    db = Database(empty_url)
    with db.write() as conn:
        conn.execute(text("UPDATE alembic_version SET version_num = 'v9999'"))
    db.close()
    with pytest.raises(StoreError, match=r"a newer release of Waypost .*bring back a backup"):
        migrate(empty_url)


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("key,product\n" * 500)
    with pytest.raises(StoreError, match="is not a sound SQLite database"):
        migrate(f"sqlite:///{tmp_path / 'list.csv'}")


def test_a_disk_that_is_full_is_told_as_such(tmp_path: Path) -> None:
    """SQLite says the same of a file that may not grow, whoever holds it back."""
    url = f"sqlite:///{tmp_path / 'a.db'}"
    migrate(url)
    db = Database(url)
    with db.write() as conn:
        conn.execute(text("PRAGMA max_page_count = 1"))
    big = text("CREATE TABLE big AS SELECT zeroblob(9000000) AS bytes")
    with pytest.raises(StoreError, match="the disk is full; make room on it"):
        _write(db, big)
    db.close()


def _write(db: Database, statement: TextClause) -> None:
    with db.write() as conn:
        conn.execute(statement)
