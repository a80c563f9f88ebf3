"""Accounts: sign up, confirm, sign in and out, a new password, the profile (R1–R4)."""

from flask import flash, redirect, request, session, url_for
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response
from wtforms import BooleanField, PasswordField, SelectField
from wtforms.validators import InputRequired, Length

from kb.actions import accounts
from kb.actions.accounts import Outcome, SignInOutcome
from kb.pages.fields import (
    PASSWORD_MAX,
    Form,
    choices,
    email,
    line,
    new_password,
    password_again,
    said,
)
from kb.pages.frame import feature, lang, letters, live, now, render, wiring
from kb.pages.names import country_names, language_name
from kb.pages.texts import gettext as _
from kb.pages.texts import lazy_gettext as _l
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
    form.country.choices = choices([("", _("Choose a country")), *country_names()])
    if form.validate_on_submit():
        asked = accounts.SignUp(
            first_name=said(form.first_name),
            last_name=said(form.last_name),
            email=said(form.email),
            country=said(form.country),
            password=said(form.password),
            lang=lang(),
        )
        outcome = accounts.sign_up(wiring().db, letters(), asked, _source(), now())
        if outcome is Outcome.DONE:
            session["waiting_for"] = said(form.email)
            return redirect(url_for("account.check_mail"))
        _explain(form, outcome)
    return render("account/sign_up.html", section="account", form=form)


@blueprint.get("/check-mail")
def check_mail() -> str:
    """Say that a mail is on its way."""
    return render(
        "account/check_mail.html", section="account", address=session.get("waiting_for", "")
    )


@blueprint.route("/confirm/<token>", methods=["GET", "POST"])
def confirm(token: str) -> str | Response:
    """Confirm the address and sign the person in (R2)."""
    form = ConfirmForm()
    if not form.validate_on_submit():
        return render("account/confirm.html", section="account", form=form)
    outcome = accounts.confirm(wiring().db, letters().secret, token, now())
    if outcome is not Outcome.DONE:
        return render("account/dead_link.html", section="account", kind="confirm")
    session.pop("waiting_for", None)
    flash(_("Your account is confirmed. Sign in to go on."))
    return redirect(url_for("account.sign_in"))


@blueprint.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> str | Response:
    """Sign in and go on where one was (R4)."""
    if current_user.is_authenticated:
        return redirect(safe_next(request.args.get("next")) or _home_of(current_user.is_agent))
    form = SignInForm()
    if form.validate_on_submit():
        answer = accounts.sign_in(
            wiring().db, letters(), said(form.email), said(form.password), _source(), now()
        )
        if answer.user is not None:
            login_user(SignedIn(answer.user), remember=form.remember.data)
            here = safe_next(request.args.get("next"))
            return redirect(here or _home_of(answer.user.is_agent))
        form.password.errors = (*form.password.errors, _refusal(answer.outcome))
    return render("account/sign_in.html", section="account", form=form)


@blueprint.post("/sign-out")
def sign_out() -> Response:
    """End the session."""
    logout_user()
    session.clear()
    flash(_("You are signed out."))
    return redirect(url_for("home.home"))


@blueprint.route("/password", methods=["GET", "POST"])
def ask_reset() -> str | Response:
    """Send the link for a new password; the answer is the same for unknown addresses."""
    form = AskResetForm()
    if form.validate_on_submit():
        outcome = accounts.ask_reset(wiring().db, letters(), said(form.email), _source(), now())
        if outcome is Outcome.DONE:
            session["waiting_for"] = said(form.email)
            return redirect(url_for("account.check_mail"))
        _explain(form, outcome)
    return render("account/ask_reset.html", section="account", form=form)


@blueprint.route("/password/<token>", methods=["GET", "POST"])
def reset(token: str) -> str | Response:
    """Set the new password; every older session ends."""
    form = NewPasswordForm()
    outcome = accounts.check_reset(wiring().db, letters().secret, token, now())
    if outcome is Outcome.DONE and form.validate_on_submit():
        outcome = accounts.reset_password(wiring().db, letters(), token, said(form.password), now())
        if outcome is Outcome.DONE:
            flash(_("The new password is set. Sign in with it."))
            return redirect(url_for("account.sign_in"))
        if outcome is Outcome.BAD_PASSWORD:
            _explain(form, outcome)
            outcome = Outcome.DONE
    if outcome is not Outcome.DONE:
        return render("account/dead_link.html", section="account", kind="reset")
    return render("account/reset.html", section="account", form=form)


@blueprint.route("/", methods=["GET", "POST"])
@customer_required
def profile() -> str | Response:
    """Show what there is for this person and let them complete the profile (R3)."""
    form = ProfileForm(obj=current_user.row)
    form.country.choices = choices(country_names())
    languages = live().site.site.languages
    form.lang.choices = choices((code, language_name(code)) for code in languages)
    if form.validate_on_submit():
        accounts.set_profile(
            wiring().db,
            current_user.id,
            first_name=said(form.first_name),
            last_name=said(form.last_name),
            country=said(form.country),
            lang=said(form.lang),
        )
        flash(_("Saved."))
        return redirect(url_for("account.profile"))
    return render("account/profile.html", section="account", form=form)


def _home_of(is_agent: bool) -> str:
    return url_for("desk.queue") if is_agent else url_for("account.profile")


def _source() -> str:
    return request.remote_addr or ""


def _explain(form: Form, outcome: Outcome) -> None:
    """Put an action's refusal beside the field it is about."""
    if outcome is Outcome.BAD_PASSWORD:
        form.password.errors = [_("Choose a password that is harder to guess")]
    elif outcome is Outcome.BAD_EMAIL:
        form.email.errors = [_("Write an address like name@example.com")]
    else:
        form.email.errors = [_("Too many tries. Wait an hour and try again")]


def _refusal(outcome: SignInOutcome) -> str:
    if outcome is SignInOutcome.UNCONFIRMED:
        return _("Confirm your account first; a new link is on its way to your mailbox")
    if outcome is SignInOutcome.TOO_MANY:
        return _("Too many tries. Wait 15 minutes, or set a new password")
    return _("The e-mail or the password do not match")
