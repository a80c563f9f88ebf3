"""Another e-mail address, agreed to by the old mailbox and by the new one."""

from flask import flash, url_for
from flask_login import current_user
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from kb.actions import email_change
from kb.actions.accounts import Outcome
from kb.pages.account.common import ButtonForm, PasswordForm, blueprint, source
from kb.pages.fields import email, said
from kb.pages.frame import letters, now, render, wiring
from kb.pages.texts import gettext as _
from kb.pages.texts import lazy_gettext as _l
from kb.pages.visitors import customer_required


class NewAddressForm(PasswordForm):
    """The new address, and the password as proof."""

    email = email(_l("New e-mail address"))


@blueprint.route("/email", methods=["GET", "POST"])
@customer_required
def address() -> str | Response:
    """Ask for the change; the answer is the same when the new address has an account."""
    form = NewAddressForm()
    if form.is_submitted() and form.is_right_for(current_user.id):
        outcome = email_change.ask(
            wiring().db, letters(), current_user.id, said(form.email), source(), now()
        )
        if outcome is Outcome.DONE:
            flash(_("We have written to both addresses. Open the link in each of the two e-mails."))
            return redirect(url_for("account.profile"))
        form.email.errors = [_refusal(outcome)]
    return render("account/email.html", section="account", form=form)


@blueprint.post("/email/withdraw")
@customer_required
def withdraw_address() -> Response:
    """Keep the address after all."""
    email_change.withdraw(wiring().db, current_user.id)
    flash(_("Your address stays as it is."))
    return redirect(url_for("account.profile"))


@blueprint.route("/email/<token>", methods=["GET", "POST"])
def agree_address(token: str) -> str | Response:
    """Take the word of one of the two mailboxes; no session is needed for it."""
    form = ButtonForm()
    if not form.validate_on_submit():
        return render("account/email_agree.html", section="account", form=form)
    outcome, changed = email_change.agree(wiring().db, letters(), token, now())
    if outcome is not Outcome.DONE:
        return render("account/dead_link.html", section="account", kind="email")
    if changed:
        flash(_("Your e-mail address is changed. Sign in with the new one from now on."))
        return redirect(url_for("account.profile"))
    return render("account/email_half.html", section="account")


def _refusal(outcome: Outcome) -> str:
    if outcome is Outcome.TOO_MANY:
        return _("Too many tries. Wait an hour and try again")
    return _("Write another address than the one you have")
