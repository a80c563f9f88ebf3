"""Tags, links to other cases, and a second problem that gets a case of its own (R45)."""

from flask import flash, request
from werkzeug.wrappers import Response

from kb.actions.case_links import link as link_cases
from kb.actions.case_links import split as split_case
from kb.actions.case_marks import tag as tag_case
from kb.actions.case_marks import untag as untag_case
from kb.actions.cases import Answer
from kb.pages.desk.case import back, case_page, found, me
from kb.pages.desk.meanwhile import STATE, TIES, held_up
from kb.pages.desk.routes import blueprint
from kb.pages.desk.tie_forms import SplitForm
from kb.pages.fields import said
from kb.pages.frame import letters, live, now, wiring
from kb.pages.texts import gettext as _
from kb.pages.visitors import agent_required
from kb.rules.whole_numbers import whole


@blueprint.post("/cases/<int(max=9999999999):number>/tag")
@agent_required
def tag(number: int) -> Response:
    """Give the case a tag, or take one off."""
    found(number)
    off = request.form.get("off", "")
    if off:
        untag_case(wiring().db, me(), number, off, now())
    elif tag_case(wiring().db, me(), number, request.form.get("tag", ""), now()) is Answer.EMPTY:
        flash(_("Write a tag of letters and digits, 40 at most"), "warning")
    return back(number)


@blueprint.post("/cases/<int(max=9999999999):number>/link")
@agent_required
def link(number: int) -> Response:
    """Link the case to another one."""
    found(number)
    other = whole(request.form.get("other", "").strip().lstrip("#"), 15) or 0
    answer = link_cases(wiring().db, me(), number, other, now())
    if answer in (Answer.NOT_FOUND, Answer.NOT_ALLOWED):
        flash(_("There is no other case with this number"), "warning")
    else:
        flash(_("Linked to case %(number)s.", number=other))
    return back(number)


@blueprint.post("/cases/<int(max=9999999999):number>/split")
@agent_required
def split(number: int) -> str | Response:
    """Make a case of its own of a second problem; the customer is mailed its number."""
    view = found(number)
    form = SplitForm()
    if not form.validate():
        return case_page(view, sent=form)
    if now_at := held_up(view, form.title, TIES):
        return case_page(now_at, sent=form)
    made = split_case(
        wiring().db,
        live().site.policy,
        letters(),
        me(),
        number,
        title=said(form.title),
        words=said(form.words),
        submission_id=said(form.submission_id),
        now=now(),
    )
    if isinstance(made, Answer) and (now_at := held_up(found(number), form.title, STATE)):
        return case_page(now_at, sent=form)
    if isinstance(made, Answer):
        flash(_("A finished case cannot be split."), "warning")
        return back(number)
    flash(_("The second problem has case %(number)s; the customer is told.", number=made))
    return back(made)
