"""Claims about products: made by customers, decided by agents with a reason (R7, R58, R60)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection

from kb.actions import limits
from kb.actions.key_lookup import key_hash
from kb.actions.mail_queue import queue
from kb.mail import Letters
from kb.rules.accounts import CLAIMS_BY_ACCOUNT
from kb.rules.claims import ClaimKind, ClaimState, Proof, needs_document
from kb.store import Database, assets, audit, claims, licences, organisations, users
from kb.store.attachments import NewAttachment
from kb.store.claims import Claim, ClaimFile, NewClaim

PAGE = 25


class Claimed(StrEnum):
    """What became of a claim."""

    MADE = "made"
    AGAIN = "again"  # one of this kind waits already
    NOT_THERE = "not-there"  # no such product, or no such key at anybody else's
    NO_DOCUMENT = "no-document"
    TOO_MANY = "too-many"
    DECIDED = "decided"
    NO_REASON = "no-reason"
    NO_DAY = "no-day"  # a proof of purchase is accepted with the day it proves


@dataclass(frozen=True, slots=True)
class ClaimView:
    """A claim with its documents and what happened to its product."""

    claim: Claim
    files: tuple[ClaimFile, ...]
    trail: tuple[audit.AuditEvent, ...]


def claim_key(
    db: Database,
    letters: Letters,
    secret: str,
    user_id: int,
    key: str,
    words: str,
    files: Sequence[NewAttachment],
    *,
    lang: str,
    now: datetime,
) -> Claimed:
    """Claim a key that another account has. That account is told, never who claims it."""
    with db.write() as conn:
        if not limits.count_within(conn, f"claims:{user_id}", CLAIMS_BY_ACCOUNT, now):
            return Claimed.TOO_MANY
        licence = licences.by_hash(conn, key_hash(secret, key))
        taken = assets.owner_of(conn, licence.id) if licence else None
        if licence is None or taken is None:
            return Claimed.NOT_THERE
        if assets.of_licence(conn, licence.id, user_id) is not None:
            return Claimed.NOT_THERE
        new = NewClaim(ClaimKind.KEY, user_id, licence.id, lang, words, {}, files)
        made = _make(conn, new, now)
        if made is Claimed.MADE:
            _mail(conn, letters, taken[1], "key-claimed", now, last4=licence.key_last4)
    return made


def claim_for_product(
    db: Database,
    user_id: int,
    asset_id: int,
    kind: ClaimKind,
    words: str,
    details: Mapping[str, Any],
    files: Sequence[NewAttachment],
    *,
    lang: str,
    now: datetime,
) -> Claimed:
    """Ask something about one's own product: send the proof of its purchase (R7), report its move
    to another machine (R58), ask for another product or language (R60) or its upgrade (R10)."""
    with db.write() as conn:
        mine = assets.by_id(conn, asset_id, user_id)
        if mine is None:
            return Claimed.NOT_THERE
        if needs_document(kind) and not files:
            return Claimed.NO_DOCUMENT
        if not limits.count_within(conn, f"claims:{user_id}", CLAIMS_BY_ACCOUNT, now):
            return Claimed.TOO_MANY
        new = NewClaim(kind, user_id, mine.licence_id, lang, words, details, files)
        made = _make(conn, new, now)
        if made is Claimed.MADE and kind is ClaimKind.PROOF and mine.proof != Proof.ACCEPTED:
            assets.set_proof(conn, mine.id, Proof.SENT)
    return made


def decide_claim(
    db: Database,
    letters: Letters,
    agent_id: int,
    claim_id: int,
    state: ClaimState,
    answer: str,
    now: datetime,
    *,
    bought_on: date | None = None,
) -> Claimed:
    """Accept or refuse a claim with a reason the customer reads, and do what accepting means, in
    one transaction; two agents decide it once."""
    if not answer.strip():
        return Claimed.NO_REASON
    with db.write() as conn:
        one = claims.by_id(conn, claim_id)
        if one is None:
            return Claimed.NOT_THERE
        accepted = state is ClaimState.ACCEPTED
        if accepted and one.kind is ClaimKind.PROOF and not _is_day(bought_on, now):
            return Claimed.NO_DAY
        if not claims.decide(conn, claim_id, state, agent_id, answer.strip(), now):
            return Claimed.AGAIN
        _carry_out(conn, letters, one, accepted, agent_id, bought_on, now)
        said = {"answer": answer.strip(), "kind": str(one.kind), "claim": claim_id}
        audit.record(conn, agent_id, f"claim.{state}", f"licence:{one.licence_id}", now, **said)
        _mail(
            conn, letters, one.user_id, "claim-decided", now, last4=one.key_last4,
            accepted=accepted, answer=answer.strip(), about=str(one.kind),
        )  # fmt: skip
    return Claimed.DECIDED


def claim_page(db: Database, *, waiting: bool, page: int) -> tuple[tuple[Claim, ...], bool]:
    """Return a page of the queue and whether another follows."""
    with db.read() as conn:
        found = claims.listed(conn, waiting=waiting, offset=(page - 1) * PAGE, limit=PAGE + 1)
    return found[:PAGE], len(found) > PAGE


def claim_view(db: Database, claim_id: int) -> ClaimView | None:
    """Return one claim for agents."""
    with db.read() as conn:
        one = claims.by_id(conn, claim_id)
        if one is None:
            return None
        trail = audit.of_subject(conn, f"licence:{one.licence_id}")
        return ClaimView(one, claims.files_of(conn, claim_id), trail)


def claims_of(db: Database, user_id: int) -> tuple[Claim, ...]:
    """Return a person's claims, the newest first."""
    with db.read() as conn:
        return claims.of_user(conn, user_id)


def _make(conn: Connection, new: NewClaim, now: datetime) -> Claimed:
    licences.lock(conn, new.licence_id)
    if claims.open_one(conn, new.kind, new.user_id, new.licence_id) is not None:
        return Claimed.AGAIN
    claim_id = claims.add(conn, new, now)
    subject, kind = f"licence:{new.licence_id}", str(new.kind)
    audit.record(conn, new.user_id, "claim.made", subject, now, kind=kind, claim=claim_id)
    return Claimed.MADE


def _carry_out(
    conn: Connection,
    letters: Letters,
    one: Claim,
    accepted: bool,
    agent_id: int,
    bought_on: date | None,
    now: datetime,
) -> None:
    """What a decision does beside being told."""
    taken = assets.owner_of(conn, one.licence_id)
    if taken is None:
        return
    if one.kind is ClaimKind.PROOF:
        assets.set_proof(conn, taken[0], Proof.ACCEPTED if accepted else Proof.REFUSED, bought_on)
    if one.kind is ClaimKind.KEY and accepted and taken[1] != one.user_id:
        place = organisations.of_user(conn, one.user_id)
        belongs_to = place.organisation_id if place else None
        assets.hand_over(conn, taken[0], one.user_id, belongs_to, now)
        moved = {"before": taken[1], "after": one.user_id}
        audit.record(conn, agent_id, "asset.hand-over", f"licence:{one.licence_id}", now, **moved)
        _mail(conn, letters, taken[1], "key-moved", now, last4=one.key_last4)


def _is_day(day: date | None, now: datetime) -> bool:
    return day is not None and date(1990, 1, 1) <= day <= now.date()


def _mail(
    conn: Connection, letters: Letters, user_id: int, kind: str, now: datetime, **said: Any
) -> None:
    reader = users.by_id(conn, user_id)
    if reader is None or reader.deleted_at:
        return
    letter = letters.write(
        kind, reader.lang, reader.email, path="my/products", first_name=reader.first_name, **said
    )
    queue(conn, letter, now)
