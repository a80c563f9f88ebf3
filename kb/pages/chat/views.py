"""The page of a chat and what a customer does in it: say, ask for a chat, leave (R40)."""

from flask import flash, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from kb.actions import chats as actions
from kb.actions.cases import Answer, CaseView, Who, set_state
from kb.actions.chat_signs import customer_reads
from kb.actions.chat_view import chat_view
from kb.actions.chats import hours_of
from kb.pages import attached, chat_talk
from kb.pages import case_events as events
from kb.pages.chat.live import told
from kb.pages.chat.routes import blueprint, found
from kb.pages.chat_talk import ChatForm
from kb.pages.chat_words import customer_status, offer_in
from kb.pages.frame import letters, live, now, render, wiring
from kb.pages.texts import gettext as _
from kb.pages.visitors import customer_required
from kb.rules.cases import Actor, CaseState, may_reply


@blueprint.get("")
@customer_required
def chat(number: int) -> str | Response:
    """Show the conversation: live, waiting, or what is offered instead."""
    view = found(number)
    customer_reads(wiring().db, number, now(), by_script=False)
    tend(number)
    chats = chat_view(wiring().db, number, now())
    if chats is None and hours_of(live().site.policy, view.case) is None:
        return redirect(url_for("cases.case", number=number))
    return chat_page(found(number))


@blueprint.post("")
@customer_required
def say(number: int) -> str | Response:
    """Add a message to the case; a script is answered with what is new, a form with the page."""
    view = found(number)
    form = ChatForm()
    outcome = chat_talk.say(form, me(), number)
    if chat_talk.is_asked_by_script():
        return told(found(number), error=outcome.error, again=outcome.is_again)
    if not outcome.is_taken:
        return chat_page(view, form)
    return redirect(url_for("chat.chat", number=number, _anchor="write"))


@blueprint.post("/begin")
@customer_required
def begin(number: int) -> Response:
    """Ask for a chat in a case."""
    found(number)
    if actions.begin(wiring().db, live().site.policy, current_user.id, number, now()) is (
        Answer.NOT_ALLOWED
    ):
        flash(_("No chat can begin just now; write in the case instead."), "warning")
    chat_talk.poke()
    return redirect(url_for("chat.chat", number=number))


@blueprint.post("/leave")
@customer_required
def leave(number: int) -> Response:
    """Leave the chat: the case goes on by mail, or is solved."""
    found(number)
    solved = request.form.get("do") == "solved"
    db, policy = wiring().db, live().site.policy
    actions.leave(db, policy, letters(), current_user.id, number, now(), solved=solved)
    if solved:
        set_state(db, policy, letters(), me(), number, CaseState.RESOLVED, now())
        flash(_("Case resolved. If the problem comes back, write here and it opens again."))
    else:
        flash(_("You left the chat. We answer by e-mail, and all that was said is here."))
    chat_talk.poke()
    return redirect(url_for("cases.case", number=number))


def me() -> Who:
    """Return the customer who is signed in."""
    return Who(Actor.CUSTOMER, current_user.id)


def tend(number: int) -> None:
    """Take what is due for this chat, also where no worker runs."""
    actions.tend(wiring().db, live().site.policy, letters(), number, now())


def chat_page(view: CaseView, form: ChatForm | None = None) -> str:
    """Draw the chat of a case; a form that came back brings its mistake."""
    case = view.case
    here = chat_view(wiring().db, case.number, now())
    hours = hours_of(live().site.policy, case)
    active = here is not None and here.chat.is_active
    return render(
        "chat/chat.html",
        section="account",
        case=case,
        chat=here,
        active=active,
        status=customer_status(here) if here else None,
        offer=offer_in(hours.id, in_case=True) if hours and case.is_alive and not active else None,
        form=form or ChatForm(formdata=None),
        last=chat_talk.last_of(view),
        fresh=chat_talk.shown(view),
        event_words=events.event_words,
        files_of=attached.listed(view.files, "cases"),
        file_limits=attached.file_limits(),
        may_answer=may_reply(case.state, Actor.CUSTOMER, case.resolved_at, now()),
    )
