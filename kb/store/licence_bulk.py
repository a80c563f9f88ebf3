"""Many licences at once: an import of what was sold."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, func, insert, select, update

from kb.store import rows
from kb.store.licences import Licence, NewLicence
from kb.store.tables import licence

BATCH = 500  # below every database's limit of parameters in a statement


def known(conn: Connection, hashes: Sequence[str]) -> frozenset[str]:
    """Return which of at most BATCH keys, by their hashes, are there already."""
    query = select(licence.c.key_hash).where(licence.c.key_hash.in_(hashes))
    return frozenset(conn.execute(query).scalars())


def by_hashes(conn: Connection, hashes: Sequence[str]) -> dict[str, Licence]:
    """Return the licences of any number of keys, by the keys' hashes."""
    found: dict[str, Licence] = {}
    for start in range(0, len(hashes), BATCH):
        some = hashes[start : start + BATCH]
        query = select(licence).where(licence.c.key_hash.in_(some))
        found.update({one.key_hash: one for one in rows.many(conn, Licence, query)})
    return found


def known_boxes(conn: Connection, hashes: Sequence[str]) -> dict[str, str]:
    """Return which of at most BATCH box serials, by their hashes, are there already, and the hash
    of the key that each belongs to."""
    query = select(licence.c.box_hash, licence.c.key_hash).where(licence.c.box_hash.in_(hashes))
    return {row.box_hash: row.key_hash for row in conn.execute(query)}


def add_all(conn: Connection, new: Sequence[NewLicence]) -> None:
    """Insert licences whose keys are not there."""
    if new:
        conn.execute(insert(licence), [asdict(one) for one in new])


def correct_all(conn: Connection, new: Sequence[NewLicence], told: Collection[str]) -> None:
    """Replace those facts of licences that are there which the list tells; what it has no column
    for stays as it is."""
    names = [name for name in NewLicence.__slots__ if name in told]
    statement = (
        update(licence)
        .where(licence.c.key_hash == bindparam("which"))
        .values({name: _corrected(name) for name in names})
    )
    values = [
        {"which": one.key_hash, **{f"new_{name}": getattr(one, name) for name in names}}
        for one in new
    ]
    if values and names:
        conn.execute(statement, values)


def _corrected(name: str) -> ColumnElement[Any]:
    """The new fact; a key that is given out stays where the list has no reason to seal it."""
    new = bindparam(f"new_{name}", type_=licence.c[name].type)
    return func.coalesce(new, licence.c.sealed_key) if name == "sealed_key" else new
