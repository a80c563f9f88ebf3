"""Asking about a product: a key somebody else has, a proof, a move, a swap, the free upgrade
(R7, R10, R58, R60), and exchanging the short serial of a box."""

import secrets
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import BooleanField, HiddenField, TextAreaField
from wtforms.validators import InputRequired, Length

from kb.actions.assets import asset as asset_of
from kb.actions.box_serials import BoxOutcome, exchange
from kb.actions.claims import Claimed, claim_for_product, claim_key, claims_of
from kb.actions.reminders import set_reminders
from kb.actions.upgrades import UpgradeOutcome, free_upgrade
from kb.pages.attached import FilesField, file_limits, take_files
from kb.pages.claim_words import claim_kind, claim_product, claim_state
from kb.pages.fields import Form, line, said
from kb.pages.frame import feature, lang, letters, live, needs_products, now, render, wiring
from kb.pages.texts import gettext as _
from kb.pages.texts import lazy_gettext as _l
from kb.pages.visitors import customer_required
from kb.rules.claims import ClaimKind
from kb.store.assets import Asset

blueprint = feature("claims", __name__, "/my/products")
blueprint.before_request(needs_products)

_LONGEST = 5000


class WordsForm(Form):
    """What every claim says, with its documents."""

    words = TextAreaField(
        _l("Your words"),
        validators=[Length(max=_LONGEST, message=_l("Write at most %(max)d characters"))],
    )
    files = FilesField(_l("Documents"))
    submission = HiddenField()


class KeyForm(WordsForm):
    """A key that another account has."""

    key = line(_l("Licence key"), required=_l("Write the licence key"), limit=200)


class ProofForm(WordsForm):
    """R7: an invoice or a receipt."""

    files = FilesField(_l("Invoice or receipt"), needed=_l("Attach your invoice or receipt"))


class MoveForm(WordsForm):
    """R58: the old machine is retired, and that is documented."""

    before = line(_l("The old machine"), required=_l("Name the old machine"))
    after = line(_l("The new machine"), required=_l("Name the new machine"))
    retired = BooleanField(
        _l("The old machine is retired: the product no longer runs on it"),
        validators=[InputRequired(_l("A licence moves once the old machine is retired"))],
    )
    files = FilesField(_l("Document that shows it"), needed=_l("Attach the document that shows it"))


class SwapForm(WordsForm):
    """R60: another product or language."""

    wish = line(
        _l("Which product or language would you like instead?"),
        required=_l("Write which product or language you would like"),
    )


class BoxForm(Form):
    """R7: a short serial."""

    serial = line(_l("Serial from the box"), required=_l("Write the serial"), limit=60)


FORMS: dict[ClaimKind, type[WordsForm]] = {
    ClaimKind.PROOF: ProofForm,
    ClaimKind.MOVE: MoveForm,
    ClaimKind.SWAP: SwapForm,
}


@blueprint.get("/claims")
@customer_required
def claims() -> str:
    """List my requests about products, each with its state and what was decided."""
    return render(
        "claims/claims.html",
        section="account",
        rows=[
            (one, claim_kind(one.kind), claim_product(one), claim_state(one.state))
            for one in claims_of(wiring().db, current_user.id)
        ],
    )


@blueprint.route("/claim", methods=["GET", "POST"])
@customer_required
def key() -> str | Response:
    """Claim a key that is registered to another account; its owner is never named."""
    form = KeyForm()
    files = _files(form)
    if files is not None:
        done = claim_key(
            wiring().db, letters(), wiring().settings.secret_key, current_user.id,
            said(form.key), said(form.words), files, lang=lang(), now=now(),
        )  # fmt: skip
        if done in (Claimed.MADE, Claimed.AGAIN):
            return _made(done)
        form.key.errors = [_refusal(done)]
    return _page("claims/key.html", form)


@blueprint.route("/<int(max=9999999999):id>/<kind>", methods=["GET", "POST"])
@customer_required
def product(id: int, kind: str) -> str | Response:
    """Send a proof of purchase, report a move, ask for a swap."""
    mine = _mine(id)
    if kind not in FORMS:
        abort(404)
    claim = ClaimKind(kind)
    form = FORMS[claim]()
    files = _files(form)
    if files is not None:
        details = {name: said(form[name]) for name in ("before", "after", "wish") if name in form}
        done = claim_for_product(
            wiring().db, current_user.id, id, claim, said(form.words), details, files,
            lang=lang(), now=now(),
        )  # fmt: skip
        if done in (Claimed.MADE, Claimed.AGAIN):
            return _made(done)
        form.words.errors = [_refusal(done)]
    return _page(f"claims/{kind}.html", form, mine)


@blueprint.post("/<int(max=9999999999):id>/upgrade")
@customer_required
def upgrade(id: int) -> str | Response:
    """Take the free upgrade; where no key is ready a person makes it (R10)."""
    _mine(id)  # 404 for anybody else's
    settings = wiring().settings
    done = free_upgrade(
        wiring().db, live().site.policy, settings.secret_key, current_user.id, id, now()
    )
    if done.outcome is UpgradeOutcome.DONE:
        return render("claims/upgraded.html", section="account", key=done.key,
                      asset_id=done.asset_id)  # fmt: skip
    if done.outcome is UpgradeOutcome.NO_KEY_YET:
        claim_for_product(
            wiring().db, current_user.id, id, ClaimKind.UPGRADE, "", {}, (),
            lang=lang(), now=now(),
        )  # fmt: skip
        flash(_("Your new key is being prepared; you get an e-mail as soon as it is there."))
    else:
        flash(_("This product has no free upgrade at the moment."), "warning")
    return redirect(url_for("assets.asset", id=id))


@blueprint.route("/box", methods=["GET", "POST"])
@customer_required
def box() -> str:
    """Exchange a short serial for the full key (R7)."""
    form = BoxForm()
    found = ""
    if form.validate_on_submit():
        answer = exchange(
            wiring().db, wiring().settings.secret_key, current_user.id, said(form.serial), now()
        )
        found = answer.key
        if answer.outcome is not BoxOutcome.EXCHANGED:
            form.serial.errors = [_box_refusal(answer.outcome)]
    return render("claims/box.html", section="account", form=form, key=found)


@blueprint.post("/reminders")
@customer_required
def reminders() -> Response:
    """Switch the reminders of the end of support on or off."""
    wanted = request.form.get("wanted") == "yes"
    set_reminders(wiring().db, current_user.id, wanted, now())
    flash(_("Reminders are on.") if wanted else _("Reminders are off."))
    return redirect(url_for("assets.assets"))


def _files(form: WordsForm) -> Any:
    """The files of a form that is sound; None when it was not sent, or comes back."""
    if not form.is_submitted():
        form.submission.data = secrets.token_urlsafe(16)
        if isinstance(form, KeyForm):
            form.key.data = request.args.get("key", "")[:200]
        return None
    sound = form.validate()
    files = take_files(form.files, said(form.submission))
    return files if sound and files is not None else None


def _page(template: str, form: WordsForm, mine: Asset | None = None) -> str:
    policy = live().site.policy
    known = policy.products.get(mine.product) if mine else None
    return render(
        template,
        section="account",
        form=form,
        asset=mine,
        name=(known.name if known else mine.product) if mine else "",
        file_limits=file_limits(),
    )


def _mine(asset_id: int) -> Asset:
    mine = asset_of(wiring().db, current_user.id, asset_id)
    if mine is None:
        abort(404)
    return mine


def _made(done: Claimed) -> Response:
    told = {
        Claimed.MADE: _("Sent. A person looks at it, and you get the answer by e-mail."),
        Claimed.AGAIN: _("We have this request already; the answer comes by e-mail."),
    }
    flash(told[done])
    return redirect(url_for("claims.claims"))


def _refusal(done: Claimed) -> str:
    if done is Claimed.TOO_MANY:
        return _("These were many requests in one day. Try again tomorrow.")
    return _("No other account has this key. Paste it on the page of your products.")


def _box_refusal(outcome: BoxOutcome) -> str:
    return {
        BoxOutcome.NO_SERIAL: _("A serial from a box has 8 or 16 digits"),
        BoxOutcome.UNKNOWN: _("We do not know this serial. Compare it digit by digit."),
        BoxOutcome.TOO_MANY: _("Too many unknown serials in a short time. Wait an hour."),
        BoxOutcome.ANOTHERS: _(
            "The key of this serial is registered to another account. If it is yours, claim it."
        ),
    }[outcome]
