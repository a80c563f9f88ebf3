"""What happened in a case: messages, events and the walk before it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, or_, select

from kb.rules.cases import Actor, MessageKind
from kb.rules.webhooks import of_change, of_message
from kb.store import case_search, rows, webhook_outbox
from kb.store.database import insert_once
from kb.store.mail_tables import mail_rest
from kb.store.tables import case_message, user
from kb.store.walk_tables import wizard_walk


@dataclass(frozen=True, slots=True)
class Message:
    """One line of a case's story; an event tells in `event` what changed from what to what, and
    `rest` is what a mail repeated below its sender's own words."""

    id: int
    case_number: int
    kind: MessageKind
    actor: Actor
    author_id: int | None
    author_name: str
    body: str
    event: Mapping[str, Any] | None
    at: datetime
    rest: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", MessageKind(self.kind))
        object.__setattr__(self, "actor", Actor(self.actor))


@dataclass(frozen=True, slots=True)
class StoredWalk:
    """A walk through a tree as it was answered; the trail is a list of question and answer."""

    id: int
    case_number: int | None
    tree: str
    lang: str
    outcome: str
    trail: Sequence[Mapping[str, str]]
    at: datetime
    walk: str | None = None
    revision: str | None = None


_RECORD = insert(case_message)
_LAST = select(func.max(case_message.c.id)).where(
    case_message.c.case_number == bindparam("number"), case_message.c.kind == bindparam("kind")
)


def say(
    conn: Connection,
    number: int,
    kind: MessageKind,
    actor: Actor,
    author_id: int | None,
    body: str,
    now: datetime,
    submission_id: str | None = None,
    *,
    is_first: bool = False,
) -> int | None:
    """Add a reply or note; None when this very form added it already. By the words of the first
    message its case is found since it was made."""
    values = {
        "case_number": number,
        "kind": str(kind),
        "actor": str(actor),
        "author_id": author_id,
        "body": body,
        "submission_id": submission_id,
        "at": now,
    }
    said = insert_once(conn, case_message, values)
    if said is not None and not is_first:
        case_search.add(conn, number, body)
        webhook_outbox.tell(conn, of_message(kind), number, actor, {}, now)
    return said


def record(
    conn: Connection,
    number: int,
    actor: Actor,
    author_id: int | None,
    event: Mapping[str, Any],
    now: datetime,
) -> None:
    """Add an event: who changed what, before and after (R49)."""
    values = {
        "case_number": number,
        "kind": str(MessageKind.EVENT),
        "actor": str(actor),
        "author_id": author_id,
        "body": "",
        "event": dict(event),
        "at": now,
    }
    conn.execute(_RECORD, values)
    if told := of_change(event):  # here, so that no way of changing a case can forget it
        webhook_outbox.tell(conn, told[0], number, actor, told[1], now)


def messages_of(
    conn: Connection, number: int, kinds: Sequence[MessageKind] = tuple(MessageKind)
) -> tuple[Message, ...]:
    """Return the story of a case in order, with the authors' names."""
    asked = {"number": number, "kinds": [str(kind) for kind in kinds]}
    return tuple(
        Message(**{**row, "author_name": row["author_name"] or ""})
        for row in conn.execute(_STORY, asked).mappings()
    )


_STORY = (
    select(
        case_message.c.id,
        case_message.c.case_number,
        case_message.c.kind,
        case_message.c.actor,
        case_message.c.author_id,
        (user.c.first_name + " " + user.c.last_name).label("author_name"),
        case_message.c.body,
        case_message.c.event,
        case_message.c.at,
        func.coalesce(mail_rest.c.rest, "").label("rest"),
    )
    .join(user, user.c.id == case_message.c.author_id, isouter=True)
    .join(mail_rest, mail_rest.c.message_id == case_message.c.id, isouter=True)
    .where(
        case_message.c.case_number == bindparam("number"),
        case_message.c.kind.in_(bindparam("kinds", expanding=True)),
    )
    .order_by(case_message.c.at, case_message.c.id)
)


def last_of(conn: Connection, number: int, kind: MessageKind) -> int | None:
    """Return the id of the newest message of a kind; of a locked case it is the one just added."""
    return conn.execute(_LAST, {"number": number, "kind": str(kind)}).scalar_one_or_none()


def has_spoken_since(conn: Connection, number: int, seen: int, besides: int | None) -> bool:
    """Tell whether anybody but one account has replied in a case after the message `seen`."""
    by_others = or_(case_message.c.author_id.is_(None), case_message.c.author_id != besides)
    found = select(case_message.c.id).where(
        case_message.c.case_number == number,
        case_message.c.kind == str(MessageKind.REPLY),
        case_message.c.id > seen,
        by_others,
    )
    return conn.execute(found.limit(1)).first() is not None


def add_walk(
    conn: Connection,
    *,
    tree: str,
    lang: str,
    outcome: str,
    trail: Sequence[Mapping[str, str]],
    now: datetime,
    case_number: int | None = None,
    walk: str | None = None,
    revision: str | None = None,
) -> None:
    """Keep a walk through a tree, of a case or of nobody; `walk` is the id of its answers in the
    figures, where they were counted, and `revision` the state of the tree whose words the trail
    has."""
    values = {
        "case_number": case_number,
        "tree": tree,
        "lang": lang,
        "outcome": outcome,
        "trail": [dict(step) for step in trail],
        "at": now,
        "walk": walk,
        "revision": revision,
    }
    conn.execute(insert(wizard_walk).values(values))


def walk_of(conn: Connection, number: int) -> StoredWalk | None:
    """Return the walk that led to a case, if one did."""
    query = select(wizard_walk).where(wizard_walk.c.case_number == number)
    return rows.one(conn, StoredWalk, query.order_by(wizard_walk.c.id))
