"""What a customer says of a case: what solved it, how our help was, a complaint (R70)."""

from flask import abort, flash, redirect, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from kb.actions import case_after as actions
from kb.actions.case_after import Complained
from kb.actions.cases import Answer, Who
from kb.pages.cases.forms import ComplaintForm, RateForm
from kb.pages.cases.routes import blueprint
from kb.pages.cases.views import case_page, found
from kb.pages.fields import said
from kb.pages.frame import lang, letters, live, now, render, wiring
from kb.pages.texts import gettext as _
from kb.pages.visitors import customer_required
from kb.rules.cases import Actor


@blueprint.post("/<int(max=9999999999):number>/rate")
@customer_required
def rate(number: int) -> str | Response:
    """Keep what solved a finished case and how the customer found our help."""
    view = found(number)
    form = RateForm()
    if not form.validate():
        return case_page(view, rate=form)
    answer = actions.rate(
        wiring().db,
        Who(Actor.CUSTOMER, current_user.id),
        number,
        now(),
        stars=int(said(form.stars)) if form.stars.data else None,
        words=said(form.words),
        solved_by=form.solver,
    )
    if answer is Answer.NOT_ALLOWED:
        flash(_("A case can be rated once it is resolved."), "warning")
    else:
        flash(_("Thank you. What you said is recorded with the case."))
    return redirect(url_for("cases.case", number=number))


@blueprint.route("/<int(max=9999999999):number>/complaint", methods=["GET", "POST"])
@customer_required
def complaint(number: int) -> str | Response:
    """Send a complaint about the service in a case to the named mailbox."""
    view = found(number)
    site = live().site.site
    if not site.complaints_email:
        return redirect(url_for("feedback.feedback"))
    form = ComplaintForm()
    if form.validate_on_submit():
        done = actions.complain(
            wiring().db,
            letters(),
            Who(Actor.CUSTOMER, current_user.id),
            number,
            said(form.text),
            mailbox=site.complaints_email,
            mailbox_lang=site.languages[0],
            lang=lang(),
            submission_id=said(form.submission_id) or abort(400),
            now=now(),
        )
        if isinstance(done, Complained):
            flash(_("Your complaint has the number %(number)s.", number=done.name))
            return redirect(url_for("cases.case", number=number))
        form.text.errors = [_("Too many complaints today. Try again tomorrow")]
    return render(
        "cases/complaint.html",
        section="account",
        case=view.case,
        form=form,
        mailbox=site.complaints_email,
        before=view.complaints,
    )
