"""Tokens of the API: made and shown once, found by their hash, ended."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from kb.rules.api_access import (
    LONGEST_NAME,
    MOST_TOKENS,
    TOKEN_DAYS,
    TOKEN_PREFIX,
    USE_IS_NOTED,
    Scope,
    granted,
    scopes_for,
)
from kb.rules.cases import Actor
from kb.store import Database, api_tokens, audit, users
from kb.store.api_tokens import ApiToken
from kb.store.users import User

_HINT = 4  # signs of a token that its owner sees again


class TokenFlaw(StrEnum):
    """Why no token was made."""

    NAME = "name"
    SCOPES = "scopes"
    DAYS = "days"
    TOO_MANY = "too-many"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class MadeToken:
    """A new token; `token` is shown this once and kept nowhere."""

    id: int
    token: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Client:
    """Who asks the API: an account, and what its token may do now."""

    user: User
    token_id: int
    scopes: frozenset[Scope]

    @property
    def is_agent(self) -> bool:
        return self.user.is_agent

    @property
    def actor(self) -> Actor:
        return Actor.AGENT if self.user.is_agent else Actor.CUSTOMER


def make_token(
    db: Database,
    user_id: int,
    name: str,
    scopes: Sequence[str],
    days: int,
    now: datetime,
    *,
    by: int | None = None,
) -> MadeToken | TokenFlaw:
    """Make a token for an account; `by` is who made it where that is somebody else (None: the
    operator). A scope that the account's role cannot have is refused, not left out."""
    title = " ".join(name.split())[:LONGEST_NAME]
    if not title:
        return TokenFlaw.NAME
    if days not in TOKEN_DAYS:
        return TokenFlaw.DAYS
    token = TOKEN_PREFIX + secrets.token_urlsafe(32)
    expires_at = now + timedelta(days=days)
    with db.write() as conn:
        user = users.by_id(conn, user_id)
        if user is None or user.deleted_at:
            return TokenFlaw.NOBODY
        if not scopes or not set(scopes) <= {str(one) for one in scopes_for(user.role)}:
            return TokenFlaw.SCOPES
        if api_tokens.working(conn, user_id, now) >= MOST_TOKENS:
            return TokenFlaw.TOO_MANY
        kept = sorted(set(scopes))
        id_ = api_tokens.add(
            conn, user_id, title, hash_of(token), token[-_HINT:], kept, now, expires_at
        )
        if id_ is None:
            raise LookupError("a new token is new")
        audit.record(conn, by, "token.make", f"token:{id_}", now, user=user_id, scopes=kept)
    return MadeToken(id_, token, expires_at)


def revoke_token(
    db: Database, user_id: int, token_id: int, now: datetime, *, by: int | None = None
) -> bool:
    """End a token of this account at once; False where there is none that works."""
    with db.write() as conn:
        if not api_tokens.revoke(conn, user_id, token_id, now):
            return False
        audit.record(conn, by, "token.revoke", f"token:{token_id}", now, user=user_id)
    return True


def tokens_of(db: Database, user_id: int) -> tuple[ApiToken, ...]:
    """Return an account's tokens, the newest first, those that ended too."""
    with db.read() as conn:
        return api_tokens.of_user(conn, user_id)


def client_of(
    db: Database, token: str, now: datetime, *, require_2fa: bool = False
) -> Client | None:
    """Return who a token acts for; None for a token that is unknown, over or revoked, and for an
    agent without the second factor that the site asks for."""
    with db.read() as conn:
        found = api_tokens.by_hash(conn, hash_of(token))
        user = users.by_id(conn, found.user_id) if found else None
    if found is None or user is None or user.deleted_at or not found.works_at(now):
        return None
    if user.is_agent and require_2fa and not user.has_second_factor:
        return None
    if found.last_used_at is None or now - found.last_used_at >= USE_IS_NOTED:
        with db.write() as conn:
            api_tokens.note_use(conn, found.id, now, now - USE_IS_NOTED)
    return Client(user, found.id, granted(found.scopes, user.role))


def hash_of(token: str) -> str:
    """Hash a token; it is long and random, so a slow hash would guard nothing."""
    return sha256(token.encode("utf-8", "replace")).hexdigest()
