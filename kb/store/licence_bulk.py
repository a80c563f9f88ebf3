"""Many licences at once: an import of what was sold."""

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import Connection, bindparam, insert, select, update

from kb.store.licences import NewLicence
from kb.store.tables import licence

BATCH = 500  # below every database's limit of parameters in a statement


def known(conn: Connection, hashes: Sequence[str]) -> frozenset[str]:
    """Return which of at most BATCH keys, by their hashes, are there already."""
    query = select(licence.c.key_hash).where(licence.c.key_hash.in_(hashes))
    return frozenset(conn.execute(query).scalars())


def known_boxes(conn: Connection, hashes: Sequence[str]) -> frozenset[str]:
    """Return which of at most BATCH box serials, by their hashes, are there already."""
    query = select(licence.c.box_hash).where(licence.c.box_hash.in_(hashes))
    return frozenset(found for found in conn.execute(query).scalars() if found)


def add_all(conn: Connection, new: Sequence[NewLicence]) -> None:
    """Insert licences whose keys are not there."""
    if new:
        conn.execute(insert(licence), [asdict(one) for one in new])


def correct_all(conn: Connection, new: Sequence[NewLicence]) -> None:
    """Replace the facts of licences that are there."""
    names = [field for field in NewLicence.__slots__ if field != "key_hash"]
    statement = (
        update(licence)
        .where(licence.c.key_hash == bindparam("which"))
        .values({name: bindparam(f"new_{name}") for name in names})
    )
    rows = [
        {"which": one.key_hash, **{f"new_{name}": getattr(one, name) for name in names}}
        for one in new
    ]
    if rows:
        conn.execute(statement, rows)
