"""The second step of a sign-in: a code of the authenticator, or a recovery code."""

from flask import abort, flash, request, session, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from kb.actions import second_factor as actions
from kb.actions.second_factor import StepOutcome
from kb.pages.account.common import SECOND_STEP, blueprint, source, welcome
from kb.pages.fields import Form, line, said
from kb.pages.frame import letters, now, render, wiring
from kb.pages.texts import gettext as _
from kb.pages.texts import lazy_gettext as _l
from kb.pages.texts import ngettext
from kb.pages.visitors import SignedIn, load, safe_next


class CodeForm(Form):
    """One field for both kinds of code."""

    code = line(
        _l("Code"),
        required=_l("Write the code"),
        limit=40,
        render_kw={
            "autocomplete": "one-time-code",
            "spellcheck": "false",
            "autocapitalize": "none",
        },
    )


@blueprint.route("/second-step", methods=["GET", "POST"])
def second_step() -> str | Response:
    """Ask for the code; without a first step, or too long after it, begin again."""
    target = safe_next(request.args.get("next"))
    visitor = _after_first_step()
    if visitor is None:
        session.pop(SECOND_STEP, None)
        if request.method == "POST":
            flash(_("The sign-in took too long. Begin again."))
        return redirect(url_for("account.sign_in", next=target))
    form = CodeForm()
    if form.validate_on_submit():
        outcome = actions.check(
            wiring().db, letters(), visitor.row.id, said(form.code), source(), now()
        )
        if outcome in {StepOutcome.RIGHT, StepOutcome.RECOVERED}:
            return _enter(visitor, outcome, target)
        form.code.errors = [_refusal(outcome)]
    return render("account/second_step.html", section="account", form=form)


def _after_first_step() -> SignedIn | None:
    """Who has shown the first factor; None once that is over, or the password has changed."""
    begun = session.get(SECOND_STEP)
    if not begun or now().timestamp() >= begun["until"]:
        return None
    return load(begun["who"])


def _enter(visitor: SignedIn, outcome: StepOutcome, target: str | None) -> Response:
    begun = session.get(SECOND_STEP) or abort(400)
    if outcome is StepOutcome.RECOVERED:
        left = actions.codes_left(wiring().db, visitor.row.id)
        flash(
            ngettext(
                "That recovery code is used up; %(num)s is left.",
                "That recovery code is used up; %(num)s are left.",
                left,
            )
        )
    return welcome(visitor, target, remember=bool(begun["remember"]))


def _refusal(outcome: StepOutcome) -> str:
    if outcome is StepOutcome.TOO_MANY:
        return _("Too many tries. Wait 15 minutes")
    return _("This code does not fit. Each works once; wait for the next one")
