"""Tokens of the API: made, shown once, ended by whom they act for."""

from flask import flash, make_response, url_for
from flask_login import current_user
from werkzeug.utils import redirect
from werkzeug.wrappers import Response
from wtforms import SelectField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from kb.actions import api_tokens as actions
from kb.actions.api_tokens import MadeToken, TokenFlaw
from kb.pages.account.common import ProvenForm, blueprint
from kb.pages.fields import said
from kb.pages.formats import show_day, show_recent
from kb.pages.frame import now, render, wiring
from kb.pages.texts import gettext as _
from kb.pages.texts import lazy_gettext as _l
from kb.pages.visitors import customer_required
from kb.rules.api_access import LONGEST_NAME, MOST_TOKENS, TOKEN_DAYS, Scope, scopes_for
from kb.store.api_tokens import ApiToken

_SCOPES = {
    Scope.CASES_READ: _l("Read cases and their files"),
    Scope.CASES_WRITE: _l("Open cases, reply and change them"),
    Scope.CASES_BEHALF: _l("Open cases for customers"),
    Scope.NOTES_WRITE: _l("Write internal notes"),
    Scope.CUSTOMERS_READ: _l("Read customers and organisations"),
    Scope.PRODUCTS_READ: _l("Read registered products"),
    Scope.WEBHOOKS_MANAGE: _l("Set up webhooks"),
}


class TokenForm(ProvenForm):
    """What a new token is for, and how long."""

    name = StringField(
        _l("What it is for"),
        validators=[
            DataRequired(_l("Write what the token is for")),
            Length(max=LONGEST_NAME, message=_l("Write at most %(max)d characters")),
        ],
        render_kw={"autocomplete": "off"},
    )
    scopes = SelectMultipleField(
        _l("What it may do"), validators=[InputRequired(_l("Choose what the token may do"))]
    )
    days = SelectField(_l("How long it works"), coerce=int)


@blueprint.route("/tokens", methods=["GET", "POST"])
@customer_required
def tokens() -> str | Response:
    """List the tokens of this account; make one and show it this once."""
    form = TokenForm()
    form.scopes.choices = [(str(one), str(_SCOPES[one])) for one in scopes_for(current_user.role)]
    form.days.choices = [(days, _("%(days)s days", days=days)) for days in TOKEN_DAYS]
    if form.is_proven():
        made = actions.make_token(
            wiring().db,
            current_user.id,
            said(form.name),
            form.scopes.data or [],
            form.days.data,
            now(),
            by=current_user.id,
        )
        if isinstance(made, MadeToken):
            return _shown_once(made)
        form.name.errors = [_why(made)]
    return render(
        "account/tokens.html",
        section="account",
        form=form,
        rows=[_row(one) for one in actions.tokens_of(wiring().db, current_user.id)],
    )


@blueprint.post("/tokens/<int(max=9999999999):token_id>/end")
@customer_required
def end_token(token_id: int) -> Response:
    """End a token at once; anybody else's does not exist."""
    ended = actions.revoke_token(wiring().db, current_user.id, token_id, now(), by=current_user.id)
    if ended:
        flash(_("The token opens nothing any more."))
    else:
        flash(_("This token had ended already."), "warning")
    return redirect(url_for("account.tokens"))


def _shown_once(made: MadeToken) -> Response:
    until = show_day(made.expires_at)
    page = render("account/token_made.html", section="account", token=made.token, until=until)
    answer = make_response(page)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _row(one: ApiToken) -> dict[str, object]:
    works = one.works_at(now())
    return {
        "id": one.id,
        "name": one.name,
        "hint": one.hint,
        "scopes": [str(_SCOPES[scope]) for scope in Scope if scope in one.scopes],
        "works": works,
        "state": _("Works")
        if works
        else (_("Ended") if one.revoked_at is not None else _("Expired")),
        "until": show_day(one.expires_at),
        "used": show_recent(one.last_used_at, now()) if one.last_used_at else "",
    }


def _why(flaw: TokenFlaw) -> str:
    if flaw is TokenFlaw.TOO_MANY:
        return _("There are %(num)s tokens already; end one first", num=MOST_TOKENS)
    return _("This token cannot be made")
