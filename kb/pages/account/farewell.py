"""Deleting the account."""

from flask import flash, url_for
from flask_login import current_user
from werkzeug.utils import redirect
from werkzeug.wrappers import Response
from wtforms import BooleanField
from wtforms.validators import InputRequired

from kb.actions.account_erase import Farewell, delete_account
from kb.pages.account.common import PasswordForm, blueprint, leave
from kb.pages.frame import letters, live, now, render, wiring
from kb.pages.texts import gettext as _
from kb.pages.texts import lazy_gettext as _l
from kb.pages.visitors import customer_required


class DeleteForm(PasswordForm):
    """The password, and a word that it is meant."""

    sure = BooleanField(
        _l("Delete my account; I know that it does not come back"),
        validators=[InputRequired(_l("Tick the box if you want to delete the account"))],
    )


@blueprint.route("/delete", methods=["GET", "POST"])
@customer_required
def delete() -> str | Response:
    """Say what goes and what stays, then delete the account for who knows the password."""
    form = DeleteForm()
    if form.is_submitted() and form.is_right_for(current_user.id):
        policy = live().site.policy
        outcome = delete_account(wiring().db, policy, letters(), current_user.id, now())
        if outcome is Farewell.DONE:
            leave()
            flash(_("Your account is deleted."))
            return redirect(url_for("home.home"))
        form.sure.errors = [_refusal(outcome)]
    return render("account/delete.html", section="account", form=form)


def _refusal(outcome: Farewell) -> str:
    if outcome is Farewell.LAST_OWNER:
        return _("Make somebody else an owner of your organisation first")
    return _("An agent's account is deleted by whoever runs this site")
