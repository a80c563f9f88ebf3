"""The ways into the account: another password, and parting from a provider."""

from flask import abort, flash, redirect, url_for
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import PasswordField
from wtforms.validators import InputRequired, Length

from kb.actions import ways_in
from kb.actions.ways_in import PasswordChange, Unlinked
from kb.pages.account.common import ButtonForm, NewPasswordForm, PasswordForm, blueprint, stay
from kb.pages.account.providers import provider_label, running_for
from kb.pages.fields import PASSWORD_MAX, said
from kb.pages.frame import letters, now, render, wiring
from kb.pages.texts import gettext as _
from kb.pages.texts import lazy_gettext as _l
from kb.pages.visitors import customer_required


class ChangePasswordForm(NewPasswordForm):
    """The current password as proof, and the new one twice."""

    current = PasswordField(
        _l("Current password"),
        validators=[InputRequired(_l("Write your password")), Length(max=PASSWORD_MAX)],
        render_kw={"autocomplete": "current-password"},
    )


@blueprint.route("/security/password", methods=["GET", "POST"])
@customer_required
def change_password() -> str | Response:
    """Set a new password; every other session ends and this one goes on."""
    if not current_user.row.has_password:
        return redirect(url_for("account.ask_reset"))
    form = ChangePasswordForm()
    if form.validate_on_submit():
        current, new = said(form.current), said(form.password)
        me = current_user.id
        outcome = ways_in.change_password(wiring().db, letters(), me, current, new, now())
        if outcome is PasswordChange.DONE:
            stay()
            flash(_("The new password is set. You are signed out everywhere else."))
            return redirect(url_for("account.security"))
        _explain(form, outcome)
    return render("account/change_password.html", section="account", form=form)


@blueprint.route("/security/provider/<name>", methods=["GET", "POST"])
@customer_required
def unlink_provider(name: str) -> str | Response:
    """Part the account from a provider, for who knows the password if there is one; the last
    way in stays."""
    running, me = running_for(current_user.row), current_user.id
    ways = ways_in.ways_in(wiring().db, me)
    if name not in ways.providers:
        abort(404)
    form = PasswordForm() if ways.has_password else ButtonForm()
    meant = form.is_submitted() and (
        form.is_right_for(me) if isinstance(form, PasswordForm) else form.validate()
    )
    if meant:
        outcome = ways_in.unlink(wiring().db, letters(), me, name, running, now())
        if outcome is Unlinked.DONE:
            stay()
            told = _("%(provider)s no longer opens your account.", provider=provider_label(name))
            flash(told)
            return redirect(url_for("account.security"))
    return render(
        "account/unlink_provider.html",
        section="account",
        form=form,
        provider=provider_label(name),
        may=ways.may_lose(name, running),
    )


def _explain(form: ChangePasswordForm, outcome: PasswordChange) -> None:
    """Put a refusal beside the field it is about."""
    told = {
        PasswordChange.WRONG: (form.current, _("This is not your password")),
        PasswordChange.TOO_MANY: (form.current, _("Too many tries. Wait 15 minutes")),
        PasswordChange.SAME: (form.password, _("Choose another password than the one you have")),
        PasswordChange.BAD_PASSWORD: (
            form.password,
            _("Choose a password that is harder to guess"),
        ),
    }
    field, words = told[outcome]
    field.errors = [words]
