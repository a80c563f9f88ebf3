"""Every table there is, filled with what is a person's: all of it is told to them, and all of it
is forgotten with them, but for what is listed here with its reason. A new table or column that
nobody thought of fails here."""

import re
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    LargeBinary,
    String,
    Table,
    delete,
    insert,
    select,
)

from kb.actions import account_erase, account_export
from kb.actions.account_erase import Farewell
from kb.mail import Letters
from kb.rules.orders import OrderState
from kb.rules.policy import Policy
from kb.store import Database, claims, orders
from kb.store.columns import Id, UtcTime, Words
from kb.store.file_store import FileStore
from kb.store.tables import metadata, outbox
from tests.actions.people import NOW, SECRET, customer
from tests.actions.personal_tables import ADDRESS, NOT_OURS, NOT_TOLD, POINTS, STAYS, VALUES

WRITTEN = re.compile(r"<<([a-z_.0-9]+)>>")


def table_value(column: Column[Any], ids: dict[str, Any]) -> Any:
    """Something that fits a column: the row it points to, its own name, or the value it needs."""
    name = f"{column.table.name}.{column.name}"
    if column.foreign_keys:
        target = next(iter(column.foreign_keys)).column.table.name
        return None if column.name in NOT_OURS and column.nullable else ids[target]
    if name in VALUES:
        return VALUES[name]
    kind = column.type
    if isinstance(kind, Words):
        return f"<<{name}>>"
    by_kind = (
        (JSON, {"said": f"<<{name}>>"}),
        (LargeBinary, f"<<{name}>>".encode()),
        (String, "x"),
        (Boolean, True),
        (UtcTime, NOW),
        (Date, date(2026, 11, 23)),
    )
    return next((value for type_, value in by_kind if isinstance(kind, type_)), 1)


def row_of(table: Table, ids: dict[str, Any]) -> dict[str, Any]:
    own = {
        c.name for c in table.primary_key if not c.foreign_keys and isinstance(c.type, Id)
    }  # the database counts these
    return {c.name: table_value(c, ids) for c in table.columns if c.name not in own}


def fill(conn: Connection, ana: int) -> dict[str, Any]:
    """A row of Ana's in every table; returns their ids."""
    ids: dict[str, Any] = {"user": ana}
    for table in metadata.sorted_tables:
        if table.name == "user":
            continue
        key = next(iter(table.primary_key.columns))
        made = conn.execute(insert(table).values(row_of(table, ids)).returning(key))
        ids[table.name] = made.scalar_one()
    return ids


def words_in(text: str) -> set[str]:
    return set(WRITTEN.findall(text))


def everything(db: Database) -> dict[str, str]:
    """Every row of every table, as a text for each table."""
    with db.read() as conn:
        return {
            table.name: "\n".join(str(row) for row in conn.execute(select(table)))
            for table in metadata.sorted_tables
        }


@pytest.fixture
def ana(db: Database) -> int:
    made = customer(db, first_name="<<user.first_name>>", last_name="<<user.last_name>>")
    with db.write() as conn:
        fill(conn, made)
    return made


def exported(db: Database, files: Path, user_id: int) -> str:
    """All that an export says, as one text."""
    packed = account_export.export(db, FileStore(files), SECRET, user_id, NOW)
    assert packed
    with packed, zipfile.ZipFile(packed) as archive:
        return "".join(archive.read(name).decode() for name in archive.namelist())


def test_all_that_is_known_of_a_person_is_told_to_them(
    db: Database, ana: int, tmp_path: Path
) -> None:
    known = words_in("".join(everything(db).values()))
    told = exported(db, tmp_path, ana)
    assert known - words_in(told) == NOT_TOLD.keys()
    assert "<<user.first_name>>" in told


def test_nothing_of_it_is_told_to_anybody_else(db: Database, ana: int, tmp_path: Path) -> None:
    bo = customer(db, "bo@example.com", first_name="Bo")
    assert words_in(exported(db, tmp_path, bo)) == set()
    assert ana != bo


def test_all_that_is_known_of_a_person_is_forgotten_with_them(
    db: Database, policy: Policy, letters: Letters, ana: int
) -> None:
    assert account_erase.delete_account(db, policy, letters, ana, NOW) is Farewell.DONE
    with db.write() as conn:  # the farewell goes to the address, and is tidied away once sent
        conn.execute(delete(outbox).where(outbox.c.recipient == ADDRESS))
    left = everything(db)
    assert words_in("".join(left.values())) == STAYS.keys()
    assert [name for name, rows in left.items() if "ana@" in rows.lower()] == []


def test_the_rows_that_stay_name_an_empty_account(
    db: Database, policy: Policy, letters: Letters, ana: int
) -> None:
    account_erase.delete_account(db, policy, letters, ana, NOW)
    with db.read() as conn:
        naming = {
            str(column)
            for table in metadata.sorted_tables
            for column in table.columns
            if any(key.column.table.name == "user" for key in column.foreign_keys)
            and conn.execute(select(table).where(column == ana)).first()
        }
    assert naming == POINTS


def test_a_deleted_person_owes_nothing(
    db: Database, policy: Policy, letters: Letters, ana: int
) -> None:
    account_erase.delete_account(db, policy, letters, ana, NOW)
    with db.read() as conn:
        (order,) = orders.of_user(conn, ana)
    assert (order.state, order.ended_at) == (OrderState.CANCELLED, NOW)
    assert order.checkout_url is None


def test_a_claim_of_a_deleted_person_waits_for_nobody(
    db: Database, policy: Policy, letters: Letters, ana: int
) -> None:
    account_erase.delete_account(db, policy, letters, ana, NOW)
    with db.read() as conn:
        assert claims.listed(conn, waiting=True, offset=0, limit=9) == ()
