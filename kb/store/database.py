"""One database, two engines: many readers, and writers that take their turn."""

import os
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cache
from pathlib import Path
from sqlite3 import OperationalError as SqliteError
from time import monotonic, sleep
from typing import Any

from sqlalchemy import URL, Connection, Engine, Table, create_engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import (
    ArgumentError,
    DatabaseError,
    DBAPIError,
    DisconnectionError,
    OperationalError,
)
from sqlalchemy.exc import TimeoutError as NoFreeConnection
from sqlalchemy.sql.dml import ReturningInsert

from kb.settings import OperatorError, without_password
from kb.store.turns import Turns

BUSY_SECONDS = 15
_DEADLOCK = "40P01"  # as PostgreSQL tells it
_CROSSED = "the database had two changes waiting for each other and undid this one; do it again"
_AGAIN_SECONDS = 0.02
IDLE_SECONDS = 1.0  # after which a connection to a server may have died unnoticed


class StoreError(OperatorError):
    """The database cannot be used; the message says which and how to mend it."""


class Crossed(StoreError):
    """Two transactions each waited for what the other had: the server undid this one, and the
    other went on. The same done again succeeds."""


class Database:
    """Connections for reading and for writing, both usable from any thread.

    SQLite: WAL, so reading never waits for writing; every write begins IMMEDIATE, so two writers
    queue instead of failing, processes by `turns.py`. PostgreSQL: sessions in UTC."""

    def __init__(self, url: str) -> None:
        self.url = _url(url)
        self._read = _engine(self.url, writes=False)
        self._write = _engine(self.url, writes=True)
        self._file = Path(self.url.database or "").absolute() if self.is_sqlite else None
        self._turns = Turns(self._file) if self._file else None

    @property
    def is_sqlite(self) -> bool:
        return self.url.get_backend_name() == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that can only read; one snapshot on SQLite."""
        with self._connect(self._read) as conn:
            yield conn

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction: committed at the end, rolled back by any exception. When this returns,
        a power cut cannot undo it."""
        with self._connect(self._write) as conn, self._turn(), conn.begin():
            yield conn
        if self._file:
            _sync(self._file)

    def close(self) -> None:
        """Give back every connection."""
        self._read.dispose()
        self._write.dispose()
        if self._turns:
            self._turns.close()

    def _turn(self) -> AbstractContextManager[None]:
        return self._turns.taken(BUSY_SECONDS) if self._turns else nullcontext()

    @contextmanager
    def _connect(self, engine: Engine) -> Iterator[Connection]:
        try:
            with _opened(self.url, engine) as conn:
                yield conn
        except OperationalError as error:
            if getattr(error.orig, "sqlstate", None) == _DEADLOCK:
                raise Crossed(_CROSSED) from error
            raise StoreError(_trouble(self.url, str(error.orig))) from error
        except NoFreeConnection as error:
            raise StoreError(_trouble(self.url, "every connection is busy")) from error
        except DatabaseError as error:
            if type(error) is not DatabaseError:  # a duplicate row and such: the caller's matter
                raise
            raise StoreError(_damaged(self.url, str(error.orig))) from error


def insert_once(conn: Connection, table: Table, values: Mapping[str, Any]) -> int | None:
    """Insert a row and return its key, or None when a unique column says it is there already.

    On PostgreSQL this waits for a concurrent transaction that inserts the same row."""
    statement = _insert_once(table, is_sqlite=conn.dialect.name == "sqlite")
    return conn.execute(statement, dict(values)).scalar_one_or_none()


@cache
def _insert_once(table: Table, *, is_sqlite: bool) -> ReturningInsert[Any]:
    # Made once for each table: making statements anew takes longer than running them.
    key = next(iter(table.primary_key.columns))
    insert = sqlite.insert if is_sqlite else postgresql.insert
    return insert(table).on_conflict_do_nothing().returning(key)


def _url(text: str) -> URL:
    shown = without_password(text)
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):  # no address, or a port that is no number
        raise StoreError(
            f"KB_DATABASE_URL is “{shown}”; write sqlite:////folder/file.db "
            "or postgresql://user:password@host/database"
        ) from None
    if url.drivername in ("postgres", "postgresql"):
        return url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:"):
        raise StoreError(f"KB_DATABASE_URL is “{shown}”; name a file: sqlite:////folder/file.db")
    if url.get_backend_name() not in ("sqlite", "postgresql"):
        raise StoreError(f"KB_DATABASE_URL is “{shown}”; only sqlite and postgresql are supported")
    return url


def _engine(url: URL, *, writes: bool) -> Engine:
    if url.get_backend_name() == "sqlite":
        return _sqlite_engine(url, writes=writes)
    options = "-c timezone=utc"
    further: dict[str, Any] = {}
    if not writes:  # each query by itself, as the server isolates them: no way there for BEGIN
        options += " -c default_transaction_read_only=on"
        further["isolation_level"] = "AUTOCOMMIT"
    engine = create_engine(
        url,
        pool_size=10,
        max_overflow=10,
        connect_args={"options": options, "connect_timeout": BUSY_SECONDS},
        **further,
    )
    _ping_idle(engine)
    return engine


def _ping_idle(engine: Engine) -> None:
    """Ask a connection that has rested whether its server is still there, so that a restart of the
    server is no error on a page; one that was used just now is not asked, which costs a way."""

    @event.listens_for(engine, "checkin")
    def rest(_connection: Any, record: Any) -> None:
        record.info["rests_since"] = monotonic()

    @event.listens_for(engine, "checkout")
    def ask(connection: Any, record: Any, _proxy: Any) -> None:
        rested = monotonic() - record.info.get("rests_since", monotonic())
        if rested < IDLE_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as gone:
            raise DisconnectionError from gone  # the pool makes a new connection


def _sqlite_engine(url: URL, *, writes: bool) -> Engine:
    # One connection to write with: threads of a process queue for it here, in order, and only
    # other processes compete for SQLite's own lock, which is polled and not fair.
    sizes = {"pool_size": 1, "max_overflow": 0, "pool_timeout": 2 * BUSY_SECONDS}
    engine = create_engine(
        url,
        connect_args={"timeout": BUSY_SECONDS},
        **(sizes if writes else {"pool_size": 10, "max_overflow": 60}),
    )
    begin = "BEGIN IMMEDIATE" if writes else "BEGIN"

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver begins nothing by itself; we do, below
        connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
        if writes:
            _use_wal(connection)
            connection.execute("PRAGMA synchronous = NORMAL")  # and `_sync` after each commit
            connection.execute("PRAGMA foreign_keys = ON")
        else:
            connection.execute("PRAGMA query_only = ON")

    @event.listens_for(engine, "begin")
    def begin_ourselves(conn: Connection) -> None:
        try:  # by the driver: it is a sixth of what running it as any other statement takes
            conn.connection.dbapi_connection.execute(begin)  # type: ignore[union-attr]
        except SqliteError as error:
            raise OperationalError(begin, None, error) from error

    return engine


def _use_wal(connection: Any) -> None:
    """Have the file written by WAL. Of processes that open a new file at once only one can turn it
    to that, and SQLite refuses the others at once, however long they would wait."""
    until = monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except SqliteError as error:
            if not error.sqlite_errorname.startswith("SQLITE_BUSY") or monotonic() > until:
                raise
            sleep(_AGAIN_SECONDS)


_to_disk = getattr(os, "fdatasync", os.fsync)


def _sync(file: Path) -> None:
    """Have all commits so far on disk: what FULL does, but after the next has begun to write, and
    one wait of the disk for all who wait. SQLite takes no lock on this file that opening it could
    lose; without it, all of it was brought into the database, which synchronises too."""
    try:
        handle = os.open(f"{file}-wal", os.O_RDWR)
    except FileNotFoundError:
        return
    try:
        _to_disk(handle)
    finally:
        os.close(handle)


def _opened(url: URL, engine: Engine) -> Connection:
    """Connect; raises StoreError whatever keeps it from that, a wrong part of the address too."""
    try:
        return engine.connect()
    except DBAPIError as error:
        if type(error) is DatabaseError:
            raise
        raise StoreError(_trouble(url, str(error.orig))) from error


def _damaged(url: URL, said: str) -> str:
    """The file is there and holds something else, or half of itself (SQLite alone says so)."""
    return (
        f"{url.database} is not a sound SQLite database ({said.strip()}); let KB_DATABASE_URL name "
        "another file, or bring this one back from the backup"
    )


def _trouble(url: URL, said: str) -> str:
    shown = url.render_as_string(hide_password=True)
    if "disk is full" in said:
        return f"the database {shown} cannot grow: the disk is full; make room on it"
    return (
        f"the database {shown} does not answer ({said.strip()}); "
        "check KB_DATABASE_URL and that the server runs or the folder exists"
    )
