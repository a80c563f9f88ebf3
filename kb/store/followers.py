"""Who follows what by mail."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, delete, func, or_, select, update

from kb.rules.following import DIGEST_EVERY, Pace, Subject, Wanted
from kb.store import rows
from kb.store.database import insert_once
from kb.store.follow_tables import follower, following


@dataclass(frozen=True, slots=True)
class Follower:
    """An address that agreed to letters."""

    id: int
    email: str
    email_key: str
    lang: str
    pace: Pace
    since: datetime
    told: int
    told_alerts: int
    mailed_at: datetime | None
    letter: str | None
    stopped_at: datetime | None

    def __post_init__(self) -> None:
        object.__setattr__(self, "pace", Pace(self.pace))


def agree(
    conn: Connection, email: str, lang: str, pace: Pace, newest: int, now: datetime
) -> Follower:
    """Keep an address that has agreed, from the `newest` change on; a known one gets the pace and
    the language asked for last, and letters again if they had stopped."""
    key = email.lower()
    values = {"email": email, "email_key": key, "lang": lang, "pace": str(pace), "since": now}
    insert_once(conn, follower, {**values, "told": newest, "told_alerts": newest})
    changed = {"lang": lang, "pace": str(pace), "stopped_at": None, "letter": None}
    stopped = (follower.c.email_key == key) & follower.c.stopped_at.is_not(None)
    skipped = {"told": newest, "told_alerts": newest}
    conn.execute(update(follower).where(stopped).values(skipped))
    conn.execute(update(follower).where(follower.c.email_key == key).values(changed))
    found = rows.one(conn, Follower, select(follower).where(follower.c.email_key == key))
    assert found is not None  # noqa: S101 # inserted above
    return found


def by_id(conn: Connection, follower_id: int, *, lock: bool = False) -> Follower | None:
    """Find one; with `lock` nobody else writes to them before this transaction is over."""
    query = select(follower).where(follower.c.id == follower_id)
    return rows.one(conn, Follower, query.with_for_update() if lock else query)


def behind(
    conn: Connection, newest: int, after: int, now: datetime, limit: int
) -> tuple[Follower, ...]:
    """Return those who may have something to be told by now, by id."""
    f = follower.c
    free = or_(
        f.pace == str(Pace.AT_ONCE), f.mailed_at.is_(None), f.mailed_at <= now - DIGEST_EVERY
    )
    open_ = or_(f.told_alerts < newest, and_(f.told < newest, free))
    query = select(follower).where(f.id > after, f.stopped_at.is_(None), open_)
    return rows.many(conn, Follower, query.order_by(f.id).limit(limit))


def told(conn: Connection, follower_id: int, **values: object) -> None:
    """Write down how far somebody has been told."""
    conn.execute(update(follower).where(follower.c.id == follower_id).values(values))


def stop(conn: Connection, follower_id: int, now: datetime) -> None:
    """Send no more letters until the address agrees again."""
    conn.execute(update(follower).where(follower.c.id == follower_id).values(stopped_at=now))


def set_pace(conn: Connection, follower_id: int, pace: Pace) -> None:
    """Change how often letters come."""
    conn.execute(update(follower).where(follower.c.id == follower_id).values(pace=str(pace)))


def add(
    conn: Connection, follower_id: int, subject: Subject, target: str, lang: str, now: datetime
) -> None:
    """Follow one more thing; one that is followed changes its language only."""
    values = {"follower_id": follower_id, "subject": str(subject), "target": target}
    insert_once(conn, following, {**values, "lang": lang, "since": now})
    same = _same(follower_id, subject, target)
    conn.execute(update(following).where(same).values(lang=lang))


def drop(conn: Connection, follower_id: int, subject: Subject, target: str) -> None:
    """Follow one thing no more; without any other, the address is forgotten."""
    conn.execute(delete(following).where(_same(follower_id, subject, target)))
    if count(conn, follower_id) == 0:
        forget(conn, follower_id)


def forget(conn: Connection, follower_id: int) -> None:
    """Forget a follower and all they follow."""
    conn.execute(delete(following).where(following.c.follower_id == follower_id))
    conn.execute(delete(follower).where(follower.c.id == follower_id))


def forget_address(conn: Connection, email: str) -> None:
    """Forget whoever follows with an address."""
    key = follower.c.email_key == email.lower()
    for follower_id in list(conn.execute(select(follower.c.id).where(key)).scalars()):
        forget(conn, follower_id)


def wanted(conn: Connection, follower_id: int) -> tuple[Wanted, ...]:
    """Return what somebody follows, the oldest first."""
    c = following.c
    query = select(c.subject, c.target, c.lang, c.since).where(c.follower_id == follower_id)
    return rows.many(conn, Wanted, query.order_by(c.id))


def count(conn: Connection, follower_id: int) -> int:
    """Count what somebody follows."""
    mine = following.c.follower_id == follower_id
    return rows.number_of(conn, select(func.count()).select_from(following).where(mine))


def _same(follower_id: int, subject: Subject, target: str) -> ColumnElement[bool]:
    c = following.c
    return and_(c.follower_id == follower_id, c.subject == str(subject), c.target == target)
