"""Bring a database to the schema of this version."""

import os
from contextlib import suppress
from pathlib import Path

from sqlalchemy import Connection, text

from kb.store import (  # noqa: F401 # so `metadata` knows every table
    account_tables,
    case_tables,
    chat_tables,
    consent_tables,
    desk_tables,
    draft_tables,
    follow_tables,
    integration_tables,
    mail_tables,
    order_tables,
    product_tables,
    visit_tables,
    voice_tables,
    walk_tables,
)
from kb.store.database import Database, StoreError
from kb.store.tables import metadata

_LOCK = 0x_3A_97_05  # any number: PostgreSQL sessions that migrate agree on it


def migrate(url: str) -> None:
    """Create or upgrade the schema in one transaction; safe when several processes start at
    once; raises StoreError when the database cannot be opened."""
    from alembic import command  # takes as long to load as all tables; few commands migrate
    from alembic.config import Config
    from alembic.util import CommandError

    database = Database(url)
    try:
        if database.is_sqlite:
            file = Path(database.url.database or "")
            _make_folder(file.parent)
            _make_file(file)
        with database.write() as conn:
            if not database.is_sqlite:
                conn.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            config = Config()
            config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
            config.attributes["connection"] = conn
            try:
                command.upgrade(config, "head")
            except CommandError as error:  # it names a step that this release does not have
                shown = database.url.render_as_string(hide_password=True)
                raise StoreError(
                    f"the database {shown} was used by a newer release of Waypost ({error}); "
                    "install that release, or bring back a backup from before it"
                ) from error
    finally:
        database.close()


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"the folder {folder} of the database cannot be made ({error.strerror}); "
            "let KB_DATABASE_URL name a file in a folder that the user who runs kb may write"
        ) from error


def _make_file(file: Path) -> None:
    """Make an empty file that only its owner reads, whatever folder it is in: it will hold people's
    names and words, and what SQLite puts beside it is as open as itself."""
    with suppress(OSError):  # it is there; or SQLite says what keeps it from being made
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def differences(conn: Connection) -> list[str]:
    """What the schema in the database has other than the tables say; [] when they agree."""
    from alembic.autogenerate import compare_metadata  # as above
    from alembic.runtime.migration import MigrationContext

    opts = {"compare_type": True, "include_name": _is_ours}
    context = MigrationContext.configure(conn, opts=opts)
    return [str(difference) for difference in compare_metadata(context, metadata)]


def _is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """Words to search are no part of the tables: see `case_search.py`, `voice_search.py`."""
    searched = ("case_search", "feedback_search")
    return not (kind == "table" and (name or "").startswith(searched))
