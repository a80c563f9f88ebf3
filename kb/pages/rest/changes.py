"""What programs change: they open cases, speak in them, and bring them on."""

from collections.abc import Sequence

from kb.actions import api_cases as actions
from kb.actions.api_cases import Change, Refused
from kb.actions.api_tokens import Client
from kb.actions.article_uses import note_articles
from kb.actions.case_steps import Answer, form_id
from kb.actions.cases import reply
from kb.actions.note_notices import add_note_and_tell
from kb.pages.frame import letters, live, now, wiring
from kb.pages.problem_details import ProblemError
from kb.pages.rest import case_shapes as shapes
from kb.pages.rest.cases import NUMBER, TAG, case_shape, no_case
from kb.pages.rest.operations import Answered, operation
from kb.pages.rest.uploads import files_of
from kb.rules.api_access import Scope
from kb.store.attachments import NewAttachment

_WHY = {
    Answer.CLOSED: ("closed", "This case takes no more words: it is closed."),
    Answer.EMPTY: ("empty", "There is nothing in it."),
    Answer.NOT_ALLOWED: ("not-allowed", "A case in this state does not allow that."),
    Answer.FILES_TOO_LARGE: ("full", "This case takes no more files."),
}


@operation(
    "POST",
    f"/cases/{NUMBER}/replies",
    "Reply",
    tag=TAG,
    scope=Scope.CASES_WRITE,
    answer=shapes.Said,
    status=201,
    body=shapes.NewReply,
    key="optional",
)
def add_reply(
    client: Client, number: int, body: shapes.NewReply, key: str | None
) -> shapes.Said | Answered:
    """Say something to the other side; an agent's reply is mailed to the requester. With an
    Idempotency-Key a reply that is sent twice is said once."""
    if body.wait and not client.is_agent:
        raise ProblemError(403, "agents-only", "“wait” is for agents.")
    form = _form(client, key)
    answer = reply(
        wiring().db,
        live().site.policy,
        letters(),
        actions.who(client),
        number,
        body.body,
        submission_id=form,
        now=now(),
        wait=body.wait,
        files=_files(client, number, body.files, form),
    )
    if answer is Answer.DONE and client.is_agent:
        note_articles(wiring().db, wiring().settings.base_url, number, body.body, now())
    return _said(number, answer)


@operation(
    "POST",
    f"/cases/{NUMBER}/notes",
    "Add an internal note",
    tag=TAG,
    scope=Scope.NOTES_WRITE,
    answer=shapes.Said,
    status=201,
    body=shapes.NewNote,
    key="optional",
)
def add_note(
    client: Client, number: int, body: shapes.NewNote, key: str | None
) -> shapes.Said | Answered:
    """Write what only agents read; colleagues that it mentions are told."""
    form = _form(client, key)
    answer = add_note_and_tell(
        wiring().db,
        letters(),
        actions.who(client),
        number,
        body.body,
        submission_id=form,
        now=now(),
        files=_files(client, number, body.files, form),
    )
    return _said(number, answer)


@operation(
    "PATCH",
    f"/cases/{NUMBER}",
    "Change a case",
    tag=TAG,
    scope=Scope.CASES_WRITE,
    answer=shapes.Case,
    body=shapes.CaseChange,
)
def change_case(client: Client, number: int, body: shapes.CaseChange) -> Answered:
    """Set state, severity (with a reason), assignee and tags by the rules of the desk: all that
    is sent, or nothing. `version` is that of the case as it was read; 409 when it is another by
    now. `assignee` null gives the case back to the queue."""
    wanted = Change(
        version=body.version,
        state=body.state,
        severity=body.severity,
        reason=body.reason,
        assign="assignee" in body.model_fields_set,
        assignee_id=body.assignee,
        tags=body.tags,
    )
    try:
        version = actions.change_case(
            wiring().db, live().site.policy, letters(), client, number, wanted, now()
        )
    except Refused as refused:
        raise _refusal(refused.answer, refused.part) from None
    if version is None:
        said = "The case has changed since it was read; read it again and decide anew."
        raise ProblemError(409, "version", said)
    seen = actions.see_case(wiring().db, client, number)
    if seen is None:
        raise no_case()
    return Answered(case_shape(client, seen), {"ETag": f'"{seen.version}"'})


def _files(
    client: Client, number: int, tickets: Sequence[str], form: str | None
) -> tuple[NewAttachment, ...]:
    """The files of these words; nobody learns anything of somebody else's case by them."""
    if tickets and actions.see_case(wiring().db, client, number) is None:
        raise no_case()
    return files_of(client, tickets, form and form_id(form), number)


def _form(client: Client, key: str | None) -> str | None:
    """Under which name a key is kept with the case; two clients may draw the same."""
    return f"api:{client.user.id}:{key}" if key else None


def _said(number: int, answer: Answer) -> shapes.Said | Answered:
    """What was said is there: 201, or 200 where this very key had said it before."""
    if answer not in (Answer.DONE, Answer.AGAIN):
        raise _refusal(answer, "body")
    again = answer is Answer.AGAIN
    told = shapes.Said(number=number, again=again, version=actions.version_of(wiring().db, number))
    return Answered(told, status=200 if again else 201)


def _refusal(answer: Answer, part: str) -> ProblemError:
    if answer is Answer.NOT_FOUND:
        return no_case()
    kind, said = _WHY[answer]
    return ProblemError(409, kind, said, part=part)
