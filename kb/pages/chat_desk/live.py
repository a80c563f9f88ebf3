"""Chats at the desk as they happen: the stream, what is new, that the agent is typing (R40)."""

from typing import Any

from flask import Response, abort, jsonify, request
from flask_login import current_user

from kb.actions import chats as actions
from kb.actions.cases import Answer, CaseView
from kb.actions.chat_signs import agent_reads, is_known, types
from kb.actions.chat_view import Watcher, chat_view, chats_at_desk, counts
from kb.pages import attached, chat_talk
from kb.pages import case_events as events
from kb.pages.chat_desk.routes import blueprint, found, me
from kb.pages.chat_desk.views import groups, lists
from kb.pages.chat_words import agent_status
from kb.pages.frame import letters, live, now, render, wiring
from kb.pages.visitors import agent_required
from kb.rules.whole_numbers import whole


@blueprint.get("/events")
@agent_required
def stream() -> Response:
    """Tell the open page when something changes: the chat it shows, one's others, who waits."""
    open_ = whole(request.args.get("number", ""), 10)
    if open_ is not None and not is_known(wiring().db, open_):
        abort(404)
    return chat_talk.stream(Watcher(current_user.id, open_, is_agent=True))


@blueprint.get("/news")
@agent_required
def all_news() -> Response:
    """Say who waits and what one has, for the list."""
    agent_reads(wiring().db, current_user.id, now(), by_script=True)
    rows = chats_at_desk(wiring().db)
    answer: Response = jsonify(
        {
            "nav": render("chat_desk/nav.html", groups=groups(rows)),
            "lists": render("chat_desk/lists.html", lists=lists(rows)),
            "waiting": counts(wiring().db, current_user.id, now())[1],
        }
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.get("/<int(max=9999999999):number>/news")
@agent_required
def news(number: int) -> Response:
    """Say what is new in a chat since a message, and in the list beside it."""
    found(number)
    actions.tend(wiring().db, live().site.policy, letters(), number, now())
    agent_reads(wiring().db, current_user.id, now(), by_script=True)
    return told(found(number))


@blueprint.post("/<int(max=9999999999):number>/typing")
@agent_required
def typing(number: int) -> tuple[str, int]:
    """Note that the agent is typing, or has stopped."""
    still = request.form.get("still") != "no"
    if types(wiring().db, me(), number, now(), still=still) is Answer.NOT_FOUND:
        abort(404)
    chat_talk.poke()
    return "", 204


def told(view: CaseView, **more: Any) -> Response:
    """What is new, as the page's script takes it."""
    number = view.case.number
    chat = chat_view(wiring().db, number, now())
    rows = chats_at_desk(wiring().db)
    return chat_talk.news(
        view,
        chat,
        "desk/said.html",
        {"event_words": events.event_words, "files_of": attached.listed(view.files, "desk")},
        typing=chat is not None and chat.customer_types,
        status=render("chat/status.html", status=agent_status(chat)) if chat else "",
        nav=render("chat_desk/nav.html", groups=groups(rows, number)),
        **more,
    )
