"""What both sides of a chat share: the form, what is new as JSON, the streams of this process."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock
from typing import Any

from flask import Response, abort, current_app, jsonify, request
from wtforms import TextAreaField
from wtforms.validators import Length

from kb.actions import chats
from kb.actions.cases import CaseView, Who
from kb.actions.chat_signs import all_read
from kb.actions.chat_view import ChatView, Watcher, look
from kb.actions.chats import Said
from kb.pages import attached
from kb.pages import case_events as events
from kb.pages.attached import ShownFile
from kb.pages.frame import letters, live, now, render, wiring
from kb.pages.message_forms import MessageForm, written
from kb.pages.streams import Hub, NoPlace
from kb.pages.texts import gettext as _
from kb.pages.texts import lazy_gettext as _l
from kb.rules.chat import LONGEST
from kb.rules.whole_numbers import whole
from kb.store import Database
from kb.store.conversation import Message

_HUB = "waypost-chat-hub"
_BOOKKEEPING = {"opened", "state", "assignee", "target", "tag", "linked"}
_making = Lock()
HELD_AT_MOST = 50  # messages whose files a page asks about at once


class ChatForm(MessageForm):
    """One message, of words, files or both; sent twice, it counts once."""

    body = TextAreaField(
        _l("Your message"),
        validators=[Length(max=LONGEST, message=_l("Write at most %(max)d characters"))],
        render_kw={"rows": 3, "maxlength": LONGEST},
    )

    def validate(self, extra_validators: object = None) -> bool:
        """A message says something, or shows something."""
        sound = bool(super().validate(extra_validators))
        if sound and not ((self.body.data or "").strip() or self.files.brings_any):
            self.body.errors = [_("Write a message")]
            return False
        return sound


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a message: it was taken, now or before, or what is wrong with it."""

    is_taken: bool
    is_again: bool = False
    error: str = ""


def say(form: ChatForm, who: Who, number: int) -> Outcome:
    """Take what was written in a case; what is wrong with it stands at its field, too."""
    sent = written(form, number)
    if sent is None:
        return Outcome(is_taken=False, error=_first_error(form))
    outcome = chats.say(
        wiring().db,
        live().site.policy,
        letters(),
        who,
        number,
        sent.body,
        submission_id=sent.submission_id or abort(400),
        files=sent.files,
        now=now(),
    )
    poke()
    if outcome in (Said.DONE, Said.AGAIN):
        return Outcome(is_taken=True, is_again=outcome is Said.AGAIN)
    if outcome is Said.FILES_TOO_LARGE:
        attached.say_full(form.files)
    else:
        form.body.errors = [_refusal(outcome)]
    return Outcome(is_taken=False, error=_first_error(form))


def _first_error(form: ChatForm) -> str:
    return str(next((text for field in form for text in field.errors), ""))


def after() -> int:
    """Read which message the page has last."""
    text = request.args.get("after", "") or request.form.get("after", "")
    return whole(text, 18) or 0


def is_asked_by_script() -> bool:
    """Tell whether the page's script asked, which wants JSON instead of a page."""
    return request.accept_mimetypes.best == "application/json"


def last_of(view: CaseView) -> int:
    """Return up to where a page shows the story of a case."""
    return max((one.id for one in view.messages), default=0)


def shown(view: CaseView) -> list[Message]:
    """What a chat's page shows of the story: all but the bookkeeping, which the case's page has."""
    told = events.story(view.messages)
    return [one for one in told if (one.event or {}).get("what") not in _BOOKKEEPING]


def news(
    view: CaseView,
    chat: ChatView | None,
    template: str,
    context: Mapping[str, Any],
    *,
    typing: bool,
    **more: Any,
) -> Response:
    """Answer the page's script: what was said after the message it has last, how the chat stands.
    Asked again after the same message it says the same again, so nothing is lost or doubled."""
    since = after()
    fresh = [one for one in shown(view) if one.id > since]
    told = {
        "html": render(template, fresh=fresh, **context) if fresh else "",
        "last": last_of(view),
        "typing": typing,
        "state": str(chat.chat.state) if chat else "",
        "files": _seen_by_scanner(context["files_of"]),
        "over": chat is None or not chat.chat.is_active,
        **more,
    }
    answer: Response = jsonify(told)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _seen_by_scanner(files_of: Mapping[int, Sequence[ShownFile]]) -> dict[str, str]:
    """The files that the page still shows as waiting for the virus scanner, and that wait no
    longer: drawn anew, by message."""
    asked = request.args.get("held", "").split(",")[:HELD_AT_MOST]
    found = {id_: files_of.get(id_, ()) for text in asked if (id_ := whole(text, 18))}
    return {
        str(id_): render("chat/files.html", items=items)
        for id_, items in found.items()
        if items and not any(one.waits for one in items)
    }


def stream(watcher: Watcher) -> Response:
    """Answer with an event stream, or with a status after which the page asks now and then."""
    last = request.headers.get("Last-Event-ID", "")[:40]
    try:
        return _hub().answer(request.environ, watcher, watcher.user_id, last)
    except NoPlace as full:
        abort(Response("", status=full.status, headers={"Retry-After": "60"}))


def poke() -> None:
    """Tell the streams of this process at once that something changed; the others look soon."""
    hub: Hub[Watcher] | None = current_app.extensions.get(_HUB)
    if hub is not None:
        hub.poke()


def _hub() -> Hub[Watcher]:
    with _making:
        if _HUB not in current_app.extensions:
            current_app.extensions[_HUB] = _make_hub(wiring().db)
    hub: Hub[Watcher] = current_app.extensions[_HUB]
    return hub


def _make_hub(db: Database) -> Hub[Watcher]:
    def told(watchers: Iterable[Watcher]) -> Mapping[Watcher, str]:
        return look(db, watchers, datetime.now(UTC))

    def seen(watchers: Iterable[Watcher]) -> None:
        found = tuple(watchers)
        customers = {one.number for one in found if not one.is_agent and one.number is not None}
        agents = {one.user_id for one in found if one.is_agent}
        all_read(db, customers, agents, datetime.now(UTC))

    return Hub(told, seen)


def _refusal(outcome: Said) -> str:
    """Say why a message was not taken; nothing for one that was."""
    return {
        Said.EMPTY: _("Write a message"),
        Said.CLOSED: _("This case is closed and takes no more messages; open another one"),
        Said.TOO_LONG: _("Write at most %(max)d characters", max=LONGEST),
        Said.TOO_MANY: _("Too many messages in a minute. Wait a little; your words are still here"),
    }.get(outcome, "")
