"""The ways into an account: its password, and the providers that open it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kb.actions import passwords, sessions
from kb.actions.account_mail import send_notice
from kb.actions.accounts import SignInOutcome
from kb.mail import Letters
from kb.rules.accounts import password_flaw
from kb.store import Database, audit, identities, users


@dataclass(frozen=True, slots=True)
class WaysIn:
    """How an account is entered; providers by their names, also those that the site has given
    up."""

    has_password: bool
    providers: tuple[str, ...]

    def may_lose(self, provider: str, running: Collection[str]) -> bool:
        """Tell whether another way in is left without this provider; `running` are those that
        open an account of this person today."""
        others = (name for name in self.providers if name != provider)
        return self.has_password or any(name in running for name in others)


class Unlinked(StrEnum):
    """How parting from a provider ended."""

    DONE = "done"
    LAST_WAY_IN = "last-way-in"
    NOT_FOUND = "not-found"


class PasswordChange(StrEnum):
    """How a change of the password ended."""

    DONE = "done"
    WRONG = "wrong"
    TOO_MANY = "too-many"
    BAD_PASSWORD = "bad-password"  # noqa: S105 # not a password
    SAME = "same"


def ways_in(db: Database, user_id: int) -> WaysIn:
    """Return how an account is entered."""
    with db.read() as conn:
        user = users.by_id(conn, user_id)
        return WaysIn(
            has_password=bool(user and user.has_password),
            providers=identities.providers_of(conn, user_id),
        )


def unlink(
    db: Database,
    letters: Letters,
    user_id: int,
    provider: str,
    running: Mapping[str, str],
    now: datetime,
) -> Unlinked:
    """Part an account from a provider, unless nothing else opens it; every session ends, for a
    lost account there may have opened one, and the owner is told by mail. `running` are the
    labels, by name, of the providers that open an account of this person today."""
    with db.write() as conn:
        user = users.lock(conn, user_id)
        linked = identities.providers_of(conn, user_id)
        if user is None or provider not in linked:
            return Unlinked.NOT_FOUND
        if not WaysIn(user.has_password, linked).may_lose(provider, running):
            return Unlinked.LAST_WAY_IN
        identities.unlink(conn, user_id, provider)
        users.end_sessions(conn, user_id)
        audit.record(conn, user_id, "account.unlink", f"user:{user_id}", now, provider=provider)
        label = running.get(provider, provider)
        page = "account/security"
        send_notice(conn, letters, "provider-unlinked", page, user, now, provider=label)
    return Unlinked.DONE


def change_password(
    db: Database, letters: Letters, user_id: int, current: str, new: str, now: datetime
) -> PasswordChange:
    """Set a new password for who knows the current one; every session ends, and the owner is
    told by mail. Of two changes at once, one is made."""
    known = sessions.knows_password(db, letters, user_id, current, now)
    if known is not SignInOutcome.WELCOME:
        too_many = known is SignInOutcome.TOO_MANY
        return PasswordChange.TOO_MANY if too_many else PasswordChange.WRONG
    if new == current:
        return PasswordChange.SAME
    with db.read() as conn:
        user = users.by_id(conn, user_id)
    if user is None:
        return PasswordChange.WRONG
    if password_flaw(new, (user.first_name, user.last_name, user.email)):
        return PasswordChange.BAD_PASSWORD
    hashed = passwords.hash_password(new)
    with db.write() as conn:
        if not users.set_password(conn, user_id, user.password_hash, hashed):
            return PasswordChange.WRONG  # changed elsewhere a moment ago
        audit.record(conn, user_id, "account.change-password", f"user:{user_id}", now)
        send_notice(conn, letters, "password-changed", "account/password", user, now)
    return PasswordChange.DONE
