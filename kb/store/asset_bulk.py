"""Many products registered at once: a few statements for any number of keys (R6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from kb.store.licences import Contract
from kb.store.tables import asset, audit_event, service_contract

BATCH = 500  # below every database's limit of parameters in a statement


@dataclass(frozen=True, slots=True)
class NewAsset:
    """A licence to be registered; `product` is for the trail."""

    user_id: int
    licence_id: int
    now: datetime
    organisation_id: int | None
    proof: str | None
    product: str

    def row(self) -> dict[str, object]:
        """Return the row as the table has it."""
        return {
            "user_id": self.user_id,
            "licence_id": self.licence_id,
            "name": "",
            "registered_at": self.now,
            "organisation_id": self.organisation_id,
            "proof": self.proof,
        }


def add_all(conn: Connection, new: Sequence[NewAsset]) -> dict[int, int]:
    """Register licences in the order given, with a line on the trail of each; returns the new
    registrations by licence, without those that somebody has already."""
    added: dict[int, int] = {}
    make = sqlite.insert if conn.dialect.name == "sqlite" else postgresql.insert
    for start in range(0, len(new), BATCH):
        values = [one.row() for one in new[start : start + BATCH]]
        statement = make(asset).values(values).on_conflict_do_nothing()
        found = conn.execute(statement.returning(asset.c.licence_id, asset.c.id))
        added.update({row.licence_id: row.id for row in found})
    trail = [
        {
            "actor_id": one.user_id,
            "what": "asset.register",
            "subject": f"asset:{added[one.licence_id]}",
            "data": {"product": one.product},
            "at": one.now,
        }
        for one in new
        if one.licence_id in added
    ]
    if trail:
        conn.execute(insert(audit_event), trail)
    return added


def with_contracts(conn: Connection, licence_ids: Sequence[int]) -> frozenset[int]:
    """Return those of the licences that have a contract already."""
    found: set[int] = set()
    column = service_contract.c.licence_id
    for start in range(0, len(licence_ids), BATCH):
        query = select(column).where(column.in_(licence_ids[start : start + BATCH])).distinct()
        found.update(conn.execute(query).scalars())
    return frozenset(found)


def add_contracts(conn: Connection, contracts: Mapping[int, Contract]) -> None:
    """Put a plan over each of these licences."""
    values = [
        {
            "licence_id": licence_id,
            "plan": one.plan,
            "starts_on": one.starts_on,
            "ends_on": one.ends_on,
            "source": one.source,
        }
        for licence_id, one in contracts.items()
    ]
    if values:
        conn.execute(insert(service_contract), values)
