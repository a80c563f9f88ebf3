"""Registered products: a licence in somebody's account."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Date, Row, Select, bindparam, func, select, update

from kb.rules.claims import purchase_is_proven
from kb.store.columns import Id
from kb.store.database import insert_once
from kb.store.licences import Contract
from kb.store.organisations import has_asset
from kb.store.tables import asset, licence, service_contract


@dataclass(frozen=True, slots=True)
class Asset:
    """One registered product with its licence's facts and all its service contracts, the one
    that ends last first."""

    id: int
    user_id: int
    licence_id: int
    name: str
    registered_at: datetime
    organisation_id: int | None
    proof: str | None
    bought_on: date | None
    product: str
    version: str | None
    edition: str
    key_last4: str
    sold_on: date
    term_days: int | None
    contracts: tuple[Contract, ...] = field(default=())

    def contract_on(self, day: date) -> Contract | None:
        """Return the contract in force on a day, else the last one that was."""
        running = (c for c in self.contracts if c.starts_on <= day <= c.ends_on)
        return next(running, self.contracts[0] if self.contracts else None)

    @property
    def purchased_on(self) -> date | None:
        """The day of the purchase; None while a proof of it is asked for and not accepted."""
        return (self.bought_on or self.sold_on) if purchase_is_proven(self.proof) else None

    @property
    def support_ends_on(self) -> date | None:
        """The support expiry date shown with the product (R8)."""
        return self.contracts[0].ends_on if self.contracts else None


def add(
    conn: Connection,
    user_id: int,
    licence_id: int,
    now: datetime,
    name: str = "",
    organisation_id: int | None = None,
    proof: str | None = None,
) -> int | None:
    """Register a licence to an account, or to its organisation; None when it is registered
    already, to anyone."""
    values = {
        "user_id": user_id,
        "licence_id": licence_id,
        "name": name,
        "registered_at": now,
        "organisation_id": organisation_id,
        "proof": proof,
    }
    return insert_once(conn, asset, values)


def set_proof(conn: Connection, asset_id: int, proof: str, bought_on: date | None = None) -> None:
    """Note how far the proof of a purchase is, and the day it proves."""
    values = {"proof": proof, **({"bought_on": bought_on} if bought_on else {})}
    conn.execute(update(asset).where(asset.c.id == asset_id).values(values))


def owner_of(conn: Connection, licence_id: int) -> tuple[int, int] | None:
    """Return the asset and the account that a licence is registered to, locked."""
    query = select(asset.c.id, asset.c.user_id).where(asset.c.licence_id == licence_id)
    found = conn.execute(query.with_for_update()).one_or_none()
    return (found.id, found.user_id) if found else None


def licence_of(conn: Connection, asset_id: int) -> int | None:
    """Return the licence of a registered product, for agents."""
    query = select(asset.c.licence_id).where(asset.c.id == asset_id)
    return conn.execute(query).scalar_one_or_none()


def user_of(conn: Connection, asset_id: int) -> int | None:
    """Return the account that keeps a registered product, for agents."""
    query = select(asset.c.user_id).where(asset.c.id == asset_id)
    return conn.execute(query).scalar_one_or_none()


def bought(conn: Connection, asset_id: int) -> date | None:
    """Return the day of purchase that is known of a registered product."""
    query = (
        select(func.coalesce(asset.c.bought_on, licence.c.sold_on, type_=Date))
        .join(licence, licence.c.id == asset.c.licence_id)
        .where(asset.c.id == asset_id)
    )
    return conn.execute(query).scalar_one_or_none()


def set_bought(conn: Connection, asset_id: int, day: date) -> None:
    """Correct the day of purchase."""
    conn.execute(update(asset).where(asset.c.id == asset_id).values(bought_on=day))


def hand_over(
    conn: Connection, asset_id: int, user_id: int, organisation_id: int | None, now: datetime
) -> None:
    """Give a registered product to another account."""
    values = {"user_id": user_id, "organisation_id": organisation_id, "registered_at": now}
    conn.execute(update(asset).where(asset.c.id == asset_id).values(values))


def of_licence(conn: Connection, licence_id: int, user_id: int) -> int | None:
    """Return the id of a licence's registration if this person may see it."""
    query = select(asset.c.id).where(asset.c.licence_id == licence_id, has_asset(user_id))
    return conn.execute(query).scalar_one_or_none()


def of_user(conn: Connection, user_id: int) -> tuple[Asset, ...]:
    """Return the products of a person and their organisation, the newest registration first."""
    return _with_contracts(conn, _OF_USER, user_id=user_id)


def by_id(conn: Connection, asset_id: int, user_id: int) -> Asset | None:
    """Find a product of this person or their organisation; anybody else's is not found."""
    return next(iter(_with_contracts(conn, _BY_ID, asset_id=asset_id, user_id=user_id)), None)


def after(conn: Connection, asset_id: int, limit: int) -> tuple[Asset, ...]:
    """Return the next registered products of all accounts, by id, to walk through all of them."""
    query = _assets().where(asset.c.id > asset_id).order_by(asset.c.id).limit(limit)
    return _with_contracts(conn, query)


def _assets() -> Select[Any]:
    return select(
        asset,
        licence.c.product,
        licence.c.version,
        licence.c.edition,
        licence.c.key_last4,
        licence.c.sold_on,
        licence.c.term_days,
    ).join(licence, licence.c.id == asset.c.licence_id)


# Made once: making a statement anew takes longer than running it.
_ASKED = bindparam("user_id", type_=Id())
_OF_USER = (
    _assets().where(has_asset(_ASKED)).order_by(asset.c.registered_at.desc(), asset.c.id.desc())
)
_BY_ID = _assets().where(asset.c.id == bindparam("asset_id"), has_asset(_ASKED))
_CONTRACTS_OF_ALL = select(
    service_contract.c.licence_id,
    service_contract.c.plan,
    service_contract.c.starts_on,
    service_contract.c.ends_on,
    service_contract.c.source,
).order_by(service_contract.c.ends_on.desc(), service_contract.c.id.desc())
_CONTRACTS = _CONTRACTS_OF_ALL.where(
    service_contract.c.licence_id.in_(bindparam("licences", expanding=True))
)
# Of one by itself: a list is written into the statement anew each time.
_CONTRACTS_OF_ONE = _CONTRACTS_OF_ALL.where(service_contract.c.licence_id == bindparam("licence"))


def _contracts(conn: Connection, licences: list[int]) -> Iterable[Row[Any]]:
    if len(licences) == 1:
        return conn.execute(_CONTRACTS_OF_ONE, {"licence": licences[0]})
    return conn.execute(_CONTRACTS, {"licences": licences}) if licences else ()


def _with_contracts(conn: Connection, query: Select[Any], **asked: int) -> tuple[Asset, ...]:
    """Two queries for any number of products."""
    found = conn.execute(query, asked).mappings().all()
    by_licence: dict[int, list[Contract]] = {}
    for row in _contracts(conn, [row["licence_id"] for row in found]):
        by_licence.setdefault(row.licence_id, []).append(
            Contract(row.plan, row.starts_on, row.ends_on, row.source)
        )
    return tuple(
        Asset(**row, contracts=tuple(by_licence.get(row["licence_id"], ()))) for row in found
    )
