"""One chat at the desk: taking it, saying something, ready answers, leaving it (R40)."""

from flask import abort, flash, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from kb.actions import chats as actions
from kb.actions.cases import Answer, CaseView
from kb.actions.chat_view import chat_view, chats_at_desk
from kb.pages import attached, chat_talk
from kb.pages import case_events as events
from kb.pages import case_words as words
from kb.pages.canned_answers import ready_answer, ready_answers
from kb.pages.chat_desk.live import told
from kb.pages.chat_desk.routes import blueprint, found, me
from kb.pages.chat_desk.views import groups
from kb.pages.chat_talk import ChatForm
from kb.pages.chat_words import agent_status
from kb.pages.frame import letters, live, now, render, wiring
from kb.pages.texts import gettext as _
from kb.pages.visitors import agent_required
from kb.rules.cases import Actor, may_reply
from kb.rules.chat import ChatState


@blueprint.get("/<int(max=9999999999):number>")
@agent_required
def chat(number: int) -> str | Response:
    """Show the chat of a case; a case that never had one is shown as a case."""
    found(number)
    actions.tend(wiring().db, live().site.policy, letters(), number, now())
    if chat_view(wiring().db, number, now()) is None:
        return redirect(url_for("desk.case", number=number))
    return chat_page(found(number))


@blueprint.post("/<int(max=9999999999):number>/take")
@agent_required
def take(number: int) -> Response:
    """Take a chat that waits."""
    answer = actions.take(
        wiring().db, live().site.policy, letters(), current_user.id, number, now()
    )
    if answer is Answer.NOT_FOUND:
        abort(404)
    chat_talk.poke()
    if answer is Answer.NOT_ALLOWED:
        flash(_("This chat does not wait any more; see who has it or how it went on."), "warning")
    return redirect(url_for("chat_desk.chat", number=number))


@blueprint.post("/<int(max=9999999999):number>")
@agent_required
def say(number: int) -> str | Response:
    """Say something: in the chat while it goes on, by mail after it."""
    view = found(number)
    form = ChatForm()
    outcome = chat_talk.say(form, me(), number)
    if chat_talk.is_asked_by_script():
        return told(found(number), error=outcome.error, again=outcome.is_again)
    if not outcome.is_taken:
        return chat_page(view, form)
    return redirect(url_for("chat_desk.chat", number=number, _anchor="write"))


@blueprint.post("/<int(max=9999999999):number>/compose")
@agent_required
def compose(number: int) -> str:
    """Put a ready answer behind what was typed; nothing is sent yet."""
    view = found(number)
    form = ChatForm()
    form.validate()
    form.body.errors = []  # nothing is sent, so nothing is missing yet
    attached.take_files(form.files, form.submission_id.data or "", number)
    if chosen := ready_answer(view, request.form.get("canned", "")):
        typed = (form.body.data or "").rstrip()
        form.body.data = f"{typed}\n\n{chosen}" if typed else chosen
    return chat_page(view, form)


@blueprint.post("/<int(max=9999999999):number>/leave")
@agent_required
def leave(number: int) -> Response:
    """End one's chat, or leave it to a colleague, else to mail."""
    found(number)
    does = actions.hand_on if request.form.get("do") == "hand-on" else actions.end
    answer = does(wiring().db, live().site.policy, letters(), current_user.id, number, now())
    chat_talk.poke()
    if answer is Answer.DONE:
        flash(_left(number))
    else:
        flash(_("This chat is not yours, or is over."), "warning")
    return redirect(url_for("chat_desk.chats"))


def _left(number: int) -> str:
    view = chat_view(wiring().db, number, now())
    state = view.chat.state if view else ChatState.ENDED
    if state is ChatState.WAITING:
        return _("You left the chat. The customer was told, and waits for a colleague.")
    if state is ChatState.BY_MAIL:
        return _("You left the chat. No colleague was there, so the case goes on by e-mail.")
    return _("Chat ended. The customer is e-mailed what was said.")


def chat_page(view: CaseView, form: ChatForm | None = None) -> str:
    """Draw the chat of a case; a form that came back brings its mistake."""
    case = view.case
    here = chat_view(wiring().db, case.number, now())
    return render(
        "chat_desk/chat.html",
        section="desk",
        groups=groups(chats_at_desk(wiring().db), case.number),
        view=view,
        case=case,
        chat=here,
        mine=here is not None and here.chat.agent_id == current_user.id,
        status=agent_status(here) if here else None,
        form=form or ChatForm(formdata=None),
        last=chat_talk.last_of(view),
        fresh=chat_talk.shown(view),
        event_words=events.event_words,
        files_of=attached.listed(view.files, "desk"),
        canned=ready_answers(),
        product=words.product_words(case.product, case.version, brand=False),
        severity=words.severity_words(case.severity),
        details=words.detail_words(case),
        file_limits=attached.file_limits(),
        may_answer=may_reply(case.state, Actor.AGENT, case.resolved_at, now()),
    )
