"""What the pages of the account share."""

from typing import Any

from flask import current_app, flash, request, session, url_for
from flask_login import COOKIE_NAME, current_user, login_user, logout_user
from werkzeug.utils import redirect
from werkzeug.wrappers import Response
from wtforms import PasswordField
from wtforms.validators import InputRequired, Length

from kb.actions import sessions
from kb.actions.accounts import SignInOutcome
from kb.pages.fields import PASSWORD_MAX, Form, new_password, password_again, said
from kb.pages.frame import feature, letters, now, wiring
from kb.pages.texts import gettext as _
from kb.pages.texts import lazy_gettext as _l
from kb.pages.visitors import SignedIn, load, safe_next
from kb.rules.accounts import SECOND_STEP_LIVES
from kb.store.users import User

blueprint = feature("account", "kb.pages.account", "/account")

SECOND_STEP = "second_step"  # in the session: who has shown the first factor, and until when


class ButtonForm(Form):
    """Only a button: a mail scanner that opens a link agrees to nothing."""


class PasswordForm(Form):
    """The password once more, before something grave."""

    password = PasswordField(
        _l("Your password"),
        validators=[InputRequired(_l("Write your password")), Length(max=PASSWORD_MAX)],
        render_kw={"autocomplete": "current-password"},
    )

    def is_right_for(self, user_id: int) -> bool:
        """Tell whether the form is complete and the password right; say beside it if not."""
        if not self.validate_on_submit():
            return False
        outcome = sessions.knows_password(
            wiring().db, letters(), user_id, said(self.password), now()
        )
        if outcome is SignInOutcome.WELCOME:
            return True
        told = _("Too many tries. Wait 15 minutes") if outcome is SignInOutcome.TOO_MANY else ""
        self.password.errors = (*self.password.errors, told or _("This is not your password"))
        return False


class ProvenForm(PasswordForm):
    """A form that asks for the password as well, of who has one: an open session alone adds no
    way into the account that stays when the session has ended."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if not current_user.row.has_password:
            del self.password

    def is_proven(self) -> bool:
        """Tell whether the form was sent, is complete, and comes from its owner."""
        if not self.is_submitted():
            return False
        return self.is_right_for(current_user.id) if self.password else bool(self.validate())


class NewPasswordForm(Form):
    """The new password, twice."""

    password = new_password(_l("New password"))
    confirm = password_again(_l("Confirm password"), "password")


def onward() -> str | None:
    """Return the page of this site one was on the way to before one had to enter, if any."""
    return safe_next(request.args.get("next"))


@blueprint.context_processor
def _onward() -> dict[str, Any]:
    """Every page of entering leads on to the others with the same way on."""
    return {"onward": onward()}


def source() -> str:
    """Return the client's address, for counting tries."""
    return request.remote_addr or ""


def enter(user: User, target: str | None, *, remember: bool) -> Response:
    """Let a person in who has shown a password or a provider's word: at once, or after the
    second step; then on to where they wanted to go."""
    here = safe_next(target)
    if not user.has_second_factor:
        return welcome(SignedIn(user), here, remember=remember)
    session[SECOND_STEP] = {
        "who": SignedIn(user).get_id(),
        "until": (now() + SECOND_STEP_LIVES).timestamp(),
        "remember": remember,
    }
    return redirect(url_for("account.second_step", next=here))


def welcome(visitor: SignedIn, target: str | None, *, remember: bool) -> Response:
    """Open the session and lead on; who must set up a second factor is led there first."""
    session.pop(SECOND_STEP, None)
    login_user(visitor, remember=remember)
    if visitor.must_enrol:
        flash(_("Agents sign in with a second factor here. Set it up to go on."))
        return redirect(url_for("account.second_factor"))
    return redirect(target or home_of(visitor))


def home_of(visitor: SignedIn) -> str:
    """Return where a person begins."""
    return url_for("desk.queue") if visitor.is_agent else url_for("account.profile")


def leave() -> None:
    """End the session of this device, a remembered one too. Emptied first: by a word in the session
    the library takes the cookie of a remembered device away."""
    session.clear()
    logout_user()


def stay() -> None:
    """Keep this session going after an action has ended all of the account's, and remember this
    device if it was remembered."""
    visitor = load(f"{current_user.id}:{current_user.session_epoch + 1}")
    if visitor:  # else they were ended elsewhere as well, in this very moment
        remembered = current_app.config.get("REMEMBER_COOKIE_NAME", COOKIE_NAME)
        login_user(visitor, remember=remembered in request.cookies)
