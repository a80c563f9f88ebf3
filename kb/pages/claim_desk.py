"""The desk's queue of claims: proofs of purchase, keys of others, moves, swaps (R7, R58, R60)."""

from flask import abort, flash, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import DateField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from kb.actions.claims import Claimed, ClaimView, claim_page, claim_view, decide_claim
from kb.actions.upgrades import hand_out_upgrades
from kb.pages.attached import download, held_words
from kb.pages.claim_words import claim_kind, claim_product, claim_state
from kb.pages.desk_lists import Group, Item, page_number
from kb.pages.fields import Form, said
from kb.pages.frame import feature, letters, live, now, render, wiring
from kb.pages.texts import gettext as _
from kb.pages.texts import lazy_gettext as _l
from kb.pages.trail_words import trail_row
from kb.pages.visitors import agent_required
from kb.rules.claims import ClaimKind, ClaimState
from kb.store.attachments import Attachment
from kb.store.claims import ClaimFile

blueprint = feature("claim_desk", __name__, "/desk/claims")


class DecisionForm(Form):
    """What the customer is told; for a proof of purchase also the day it proves."""

    bought_on = DateField(
        _l("Day of purchase"), validators=[Optional()], render_kw={"type": "date"}
    )
    answer = TextAreaField(
        _l("Your answer"),
        validators=[
            DataRequired(_l("Write the reason; the customer reads it")),
            Length(max=5000, message=_l("Write at most %(max)d characters")),
        ],
    )


@blueprint.get("")
@agent_required
def claims() -> str:
    """List the claims that wait, the oldest first, or those that are decided."""
    waiting = request.args.get("view") != "decided"
    page = page_number()
    found, more = claim_page(wiring().db, waiting=waiting, page=page)
    view = "waiting" if waiting else "decided"
    return render(
        "sales/claims.html",
        section="desk",
        groups=_groups(waiting),
        name=_("Claims and proofs") if waiting else _("Decided"),
        rows=[
            (one, claim_kind(one.kind), claim_product(one), claim_state(one.state)) for one in found
        ],
        page=page,
        more=more,
        page_url=lambda number: url_for("claim_desk.claims", view=view, page=number),
    )


@blueprint.route("/<int(max=9999999999):id>", methods=["GET", "POST"])
@agent_required
def claim(id: int) -> str | Response:
    """Show a claim with its documents; decide it with a reason."""
    view = claim_view(wiring().db, id)
    if view is None:
        abort(404)
    form = DecisionForm()
    if form.is_submitted() and form.validate():
        state = request.form.get("state")
        if state not in (ClaimState.ACCEPTED, ClaimState.REFUSED):
            abort(400)
        done = decide_claim(
            wiring().db, letters(), current_user.id, id, ClaimState(state), said(form.answer),
            now(), bought_on=form.bought_on.data,
        )  # fmt: skip
        if done is Claimed.DECIDED and view.claim.kind is ClaimKind.UPGRADE:
            policy, secret = live().site.policy, wiring().settings.secret_key
            hand_out_upgrades(wiring().db, policy, letters(), secret, now())
        if done is Claimed.NO_DAY:
            form.bought_on.errors = [_("Write the day of purchase; it is not in the future")]
        else:
            again = done is Claimed.AGAIN
            flash(_("Somebody has decided this already.") if again else _("Decided and e-mailed."))
            return redirect(url_for("claim_desk.claims"))
    return _page(view, form)


@blueprint.get("/<int(max=9999999999):id>/files/<int(max=9999999999):file_id>/<name>")
@agent_required
def file(id: int, file_id: int, name: str) -> Response:
    """Give out a document of a claim."""
    view = claim_view(wiring().db, id)
    found = next((one for one in view.files if one.id == file_id), None) if view else None
    if view is None or found is None:
        abort(404)
    return download(_attachment(view, found), name)


def _attachment(view: ClaimView, one: ClaimFile) -> Attachment:
    """A document as the files of cases are given out, or held."""
    return Attachment(
        one.id, 0, 0, view.claim.user_id, one.name, one.media_type, one.size, one.sha256,
        view.claim.made_at, one.scanned_at, one.virus,
    )  # fmt: skip


def _page(view: ClaimView, form: DecisionForm) -> str:
    names = {"before": _("Old machine"), "after": _("New machine"), "wish": _("Wish")}
    return render(
        "sales/claim.html",
        section="desk",
        groups=_groups(None),
        view=view,
        form=form,
        kind=claim_kind(view.claim.kind),
        state=claim_state(view.claim.state),
        product=claim_product(view.claim),
        files=[(one, held_words(_attachment(view, one))) for one in view.files],
        trail_row=trail_row,
        details=[(names.get(name, name), value) for name, value in view.claim.details.items()],
    )


def _groups(waiting: bool | None) -> list[Group]:
    items: list[Item] = [
        (url_for("claim_desk.claims"), "inbox", _("Waiting"), None, waiting is True),
        (url_for("claim_desk.claims", view="decided"), "circle-check", _("Decided"), None,
         waiting is False),
    ]  # fmt: skip
    return [(_("Claims and proofs"), items)]
