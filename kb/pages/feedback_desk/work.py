"""What agents do with feedback: mark it as read, sort and tag it, delete spam."""

from urllib.parse import parse_qsl

from flask import flash, redirect, request
from flask_login import current_user
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from kb.actions import listening as actions
from kb.pages.feedback_desk import selection
from kb.pages.feedback_desk.routes import blueprint, groups
from kb.pages.feedback_desk.words import kind_names
from kb.pages.frame import now, render, wiring
from kb.pages.texts import gettext as _
from kb.pages.texts import ngettext
from kb.pages.visitors import agent_required
from kb.rules.feedback import FeedbackKind


@blueprint.post("/feedback/marks")
@agent_required
def marks() -> Response:
    """Mark all that was shown as read, or sort or tag what was chosen."""
    do = request.form.get("do", "")
    if do == "read":
        new = actions.mark_read(wiring().db, current_user.id, _ids("shown"), now())
        flash(ngettext("%(num)s message marked as read.", "%(num)s messages marked as read.", new))
        return _back()
    chosen = _ids("id")
    if not chosen:
        flash(_("Choose messages and what to do with them; nothing was changed."), "warning")
        return _back()
    if do == "kind" and request.form.get("kind") in set(FeedbackKind):
        kind = FeedbackKind(request.form["kind"])
        _told(actions.set_kind(wiring().db, current_user.id, chosen, kind, now()))
    elif do in {"tag", "untag"}:
        _tag(chosen, off=do == "untag")
    else:
        flash(_("Choose messages and what to do with them; nothing was changed."), "warning")
    return _back()


@blueprint.post("/feedback/spam")
@agent_required
def spam() -> str | Response:
    """Show what was chosen once more, then delete it for good."""
    chosen = _ids("id")
    found = actions.chosen(wiring().db, chosen)
    if not found:
        flash(_("Choose messages and what to do with them; nothing was changed."), "warning")
        return _back()
    if request.form.get("sure") == "yes":
        gone = actions.delete_spam(wiring().db, current_user.id, chosen, now())
        flash(ngettext("%(num)s message deleted.", "%(num)s messages deleted.", gone))
        return _back()
    return render(
        "feedback_desk/spam.html",
        section="desk",
        groups=groups(""),
        found=found,
        kinds=kind_names(),
        query=request.form.get("query", "")[:2000],
        back=selection.queue_url(_selection()),
    )


def _tag(chosen: list[int], *, off: bool) -> None:
    typed = request.form.get("tag", "")
    changed = actions.tag_feedback(wiring().db, current_user.id, chosen, typed, now(), off=off)
    if changed is None:
        flash(_("Write a tag of letters and digits, 40 at most"), "warning")
    else:
        _told(changed)


def _told(changed: int) -> None:
    flash(ngettext("%(num)s message changed.", "%(num)s messages changed.", changed))


def _ids(name: str) -> list[int]:
    """The numbers of a form's field, as many as one deed takes."""
    found = (selection.number_of(one) for one in request.form.getlist(name))
    return list(dict.fromkeys(one for one in found if one))[: actions.MOST_AT_ONCE]


def _selection() -> dict[str, str]:
    """The selection the form was sent from; only parts of one get into an address."""
    return selection.read(MultiDict(parse_qsl(request.form.get("query", "")[:2000])))


def _back() -> Response:
    return redirect(selection.queue_url(_selection()))
