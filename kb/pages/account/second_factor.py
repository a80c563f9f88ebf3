"""Safety of the account: its second factor, its recovery codes, its sessions."""

from flask import flash, url_for
from flask_login import current_user
from markupsafe import Markup
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from kb.actions import second_factor as actions
from kb.actions.second_factor import Begun, StepOutcome
from kb.actions.ways_in import ways_in
from kb.pages.account.common import PasswordForm, ProvenForm, blueprint, stay
from kb.pages.account.providers import provider_label
from kb.pages.account.second_step import CodeForm
from kb.pages.fields import said
from kb.pages.frame import letters, live, now, render, wiring
from kb.pages.texts import gettext as _
from kb.pages.visitors import customer_required
from kb.rules.totp import key_text, key_uri


class SetUpForm(ProvenForm, CodeForm):
    """The first code, and the password: else who sits at an open session locks its owner out."""


@blueprint.get("/security")
@customer_required
def security() -> str:
    """Show how this account is entered and kept safe."""
    return render(
        "account/security.html",
        section="account",
        codes_left=actions.codes_left(wiring().db, current_user.id),
        ways=ways_in(wiring().db, current_user.id),
        label=provider_label,
        required=_is_required(),
    )


@blueprint.route("/second-factor", methods=["GET", "POST"])
@customer_required
def second_factor() -> str | Response:
    """Set up an authenticator: picture and key, then its first code."""
    if current_user.has_second_factor:
        return redirect(url_for("account.security"))
    form = SetUpForm()
    if form.is_proven():
        begun = actions.begin(wiring().db, letters(), current_user.id, said(form.code), now())
        if isinstance(begun, Begun):
            return _begun(begun)
        form.code.errors = [
            _("Too many tries. Wait 15 minutes")
            if begun is StepOutcome.TOO_MANY
            else _("This code does not fit. Check the clock of the device and write the next code")
        ]
    key = actions.prepare(wiring().db, letters().secret, current_user.id)
    if key is None:  # set up in another window just now
        return redirect(url_for("account.security"))
    return render(
        "account/second_factor.html",
        section="account",
        form=form,
        key=key_text(key),
        picture=_picture(key),
    )


def _begun(begun: Begun) -> str:
    """The other sessions have ended; this one goes on."""
    stay()
    return _show(begun.codes)


def _picture(key: bytes) -> Markup:
    """The key as a QR code, drawn here, so it is told to nobody else."""
    import segno  # only who sets up a second factor needs what draws it

    uri = key_uri(key, current_user.email, live().site.site.brand)
    drawn = segno.make(uri, error="m", micro=False).svg_inline(
        scale=5, dark="#000", light="#fff", title=_("QR code with the key"), svgclass="qr"
    )
    return Markup(drawn)  # noqa: S704 # made of numbers by the library; the address is in the dots


@blueprint.route("/second-factor/codes", methods=["GET", "POST"])
@customer_required
def recovery_codes() -> str | Response:
    """Make new recovery codes, for who knows the password."""
    if not current_user.has_second_factor:
        return redirect(url_for("account.second_factor"))
    form = PasswordForm()
    if form.is_submitted() and form.is_right_for(current_user.id):
        return _show(actions.renew_codes(wiring().db, letters().secret, current_user.id, now()))
    return render("account/ask_codes.html", section="account", form=form)


@blueprint.route("/second-factor/end", methods=["GET", "POST"])
@customer_required
def end_second_factor() -> str | Response:
    """Ask for no codes any more; agents cannot where the site requires them."""
    if not current_user.has_second_factor or _is_required():
        return redirect(url_for("account.security"))
    form = PasswordForm()
    if form.is_submitted() and form.is_right_for(current_user.id):
        actions.end(wiring().db, letters(), current_user.id, now())
        flash(_("The second factor is off."))
        return redirect(url_for("account.security"))
    return render("account/end_second_factor.html", section="account", form=form)


def _show(codes: tuple[str, ...]) -> str:
    return render("account/recovery_codes.html", section="account", codes=codes)


def _is_required() -> bool:
    return bool(current_user.row.is_agent and wiring().settings.require_agent_2fa)
