"""Entering: sign up, confirm, sign in and out, a new password (R1, R2, R4)."""

from flask import flash, redirect, request, session, url_for
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import BooleanField, PasswordField, SelectField
from wtforms.validators import InputRequired, Length

from kb.actions import accounts, sessions
from kb.actions.accounts import Outcome, SignInOutcome
from kb.pages.account.common import (
    ButtonForm,
    NewPasswordForm,
    blueprint,
    enter,
    home_of,
    leave,
    onward,
    source,
)
from kb.pages.account.providers import provider_links
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
from kb.pages.frame import lang, letters, live, now, render, wiring
from kb.pages.names import country_names
from kb.pages.texts import gettext as _
from kb.pages.texts import lazy_gettext as _l
from kb.pages.visitors import customer_required


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
            onward=onward() or "",
        )
        outcome = accounts.sign_up(wiring().db, letters(), asked, source(), now())
        if outcome is Outcome.DONE:
            _wait_for(said(form.email), "account.sign_up")
            return redirect(url_for("account.check_mail", next=onward()))
        _explain(form, outcome)
    return render("account/sign_up.html", section="account", form=form)


@blueprint.get("/check-mail")
def check_mail() -> str:
    """Say that a mail is on its way, and where to go if its address was mistyped."""
    address, again = session.get("waiting_for", ""), session.get("waiting_since", "")
    known = again in {"account.sign_up", "account.ask_reset"}
    return render(
        "account/check_mail.html",
        section="account",
        address=address,
        again=url_for(again, next=onward()) if known else "",
    )


def _wait_for(address: str, endpoint: str) -> None:
    """Remember where a mail went, and the form that asked for it."""
    session["waiting_for"], session["waiting_since"] = address, endpoint


@blueprint.route("/confirm/<token>", methods=["GET", "POST"])
def confirm(token: str) -> str | Response:
    """Confirm the address and sign the person in (R2)."""
    form = ButtonForm()
    if not form.validate_on_submit():
        return render("account/confirm.html", section="account", form=form)
    outcome = accounts.confirm(wiring().db, letters().secret, token, now())
    if outcome is not Outcome.DONE:
        return render("account/dead_link.html", section="account", kind="confirm")
    session.pop("waiting_for", None)
    flash(_("Your account is confirmed. Sign in to go on."))
    return redirect(url_for("account.sign_in", next=onward()))


@blueprint.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> str | Response:
    """Sign in and go on where one was (R4)."""
    if current_user.is_authenticated:
        return redirect(onward() or home_of(current_user))
    form = SignInForm()
    if form.validate_on_submit():
        answer = accounts.sign_in(
            wiring().db,
            letters(),
            said(form.email),
            said(form.password),
            source(),
            now(),
            onward() or "",
        )
        if answer.user is not None:
            return enter(answer.user, request.args.get("next"), remember=form.remember.data)
        form.password.errors = (*form.password.errors, _refusal(answer.outcome))
    return render(
        "account/sign_in.html",
        section="account",
        form=form,
        providers=provider_links(onward()),
        for_contact=_is_contact(onward()),
    )


@blueprint.post("/sign-out")
def sign_out() -> Response:
    """End the session."""
    leave()
    flash(_("You are signed out."))
    return redirect(url_for("home.home"))


@blueprint.post("/sign-out-everywhere")
@customer_required
def sign_out_everywhere() -> Response:
    """End every session of the account, on this device too."""
    sessions.sign_out_everywhere(wiring().db, current_user.id, now())
    leave()
    flash(_("You are signed out on every device."))
    return redirect(url_for("account.sign_in"))


@blueprint.route("/password", methods=["GET", "POST"])
def ask_reset() -> str | Response:
    """Send the link for a new password; the answer is the same for unknown addresses."""
    form = AskResetForm()
    if form.validate_on_submit():
        outcome = accounts.ask_reset(
            wiring().db, letters(), said(form.email), source(), now(), onward() or ""
        )
        if outcome is Outcome.DONE:
            _wait_for(said(form.email), "account.ask_reset")
            return redirect(url_for("account.check_mail", next=onward()))
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
            return redirect(url_for("account.sign_in", next=onward()))
        if outcome is Outcome.BAD_PASSWORD:
            _explain(form, outcome)
            outcome = Outcome.DONE
    if outcome is not Outcome.DONE:
        return render("account/dead_link.html", section="account", kind="reset")
    return render("account/reset.html", section="account", form=form)


def _explain(form: Form, outcome: Outcome) -> None:
    """Put an action's refusal beside the field it is about."""
    if outcome is Outcome.BAD_PASSWORD:
        form.password.errors = [_("Choose a password that is harder to guess")]
    elif outcome is Outcome.BAD_EMAIL:
        form.email.errors = [_("Write an address like name@example.com")]
    else:
        form.email.errors = [_("Too many tries. Wait an hour and try again")]


def _is_contact(target: str | None) -> bool:
    """Whether somebody was on the way to support, and so has answered questions already."""
    wizards = (url_for("contact.start", lang=code) for code in live().site.site.languages)
    return target is not None and target.startswith(tuple(wizards))


def _refusal(outcome: SignInOutcome) -> str:
    if outcome is SignInOutcome.TOO_MANY:
        return _("Too many tries. Wait 15 minutes, or set a new password")
    # The same for both: anybody may sign up with any address, and would learn by signing in
    # whether it had a confirmed account before.
    return _(
        "The e-mail or the password do not match; or the account is not confirmed yet, and a new "
        "link is on its way to your mailbox"
    )
