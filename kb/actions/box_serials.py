"""A short serial from a box is exchanged for the full key (R7)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kb.actions import limits
from kb.actions.key_lookup import box_hash, opened
from kb.rules.accounts import BOXES_BY_ACCOUNT
from kb.rules.keys import KeyShape, canonical, shape
from kb.store import Database, assets, audit, licences


class BoxOutcome(StrEnum):
    """What became of a serial."""

    EXCHANGED = "exchanged"
    NO_SERIAL = "no-serial"  # not 8 or 16 digits
    UNKNOWN = "unknown"
    TOO_MANY = "too-many"
    ANOTHERS = "anothers"  # its key is registered by another account


@dataclass(frozen=True, slots=True)
class Exchanged:
    """The answer, with the full key where there is one."""

    outcome: BoxOutcome
    key: str = ""


def exchange(db: Database, secret: str, user_id: int, typed: str, now: datetime) -> Exchanged:
    """Return the full key of a serial. Eight digits can be guessed: every wrong one counts, and
    the key of a product that somebody else has registered is not given out."""
    if shape(typed, ("(?!)",)) is not KeyShape.BOX_SERIAL:
        return Exchanged(BoxOutcome.NO_SERIAL)
    guesses = limits.subject(secret, "box", str(user_id))
    with db.write() as conn:
        if not limits.is_within(conn, guesses, BOXES_BY_ACCOUNT, now):
            return Exchanged(BoxOutcome.TOO_MANY)
        licence = licences.by_box(conn, box_hash(secret, canonical(typed)))
        key = opened(secret, licence.sealed_key) if licence else None
        if licence is None or key is None:
            limits.count_within(conn, guesses, BOXES_BY_ACCOUNT, now)
            return Exchanged(BoxOutcome.UNKNOWN)
        taken = assets.owner_of(conn, licence.id)
        if taken and assets.of_licence(conn, licence.id, user_id) is None:
            limits.count_within(conn, guesses, BOXES_BY_ACCOUNT, now)
            return Exchanged(BoxOutcome.ANOTHERS)
        audit.record(conn, user_id, "box.exchange", f"licence:{licence.id}", now)
        return Exchanged(BoxOutcome.EXCHANGED, key)
