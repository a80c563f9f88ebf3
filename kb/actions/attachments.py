"""Taking files in before they belong to a case: checked, and stored under their hash (R43)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO

from filetype import guess_mime

from kb.actions.limits import count_within
from kb.rules.uploads import (
    CASE_BYTES,
    FILE_BYTES,
    FILES_BY_ACCOUNT,
    HEAD_BYTES,
    MESSAGE_FILES,
    UploadFlaw,
    display_name,
    flaw,
    media_type,
)
from kb.store import Database, attachments
from kb.store.attachments import NewAttachment
from kb.store.file_store import FileStore


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it was sent: the name it has over there, and its content."""

    name: str
    stream: IO[bytes]


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """A file that was not taken; the name is safe to show."""

    name: str
    flaw: UploadFlaw


@dataclass(frozen=True, slots=True)
class Received:
    """The files that may be attached now, those kept from before first, and those refused."""

    kept: tuple[NewAttachment, ...]
    refused: tuple[RefusedFile, ...]


def receive(
    db: Database,
    files: FileStore,
    sent: Sequence[Sent],
    kept: Sequence[NewAttachment] = (),
    *,
    user_id: int,
    now: datetime,
    number: int | None = None,
    submission_id: str | None = None,
) -> Received:
    """Store what may be taken and say what may not and why.

    `kept` are files taken earlier for this very form; `number` names the case it answers, if
    there is one. What is never attached is swept after a day; so that nobody fills the disk until
    then, an account may send only so many files in an hour."""
    taken: list[NewAttachment] = []
    refused: list[RefusedFile] = []
    room = _room(db, number, submission_id)
    for old in kept:
        wrong = None if files.touch(old.sha256) else UploadFlaw.GONE
        wrong = wrong or flaw(old.size, old.media_type, before=len(taken), room=room - _sum(taken))
        _sort(old, wrong, taken, refused)
    for file in sent:
        if len(taken) >= MESSAGE_FILES:
            refused.append(RefusedFile(display_name(file.name), UploadFlaw.TOO_MANY))
        elif not _counted(db, user_id, now):
            refused.append(RefusedFile(display_name(file.name), UploadFlaw.TOO_OFTEN))
        else:
            new, wrong = _store(files, file, len(taken), room - _sum(taken))
            _sort(new, wrong, taken, refused)
    return Received(tuple(taken), tuple(refused))


def _counted(db: Database, user_id: int, now: datetime) -> bool:
    with db.write() as conn:
        return count_within(conn, f"files:{user_id}", FILES_BY_ACCOUNT, now)


def _room(db: Database, number: int | None, submission_id: str | None) -> int:
    if number is None:
        return CASE_BYTES
    with db.read() as conn:
        return CASE_BYTES - attachments.bytes_of(conn, number, besides=submission_id)


def _sum(files: Sequence[NewAttachment]) -> int:
    return sum(file.size for file in files)


def _sort(
    file: NewAttachment,
    wrong: UploadFlaw | None,
    taken: list[NewAttachment],
    refused: list[RefusedFile],
) -> None:
    """Put a file where it belongs; one chosen twice counts once."""
    if wrong is not None:
        refused.append(RefusedFile(file.name, wrong))
    elif file not in taken:
        taken.append(file)


def _store(
    files: FileStore, sent: Sent, before: int, room: int
) -> tuple[NewAttachment, UploadFlaw | None]:
    """Write one file and keep it if nothing is wrong with it."""
    with files.write(sent.stream, FILE_BYTES, HEAD_BYTES) as written:
        kind = media_type(written.head, guess_mime(written.head))
        wrong = flaw(written.size, kind, before=before, room=room)
        name = display_name(sent.name, None if wrong else kind)
        if wrong is None:
            files.keep(written)
        return NewAttachment(name, kind or "", written.size, written.sha256), wrong
