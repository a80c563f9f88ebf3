"""A technician's help in a case: time and its credit (R65), a quote (R71), the screen (R68)."""

from flask import flash, request
from werkzeug.wrappers import Response

from kb.actions.cases import Answer
from kb.actions.quotes import offer_quote, withdraw_quote
from kb.actions.remote_sessions import end_session
from kb.actions.technician_time import extend, log_time, start_clock, stop_clock
from kb.pages.desk.case import back, case_page, found, me
from kb.pages.desk.help_forms import ExtendForm, QuoteForm, TimeForm
from kb.pages.desk.routes import blueprint
from kb.pages.fields import said
from kb.pages.frame import letters, live, now, wiring
from kb.pages.remote_form import RemoteForm, keep_session
from kb.pages.texts import gettext as _
from kb.pages.visitors import agent_required
from kb.rules.quotes import are_sound, read_lines


@blueprint.post("/cases/<int(max=9999999999):number>/time")
@agent_required
def time(number: int) -> str | Response:
    """Log time; what does not fit into the credit asks for an extension."""
    view = found(number)
    form = TimeForm()
    if not form.validate():
        return case_page(view, sent=form)
    answer = log_time(
        wiring().db,
        live().site.policy,
        me(),
        number,
        form.minutes.data or 0,
        said(form.what),
        submission_id=said(form.submission_id),
        now=now(),
    )
    if answer is Answer.NOT_ALLOWED:
        words = _(
            "This is more than the credit has left; extend it with a reason, or hand to sales"
        )
        form.minutes.errors = [words]
        return case_page(view, sent=form)
    flash(_("Time logged."))
    return back(number)


@blueprint.post("/cases/<int(max=9999999999):number>/clock")
@agent_required
def clock(number: int) -> Response:
    """Start one's clock on the case, or stop it without logging."""
    found(number)
    if request.form.get("do") == "stop":
        stop_clock(wiring().db, me(), number)
        flash(_("Clock stopped; no time was logged."))
    elif start_clock(wiring().db, me(), number, now()) is Answer.NOT_ALLOWED:
        flash(_("Time is counted on living cases only."), "warning")
    else:
        flash(_("The clock runs. Log the time when you are done."))
    return back(number)


@blueprint.post("/cases/<int(max=9999999999):number>/extend")
@agent_required
def extension(number: int) -> str | Response:
    """Give the case more time than its credit."""
    view = found(number)
    form = ExtendForm()
    if not form.validate():
        return case_page(view, sent=form)
    answer = extend(
        wiring().db,
        live().site.policy,
        me(),
        number,
        form.more.data or 0,
        said(form.why),
        submission_id=said(form.submission_id),
        now=now(),
    )
    if answer is Answer.NOT_ALLOWED:
        flash(_("This case has no credit that could be extended."), "warning")
    else:
        flash(_("Credit extended; the customer reads the reason."))
    return back(number)


@blueprint.post("/cases/<int(max=9999999999):number>/quote")
@agent_required
def quote(number: int) -> str | Response:
    """Hand the case to sales with a quote for the customer."""
    view = found(number)
    form = QuoteForm()
    sound = form.validate()
    lines = read_lines(said(form.lines))
    if lines is None or not are_sound(lines):
        form.lines.errors = [_("End each line with a colon and its price, like “New disk: 99.90”")]
    if not sound or lines is None or form.lines.errors:
        return case_page(view, sent=form)
    answer = offer_quote(
        wiring().db,
        letters(),
        me(),
        number,
        lines,
        currency=said(form.currency),
        terms=said(form.terms),
        days=form.days.data or 0,
        submission_id=said(form.submission_id),
        now=now(),
    )
    if answer is Answer.NOT_ALLOWED:
        flash(_("From its state the case cannot go to sales."), "warning")
    else:
        flash(_("Quote sent; the customer accepts or declines it in the case."))
    return back(number)


@blueprint.post("/cases/<int(max=9999999999):number>/quote/<int(max=9999999999):id_>/withdraw")
@agent_required
def withdraw(number: int, id_: int) -> Response:
    """Take back a quote that nobody has answered."""
    found(number)
    if withdraw_quote(wiring().db, me(), number, id_, now()) is Answer.DONE:
        flash(_("Quote taken back."))
    else:
        flash(_("This quote is not open any more."), "warning")
    return back(number)


@blueprint.post("/cases/<int(max=9999999999):number>/remote")
@agent_required
def remote(number: int) -> str | Response:
    """Write down a session that the customer gives on the phone."""
    view = found(number)
    form = RemoteForm()
    if not form.validate():
        return case_page(view, sent=form)
    if keep_session(form, me(), number) is Answer.DONE:
        flash(_("Session kept for two hours; it is in no e-mail."))
    else:
        flash(_("A finished case takes no session; open it again first."), "warning")
    return back(number)


@blueprint.post("/cases/<int(max=9999999999):number>/remote/end")
@agent_required
def end_remote(number: int) -> Response:
    """Forget the session."""
    found(number)
    end_session(wiring().db, me(), number, now())
    flash(_("Session forgotten."))
    return back(number)
