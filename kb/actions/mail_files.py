"""The files of a mail: checked like those of a form, stored before the case names them (R43)."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from filetype import guess_mime

from kb.mail.mime import MailFile
from kb.rules.mail_limits import MAIL_FILES
from kb.rules.uploads import CASE_BYTES, FILE_BYTES, HEAD_BYTES, display_name, flaw, media_type
from kb.store.attachments import NewAttachment
from kb.store.file_store import FileStore

TNEF = "application/ms-tnef"
_TNEF_START = b"\x78\x9f\x3e\x22"


@dataclass(frozen=True, slots=True)
class MailFiles:
    """What goes with the message, and the names of what does not; the source has all of it."""

    taken: tuple[NewAttachment, ...]
    left_out: tuple[str, ...]


def store_files(files: FileStore, sent: Sequence[MailFile], left_out: Sequence[str]) -> MailFiles:
    """Store the files of a mail that may be taken, up to a case's size."""
    taken: list[NewAttachment] = []
    refused = [display_name(name) for name in left_out]
    for file in sent[:MAIL_FILES]:
        kind = _kind(file.content[:HEAD_BYTES])
        size = len(file.content)
        room = CASE_BYTES - sum(one.size for one in taken)
        if size > FILE_BYTES or flaw(size, kind, before=0, room=room) is not None:
            refused.append(display_name(file.name))
            continue
        with files.write(BytesIO(file.content), FILE_BYTES, HEAD_BYTES) as written:
            files.keep(written)
        name = display_name(file.name, None if kind == TNEF else kind)
        new = NewAttachment(name, kind or "", size, written.sha256)
        if new not in taken:
            taken.append(new)
    return MailFiles(tuple(taken), tuple(refused))


def _kind(head: bytes) -> str | None:
    """What a file is by its content; what Outlook wraps its mails in stays as it is."""
    if head.startswith(_TNEF_START):
        return TNEF
    return media_type(head, guess_mime(head))
