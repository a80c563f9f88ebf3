"""The rows of attached files; their content is in `file_store.py`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Select, func, insert, or_, select, update

from kb.rules.cases import MessageKind
from kb.store import rows
from kb.store.tables import attachment, case_message


@dataclass(frozen=True, slots=True)
class NewAttachment:
    """A file whose content is stored and whose name is safe to show; size in bytes."""

    name: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a message of a case."""

    id: int
    case_number: int
    message_id: int
    uploader_id: int | None
    name: str
    media_type: str
    size: int
    sha256: str
    at: datetime
    scanned_at: datetime | None
    virus: str | None


def add(
    conn: Connection,
    number: int,
    message_id: int,
    uploader_id: int | None,
    files: Sequence[NewAttachment],
    now: datetime,
) -> None:
    """Attach files to a message, in this order."""
    for file in files:
        values = {
            "case_number": number,
            "message_id": message_id,
            "uploader_id": uploader_id,
            "name": file.name,
            "media_type": file.media_type,
            "size": file.size,
            "sha256": file.sha256,
            "at": now,
        }
        conn.execute(insert(attachment).values(values))


def of_case(
    conn: Connection, number: int, kinds: Sequence[MessageKind] = tuple(MessageKind)
) -> tuple[Attachment, ...]:
    """Return the files of a case on messages of these kinds, in order."""
    return rows.many(conn, Attachment, _of_kinds(number, kinds).order_by(attachment.c.id))


def names_by_message(conn: Connection, number: int) -> dict[int, list[str]]:
    """Return the names of a case's files by message, in order."""
    found: dict[int, list[str]] = {}
    for one in of_case(conn, number):
        found.setdefault(one.message_id, []).append(one.name)
    return found


def one_of_case(
    conn: Connection, number: int, id_: int, kinds: Sequence[MessageKind] = tuple(MessageKind)
) -> Attachment | None:
    """Return one file of a case, if it is on a message of these kinds."""
    return rows.one(conn, Attachment, _of_kinds(number, kinds).where(attachment.c.id == id_))


def bytes_of(conn: Connection, number: int, *, besides: str | None = None) -> int:
    """Sum up the files of a case, leaving out those of the form with the id `besides`."""
    said = case_message.c.submission_id
    query = (
        select(func.coalesce(func.sum(attachment.c.size), 0))
        .join(case_message, case_message.c.id == attachment.c.message_id)
        .where(attachment.c.case_number == number, or_(said.is_(None), said != (besides or "")))
    )
    return rows.number_of(conn, query)


def named(conn: Connection, hashes: Iterable[str]) -> frozenset[str]:
    """Return those of the hashes that a file of some case has; one with a virus is not kept."""
    query = select(attachment.c.sha256).where(
        attachment.c.sha256.in_(list(hashes)), attachment.c.virus.is_(None)
    )
    return frozenset(conn.execute(query.distinct()).scalars())


def unscanned(conn: Connection, limit: int) -> tuple[str, ...]:
    """Return the hashes of files that no virus scanner has seen, the oldest first."""
    query = (
        select(attachment.c.sha256)
        .where(attachment.c.scanned_at.is_(None))
        .group_by(attachment.c.sha256)
        .order_by(func.min(attachment.c.id))
        .limit(limit)
    )
    return tuple(conn.execute(query).scalars())


def scanned(
    conn: Connection, sha256: str, virus: str | None, now: datetime
) -> tuple[Attachment, ...]:
    """Note what the scanner said of a content; returns the files it is in and was new to."""
    new = (attachment.c.sha256 == sha256) & attachment.c.scanned_at.is_(None)
    found = rows.many(conn, Attachment, select(attachment).where(new).order_by(attachment.c.id))
    conn.execute(update(attachment).where(new).values(scanned_at=now, virus=virus))
    return found


def _of_kinds(number: int, kinds: Sequence[MessageKind]) -> Select[tuple[object, ...]]:
    return (
        select(attachment)
        .join(case_message, case_message.c.id == attachment.c.message_id)
        .where(
            attachment.c.case_number == number,
            case_message.c.kind.in_([str(kind) for kind in kinds]),
        )
    )
