"""Going on from a finished case in a new one that is linked to it (R66)."""

from flask import abort, flash, redirect, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from kb.actions.case_follow import follow as open_linked
from kb.actions.cases import Opened
from kb.pages.cases.forms import follow_form
from kb.pages.cases.pages import follow_page
from kb.pages.cases.routes import blueprint
from kb.pages.cases.views import found
from kb.pages.consent_fields import asked_in, seals
from kb.pages.frame import lang, letters, live, now, wiring
from kb.pages.message_forms import written
from kb.pages.texts import gettext as _
from kb.pages.visitors import customer_required
from kb.rules.cases import Actor, Deed, may


@blueprint.route("/<int(max=9999999999):number>/again", methods=["GET", "POST"])
@customer_required
def follow(number: int) -> str | Response:
    """Open a case linked to a finished one; nothing that is known is asked again."""
    view = found(number)
    if view.case.merged_into is not None:
        return redirect(url_for("cases.case", number=view.case.merged_into))
    if not may(Deed.FOLLOW, view.case.state, Actor.CUSTOMER):
        return redirect(url_for("cases.case", number=number))
    form = follow_form(view.case.request)
    if not form.is_submitted():
        return follow_page(view)
    sent = written(form)
    if sent is None:
        return follow_page(view, form=form)
    opened = open_linked(
        wiring().db,
        live().site.policy,
        letters(),
        current_user.id,
        view.case,
        sent.body,
        lang=lang(),
        submission_id=sent.submission_id or abort(400),
        now=now(),
        files=sent.files,
        agreed=seals(asked_in(form, view.case.request)),
    )
    if not isinstance(opened, Opened):
        return follow_page(view, form=form, refused=opened.outcome)
    flash(_("Case %(number)s is open and linked to this one.", number=opened.number))
    return redirect(url_for("cases.case", number=opened.number))
