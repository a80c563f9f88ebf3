"""What a customer does with a technician's help: answers a quote (R71), shows the screen (R68)."""

from flask import abort, flash, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from kb.actions.cases import Answer, Who
from kb.actions.quotes import answer_quote
from kb.actions.remote_sessions import end_session
from kb.pages.cases.routes import blueprint
from kb.pages.cases.views import case_page, found
from kb.pages.frame import letters, now, wiring
from kb.pages.remote_form import RemoteForm, keep_session
from kb.pages.texts import gettext as _
from kb.pages.visitors import customer_required
from kb.rules.cases import Actor


@blueprint.post("/<int(max=9999999999):number>/quote/<int(max=9999999999):id_>")
@customer_required
def quote(number: int, id_: int) -> Response:
    """Accept or decline a quote, once."""
    found(number)
    if request.form.get("answer") not in ("accept", "decline"):
        abort(400)
    accepts = request.form["answer"] == "accept"
    answer = answer_quote(wiring().db, letters(), _me(), number, id_, accepts=accepts, now=now())
    if answer is Answer.NOT_FOUND:
        abort(404)
    if answer is Answer.NOT_ALLOWED:
        flash(_("This quote is not open any more."), "warning")
    elif accepts:
        flash(_("Quote accepted. Our sales team goes on with it here."))
    else:
        flash(_("Quote declined. Nothing is charged."))
    return redirect(url_for("cases.case", number=number))


@blueprint.post("/<int(max=9999999999):number>/remote")
@customer_required
def remote(number: int) -> str | Response:
    """Keep how the technician sees the screen, for two hours."""
    view = found(number)
    form = RemoteForm()
    if not form.validate():
        return case_page(view, remote=form)
    if keep_session(form, _me(), number) is Answer.DONE:
        flash(
            _("The technician sees it now. It is forgotten after two hours, and no e-mail has it.")
        )
    else:
        flash(_("A finished case takes no session; open it again first."), "warning")
    return redirect(url_for("cases.case", number=number))


@blueprint.post("/<int(max=9999999999):number>/remote/end")
@customer_required
def end_remote(number: int) -> Response:
    """Forget the session at once."""
    found(number)
    end_session(wiring().db, _me(), number, now())
    flash(_("Session forgotten."))
    return redirect(url_for("cases.case", number=number))


def _me() -> Who:
    return Who(Actor.CUSTOMER, current_user.id)
