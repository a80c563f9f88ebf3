"""The key of a person's authenticator, and the codes for who has lost it."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, or_, select, update

from kb.store.account_tables import recovery_code
from kb.store.rows import number_of
from kb.store.tables import user


def prepare(conn: Connection, user_id: int, sealed_key: str) -> None:
    """Keep a key that waits for its first code; one in use is not replaced."""
    waiting = (user.c.id == user_id) & user.c.totp_since.is_(None)
    conn.execute(update(user).where(waiting).values(totp_key=sealed_key, totp_step=None))


def begin(conn: Connection, user_id: int, sealed_key: str, step: int, now: datetime) -> bool:
    """Ask for codes of this key from now on and end all sessions; False when it is not the one
    that waits."""
    waiting = (user.c.id == user_id) & (user.c.totp_key == sealed_key) & user.c.totp_since.is_(None)
    values = {"totp_since": now, "totp_step": step, "session_epoch": user.c.session_epoch + 1}
    return conn.execute(update(user).where(waiting).values(values)).rowcount == 1


def use_step(conn: Connection, user_id: int, step: int) -> bool:
    """Remember the step of a code that was right; False when it, or a later one, was used."""
    fresh = or_(user.c.totp_step.is_(None), user.c.totp_step < step)
    mine = (user.c.id == user_id) & user.c.totp_since.is_not(None) & fresh
    return conn.execute(update(user).where(mine).values(totp_step=step)).rowcount == 1


def end(conn: Connection, user_id: int) -> None:
    """Ask for no codes any more, and forget key and recovery codes."""
    values = {"totp_key": None, "totp_since": None, "totp_step": None}
    conn.execute(update(user).where(user.c.id == user_id).values(values))
    conn.execute(delete(recovery_code).where(recovery_code.c.user_id == user_id))


def set_codes(conn: Connection, user_id: int, hashes: Iterable[str]) -> None:
    """Keep new recovery codes in place of all older ones."""
    conn.execute(delete(recovery_code).where(recovery_code.c.user_id == user_id))
    rows = [{"user_id": user_id, "code_hash": digest} for digest in hashes]
    conn.execute(insert(recovery_code), rows)


def use_code(conn: Connection, user_id: int, digest: str, now: datetime) -> bool:
    """Spend a recovery code; False when there is none like it or it was used."""
    unused = (
        (recovery_code.c.user_id == user_id)
        & (recovery_code.c.code_hash == digest)
        & recovery_code.c.used_at.is_(None)
    )
    return conn.execute(update(recovery_code).where(unused).values(used_at=now)).rowcount == 1


def codes_left(conn: Connection, user_id: int) -> int:
    """Return how many recovery codes still work."""
    query = select(func.count()).select_from(recovery_code)
    unused = (recovery_code.c.user_id == user_id) & recovery_code.c.used_at.is_(None)
    return number_of(conn, query.where(unused))
