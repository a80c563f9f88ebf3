"""My cases: the list, a case with its conversation, the answer to it (R44, R49, R50, R66)."""

from typing import Any

from flask import abort, flash, redirect, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from kb.actions import cases as actions
from kb.actions.cases import Answer, CaseView, Who
from kb.actions.quotes import quotes_of
from kb.actions.remote_sessions import session_of
from kb.actions.technician_time import time_of
from kb.pages import attached
from kb.pages import case_events as events
from kb.pages import case_words as words
from kb.pages.case_words import Next
from kb.pages.cases.forms import RateForm, ReplyForm, rate_form
from kb.pages.cases.pages import follow_page
from kb.pages.cases.routes import blueprint
from kb.pages.frame import letters, live, now, render, wiring
from kb.pages.message_forms import written
from kb.pages.quote_words import quote_rows, quote_step
from kb.pages.remote_form import RemoteForm
from kb.pages.spans import span
from kb.pages.texts import gettext as _
from kb.pages.visitors import customer_required
from kb.pages.ways import fallbacks
from kb.rules.cases import Actor, CaseState, Deed, choices, may, may_reply
from kb.store.cases import Case


@blueprint.get("")
@customer_required
def cases() -> str:
    """Show the customer's cases: those that wait for them first, the finished ones last."""
    mine = actions.cases_of(wiring().db, current_user.id)
    alive = [(case, _listed_step(case)) for case in mine if case.is_alive]
    finished = [case for case in mine if not case.is_alive]
    return render(
        "cases/cases.html",
        section="account",
        alive=sorted(alive, key=lambda one: one[1].chip != _("Waiting for you")),
        finished=[(case, words.next_step(case)) for case in finished],
        product_words=words.product_words,
    )


def _listed_step(case: Case) -> Next:
    """How a living case stands; only those with sales are asked for their quotes."""
    with_sales = case.state is CaseState.ESCALATED_TO_SALES
    rows = quote_rows(quotes_of(wiring().db, case.number), now()) if with_sales else []
    return quote_step(case, rows) or words.next_step(case)


@blueprint.get("/<int(max=9999999999):number>")
@customer_required
def case(number: int) -> str:
    """Show a case: what to do next, the conversation, the facts, the answer form."""
    return case_page(found(number))


@blueprint.post("/<int(max=9999999999):number>")
@customer_required
def reply(number: int) -> str | Response:
    """Add the customer's answer, or take their word that it is solved."""
    view = found(number)
    form = ReplyForm()
    sent = written(form, number)
    if sent is None:
        return case_page(view, form)
    db, policy, who = wiring().db, live().site.policy, Who(Actor.CUSTOMER, current_user.id)
    if sent.body:
        answer = actions.reply(
            db, policy, letters(), who, number, sent.body, now=now(), **sent.once
        )
        if answer is Answer.CLOSED:
            return follow_page(view, sent.body)
        if answer is Answer.FILES_TOO_LARGE:
            attached.say_full(form.files)
            return case_page(view, form)
    if form.solved.data:
        actions.set_state(db, policy, letters(), who, number, CaseState.RESOLVED, now())
        flash(_("Case resolved. If the problem comes back, write here and it opens again."))
    else:
        back = view.case.state is CaseState.RESOLVED
        flash(_("Answer sent. The case is open again.") if back else _("Answer sent."))
    return redirect(url_for("cases.case", number=number))


@blueprint.get("/<int(max=9999999999):number>/files/<int(max=9999999999):id_>/<name>")
@customer_required
def file(number: int, id_: int, name: str) -> Response:
    """Send a file of one's own case; anybody else's does not exist, nor do those of notes."""
    mine = actions.attachment_for(wiring().db, current_user.id, number, id_)
    return attached.download(mine, name)


@blueprint.get("/<int(max=9999999999):number>/files/<int(max=9999999999):id_>/small")
@customer_required
def thumbnail(number: int, id_: int) -> Response:
    """Send the small picture of an image of one's own case."""
    return attached.small(actions.attachment_for(wiring().db, current_user.id, number, id_))


def found(number: int) -> CaseView:
    """Return one's own case; 404 for anybody else's."""
    view = actions.case_for(wiring().db, current_user.id, number)
    if view is None:
        abort(404)
    return view


def case_page(
    view: CaseView,
    form: ReplyForm | None = None,
    rate: RateForm | None = None,
    remote: RemoteForm | None = None,
) -> str:
    """Draw a case; a form that came back brings its mistakes."""
    case = view.case
    form = form or ReplyForm(formdata=None)
    answers = may_reply(case.state, Actor.CUSTOMER, case.resolved_at, now())
    quotes = quote_rows(quotes_of(wiring().db, case.number), now())
    agent = view.assignee.first_name if view.assignee else ""
    return render(
        "cases/case.html",
        section="account",
        view=view,
        case=case,
        form=form,
        step=quote_step(case, quotes) or words.next_step(case, agent, words.when_words(view)),
        quotes=quotes,
        story=events.story(view.messages),
        event_words=events.event_words,
        files_of=attached.listed(view.files, "cases"),
        file_limits=attached.file_limits(),
        product=words.product_words(case.product, case.version),
        plan=live().site.policy.plans.get(case.plan or ""),
        severity=words.severity_words(case.severity),
        promised=words.promised_words(view),
        details=words.detail_words(case),
        why=words.why_words(case),
        may_answer=answers,
        fallbacks=fallbacks(case.entitlement.get("facts") or {}) if case.is_alive else [],
        resolved=case.state is CaseState.RESOLVED,
        rate=(rate or rate_form(case)) if _may_rate(case) else None,
        complaints_to=live().site.site.complaints_email,
        may_solve=_may_solve(case),
        **_help(case, remote),
    )


def _help(case: Case, sent: RemoteForm | None) -> dict[str, Any]:
    """What the page shows of a technician's help: the credit, the way to show a screen."""
    db = wiring().db
    credit = time_of(db, live().site.policy, case)[1]
    shows = case.is_alive and credit.allowed is not None
    return {
        "remote": session_of(db, wiring().settings.secret_key, case.number, now()),
        "remote_form": (sent or RemoteForm(formdata=None)) if shows else None,
        "credit_left": None if credit.left is None else span(credit.left),
    }


def _may_solve(case: Case) -> bool:
    return CaseState.RESOLVED in choices(case.state, Actor.CUSTOMER)


def _may_rate(case: Case) -> bool:
    return case.merged_into is None and may(Deed.RATE, case.state, Actor.CUSTOMER)
