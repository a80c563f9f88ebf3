"""What an agent writes in a case: an answer or a note, sent once and after all that was said."""

from flask import flash, request
from flask_login import current_user
from werkzeug.wrappers import Response

from kb.actions import cases as actions
from kb.actions.article_uses import note_articles
from kb.actions.cases import Answer, CaseView
from kb.actions.note_notices import add_note_and_tell, named_in
from kb.pages import attached
from kb.pages.desk.case import NoteForm, ReplyForm, back, case_page, found, me, newest
from kb.pages.desk.meanwhile import held_up
from kb.pages.desk.routes import blueprint
from kb.pages.frame import letters, live, now, wiring
from kb.pages.message_forms import written
from kb.pages.texts import gettext as _
from kb.pages.visitors import agent_required
from kb.rules.cases import CaseState, MessageKind
from kb.rules.whole_numbers import whole


@blueprint.post("/cases/<int(max=9999999999):number>/reply")
@agent_required
def reply(number: int) -> str | Response:
    """Send a public reply and, where asked for, wait for the customer or resolve the case."""
    view = found(number)
    form = ReplyForm()
    sent = written(form, number)
    if sent is None:
        return case_page(view, form)
    if goes_on := held_up(view, form.body):
        return _moved(goes_on, form)
    answer = actions.reply(
        wiring().db,
        live().site.policy,
        letters(),
        me(),
        number,
        sent.body,
        now=now(),
        wait=request.form.get("wait") == "yes",
        resolve=request.form.get("resolve") == "yes",
        seen=whole(form.seen.data or "", 15),
        **sent.once,
    )
    if answer is Answer.OVERTAKEN:
        return _overtaken(number, form)
    if answer is Answer.FILES_TOO_LARGE:
        attached.say_full(form.files)
        return case_page(view, form)
    if answer is Answer.CLOSED and (goes_on := held_up(found(number), form.body)):
        return _moved(goes_on, form)
    if answer is Answer.CLOSED:
        form.body.errors = [_("A closed case takes no more replies; a note is still possible")]
        return case_page(view, form)
    note_articles(wiring().db, wiring().settings.base_url, number, sent.body, now())
    flash(_became(found(number).case.state))
    return back(number)


def _became(state: CaseState) -> str:
    """Say that the reply is sent and what the case is since: as it is, not as it was wished."""
    if state is CaseState.RESOLVED:
        return _("Reply sent; the case is resolved.")
    if state is CaseState.PENDING_CUSTOMER:
        return _("Reply sent; the case waits for the customer.")
    return _("Reply sent.")


def _moved(view: CaseView, form: ReplyForm | NoteForm) -> str:
    """Bring words back in the case that goes on instead of the one they were written in."""
    form.seen.data = newest(view)
    return case_page(view, form)


def _overtaken(number: int, form: ReplyForm) -> str:
    """Bring a reply back that somebody else's words came before; sent again, it goes out."""
    view = found(number)
    before = whole(form.seen.data or "", 15) or 0
    fresh = [
        one
        for one in view.messages
        if one.kind is MessageKind.REPLY and one.id > before and one.author_id != current_user.id
    ]
    names = ", ".join(dict.fromkeys(one.author_name or view.requester.name for one in fresh))
    said = _(
        "%(who)s wrote here meanwhile. Read it above; sent once more, yours goes out", who=names
    )
    form.body.errors = [said]
    form.seen.data = newest(view)
    return case_page(view, form)


@blueprint.post("/cases/<int(max=9999999999):number>/note")
@agent_required
def note(number: int) -> str | Response:
    """Add an internal note."""
    view = found(number)
    form = NoteForm()
    sent = written(form, number)
    if sent is None:
        return case_page(view, form)
    if goes_on := held_up(view, form.body):
        return _moved(goes_on, form)
    answer = add_note_and_tell(
        wiring().db, letters(), me(), number, sent.body, now=now(), **sent.once
    )
    if answer is Answer.FILES_TOO_LARGE:
        attached.say_full(form.files)
        return case_page(view, form)
    told, strange = named_in(wiring().db, me(), sent.body)
    added = [_("Note added; the customer does not see it.")]
    if told:
        added.append(_("Mailed: %(names)s.", names=", ".join(told)))
    flash(" ".join(added))
    if strange:
        names = ", ".join(strange)
        flash(
            _("%(names)s: no one colleague has this name, so nobody was told.", names=names),
            "warning",
        )
    return back(number)
