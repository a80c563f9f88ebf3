"""What others did with a case after the page that an agent decides by was drawn: whoever comes
second is told who did what and when, is led to where the case is now, and changes nothing."""

from collections.abc import Collection

from flask import flash, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import Field

from kb.actions.cases import CaseView, case_for_agent
from kb.pages import case_events as events
from kb.pages.case_words import state_name
from kb.pages.formats import show_recent
from kb.pages.frame import now, wiring
from kb.pages.texts import gettext as _
from kb.rules.cases import Actor, MessageKind
from kb.rules.whole_numbers import whole
from kb.store.conversation import Message

STATE = ("state",)
ASSIGNEE = ("assignee",)
TERMS = ("severity", "plan")
TIES = ("split", "joined")


def led_away(view: CaseView, what: Collection[str], *, answered: bool = False) -> Response | None:
    """Lead back to a case of which others changed `what` since the page, or to the one it was
    merged into; with `answered` a customer's answer counts too. None: nothing of it happened."""
    told = _merged(view) or _changes(view, what, answered=answered)
    if not told:
        return None
    flash(told, "warning")
    return redirect(url_for("desk.case", number=survivor(view).case.number))


def held_up(view: CaseView, field: Field, what: Collection[str] = ()) -> CaseView | None:
    """The same for a form that comes back with what was typed: say it beside a field and return
    the case to show it in."""
    told = _merged(view) or _changes(view, what)
    if not told:
        return None
    field.errors = [told]
    return survivor(view)


def survivor(view: CaseView) -> CaseView:
    """Return the case that goes on instead of this one, however often it was merged; itself where
    it was not."""
    while view.case.merged_into is not None:
        following = case_for_agent(wiring().db, view.case.merged_into)
        if following is None:
            break
        view = following
    return view


def merged_by(view: CaseView) -> str:
    """Say by whom and when a case was merged into another; '' where it was not."""
    done = _merging(view)
    if done is None:
        return ""
    return _("merged by %(who)s, %(when)s", who=_name(view, done), when=_when(done))


def no_target(view: CaseView, into: int) -> tuple[str, int | None]:
    """Say why a case cannot be merged into the one of this number, and into which it can."""
    other = case_for_agent(wiring().db, into)
    if other is None:
        return _("There is no case with this number"), None
    if into == view.case.number:
        return _("This is the case itself; write the number of the other one"), None
    done, goes_on = _merging(other), survivor(other).case.number
    if done is None and not other.case.is_alive:
        return _("Case %(number)s is finished; only a living case goes on", number=into), None
    if done is None:
        return _("Case %(number)s is of another customer", number=into), None
    said = {"who": _name(other, done), "number": into, "when": _when(done)}
    if goes_on == view.case.number:
        return _("%(who)s merged case %(number)s into this one (%(when)s)", **said), None
    return _(
        "%(who)s merged case %(number)s into case %(into)s (%(when)s); press again to merge into "
        "that one",
        into=goes_on,
        **said,
    ), goes_on


def _merging(view: CaseView) -> Message | None:
    """The line of the story by which a case was merged into another."""
    told = (one for one in view.messages if (one.event or {}).get("what") == "merged")
    return next(told, None) if view.case.merged_into is not None else None


def _merged(view: CaseView) -> str:
    done = _merging(view)
    if done is None or done not in _fresh(view):
        return ""
    return _(
        "%(who)s merged case %(number)s into this one (%(when)s). What you pressed there was not "
        "done; press again to do it here",
        who=_name(view, done),
        number=view.case.number,
        when=_when(done),
    )


def _changes(view: CaseView, what: Collection[str], *, answered: bool = False) -> str:
    told = [
        _line(view, one)
        for one in events.story(_fresh(view))
        if (one.event or {}).get("what") in what
        or (answered and one.kind is MessageKind.REPLY and one.actor is Actor.CUSTOMER)
    ]
    if not told:
        return ""
    return _(
        "Meanwhile: %(changes)s. Nothing was done; press again if it still holds",
        changes="; ".join(told),
    )


def _fresh(view: CaseView) -> tuple[Message, ...]:
    """What others added to the story since the page this form stood on; nothing for a form that
    does not say."""
    seen = whole(request.form.get("seen", ""), 15)
    if seen is None:
        return ()
    return tuple(one for one in view.messages if one.id > seen and one.author_id != current_user.id)


def _line(view: CaseView, one: Message) -> str:
    event = one.event or {}
    if one.kind is MessageKind.REPLY:
        what = _("an answer")
    elif event.get("what") == "state":
        what = state_name(str(event.get("after")))
    else:
        what = events.event_words(one, for_agent=True)
    return f"{_name(view, one)}, {_when(one)}: {what}"


def _name(view: CaseView, one: Message) -> str:
    """Who did it; what nobody did happened by itself."""
    by_customer = view.requester.name if one.actor is Actor.CUSTOMER else ""
    return one.author_name or by_customer or _("By itself")


def _when(one: Message) -> str:
    return show_recent(one.at, now())
