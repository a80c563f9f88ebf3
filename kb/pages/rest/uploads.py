"""Files by program: sent first, each by itself; the words they go with then name them (R43)."""

from collections.abc import Sequence
from dataclasses import astuple
from typing import IO, Annotated

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer
from pydantic import Field

from kb.actions.api_tokens import Client
from kb.actions.attachments import RefusedFile, Sent, receive
from kb.pages.attached import file_store
from kb.pages.frame import now, wiring
from kb.pages.problem_details import ProblemError
from kb.pages.rest.cases import TAG
from kb.pages.rest.operations import operation
from kb.pages.shapes import Shape, Told
from kb.rules.api_access import Scope
from kb.rules.uploads import CASE_BYTES, FILE_BYTES, MESSAGE_FILES, NAME_LENGTH, UploadFlaw
from kb.store.attachments import NewAttachment

_MIB = 1024 * 1024
_HOUR = 3600  # seconds
_WHY = {
    UploadFlaw.KIND: "it is none of the kinds we take: pictures, PDF, text, ZIP or GZ",
    UploadFlaw.EMPTY: "it is empty",
    UploadFlaw.TOO_LARGE: f"it is larger than {FILE_BYTES // _MIB} MB",
    UploadFlaw.TOO_MANY: f"a message takes {MESSAGE_FILES} files",
    UploadFlaw.CASE_FULL: f"a case takes {CASE_BYTES // _MIB} MB of files in all",
    UploadFlaw.GONE: "it was sent too long ago and went with no message; send it again",
    UploadFlaw.TOO_OFTEN: "these were many files within an hour",
}


class UploadQuery(Shape):
    """The name that the file has over there; one that is safe to show is made of it."""

    name: Annotated[str, Field(min_length=1, max_length=2 * NAME_LENGTH)]


class Uploaded(Told):
    """A file that was taken; its `ticket` goes into `files` of the words it belongs to, within a
    day."""

    ticket: str
    name: str
    media_type: str
    size: int
    sha256: str


@operation(
    "POST",
    "/uploads",
    "Send a file",
    tag=TAG,
    scope=Scope.CASES_WRITE,
    or_scope=Scope.NOTES_WRITE,
    answer=Uploaded,
    status=201,
    query=UploadQuery,
    takes_file=True,
)
def send_file(client: Client, query: UploadQuery, file: IO[bytes]) -> Uploaded:
    """Send a file, by itself, before the words it goes with: a new case, a reply or a note then
    names its `ticket`. Kind, size and number are those of the site's forms; the kind is told by
    the content. With `cases:write` or `notes:write`. The same file may be sent again."""
    received = receive(
        wiring().db, file_store(), [Sent(query.name, file)], user_id=client.user.id, now=now()
    )
    for refused in received.refused:
        raise _refusal(refused, "body")
    (kept,) = received.kept
    return Uploaded(
        ticket=_tickets().dumps([client.user.id, *astuple(kept)]),
        name=kept.name,
        media_type=kept.media_type,
        size=kept.size,
        sha256=kept.sha256,
    )


def files_of(
    client: Client, tickets: Sequence[str], form: str | None, number: int | None = None
) -> tuple[NewAttachment, ...]:
    """Return the files that go with words; raises ProblemError where one cannot, with its place.
    `form` is the words' own key: said again, their files are counted once."""
    named = [_file(client, ticket, place) for place, ticket in enumerate(tickets)]
    if not named:
        return ()
    received = receive(
        wiring().db,
        file_store(),
        (),
        named,
        user_id=client.user.id,
        now=now(),
        number=number,
        submission_id=form,
    )
    for refused in received.refused:
        place = next(at for at, one in enumerate(named) if one.name == refused.name)
        raise _refusal(refused, f"files.{place}")
    return received.kept


def _file(client: Client, ticket: str, place: int) -> NewAttachment:
    """Read a ticket; somebody else's opens nothing, like one that is none."""
    try:
        user_id, *file = _tickets().loads(ticket)
    except BadSignature:
        user_id, file = None, []
    if user_id != client.user.id:
        at, what = f"files.{place}", "this is no ticket of a file that you sent"
        raise ProblemError(409, "file", f"{at}: {what}.", errors=[{"at": at, "what": what}])
    return NewAttachment(*file)


def _refusal(refused: RefusedFile, at: str) -> ProblemError:
    """422 for a file without content, which the document asks for; 429 for too many; else 409."""
    what = _WHY[refused.flaw]
    said = f"“{refused.name}” is not taken: {what}."
    errors = [{"at": at, "what": what}]
    if refused.flaw is UploadFlaw.TOO_OFTEN:
        return ProblemError(429, "too-many", said, {"Retry-After": str(_HOUR)}, errors=errors)
    status = 422 if refused.flaw is UploadFlaw.EMPTY else 409
    return ProblemError(status, "file", said, errors=errors, flaw=str(refused.flaw))


def _tickets() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="api-file")
