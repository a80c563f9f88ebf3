"""Tokens of the API, found by the hash of what was shown once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, func, or_, select, update

from kb.store import rows
from kb.store.database import insert_once
from kb.store.integration_tables import api_token


@dataclass(frozen=True, slots=True)
class ApiToken:
    """One token; `hint` are its last signs, `token_hash` what a request's token hashes to."""

    id: int
    user_id: int
    name: str
    token_hash: str
    hint: str
    scopes: Sequence[str]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None

    def works_at(self, now: datetime) -> bool:
        """Tell whether the token opens anything at this moment."""
        return self.revoked_at is None and now < self.expires_at


_BY_HASH = select(api_token).where(api_token.c.token_hash == bindparam("token_hash"))


def add(
    conn: Connection,
    user_id: int,
    name: str,
    token_hash: str,
    hint: str,
    scopes: Sequence[str],
    now: datetime,
    expires_at: datetime,
) -> int | None:
    """Keep a token by its hash and return its id."""
    values = {
        "user_id": user_id,
        "name": name,
        "token_hash": token_hash,
        "hint": hint,
        "scopes": list(scopes),
        "created_at": now,
        "expires_at": expires_at,
    }
    return insert_once(conn, api_token, values)


def by_hash(conn: Connection, token_hash: str) -> ApiToken | None:
    """Find a token by its hash, one that works no more too."""
    return rows.one(conn, ApiToken, _BY_HASH, token_hash=token_hash)


def of_user(conn: Connection, user_id: int) -> tuple[ApiToken, ...]:
    """Return the tokens of an account, the newest first."""
    query = select(api_token).where(api_token.c.user_id == user_id)
    return rows.many(conn, ApiToken, query.order_by(api_token.c.id.desc()))


def working(conn: Connection, user_id: int, now: datetime) -> int:
    """Count the tokens of an account that still work."""
    alive = (
        (api_token.c.user_id == user_id)
        & api_token.c.revoked_at.is_(None)
        & (api_token.c.expires_at > now)
    )
    return rows.number_of(conn, select(func.count()).select_from(api_token).where(alive))


def revoke(conn: Connection, user_id: int, token_id: int, now: datetime) -> bool:
    """End a token of this account; False for another's, and when it has ended before."""
    here = (
        (api_token.c.id == token_id)
        & (api_token.c.user_id == user_id)
        & api_token.c.revoked_at.is_(None)
    )
    return conn.execute(update(api_token).where(here).values(revoked_at=now)).rowcount == 1


def revoke_all(conn: Connection, user_id: int, now: datetime) -> None:
    """End every token of an account that has not ended yet."""
    here = (api_token.c.user_id == user_id) & api_token.c.revoked_at.is_(None)
    conn.execute(update(api_token).where(here).values(revoked_at=now))


def note_use(conn: Connection, token_id: int, now: datetime, since: datetime) -> None:
    """Remember that a token was used, unless that was noted after `since`."""
    old = or_(api_token.c.last_used_at.is_(None), api_token.c.last_used_at <= since)
    here = (api_token.c.id == token_id) & old
    conn.execute(update(api_token).where(here).values(last_used_at=now))


def forget(conn: Connection, user_id: int) -> None:
    """Drop the tokens of an account that is deleted."""
    conn.execute(delete(api_token).where(api_token.c.user_id == user_id))
