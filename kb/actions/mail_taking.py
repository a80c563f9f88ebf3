"""Taking mail in: the raw source is stored first, exactly once, whatever it is (R49)."""

from collections.abc import Sequence
from datetime import datetime

from kb.mail.identity import identity
from kb.mail.incoming import read_mail
from kb.rules.mail_limits import MAIL_BYTES
from kb.rules.mail_threading import Why
from kb.store import Database, mail_in
from kb.store.mail_in import MailInState, NewMailIn


class TooLarge(Exception):
    """The mail is larger than is taken; its sender should be told by the server that has it."""


def take_mail(db: Database, raw: bytes, via: str, now: datetime) -> bool:
    """Store a mail as it came; False when it is here already. Raises TooLarge."""
    if len(raw) > MAIL_BYTES:
        raise TooLarge(f"the mail is larger than {MAIL_BYTES // 1024 // 1024} MB")
    return _store(db, raw, via, now, MailInState.NEW)


def take_mails(db: Database, raws: Sequence[bytes], via: str, now: datetime) -> int:
    """Store several mails at once, all or none; returns how many were not here already."""
    news = [_new(raw, via, MailInState.NEW) for raw in raws]
    with db.write() as conn:
        return sum(mail_in.take(conn, new, now) is not None for new in news)


def take_head(db: Database, head: bytes, size: int, via: str, now: datetime) -> bool:
    """Store the header lines of a mail too large to be taken; it is held, so an agent sees it."""
    return _store(db, head, via, now, MailInState.HELD, size)


def _store(
    db: Database, raw: bytes, via: str, now: datetime, state: MailInState, size: int | None = None
) -> bool:
    new = _new(raw, via, state, size)
    with db.write() as conn:
        return mail_in.take(conn, new, now) is not None


def _new(raw: bytes, via: str, state: MailInState, size: int | None = None) -> NewMailIn:
    mail = identity(raw)
    held = read_mail(raw) if state is MailInState.HELD else None
    return NewMailIn(
        seen_key=mail.seen_key,
        message_id=mail.message_id,
        sha256=mail.sha256,
        size=len(raw) if size is None else size,
        via=via,
        source=raw,
        state=state,
        why=str(Why.TOO_LARGE) if held else "",
        sender=held.sender if held else "",
        subject=held.subject if held else "",
    )
