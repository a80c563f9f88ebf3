"""Mail that came in: stored as it is, then understood, then decided; each exactly once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection, bindparam, func, insert, or_, select, update

from kb.store import rows
from kb.store.database import insert_once
from kb.store.mail_tables import mail_in, mail_rest, mail_source

LEASE = timedelta(minutes=5)


class MailInState(StrEnum):
    """Where a mail is: NEW is stored and not yet understood, HELD waits for an agent, all others
    are done."""

    NEW = "new"
    HELD = "held"
    JOINED = "joined"
    OPENED = "opened"
    ANSWERED = "answered"
    FILED = "filed"
    BOUNCE = "bounce"
    DISCARDED = "discarded"


@dataclass(frozen=True, slots=True)
class NewMailIn:
    """A mail as it arrived; `via` is imap, pipe or lmtp. `note` explains a `why` known already."""

    seen_key: str
    message_id: str
    sha256: str
    size: int
    via: str
    source: bytes
    state: MailInState = MailInState.NEW
    why: str = ""
    note: str = ""
    sender: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True)
class MailIn:
    """One mail that came in, without its source."""

    id: int
    seen_key: str
    message_id: str
    sha256: str
    size: int
    via: str
    sender: str
    subject: str
    state: MailInState
    why: str
    note: str
    case_number: int | None
    starts: int
    leased_until: datetime | None
    received_at: datetime
    decided_at: datetime | None
    decided_by: int | None

    def __post_init__(self) -> None:
        object.__setattr__(self, "state", MailInState(self.state))


# Made once: making a statement anew takes longer than running it.
_SOURCE = insert(mail_source)
_REST = insert(mail_rest)
_DECIDE = update(mail_in).where(mail_in.c.id == bindparam("_id"))
_NEW = (
    select(mail_in.c.id)
    .where(
        mail_in.c.id.in_(bindparam("ids", expanding=True)),
        mail_in.c.state == str(MailInState.NEW),
    )
    .order_by(mail_in.c.id)
    .with_for_update()
)
_LOCKED = (
    select(mail_in)
    .where(
        mail_in.c.id == bindparam("id"),
        mail_in.c.state.in_(bindparam("states", expanding=True)),
    )
    .with_for_update()
)


@dataclass(frozen=True, slots=True)
class Decision:
    """What became of one mail, and why; all that a row keeps of it."""

    mail_id: int
    state: MailInState
    why: str
    note: str
    sender: str
    subject: str
    case_number: int | None

    @property
    def values(self) -> dict[str, object]:
        """The columns it sets."""
        return {
            "_id": self.mail_id,
            "why": self.why,
            "note": self.note,
            "sender": self.sender,
            "subject": self.subject,
            "case_number": self.case_number,
        }


def take(conn: Connection, new: NewMailIn, now: datetime) -> int | None:
    """Store a mail and its source; None when this very mail is here already."""
    values = {
        "seen_key": new.seen_key,
        "message_id": new.message_id,
        "sha256": new.sha256,
        "size": new.size,
        "via": new.via,
        "sender": new.sender,
        "subject": new.subject,
        "state": str(new.state),
        "why": new.why,
        "note": new.note,
        "starts": 0,
        "received_at": now,
    }
    made = insert_once(conn, mail_in, values)
    if made is not None:
        conn.execute(_SOURCE, {"mail_id": made, "source": new.source})
    return made


def lease(conn: Connection, now: datetime, limit: int, suspect: int) -> tuple[MailIn, ...]:
    """Take mails that nobody is understanding; each counts as a start, so one that kills its
    worker is noticed. One with `suspect` starts or more is taken last and alone, since those that
    were only taken together with a deadly one have done nothing."""
    free = or_(mail_in.c.leased_until.is_(None), mail_in.c.leased_until <= now)
    due = (
        select(mail_in.c.id, mail_in.c.starts)
        .where(mail_in.c.state == str(MailInState.NEW), free)
        .order_by(mail_in.c.starts >= suspect, mail_in.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    found = conn.execute(due).all()
    ids = [row[0] for row in found if row[1] < suspect] or [row[0] for row in found[:1]]
    if not ids:
        return ()
    taken = {"leased_until": now + LEASE, "starts": mail_in.c.starts + 1}
    conn.execute(update(mail_in).where(mail_in.c.id.in_(ids)).values(taken))
    return rows.many(conn, MailIn, select(mail_in).where(mail_in.c.id.in_(ids)).order_by("id"))


def lock(conn: Connection, mail_id: int, *states: MailInState) -> MailIn | None:
    """Find a mail in one of these states and keep others from deciding on it."""
    return rows.one(conn, MailIn, _LOCKED, id=mail_id, states=[str(state) for state in states])


def lock_new(conn: Connection, mail_ids: Sequence[int]) -> set[int]:
    """Keep others from deciding on these mails; returns which of them are still to be decided."""
    return set(conn.execute(_NEW, {"ids": list(mail_ids)}).scalars())


def decide_all(conn: Connection, decisions: Sequence[Decision], now: datetime) -> None:
    """Write down what became of several mails, in one go."""
    if decisions:
        conn.execute(_DECIDE, [{**_decided(one.state, now), **one.values} for one in decisions])


def decide(
    conn: Connection,
    mail_id: int,
    state: MailInState,
    now: datetime,
    **values: str | int | None,
) -> None:
    """Write down what became of a mail; the values are columns, such as `why` or `sender`."""
    conn.execute(_DECIDE, {"_id": mail_id, **_decided(state, now), **values})


def _decided(state: MailInState, now: datetime) -> dict[str, object]:
    return {"state": str(state), "decided_at": now, "leased_until": None}


def by_id(conn: Connection, mail_id: int) -> MailIn | None:
    """Find one mail."""
    return rows.one(conn, MailIn, select(mail_in).where(mail_in.c.id == mail_id))


def source_of(conn: Connection, mail_id: int) -> bytes | None:
    """Return a mail as it came over the line; None once that was dropped."""
    query = select(mail_source.c.source).where(mail_source.c.mail_id == mail_id)
    found = conn.execute(query).scalar_one_or_none()
    return None if found is None else bytes(found)


def sources_of(conn: Connection, mails: tuple[MailIn, ...]) -> dict[int, bytes]:
    """Return the sources of several mails by their ids."""
    ids = [mail.id for mail in mails]
    query = select(mail_source.c.mail_id, mail_source.c.source)
    found = conn.execute(query.where(mail_source.c.mail_id.in_(ids)))
    return {row[0]: bytes(row[1]) for row in found}


def page(
    conn: Connection, states: tuple[MailInState, ...], *, offset: int, limit: int
) -> tuple[MailIn, ...]:
    """Return mails in these states, the newest first."""
    query = select(mail_in).where(mail_in.c.state.in_([str(state) for state in states]))
    return rows.many(conn, MailIn, query.order_by(mail_in.c.id.desc()).offset(offset).limit(limit))


def counts(conn: Connection) -> dict[MailInState, int]:
    """Count the mails by state."""
    query = select(mail_in.c.state, func.count()).group_by(mail_in.c.state)
    found = dict.fromkeys(MailInState, 0)
    found.update({MailInState(row[0]): row[1] for row in conn.execute(query)})
    return found


def note_rest(conn: Connection, message_id: int, mail_id: int, rest: str) -> None:
    """Keep what a message repeated below its own words, and the mail it came from."""
    values = {"message_id": message_id, "mail_id": mail_id, "rest": rest}
    conn.execute(_REST, values)


def purge_sources(conn: Connection, before: datetime) -> int:
    """Drop the sources of mails that came to nothing and were decided before; returns how many."""
    nothing = [str(one) for one in (MailInState.FILED, MailInState.DISCARDED, MailInState.ANSWERED)]
    old = select(mail_in.c.id).where(mail_in.c.state.in_(nothing), mail_in.c.decided_at < before)
    return conn.execute(mail_source.delete().where(mail_source.c.mail_id.in_(old))).rowcount
