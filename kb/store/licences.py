"""What the vendor sold: licences, the service contracts over them, and paid incidents."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    bindparam,
    delete,
    insert,
    or_,
    select,
    update,
)

from kb.store import rows
from kb.store.columns import Id
from kb.store.database import insert_once
from kb.store.organisations import UserId, has_asset
from kb.store.tables import asset, incident_credit, licence, service_contract


@dataclass(frozen=True, slots=True)
class Licence:
    """One sold licence; `plan` and `plan_days` are the service sold with it, `term_days` how
    long a term licence itself is valid (R26). Its key is known only by hash and last four."""

    id: int
    key_hash: str
    key_last4: str
    product: str
    version: str | None
    edition: str
    plan: str | None
    plan_days: int | None
    term_days: int | None
    sold_on: date
    box_hash: str | None = None
    upgrade_of: str | None = None
    sealed_key: str | None = None


@dataclass(frozen=True, slots=True)
class NewLicence:
    """A licence to be told to the site."""

    key_hash: str
    key_last4: str
    product: str
    sold_on: date
    version: str | None = None
    edition: str = ""
    plan: str | None = None
    plan_days: int | None = None
    term_days: int | None = None
    box_hash: str | None = None
    upgrade_of: str | None = None
    sealed_key: str | None = None


@dataclass(frozen=True, slots=True)
class Contract:
    """A plan over a licence; `ends_on` is the last day that counts (R8)."""

    plan: str
    starts_on: date
    ends_on: date
    source: str = "included"


@dataclass(frozen=True, slots=True)
class HeldContract:
    """A contract as agents see it."""

    id: int
    plan: str
    starts_on: date
    ends_on: date
    source: str


@dataclass(frozen=True, slots=True)
class Credit:
    """One paid incident (R28); without an asset it fits any product of its owner."""

    id: int
    user_id: int
    asset_id: int | None
    bought_at: datetime
    case_number: int | None
    used_at: datetime | None
    order_id: int | None = None
    void_at: datetime | None = None


def add(conn: Connection, new: NewLicence) -> int | None:
    """Insert a licence and return its id, or None when its key is known already."""
    return insert_once(conn, licence, asdict(new))


def by_hash(conn: Connection, key_hash: str) -> Licence | None:
    """Find the licence of a key by the key's hash."""
    return rows.one(conn, Licence, select(licence).where(licence.c.key_hash == key_hash))


def by_box(conn: Connection, box_hash: str) -> Licence | None:
    """Find the licence of a short serial on a box (R7)."""
    return rows.one(conn, Licence, select(licence).where(licence.c.box_hash == box_hash))


def upgrades_of(conn: Connection, key_hash: str) -> tuple[Licence, ...]:
    """Return the licences that take the place of one, the newest last (R10)."""
    query = select(licence).where(licence.c.upgrade_of == key_hash).order_by(licence.c.id)
    return rows.many(conn, Licence, query)


def by_id(conn: Connection, licence_id: int) -> Licence | None:
    """Find a licence by its id."""
    return rows.one(conn, Licence, select(licence).where(licence.c.id == licence_id))


def redate(conn: Connection, key_hash: str, sold_on: date) -> None:
    """Correct the day a licence was sold."""
    statement = update(licence).where(licence.c.key_hash == key_hash)
    conn.execute(statement.values(sold_on=sold_on))


def add_contract(conn: Connection, licence_id: int, contract: Contract) -> int:
    """Put a plan over a licence (R15, R17) and return the contract's id."""
    statement = insert(service_contract).values(licence_id=licence_id, **asdict(contract))
    return int(conn.execute(statement.returning(service_contract.c.id)).scalar_one())


def held_contracts(conn: Connection, licence_id: int) -> tuple[HeldContract, ...]:
    """Return all contracts of a licence with their ids, the one that ends last first."""
    columns = service_contract.c
    query = (
        select(columns.id, columns.plan, columns.starts_on, columns.ends_on, columns.source)
        .where(columns.licence_id == licence_id)
        .order_by(columns.ends_on.desc(), columns.id.desc())
    )
    return rows.many(conn, HeldContract, query)


def end_contract(conn: Connection, contract_id: int) -> bool:
    """Take a contract away; False when it is gone already."""
    statement = delete(service_contract).where(service_contract.c.id == contract_id)
    return conn.execute(statement).rowcount == 1


def lock(conn: Connection, licence_id: int) -> None:
    """Let one transaction at a time count on a licence's contracts."""
    conn.execute(select(licence.c.id).where(licence.c.id == licence_id).with_for_update())


def contracts_of(conn: Connection, licence_id: int) -> tuple[Contract, ...]:
    """Return all contracts of a licence, the one that ends last first."""
    columns = service_contract.c
    query = (
        select(columns.plan, columns.starts_on, columns.ends_on, columns.source)
        .where(columns.licence_id == licence_id)
        .order_by(columns.ends_on.desc(), columns.id.desc())
    )
    return rows.many(conn, Contract, query)


def add_credit(
    conn: Connection,
    user_id: int,
    asset_id: int | None,
    now: datetime,
    order_id: int | None = None,
) -> int:
    """Give a customer one paid incident (R28) and return its id."""
    values = {"user_id": user_id, "asset_id": asset_id, "bought_at": now, "order_id": order_id}
    statement = insert(incident_credit).values(values).returning(incident_credit.c.id)
    return int(conn.execute(statement).scalar_one())


def unused_credits(conn: Connection, user_id: int) -> tuple[Credit, ...]:
    """Return the paid incidents that no case has used yet, the oldest first: a person's own,
    and those bought for a product of their organisation."""
    return rows.many(conn, Credit, _unused_of(), user_id=user_id)


def all_unused_credits(conn: Connection) -> tuple[Credit, ...]:
    """Return the paid incidents of everybody that no case has used yet."""
    return rows.many(conn, Credit, select(incident_credit).where(_UNUSED))


def use_credit(
    conn: Connection, user_id: int, asset_id: int | None, case_number: int, now: datetime
) -> bool:
    """Spend one paid incident on a case; False when there is none left (R28: exactly one case).

    One that another case takes at the same moment, or that is taken away, is not spent twice: it
    is unused no more, and the next is looked for."""
    while (credit_id := _free_credit(conn, user_id, asset_id)) is not None:
        spent = (
            update(incident_credit)
            .where(incident_credit.c.id == credit_id, _UNUSED)
            .values(case_number=case_number, used_at=now)
        )
        if conn.execute(spent).rowcount == 1:
            return True
    return False


def give_back_credit(conn: Connection, case_number: int) -> int | None:
    """Make the paid incident that a case used an unused one again; its id, or None when the
    case used none. Done twice it finds none the second time."""
    statement = (
        update(incident_credit)
        .where(incident_credit.c.case_number == case_number)
        .values(case_number=None, used_at=None)
        .returning(incident_credit.c.id)
    )
    return conn.execute(statement).scalar_one_or_none()


def credit(conn: Connection, credit_id: int) -> Credit | None:
    """Find one paid incident."""
    return rows.one(conn, Credit, select(incident_credit).where(incident_credit.c.id == credit_id))


def void_credit(conn: Connection, credit_id: int, now: datetime) -> bool:
    """Take an unused paid incident away; False when a case has used it meanwhile."""
    unused = (incident_credit.c.id == credit_id) & _UNUSED
    statement = update(incident_credit).where(unused).values(void_at=now)
    return conn.execute(statement).rowcount == 1


def _free_credit(conn: Connection, user_id: int, asset_id: int | None) -> int | None:
    fits = or_(incident_credit.c.asset_id.is_(None), incident_credit.c.asset_id == asset_id)
    free = (
        select(incident_credit.c.id)
        .where(_may_spend(user_id), _UNUSED, fits)
        .order_by(incident_credit.c.asset_id.is_(None), incident_credit.c.bought_at)
        .limit(1)
    )
    return conn.execute(free).scalar_one_or_none()


_UNUSED = incident_credit.c.case_number.is_(None) & incident_credit.c.void_at.is_(None)


@cache
def _unused_of() -> Select[Any]:
    return (
        select(incident_credit)
        .where(_may_spend(bindparam("user_id", type_=Id())), _UNUSED)
        .order_by(incident_credit.c.bought_at, incident_credit.c.id)
    )


def _may_spend(user_id: UserId) -> ColumnElement[bool]:
    of_mine = incident_credit.c.asset_id.in_(select(asset.c.id).where(has_asset(user_id)))
    return or_(incident_credit.c.user_id == user_id, of_mine)
