"""Files with a form: taken in, kept for its next try, told about; and their download (R43)."""

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import Any

from flask import abort, current_app, request, send_file, url_for
from flask_login import current_user
from flask_wtf.file import MultipleFileField
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response

from kb.actions.attachments import RefusedFile, Sent, receive
from kb.pages.formats import show_size
from kb.pages.frame import now, wiring
from kb.pages.texts import gettext as _
from kb.rules.uploads import CASE_BYTES, FILE_BYTES, MESSAGE_FILES, UploadFlaw, words_for
from kb.store import thumbnails
from kb.store.attachments import Attachment, NewAttachment
from kb.store.file_store import FileStore

_KEPT = "-kept"
_PRIVATE = "default-src 'none'; sandbox"


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that was taken with a form that came back; the ticket brings it again."""

    ticket: str
    name: str
    size: str


@dataclass(frozen=True, slots=True)
class ShownFile:
    """A file of a message as the page shows it; `held` says why it is not given out."""

    name: str
    size: str
    url: str = ""
    small_url: str = ""
    held: str = ""
    waits: bool = False  # held for now only
    message: int = 0


class FilesField(MultipleFileField):  # type: ignore[misc]  # flask_wtf is untyped
    """A choice of files; `kept` are those that need not be chosen again, `needed` is the
    sentence shown when there is none."""

    kept: tuple[KeptFile, ...] = ()

    def __init__(self, label: Any, needed: str = "", **options: Any) -> None:
        super().__init__(label, **options)
        self.needed = needed
        if needed:
            self.flags.required = True

    @property
    def kept_name(self) -> str:
        """The name under which the tickets of kept files are sent."""
        return f"{self.name}{_KEPT}"

    @property
    def brings_any(self) -> bool:
        """Whether files came with the form, chosen now or before."""
        return bool(self.data or request.form.getlist(self.kept_name))


def take_files(
    field: FilesField | None, submission_id: str, number: int | None = None
) -> tuple[NewAttachment, ...] | None:
    """Take in the files of a form that was sent. None when one was refused: then the field says
    which and why, and keeps the others for the next try, whatever else the form lacks."""
    if field is None or not (field.needed or field.brings_any):
        return ()
    received = receive(
        wiring().db,
        file_store(),
        [Sent(one.filename or "", one.stream) for one in field.data or ()],
        _kept(field, submission_id),
        user_id=current_user.id,
        number=number,
        submission_id=submission_id,
        now=now(),
    )
    for one in field.data or ():
        one.close()  # large ones lie in temporary files
    field.kept = tuple(
        KeptFile(_ticket(file, submission_id), file.name, show_size(file.size))
        for file in received.kept
    )
    wrong = [_refusal(one) for one in received.refused]
    if not wrong and not received.kept and field.needed:
        wrong = [str(field.needed)]  # lazy texts cannot be joined
    if wrong:
        field.errors = [*field.errors, " ".join(wrong)]
        return None
    return received.kept


def file_limits() -> str:
    """Say what may be attached."""
    return _(
        "At most %(num)s files of %(size)s each: pictures, PDF, text, ZIP or GZ.",
        num=MESSAGE_FILES,
        size=show_size(FILE_BYTES),
    )


def is_ticket(name: str) -> bool:
    """Tell whether a field of a form is the ticket of a kept file: nothing that anybody typed."""
    return name.endswith(_KEPT)


def say_full(field: FilesField) -> None:
    """Say beside a field that the case takes no more."""
    text = _(
        "These files do not fit any more: a case takes %(size)s of files in all.",
        size=show_size(CASE_BYTES),
    )
    field.errors = [text]


def listed(files: Mapping[int, Sequence[Attachment]], feature: str) -> dict[int, list[ShownFile]]:
    """Return the files by message, for the macro `files`; `feature` (“cases”, “desk”) has the
    views `file` and `thumbnail` that give them out."""
    return {message: [_shown(file, feature) for file in some] for message, some in files.items()}


def beside_files(body: str, files: Sequence[ShownFile] | None) -> str:
    """Return the words to show above files: none where they only say the names again."""
    return "" if files and body == words_for(one.name for one in files) else body


def _shown(file: Attachment, feature: str) -> ShownFile:
    size = show_size(file.size)
    if held := held_words(file):
        waits = file.virus is None
        return ShownFile(file.name, size, held=held, waits=waits, message=file.message_id)
    where: dict[str, Any] = {"number": file.case_number, "id_": file.id}
    pictured = file.media_type in thumbnails.KINDS
    small_url = url_for(f"{feature}.thumbnail", **where) if pictured else ""
    return ShownFile(
        file.name, size, url_for(f"{feature}.file", **where, name=file.name), small_url
    )


def held_words(file: Attachment) -> str:
    """Say why a file is not given out now; nothing when it is."""
    if file.virus is not None:
        return _("not given out: a virus was found in it")
    return _("being checked for viruses") if is_held(file) else ""


def is_held(file: Attachment) -> bool:
    """With a scanner, what it has not seen is given to nobody; what it found something in never."""
    waits = wiring().settings.clamd is not None and file.scanned_at is None
    return waits or file.virus is not None


def download(file: Attachment | None, name: str) -> Response:
    """Answer with a file to be saved, never to be shown or run by the browser; 404 without one."""
    if file is None or file.name != name or is_held(file):
        abort(404)
    path = file_store().path(file.sha256)
    if not path.is_file():
        current_app.logger.error("attachment %s: %s is missing", file.id, path)
        abort(404)
    answer = send_file(
        path, file.media_type, as_attachment=True, download_name=file.name, etag=file.sha256
    )
    answer.headers["Cache-Control"] = "private, no-store"
    return _private(answer)


def small(file: Attachment | None) -> Response:
    """Answer with the small picture of an image, drawn anew; 404 without one."""
    if file is None or is_held(file):
        abort(404)
    path = thumbnails.thumbnail(file_store(), file.sha256, file.media_type)
    if path is None:
        abort(404)
    answer = send_file(path, thumbnails.MEDIA_TYPE, etag=f"small-{file.sha256}")
    answer.headers["Cache-Control"] = "private, max-age=3600"
    return _private(answer)


def _private(answer: Response) -> Response:
    answer.headers["Content-Security-Policy"] = _PRIVATE
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def file_store() -> FileStore:
    """Return where the content of files lies."""
    return FileStore(wiring().settings.var / "attachments")


def _tickets() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="kept-file")


def _ticket(file: NewAttachment, submission_id: str) -> str:
    """Sign a file for this person and this very form."""
    signed = _tickets().dumps([current_user.id, submission_id, *astuple(file)])
    return signed.decode() if isinstance(signed, bytes) else signed


def _kept(field: FilesField, submission_id: str) -> list[NewAttachment]:
    """Read the tickets a form brings; one that is not of this form counts as none."""
    found = []
    for ticket in request.form.getlist(field.kept_name)[: 2 * MESSAGE_FILES]:
        try:
            user_id, form, *file = _tickets().loads(ticket)
        except BadSignature:
            continue
        if (user_id, form) == (current_user.id, submission_id):
            found.append(NewAttachment(*file))
    return found


def _refusal(refused: RefusedFile) -> str:
    """Say which file is refused, why, and what would be taken."""
    texts = {
        UploadFlaw.KIND: _(
            "“%(name)s” is not a kind of file we take; send it as a picture, PDF, text, ZIP or GZ."
        ),
        UploadFlaw.EMPTY: _("“%(name)s” is empty."),
        UploadFlaw.TOO_LARGE: _("“%(name)s” is larger than %(size)s."),
        UploadFlaw.TOO_MANY: _("“%(name)s” is one too many: a message takes %(num)s files."),
        UploadFlaw.CASE_FULL: _(
            "“%(name)s” does not fit any more: a case takes %(case)s of files in all."
        ),
        UploadFlaw.GONE: _("“%(name)s” was chosen too long ago; choose it again."),
        UploadFlaw.TOO_OFTEN: _(
            "“%(name)s” was not taken: these were many files within an hour. Try again later."
        ),
    }
    sizes = {"size": show_size(FILE_BYTES), "case": show_size(CASE_BYTES)}
    return texts[refused.flaw] % {"name": refused.name, "num": MESSAGE_FILES, **sizes}
