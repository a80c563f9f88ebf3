"""Pictures on their way into an article: taken, shown before they are saved, and brought to the
commit. Until then they lie with the attachments under their hash; a signed ticket names each."""

import io
from collections.abc import Iterable
from dataclasses import dataclass

from flask import current_app, url_for
from flask_login import current_user
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.datastructures import FileStorage

from kb.actions.limits import count_within
from kb.content.pictures import MOST_BYTES, PictureFlaw, drawn_anew
from kb.pages.attached import file_store
from kb.pages.editor.words import flaw_words
from kb.pages.frame import now, wiring
from kb.pages.texts import gettext as _
from kb.rules.uploads import FILES_BY_ACCOUNT, HEAD_BYTES, display_name

MOST_PICTURES = 20  # of one save


@dataclass(frozen=True, slots=True)
class KeptPicture:
    """A picture that was taken: its name in the article's folder, and where it lies."""

    name: str
    sha256: str

    @property
    def ticket(self) -> str:
        """What a form brings it back with."""
        signed = _tickets().dumps([current_user.id, self.name, self.sha256])
        return signed.decode() if isinstance(signed, bytes) else signed

    @property
    def url(self) -> str:
        """Where the agent who sent it sees it."""
        return url_for("editor.picture", ticket=self.ticket)


def take_picture(sent: FileStorage) -> KeptPicture | str:
    """Take one picture in; or say why not."""
    name = display_name(sent.filename or "")
    with wiring().db.write() as conn:
        if not count_within(conn, f"files:{current_user.id}", FILES_BY_ACCOUNT, now()):
            return _("These were many files within an hour. Try again later.")
    made = drawn_anew(name, sent.stream.read(MOST_BYTES + 1))
    sent.close()
    if isinstance(made, PictureFlaw):
        return flaw_words(name, made)
    files = file_store()
    with files.write(io.BytesIO(made.content), MOST_BYTES, HEAD_BYTES) as written:
        files.keep(written)
        return KeptPicture(made.name, written.sha256)


def read_ticket(ticket: str) -> KeptPicture | None:
    """Return the picture of a ticket; None for one that is not of this agent."""
    try:
        user_id, name, sha256 = _tickets().loads(ticket)
    except (BadSignature, ValueError):
        return None
    return KeptPicture(name, sha256) if user_id == current_user.id else None


def kept_pictures(tickets: Iterable[str]) -> tuple[KeptPicture, ...]:
    """Return the pictures that a form brings and that are still there, each once."""
    found = (read_ticket(one) for one in list(tickets)[: 2 * MOST_PICTURES])
    kept = dict.fromkeys(one for one in found if one and file_store().touch(one.sha256))
    return tuple(kept)[:MOST_PICTURES]


def content_of(picture: KeptPicture) -> bytes:
    """Return a kept picture; b'' when it was swept meanwhile."""
    path = file_store().path(picture.sha256)
    return path.read_bytes() if path.is_file() else b""


def _tickets() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="article-picture")
