"""What an agent changes about a case itself: severity, plan, whose twin it is (R33–R36)."""

from flask import flash
from werkzeug.wrappers import Response

from kb.actions import cases as case_actions
from kb.actions.case_terms import merge as merge_cases
from kb.actions.case_terms import set_terms
from kb.actions.cases import Answer
from kb.pages import attached
from kb.pages.desk.case import back, case_page, found, me
from kb.pages.desk.forms import MergeForm, TermsForm
from kb.pages.desk.meanwhile import STATE, TERMS, TIES, held_up, no_target
from kb.pages.desk.routes import blueprint
from kb.pages.fields import said
from kb.pages.frame import letters, live, now, wiring
from kb.pages.texts import gettext as _
from kb.pages.visitors import agent_required
from kb.rules.policy import Severity


@blueprint.post("/cases/<int(max=9999999999):number>/terms")
@agent_required
def terms(number: int) -> str | Response:
    """Set severity and plan; what is promised is computed anew."""
    view = found(number)
    form = TermsForm()
    if not form.validate():
        return case_page(view, terms=form)
    if now_at := held_up(view, form.severity, TERMS):
        return case_page(now_at, terms=form)
    answer = set_terms(
        wiring().db,
        live().site.policy,
        me(),
        number,
        severity=Severity(said(form.severity)),
        plan=said(form.plan) or None,
        reason=said(form.reason),
        now=now(),
    )
    if answer is Answer.NOT_ALLOWED and (now_at := held_up(found(number), form.severity, STATE)):
        return case_page(now_at, terms=form)
    if answer is Answer.DONE:
        flash(_("Severity and plan set; the targets are computed anew."))
    elif answer is Answer.AGAIN:
        flash(_("The case has this severity and plan already."))
    else:
        flash(_("A finished case keeps its severity and plan."), "warning")
    return back(number)


@blueprint.post("/cases/<int(max=9999999999):number>/merge")
@agent_required
def merge(number: int) -> str | Response:
    """Close the case in favour of another of the same customer."""
    view = found(number)
    form = MergeForm()
    if not form.validate():
        return case_page(view, merge=form)
    if now_at := held_up(view, form.into, TIES):
        return case_page(now_at, merge=form)
    into = int(said(form.into).lstrip("#"))
    answer = merge_cases(wiring().db, live().site.policy, letters(), me(), number, into, now())
    if answer in (Answer.NOT_FOUND, Answer.NOT_ALLOWED):
        return _not_merged(number, form, into)
    flash(_("Merged: case %(into)s goes on.", into=into))
    return back(into)


def _not_merged(number: int, form: MergeForm, into: int) -> str:
    """Say why, as things are now: a colleague may have merged one of the two at that moment."""
    view = found(number)
    if now_at := held_up(view, form.into, STATE):
        return case_page(now_at, merge=form)
    why, instead = no_target(view, into)
    form.into.errors = [why]
    form.into.data = str(instead) if instead else form.into.data
    return case_page(view, merge=form)


@blueprint.get("/cases/<int(max=9999999999):number>/files/<int(max=9999999999):id_>/small")
@agent_required
def thumbnail(number: int, id_: int) -> Response:
    """Send the small picture of an image of this case."""
    return attached.small(case_actions.attachment_for_agent(wiring().db, number, id_))
