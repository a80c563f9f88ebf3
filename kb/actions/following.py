"""Following an article or a product by mail, without an account: asked for on a page, agreed to by
a link in a letter, ended by one press. Nothing is kept of an address before it has agreed."""

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import Connection

from kb.actions import limits
from kb.actions.accounts import normal_email
from kb.actions.mail_queue import queue
from kb.actions.sealing import seal, unseal
from kb.mail import Letters
from kb.rules.following import (
    CONFIRM_LIVES,
    FOLLOW_BY_ADDRESS,
    FOLLOW_BY_SOURCE,
    MOST_FOLLOWED,
    Pace,
    Subject,
    Wanted,
)
from kb.store import Database, followers, mail_bounces, news
from kb.store.followers import Follower

_AGREE = "follow-agree"
_MINE = "follow-mine"


class FollowOutcome(StrEnum):
    """DONE says nothing about whether the address follows already."""

    DONE = "done"
    BAD_EMAIL = "bad-email"
    TOO_MANY = "too-many"  # letters asked for, or things followed


@dataclass(frozen=True, slots=True)
class Ask:
    """What somebody wants to follow; `title` is for the letter."""

    email: str
    subject: Subject
    target: str
    lang: str
    pace: Pace
    title: str = ""


@dataclass(frozen=True, slots=True)
class Mine:
    """A follower and all they follow."""

    follower: Follower
    wanted: tuple[Wanted, ...]


def ask(db: Database, letters: Letters, wish: Ask, source: str, now: datetime) -> FollowOutcome:
    """Mail the link that agrees; known addresses and those that had their letters get the same
    answer as all others."""
    address = normal_email(wish.email)
    if address is None:
        return FollowOutcome.BAD_EMAIL
    by_source = limits.subject(letters.secret, "follow-source", source)
    by_address = limits.subject(letters.secret, "follow-address", address.lower())
    with db.write() as conn:
        if not limits.count_within(conn, by_source, FOLLOW_BY_SOURCE, now):
            return FollowOutcome.TOO_MANY
        if limits.count_within(conn, by_address, FOLLOW_BY_ADDRESS, now):
            _send_link(conn, letters, wish, address, now)
    return FollowOutcome.DONE


def _send_link(conn: Connection, letters: Letters, wish: Ask, address: str, now: datetime) -> None:
    until = int((now + CONFIRM_LIVES).timestamp())
    said = [address, str(wish.subject), wish.target, wish.lang, str(wish.pace), until]
    token = seal(letters.secret, _AGREE, json.dumps(said).encode())
    letter = letters.write(
        "follow-agree",
        wish.lang,
        address,
        path=f"follow/agree/{token}",
        title=wish.title,
        days=CONFIRM_LIVES.days,
    )
    queue(conn, letter, now)


def read_link(secret: str, token: str, now: datetime) -> Ask | None:
    """Read a link that agrees; None when it is forged, damaged or too old."""
    raw = unseal(secret, _AGREE, token) if token.isascii() else None
    if raw is None:
        return None
    email, subject, target, lang, pace, until = json.loads(raw)
    if now.timestamp() >= until:
        return None
    return Ask(email, Subject(subject), target, lang, Pace(pace))


def agree(db: Database, secret: str, wish: Ask, now: datetime) -> tuple[FollowOutcome, str]:
    """Follow what was asked for; done again it changes nothing. Returns the token of the page
    that shows what one follows too. An address that could not be reached is reached now."""
    with db.write() as conn:
        found = followers.agree(conn, wish.email, wish.lang, wish.pace, news.newest(conn), now)
        mail_bounces.clear(conn, found.email)
        mine = followers.wanted(conn, found.id)
        is_new = (wish.subject, wish.target) not in {(one.subject, one.target) for one in mine}
        if is_new and len(mine) >= MOST_FOLLOWED:
            return FollowOutcome.TOO_MANY, token_of(secret, found)
        followers.add(conn, found.id, wish.subject, wish.target, wish.lang, now)
    return FollowOutcome.DONE, token_of(secret, found)


def token_of(secret: str, follower: Follower) -> str:
    """Return the token that stands in every letter: it works as long as one follows."""
    return _signer(secret).dumps([follower.id, int(follower.since.timestamp())])


def mine(db: Database, secret: str, token: str) -> Mine | None:
    """Return whose token this is; None when it is not ours or nothing is followed any more."""
    with db.read() as conn:
        found = _open(conn, secret, token, lock=False)
        return Mine(found, followers.wanted(conn, found.id)) if found else None


def set_pace(db: Database, secret: str, token: str, pace: Pace) -> bool:
    """Change how often letters come."""
    with db.write() as conn:
        found = _open(conn, secret, token)
        if found:
            followers.set_pace(conn, found.id, pace)
        return found is not None


def drop(db: Database, secret: str, token: str, subject: Subject, target: str) -> bool:
    """Follow one thing no more; with the last one the address is forgotten."""
    with db.write() as conn:
        found = _open(conn, secret, token)
        if found:
            followers.drop(conn, found.id, subject, target)
        return found is not None


def end(db: Database, secret: str, token: str) -> bool:
    """Forget a follower at once (RFC 8058); False for a token that is not ours. To end what has
    ended is right too."""
    if _read(secret, token) is None:
        return False
    with db.write() as conn:
        found = _open(conn, secret, token)
        if found:
            followers.forget(conn, found.id)
    return True


def _open(conn: Connection, secret: str, token: str, *, lock: bool = True) -> Follower | None:
    read = _read(secret, token)
    if read is None:
        return None
    found = followers.by_id(conn, read[0], lock=lock)
    return found if found and int(found.since.timestamp()) == read[1] else None


def _read(secret: str, token: str) -> tuple[int, int] | None:
    try:
        payload: Any = _signer(secret).loads(token)
        follower_id, since = payload
        return int(follower_id), int(since)
    except (BadData, TypeError, ValueError):
        return None


def _signer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt=f"link:{_MINE}", signer_kwargs={"digest_method": sha256})
