"""The second factor: codes of an authenticator (RFC 6238), and recovery codes for who lost it."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection

from kb.actions import limits
from kb.actions.account_mail import send_notice
from kb.actions.sealing import seal, unseal
from kb.mail import Letters
from kb.rules import totp
from kb.rules.accounts import (
    RECOVERY_CODES,
    RECOVERY_LENGTH,
    RECOVERY_LETTERS,
    SECOND_STEP_BY_ACCOUNT,
    SIGN_IN_BY_SOURCE,
    recovery_code,
)
from kb.store import Database, attempts, audit, second_factors, users
from kb.store.users import User

_PURPOSE = "totp"


class StepOutcome(StrEnum):
    """What a typed code was."""

    RIGHT = "right"
    RECOVERED = "recovered"  # a recovery code, which is spent now
    WRONG = "wrong"
    TOO_MANY = "too-many"


@dataclass(frozen=True, slots=True)
class Begun:
    """The second factor is on; the recovery codes are shown this once and kept only as hashes."""

    codes: tuple[str, ...]


def prepare(db: Database, secret: str, user_id: int) -> bytes | None:
    """Return the key for an authenticator that is being set up, the same until it is in use;
    None when there is one in use."""
    with db.write() as conn:
        user = users.lock(conn, user_id)
        if user is None or user.has_second_factor:
            return None
        key = unseal(secret, _PURPOSE, user.totp_key) if user.totp_key else None
        if key is None:
            key = secrets.token_bytes(totp.KEY_BYTES)
            second_factors.prepare(conn, user_id, seal(secret, _PURPOSE, key))
        return key


def begin(
    db: Database, letters: Letters, user_id: int, typed: str, now: datetime
) -> Begun | StepOutcome:
    """Ask for codes from now on, once the first one shows that the authenticator is set up.

    Every other session of the account ends: it was opened without a code."""
    with db.write() as conn:
        user = users.lock(conn, user_id)
        if user is None or user.totp_key is None or user.has_second_factor:
            return StepOutcome.WRONG
        if not _within_limits(conn, letters.secret, user_id, now):
            return StepOutcome.TOO_MANY
        step = _step_of(letters.secret, user, typed, now)
        if step is None or not second_factors.begin(conn, user_id, user.totp_key, step, now):
            return StepOutcome.WRONG
        attempts.forget(conn, _by_account(letters.secret, user_id))
        audit.record(conn, user_id, "second-factor.begin", f"user:{user_id}", now)
        send_notice(conn, letters, "second-factor-on", "account/security", user, now)
        return Begun(_new_codes(conn, letters.secret, user_id))


def check(
    db: Database, letters: Letters, user_id: int, typed: str, source: str, now: datetime
) -> StepOutcome:
    """Judge the code of the second step of a sign-in: an authenticator's, or a recovery code.

    Both count towards one limit for the account and one for the client's address."""
    with db.write() as conn:
        by_source = limits.subject(letters.secret, "sign-in-source", source)
        within = limits.count_within(conn, by_source, SIGN_IN_BY_SOURCE, now)
        if not _within_limits(conn, letters.secret, user_id, now) or not within:
            return StepOutcome.TOO_MANY
        user = users.lock(conn, user_id)
        if user is None or not user.has_second_factor:
            return StepOutcome.WRONG
        outcome = _judge(conn, letters, user, typed, now)
        if outcome is not StepOutcome.WRONG:
            attempts.forget(conn, _by_account(letters.secret, user_id))
    return outcome


def _judge(
    conn: Connection, letters: Letters, user: User, typed: str, now: datetime
) -> StepOutcome:
    step = _step_of(letters.secret, user, typed, now)
    if step is not None and second_factors.use_step(conn, user.id, step):
        return StepOutcome.RIGHT
    digest = _hashed(letters.secret, user.id, recovery_code(typed))
    if second_factors.use_code(conn, user.id, digest, now):
        audit.record(conn, user.id, "second-factor.recovery", f"user:{user.id}", now)
        send_notice(conn, letters, "recovery-code-used", "account/security", user, now)
        return StepOutcome.RECOVERED
    return StepOutcome.WRONG


def renew_codes(db: Database, secret: str, user_id: int, now: datetime) -> tuple[str, ...]:
    """Make new recovery codes; the old ones stop working. () without a second factor."""
    with db.write() as conn:
        user = users.lock(conn, user_id)
        if user is None or not user.has_second_factor:
            return ()
        audit.record(conn, user_id, "second-factor.new-codes", f"user:{user_id}", now)
        return _new_codes(conn, secret, user_id)


def end(db: Database, letters: Letters, user_id: int, now: datetime) -> None:
    """Ask for no codes any more, and tell the owner of the account."""
    with db.write() as conn:
        user = users.lock(conn, user_id)
        if user is None or not user.has_second_factor:
            return
        second_factors.end(conn, user_id)
        audit.record(conn, user_id, "second-factor.end", f"user:{user_id}", now)
        send_notice(conn, letters, "second-factor-off", "account/security", user, now)


def codes_left(db: Database, user_id: int) -> int:
    """Return how many recovery codes still work."""
    with db.read() as conn:
        return second_factors.codes_left(conn, user_id)


def _step_of(secret: str, user: User, typed: str, now: datetime) -> int | None:
    key = unseal(secret, _PURPOSE, user.totp_key or "")
    return totp.matching_step(key, typed, now, user.totp_step) if key else None


def _within_limits(conn: Connection, secret: str, user_id: int, now: datetime) -> bool:
    return limits.count_within(conn, _by_account(secret, user_id), SECOND_STEP_BY_ACCOUNT, now)


def _by_account(secret: str, user_id: int) -> str:
    return limits.subject(secret, "second-step", str(user_id))


def _new_codes(conn: Connection, secret: str, user_id: int) -> tuple[str, ...]:
    codes = tuple(_drawn() for _ in range(RECOVERY_CODES))
    hashes = [_hashed(secret, user_id, recovery_code(code)) for code in codes]
    second_factors.set_codes(conn, user_id, hashes)
    return codes


def _drawn() -> str:
    """Ten letters are 49 bits: with the limits, and a keyed hash, nobody guesses them."""
    letters = "".join(secrets.choice(RECOVERY_LETTERS) for _ in range(RECOVERY_LENGTH))
    return f"{letters[:5]}-{letters[5:]}"


def _hashed(secret: str, user_id: int, code: str) -> str:
    message = f"recovery-code:{user_id}:{code}".encode()
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()
