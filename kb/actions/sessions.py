"""Sessions: asking for the password again, and ending all of them."""

from datetime import datetime

from kb.actions import limits, passwords
from kb.actions.accounts import SignInOutcome
from kb.mail import Letters
from kb.rules.accounts import PASSWORD_BY_ACCOUNT
from kb.store import Database, attempts, audit, users


def knows_password(
    db: Database, letters: Letters, user_id: int, password: str, now: datetime
) -> SignInOutcome:
    """Ask for the password again before something grave, not too often: WELCOME, WRONG or
    TOO_MANY."""
    name = limits.subject(letters.secret, "password-again", str(user_id))
    with db.write() as conn:
        within = limits.count_within(conn, name, PASSWORD_BY_ACCOUNT, now)
        user = users.by_id(conn, user_id)
    if not within:
        return SignInOutcome.TOO_MANY
    if not passwords.is_right(user.password_hash if user else None, password):
        return SignInOutcome.WRONG
    with db.write() as conn:
        attempts.forget(conn, name)
    return SignInOutcome.WELCOME


def sign_out_everywhere(db: Database, user_id: int, now: datetime) -> None:
    """End every session of an account, on every device, remembered ones too."""
    with db.write() as conn:
        users.end_sessions(conn, user_id)
        audit.record(conn, user_id, "account.sign-out-everywhere", f"user:{user_id}", now)
