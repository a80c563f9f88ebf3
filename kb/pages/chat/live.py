"""A customer's chat as it happens: the stream, what is new, that somebody is typing (R40)."""

from typing import Any

from flask import Response, abort, request
from flask_login import current_user

from kb.actions import chats as actions
from kb.actions.cases import Answer, CaseView, Who
from kb.actions.chat_signs import customer_reads, types
from kb.actions.chat_view import Watcher, chat_view, is_owner
from kb.pages import attached, chat_talk
from kb.pages import case_events as events
from kb.pages.chat.routes import blueprint, found
from kb.pages.chat_words import customer_status
from kb.pages.frame import letters, live, now, render, wiring
from kb.pages.visitors import customer_required
from kb.rules.cases import Actor


@blueprint.get("/events")
@customer_required
def stream(number: int) -> Response:
    """Tell the open page when something changes, for some minutes; it comes again by itself."""
    if not is_owner(wiring().db, current_user.id, number):
        abort(404)
    return chat_talk.stream(Watcher(current_user.id, number, is_agent=False))


@blueprint.get("/news")
@customer_required
def news(number: int) -> Response:
    """Say what is new since a message: after an event, and every few seconds without a stream."""
    found(number)
    customer_reads(wiring().db, number, now(), by_script=True)
    actions.tend(wiring().db, live().site.policy, letters(), number, now())
    return told(found(number))


@blueprint.post("/typing")
@customer_required
def typing(number: int) -> tuple[str, int]:
    """Note that the customer is typing, or has stopped."""
    still = request.form.get("still") != "no"
    who = Who(Actor.CUSTOMER, current_user.id)
    if types(wiring().db, who, number, now(), still=still) is Answer.NOT_FOUND:
        abort(404)
    chat_talk.poke()
    return "", 204


def told(view: CaseView, **more: Any) -> Response:
    """What is new, as the page's script takes it."""
    chat = chat_view(wiring().db, view.case.number, now())
    return chat_talk.news(
        view,
        chat,
        "chat/said.html",
        {"event_words": events.event_words, "files_of": attached.listed(view.files, "cases")},
        typing=chat is not None and chat.agent_types,
        status=render("chat/status.html", status=customer_status(chat)) if chat else "",
        **more,
    )
