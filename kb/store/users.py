"""People with an account."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, or_, select, update
from sqlalchemy.exc import IntegrityError

from kb.rules.accounts import AGENTS, Role
from kb.store import case_search, rows
from kb.store.database import insert_once
from kb.store.tables import user

NO_PASSWORD = ""
"""In place of a hash: no password opens the account, until its owner sets one by a mailed link."""


@dataclass(frozen=True, slots=True)
class User:
    """One account; `email_key` is the address in lower case, by which it is found. A deleted
    one keeps its row, without anything about the person, for the cases that name it."""

    id: int
    email: str
    email_key: str
    first_name: str
    last_name: str
    country: str
    lang: str
    role: str
    password_hash: str
    session_epoch: int
    created_at: datetime
    confirmed_at: datetime | None
    signed_in_at: datetime | None
    time_zone: str | None
    totp_key: str | None
    totp_since: datetime | None
    totp_step: int | None
    deleted_at: datetime | None
    mail_answers: bool = True
    seen_at: datetime | None = None

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def is_agent(self) -> bool:
        return self.role in AGENTS

    @property
    def is_admin(self) -> bool:
        return self.role == Role.ADMIN

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_at is not None

    @property
    def has_password(self) -> bool:
        return self.password_hash != NO_PASSWORD

    @property
    def has_second_factor(self) -> bool:
        return self.totp_since is not None


@dataclass(frozen=True, slots=True)
class NewUser:
    """What a new account is made of; the address is already normalised."""

    email: str
    email_key: str
    first_name: str
    last_name: str
    country: str
    lang: str
    password_hash: str
    role: Role = Role.CUSTOMER
    confirmed_at: datetime | None = None


# Made once: making a statement anew takes longer than running it.
_BY_ID = select(user).where(user.c.id == bindparam("user_id"))
# `key_share`: rows that name an account, a message or a mail, are written meanwhile; to wait for
# those, too, would make two that lock an account and a case wait for each other.
_LOCKED = _BY_ID.with_for_update(key_share=True)
_BY_EMAIL = select(user).where(
    user.c.email_key == bindparam("email_key"), user.c.deleted_at.is_(None)
)


def add(conn: Connection, new: NewUser, now: datetime) -> int | None:
    """Insert an account and return its id, or None when the address has one already."""
    return insert_once(
        conn,
        user,
        {
            "email": new.email,
            "email_key": new.email_key,
            "first_name": new.first_name,
            "last_name": new.last_name,
            "country": new.country,
            "lang": new.lang,
            "role": str(new.role),
            "password_hash": new.password_hash,
            "session_epoch": 1,
            "created_at": now,
            "confirmed_at": new.confirmed_at,
            "mail_answers": True,
        },
    )


def by_id(conn: Connection, user_id: int) -> User | None:
    """Find an account by its id."""
    return rows.one(conn, User, _BY_ID, user_id=user_id)


def by_email(conn: Connection, email_key: str) -> User | None:
    """Find an account by its address in lower case; a deleted one has none."""
    return rows.one(conn, User, _BY_EMAIL, email_key=email_key)


def agents(conn: Connection) -> tuple[User, ...]:
    """Return everybody who may work on cases, by name."""
    query = select(user).where(user.c.role.in_(sorted(AGENTS)))
    return rows.many(conn, User, query.order_by(user.c.first_name, user.c.last_name))


def admins(conn: Connection, *, lock: bool = False) -> tuple[User, ...]:
    """Return the admins, by name; with `lock`, nobody else changes their roles meanwhile."""
    query = select(user).where(user.c.role == str(Role.ADMIN))
    query = query.order_by(user.c.first_name, user.c.last_name, user.c.id)
    return rows.many(conn, User, query.with_for_update() if lock else query)


def note_seen(conn: Connection, user_id: int, now: datetime, before: datetime) -> None:
    """Remember that an agent is at the desk, unless that was noted after `before`."""
    stale = or_(user.c.seen_at.is_(None), user.c.seen_at < before)
    conn.execute(update(user).where(user.c.id == user_id, stale).values(seen_at=now))


def confirm(conn: Connection, user_id: int, now: datetime) -> bool:
    """Mark the address as confirmed (R2); False when it was already."""
    waiting = (user.c.id == user_id) & user.c.confirmed_at.is_(None)
    return conn.execute(update(user).where(waiting).values(confirmed_at=now)).rowcount == 1


def set_password(conn: Connection, user_id: int, old_hash: str, new_hash: str) -> bool:
    """Change the password and end all sessions; False when it is not `old_hash` any more."""
    unchanged = (user.c.id == user_id) & (user.c.password_hash == old_hash)
    values = {"password_hash": new_hash, "session_epoch": user.c.session_epoch + 1}
    return conn.execute(update(user).where(unchanged).values(values)).rowcount == 1


def refresh_hash(conn: Connection, user_id: int, old_hash: str, new_hash: str) -> None:
    """Keep the same password under newer hashing parameters; sessions go on."""
    unchanged = (user.c.id == user_id) & (user.c.password_hash == old_hash)
    conn.execute(update(user).where(unchanged).values(password_hash=new_hash))


def set_role(conn: Connection, user_id: int, role: Role) -> None:
    """Change what an account may do."""
    conn.execute(update(user).where(user.c.id == user_id).values(role=str(role)))


def set_mail_answers(conn: Connection, user_id: int, wanted: bool) -> None:
    """Keep whether an agent is mailed what customers answer."""
    conn.execute(update(user).where(user.c.id == user_id).values(mail_answers=wanted))


def set_profile(
    conn: Connection,
    user_id: int,
    *,
    first_name: str,
    last_name: str,
    country: str,
    lang: str,
    time_zone: str | None = None,
) -> None:
    """Change what a person told about themselves (R3); without a zone, the office's counts."""
    values = {
        "first_name": first_name,
        "last_name": last_name,
        "country": country,
        "lang": lang,
        "time_zone": time_zone,
    }
    conn.execute(update(user).where(user.c.id == user_id).values(values))
    case_search.of_user(conn, user_id)


def set_email(conn: Connection, user_id: int, email: str) -> bool:
    """Change the address; False when another account has it."""
    values = {"email": email, "email_key": email.lower()}
    try:
        with conn.begin_nested():
            conn.execute(update(user).where(user.c.id == user_id).values(values))
    except IntegrityError:
        return False
    case_search.of_user(conn, user_id)
    return True


def end_sessions(conn: Connection, user_id: int) -> None:
    """End every session of an account, remembered ones too."""
    mine = update(user).where(user.c.id == user_id)
    conn.execute(mine.values(session_epoch=user.c.session_epoch + 1))


def lock(conn: Connection, user_id: int) -> User | None:
    """Find an account and keep others from changing it until the transaction ends."""
    return rows.one(conn, User, _LOCKED, user_id=user_id)


def note_sign_in(conn: Connection, user_id: int, now: datetime) -> None:
    """Remember when this person last signed in."""
    conn.execute(update(user).where(user.c.id == user_id).values(signed_in_at=now))
