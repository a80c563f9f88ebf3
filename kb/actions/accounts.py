"""Accounts: sign up, confirm, sign in, new password (R1–R5).

Nothing here tells a stranger whether an address has an account: answers and times are the same
for known and unknown ones; what differs goes to the address itself."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import Connection

from kb.actions import limits, links, passwords
from kb.actions.account_mail import (
    CONFIRM,
    RESET,
    count_mail,
    onward_from,
    pretend_reset,
    send_confirmation,
    send_notice,
    send_reset,
)
from kb.actions.links import LinkState
from kb.mail import Letters
from kb.rules.accounts import (
    SIGN_IN_BY_ADDRESS,
    SIGN_IN_BY_SOURCE,
    password_flaw,
)
from kb.store import Database, api_tokens, attempts, audit, users
from kb.store.users import NewUser, User


@dataclass(frozen=True, slots=True)
class SignUp:
    """What is asked for an account, and nothing else (R1, R5); `country` is ISO 3166 alpha-2.
    `onward` is the page of this site that the person was on the way to."""

    first_name: str
    last_name: str
    email: str
    country: str
    password: str
    lang: str
    onward: str = ""


class Outcome(StrEnum):
    """How an account action ended; DONE says nothing about whether the address is known."""

    DONE = "done"
    TOO_MANY = "too-many"
    BAD_EMAIL = "bad-email"
    BAD_PASSWORD = "bad-password"  # noqa: S105 # not a password
    BAD_LINK = "bad-link"
    USED_LINK = "used-link"
    EXPIRED_LINK = "expired-link"


class SignInOutcome(StrEnum):
    WELCOME = "welcome"
    WRONG = "wrong"
    UNCONFIRMED = "unconfirmed"
    TOO_MANY = "too-many"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The answer to a sign-in; `user` only with WELCOME."""

    outcome: SignInOutcome
    user: User | None = None


def normal_email(text: str) -> str | None:
    """Return an address in the one form we keep (international domains in ASCII), or None."""
    try:
        found = validate_email(text.strip(), check_deliverability=False)
    except EmailNotValidError:
        return None
    return f"{found.local_part}@{found.ascii_domain}"


def sign_up(db: Database, letters: Letters, form: SignUp, source: str, now: datetime) -> Outcome:
    """Make an account that waits for its confirmation (R1, R2).

    A known address changes nothing: its owner is told by mail that there is an account. One that
    was never confirmed takes the newest name and password. `source` is the client's address."""
    email = normal_email(form.email)
    if email is None:
        return Outcome.BAD_EMAIL
    if password_flaw(form.password, (form.first_name, form.last_name, email)):
        return Outcome.BAD_PASSWORD
    hashed = passwords.hash_password(form.password)
    new = NewUser(
        email=email,
        email_key=email.lower(),
        first_name=form.first_name.strip(),
        last_name=form.last_name.strip(),
        country=form.country.upper(),
        lang=form.lang,
        password_hash=hashed,
    )
    with db.write() as conn:
        by_source, by_address = count_mail(conn, letters.secret, source, new.email_key, now)
        if not by_source:
            return Outcome.TOO_MANY
        if by_address:
            _welcome_or_tell(conn, letters, new, form.onward, now)
    return Outcome.DONE


def _welcome_or_tell(
    conn: Connection, letters: Letters, new: NewUser, onward: str, now: datetime
) -> None:
    made = users.add(conn, new, now)
    user = users.by_email(conn, new.email_key)
    if user is None:  # deleted in this very moment: as if it had never been
        return
    if made is None and user.is_confirmed:
        page = onward_from("account/sign-in", onward)
        send_notice(conn, letters, "account-known", page, user, now)
        return
    if made is None:
        users.set_password(conn, user.id, user.password_hash, new.password_hash)
        users.set_profile(
            conn,
            user.id,
            first_name=new.first_name,
            last_name=new.last_name,
            country=new.country,
            lang=new.lang,
        )
        user = users.by_id(conn, user.id) or user
    audit.record(conn, user.id, "account.sign-up", f"user:{user.id}", now)
    send_confirmation(conn, letters, user, now, onward)


def confirm(db: Database, secret: str, token: str, now: datetime) -> Outcome:
    """Confirm the address a link was mailed to (R2); USED_LINK when it was confirmed before."""
    link = links.open_link(secret, CONFIRM, token, now)
    if link is None:
        return Outcome.BAD_LINK
    with db.write() as conn:
        user = users.by_id(conn, link.user_id)
        if user and user.is_confirmed:
            return Outcome.USED_LINK
        state = link.state(secret, user, now)
        if state is not LinkState.GOOD:
            # A link to an older sign-up of this address: a newer mail has the one that works.
            return Outcome.EXPIRED_LINK if state is LinkState.EXPIRED else Outcome.BAD_LINK
        if not users.confirm(conn, link.user_id, now):
            return Outcome.USED_LINK  # by another request in this very moment
        audit.record(conn, link.user_id, "account.confirm", f"user:{link.user_id}", now)
    return Outcome.DONE


def sign_in(
    db: Database,
    letters: Letters,
    email: str,
    password: str,
    source: str,
    now: datetime,
    onward: str = "",
) -> SignedIn:
    """Check an address and its password (R2), slowly and not too often.

    Whoever knows the password of an unconfirmed account is told so and mailed a new link, which
    leads `onward`."""
    key = (normal_email(email) or email.strip()[:320]).lower()
    by_address = limits.subject(letters.secret, "sign-in-address", key)
    by_source = limits.subject(letters.secret, "sign-in-source", source)
    with db.write() as conn:
        within = [
            limits.count_within(conn, by_address, SIGN_IN_BY_ADDRESS, now),
            limits.count_within(conn, by_source, SIGN_IN_BY_SOURCE, now),
        ]
        user = users.by_email(conn, key)
    if not all(within):
        return SignedIn(SignInOutcome.TOO_MANY)
    if not passwords.is_right(user.password_hash if user else None, password) or user is None:
        return SignedIn(SignInOutcome.WRONG)
    if not user.is_confirmed:
        resend_confirmation(db, letters, email, source, now, onward)
        return SignedIn(SignInOutcome.UNCONFIRMED)
    newer = passwords.is_outdated(user.password_hash) and passwords.hash_password(password)
    with db.write() as conn:
        attempts.forget(conn, by_address)
        users.note_sign_in(conn, user.id, now)
        if newer:
            users.refresh_hash(conn, user.id, user.password_hash, newer)
    return SignedIn(SignInOutcome.WELCOME, user)


def resend_confirmation(
    db: Database, letters: Letters, email: str, source: str, now: datetime, onward: str = ""
) -> Outcome:
    """Mail the confirmation link again, if the address waits for one."""
    key = (normal_email(email) or "").lower()
    with db.write() as conn:
        by_source, by_address = count_mail(conn, letters.secret, source, key, now)
        user = users.by_email(conn, key)
        if user and not user.is_confirmed and by_source and by_address:
            send_confirmation(conn, letters, user, now, onward)
    return Outcome.DONE if by_source else Outcome.TOO_MANY


def ask_reset(
    db: Database, letters: Letters, email: str, source: str, now: datetime, onward: str = ""
) -> Outcome:
    """Mail a link for a new password, if the address has an account; say the same if not."""
    key = (normal_email(email) or "").lower()
    with db.write() as conn:
        by_source, by_address = count_mail(conn, letters.secret, source, key, now)
        user = users.by_email(conn, key)
        if by_source and by_address:
            if user:
                send_reset(conn, letters, user, now, onward)
            else:
                pretend_reset(conn, letters, key, now, onward)
    return Outcome.DONE if by_source else Outcome.TOO_MANY


def check_reset(db: Database, secret: str, token: str, now: datetime) -> Outcome:
    """Tell whether a link for a new password still works, before anybody types one."""
    link = links.open_link(secret, RESET, token, now)
    if link is None:
        return Outcome.BAD_LINK
    with db.read() as conn:
        return _reset_outcome(link.state(secret, users.by_id(conn, link.user_id), now))


def reset_password(
    db: Database, letters: Letters, token: str, password: str, now: datetime
) -> Outcome:
    """Set a new password by an e-mailed link, once; every session of the account ends, and every
    token, for whoever knew the old password may have made some.

    The link came to the address, so it confirms it as well."""
    link = links.open_link(letters.secret, RESET, token, now)
    if link is None:
        return Outcome.BAD_LINK
    with db.read() as conn:
        user = users.by_id(conn, link.user_id)
    outcome = _reset_outcome(link.state(letters.secret, user, now))
    if user is None or outcome is not Outcome.DONE:
        return outcome
    if password_flaw(password, (user.first_name, user.last_name, user.email)):
        return Outcome.BAD_PASSWORD
    hashed = passwords.hash_password(password)
    with db.write() as conn:
        if not users.set_password(conn, user.id, user.password_hash, hashed):
            return Outcome.USED_LINK
        users.confirm(conn, user.id, now)
        if user.has_password:
            api_tokens.revoke_all(conn, user.id, now)
        attempts.forget(conn, limits.subject(letters.secret, "sign-in-address", user.email_key))
        audit.record(conn, user.id, "account.reset-password", f"user:{user.id}", now)
        send_notice(conn, letters, "password-changed", "account/password", user, now)
    return Outcome.DONE


def set_profile(
    db: Database,
    user_id: int,
    *,
    first_name: str,
    last_name: str,
    country: str,
    lang: str,
    time_zone: str | None = None,
    mail_answers: bool | None = None,
) -> None:
    """Change what a person told about themselves (R3); without a zone, the office's counts.
    `mail_answers` is an agent's wish, None where it was not asked."""
    with db.write() as conn:
        if mail_answers is not None:
            users.set_mail_answers(conn, user_id, mail_answers)
        users.set_profile(
            conn,
            user_id,
            first_name=first_name.strip(),
            last_name=last_name.strip(),
            country=country.upper(),
            lang=lang,
            time_zone=time_zone or None,
        )


def _reset_outcome(state: LinkState) -> Outcome:
    return {
        LinkState.GOOD: Outcome.DONE,
        LinkState.USED: Outcome.USED_LINK,
        LinkState.EXPIRED: Outcome.EXPIRED_LINK,
        LinkState.BAD: Outcome.BAD_LINK,
    }[state]
