"""Accounts: sign up, confirm, sign in and out, a new password, the profile (R1–R4)."""

from flask import flash, redirect, request, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response
from wtforms import BooleanField, PasswordField, SelectField
from wtforms.validators import InputRequired, Length

from kb.actions import accounts
from kb.pages.fields import PASSWORD_MAX, Form, email, line, new_password, password_again
from kb.pages.frame import feature, lang, live, now, render, wiring
from kb.pages.names import country_names, language_name
from kb.pages.visitors import SignedIn, customer_required, safe_next

blueprint = feature("account", __name__, "/account")


class SignUpForm(Form):
    """R1: nothing more is asked for (R5)."""

    first_name = line(
        _l("First name"),
        required=_l("Write your first name"),
        render_kw={"autocomplete": "given-name"},
    )
    last_name = line(
        _l("Last name"),
        required=_l("Write your last name"),
        render_kw={"autocomplete": "family-name"},
    )
    email = email(_l("E-mail"))
    country = SelectField(
        _l("Country"),
        validators=[InputRequired(_l("Choose your country"))],
        render_kw={"autocomplete": "country"},
    )
    password = new_password(_l("Password"))
    confirm = password_again(_l("Confirm password"), "password")


class SignInForm(Form):
    """R2."""

    email = email(_l("E-mail"))
    password = PasswordField(
        _l("Password"),
        validators=[InputRequired(_l("Write your password")), Length(max=PASSWORD_MAX)],
        render_kw={"autocomplete": "current-password"},
    )
    remember = BooleanField(_l("Keep me signed in on this device"))


class AskResetForm(Form):
    """Where to send the link for a new password."""

    email = email(_l("E-mail"))


class NewPasswordForm(Form):
    """The new password, twice."""

    password = new_password(_l("New password"))
    confirm = password_again(_l("Confirm password"), "password")


class ConfirmForm(Form):
    """Only the button: a mail scanner that opens the link confirms nothing."""


class ProfileForm(Form):
    """R3: complete the profile and save."""

    first_name = line(_l("First name"), required=_l("Write your first name"))
    last_name = line(_l("Last name"), required=_l("Write your last name"))
    country = SelectField(_l("Country"), validators=[InputRequired(_l("Choose your country"))])
    lang = SelectField(_l("Language of our mails"), validators=[InputRequired()])


@blueprint.route("/sign-up", methods=["GET", "POST"])
def sign_up() -> str | Response:
    """Take a new account; the answer is the same whether the address has one already."""
    form = SignUpForm()
    form.country.choices = [("", _("Choose a country")), *country_names()]
    if form.validate_on_submit():
        accounts.sign_up(
            wiring().db,
            wiring().settings,
            accounts.NewAccount(
                first_name=form.first_name.data,
                last_name=form.last_name.data,
                email=form.email.data,
                country=form.country.data,
                password=form.password.data,
                lang=lang(),
            ),
            now(),
        )
        session["waiting_for"] = form.email.data
        return redirect(url_for("account.check_mail"))
    return render("account/sign_up.html", section="account", form=form)


@blueprint.get("/check-mail")
def check_mail() -> str:
    """Say that a mail is on its way."""
    return render(
        "account/check_mail.html", section="account", address=session.get("waiting_for", "")
    )
