"""Claims about products, which agents look at (R7, R58, R60)."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, insert, select, update

from kb.rules.claims import ClaimKind, ClaimState
from kb.store import rows
from kb.store.attachments import NewAttachment
from kb.store.product_tables import claim, claim_file
from kb.store.tables import asset, licence, user


@dataclass(frozen=True, slots=True)
class NewClaim:
    """What a customer asks of a licence, in their words, with the documents that show it."""

    kind: ClaimKind
    user_id: int
    licence_id: int
    lang: str
    words: str
    details: Mapping[str, Any]
    files: Sequence[NewAttachment]


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim with what an agent needs to judge it."""

    id: int
    kind: ClaimKind
    state: ClaimState
    user_id: int
    licence_id: int
    lang: str
    words: str
    details: Mapping[str, Any]
    made_at: datetime
    decided_at: datetime | None
    decided_by: int | None
    answer: str
    product: str
    version: str | None
    key_last4: str
    name: str
    email: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", ClaimKind(self.kind))
        object.__setattr__(self, "state", ClaimState(self.state))


@dataclass(frozen=True, slots=True)
class ClaimFile:
    """A document of a claim."""

    id: int
    claim_id: int
    name: str
    media_type: str
    size: int
    sha256: str
    scanned_at: datetime | None = None
    virus: str | None = None


def add(conn: Connection, new: NewClaim, now: datetime) -> int:
    """Make a claim with its documents and return its id."""
    values = {
        "kind": str(new.kind),
        "state": str(ClaimState.NEW),
        "user_id": new.user_id,
        "licence_id": new.licence_id,
        "lang": new.lang,
        "words": new.words,
        "details": dict(new.details),
        "made_at": now,
        "answer": "",
    }
    claim_id = conn.execute(insert(claim).values(values).returning(claim.c.id)).scalar_one()
    for file in new.files:
        conn.execute(insert(claim_file).values(claim_id=claim_id, **asdict(file)))
    return int(claim_id)


def open_one(conn: Connection, kind: ClaimKind, user_id: int, licence_id: int) -> int | None:
    """Return the claim of this kind that waits already."""
    same = (claim.c.kind == str(kind)) & (claim.c.user_id == user_id)
    waits = (claim.c.licence_id == licence_id) & (claim.c.state == str(ClaimState.NEW))
    return conn.execute(select(claim.c.id).where(same, waits).limit(1)).scalar_one_or_none()


def by_id(conn: Connection, claim_id: int) -> Claim | None:
    """Find a claim."""
    return rows.one(conn, Claim, _claims().where(claim.c.id == claim_id))


def of_user(conn: Connection, user_id: int) -> tuple[Claim, ...]:
    """Return a person's claims, the newest first."""
    query = _claims().where(claim.c.user_id == user_id).order_by(claim.c.id.desc()).limit(50)
    return rows.many(conn, Claim, query)


def listed(conn: Connection, *, waiting: bool, offset: int, limit: int) -> tuple[Claim, ...]:
    """Return a page of the queue: those that wait, the oldest first; or those decided."""
    new = claim.c.state == str(ClaimState.NEW)
    order = claim.c.id if waiting else claim.c.decided_at.desc()
    query = _claims().where(new if waiting else ~new).order_by(order).offset(offset).limit(limit)
    return rows.many(conn, Claim, query)


def decide(
    conn: Connection, claim_id: int, state: ClaimState, by: int | None, answer: str, now: datetime
) -> bool:
    """Note the decision, of an agent or, without one, of the site; False when it is made."""
    waits = (claim.c.id == claim_id) & (claim.c.state == str(ClaimState.NEW))
    values = {"state": str(state), "decided_by": by, "decided_at": now, "answer": answer}
    return conn.execute(update(claim).where(waits).values(values)).rowcount == 1


def upgrades_ready(conn: Connection) -> tuple[int, ...]:
    """Return the requests for an upgrade, waiting or accepted, whose key is there and free."""
    old, new = licence.alias("old"), licence.alias("new")
    alive = claim.c.state.in_([str(ClaimState.NEW), str(ClaimState.ACCEPTED)])
    query = (
        select(claim.c.id)
        .join(old, old.c.id == claim.c.licence_id)
        .join(new, (new.c.upgrade_of == old.c.key_hash) & (new.c.product == old.c.product))
        .join(asset, asset.c.licence_id == new.c.id, isouter=True)
        .where(claim.c.kind == str(ClaimKind.UPGRADE), alive, asset.c.id.is_(None))
        .order_by(claim.c.id)
    )
    return tuple(dict.fromkeys(conn.execute(query).scalars()))


def files_of(conn: Connection, claim_id: int) -> tuple[ClaimFile, ...]:
    """Return the documents of a claim."""
    query = select(claim_file).where(claim_file.c.claim_id == claim_id).order_by(claim_file.c.id)
    return rows.many(conn, ClaimFile, query)


def named(conn: Connection, hashes: Sequence[str]) -> frozenset[str]:
    """Return those of the hashes that a document of some claim has; one with a virus is not
    kept."""
    query = select(claim_file.c.sha256).where(
        claim_file.c.sha256.in_(hashes), claim_file.c.virus.is_(None)
    )
    return frozenset(conn.execute(query.distinct()).scalars())


def unscanned(conn: Connection, limit: int) -> tuple[str, ...]:
    """Return the hashes of documents that no virus scanner has seen, the oldest first."""
    query = (
        select(claim_file.c.sha256)
        .where(claim_file.c.scanned_at.is_(None))
        .group_by(claim_file.c.sha256)
        .order_by(func.min(claim_file.c.id))
        .limit(limit)
    )
    return tuple(conn.execute(query).scalars())


def scanned(
    conn: Connection, sha256: str, virus: str | None, now: datetime
) -> tuple[tuple[int, ClaimFile], ...]:
    """Note what the scanner said of a content; returns the documents it is in and was new to,
    each behind the licence its claim is about."""
    new = (claim_file.c.sha256 == sha256) & claim_file.c.scanned_at.is_(None)
    query = select(claim_file, claim.c.licence_id).join(claim).where(new).order_by(claim_file.c.id)
    found = [dict(row) for row in conn.execute(query).mappings()]
    conn.execute(update(claim_file).where(new).values(scanned_at=now, virus=virus))
    return tuple((int(row.pop("licence_id")), ClaimFile(**row)) for row in found)


def _claims() -> Select[Any]:
    return (
        select(
            claim,
            licence.c.product,
            licence.c.version,
            licence.c.key_last4,
            (user.c.first_name + " " + user.c.last_name).label("name"),
            user.c.email,
        )
        .join(licence, licence.c.id == claim.c.licence_id)
        .join(user, user.c.id == claim.c.user_id)
    )
