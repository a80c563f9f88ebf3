"""My products and downloads: registering keys, support dates, installers and guides (R6–R12)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import abort, current_app, url_for
from flask_login import current_user
from wtforms import TextAreaField, ValidationError
from wtforms.validators import DataRequired, Length

from kb.actions.assets import KeyAnswer, KeyOutcome, register_keys
from kb.actions.cases import cases_of
from kb.actions.cover import Covered, covered_product, covered_products
from kb.actions.key_waits import keys_waiting
from kb.actions.orders import shop_for
from kb.actions.reminders import wants_reminders
from kb.pages.cover_words import state_chip, support_line, ways, why
from kb.pages.fields import Form
from kb.pages.files import download_url
from kb.pages.formats import show_money
from kb.pages.frame import feature, lang, live, needs_products, now, render, wiring
from kb.pages.order_words import term_words
from kb.pages.texts import gettext as _
from kb.pages.texts import lazy_gettext as _l
from kb.pages.unpaid import unpaid
from kb.pages.visitors import customer_required
from kb.rules.contact import Wish
from kb.rules.cover import CoverState, support_request
from kb.rules.keys import MOST_KEYS_AT_ONCE
from kb.rules.orders import is_sold
from kb.rules.policy import Offer
from kb.rules.products import Licensing, Link, Product

blueprint = feature("assets", __name__, "/my/products")
blueprint.before_request(needs_products)

_LONGEST = 200_000  # characters of a paste: more than the keys read at once


class RegisterForm(Form):
    """R6: one key or many, pasted from anywhere."""

    keys = TextAreaField(
        _l("Licence keys"),
        validators=[
            DataRequired(_l("Paste at least one licence key")),
            Length(max=_LONGEST, message=_l("Paste fewer keys at once")),
        ],
        render_kw={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"},
    )

    def validate_keys(self, field: TextAreaField) -> None:
        """More than is read at once is refused whole, so that no key is overlooked."""
        if (
            len([line for line in (field.data or "").splitlines() if line.strip()])
            > MOST_KEYS_AT_ONCE
        ):
            raise ValidationError(
                _("Paste at most %(count)s keys at once", count=MOST_KEYS_AT_ONCE)
            )


@dataclass(frozen=True, slots=True)
class KeyResult:
    """What became of one pasted key, in words."""

    key: str
    word: str
    kind: str
    reason: str
    url: str = ""


@blueprint.get("")
@customer_required
def assets() -> str:
    """Show the registered products and the box for more keys."""
    return _page(RegisterForm(), ())


@blueprint.post("")
@customer_required
def register() -> str:
    """Register every pasted key and say of each what became of it (R6)."""
    form = RegisterForm()
    if not form.validate_on_submit():
        return _page(form, ())
    answers = register_keys(
        wiring().db,
        live().site.policy,
        current_user.id,
        form.keys.data or "",
        now(),
        secret=wiring().settings.secret_key,
        service=current_app.extensions["waypost-licences"],
        lang=lang(),
    )
    if not answers:
        form.keys.errors = [_("There is no licence key in this text")]
        return _page(form, ())
    form.keys.data = "\n".join(one.written for one in answers if one.outcome in _REFUSED)
    return _page(form, answers)


@blueprint.get("/<int(max=9999999999):id>")
@customer_required
def asset(id: int) -> str:
    """Show one registered product: dates, plan, what its owner may do, downloads, its cases."""
    policy = live().site.policy
    found = covered_product(wiring().db, policy, current_user.id, id, now())
    if found is None:
        abort(404)
    return render(
        "assets/asset.html",
        section="account",
        one=found,
        line=support_line(found),
        chip=state_chip(found),
        ways=ways(found),
        why=why(found),
        offers=_offers(found),
        downloads=_links(found.product.downloads if found.product else ()),
        guides=_links(found.product.guides if found.product else ()),
        then=_then(found),
        orders_open=unpaid(current_user.id, found.asset.licence_id),
        contact_url=contact_url(found),
        cases=[case for case in cases_of(wiring().db, current_user.id) if case.asset_id == id],
    )


def _page(form: RegisterForm, answers: tuple[KeyAnswer, ...]) -> str:
    mine = covered_products(wiring().db, live().site.policy, current_user.id, now())
    found = sorted(mine, key=lambda one: one.cover.state is CoverState.ENDED)
    until = {one.asset.id: support_line(one) for one in found}
    return render(
        "assets/assets.html",
        section="account",
        form=form,
        products=[(one, support_line(one), state_chip(one)) for one in found],
        contact_url=contact_url,
        waiting=keys_waiting(wiring().db, current_user.id),
        reminded=wants_reminders(wiring().db, current_user.id),
        results=[_result(answer, until) for answer in answers],
        done=sum(answer.outcome is KeyOutcome.REGISTERED for answer in answers),
        refused=sum(answer.outcome in _REFUSED for answer in answers),
    )


def contact_url(one: Covered) -> str:
    """Return the address where the wizard shows what this product's owner may use."""
    request = support_request(live().site.policy)
    wish = Wish(request=request.id if request else "", edition="full", asset=one.asset.id)
    return url_for("contact.options", **wish.query())


def _links(links: Iterable[Link]) -> list[tuple[str, str, str]]:
    """Name, address and note of each download; signed links are made anew for each page."""
    return [(one.name.in_(lang()), download_url(one.url), one.note.in_(lang())) for one in links]


def _then(one: Covered) -> str:
    """Say what happens once the support ends, or what is left now that it has (R8, R17)."""
    if one.cover.until is None or one.product is None:
        return ""
    if one.cover.state is CoverState.ENDED:
        return _after(one.product, one)
    if one.product.licensing is Licensing.TERM:
        return _("Then the licence ends with it; renew before that day and nothing is interrupted.")
    return _(
        "Then the product goes on working. Help from a person needs a renewal or a paid incident; "
        "restoring your data, the knowledge base and the forum stay free."
    )


def _after(product: Product, one: Covered) -> str:
    """What is left; of a version without support there is no renewal and no incident to buy."""
    if product.licensing is Licensing.TERM:
        return _(
            "The licence has ended with it. Renew it to use the product and its support again."
        )
    shop = shop_for(wiring().db, live().site.policy, current_user.id, one.asset.id, now())
    if not (shop and shop.offers):
        return _(
            "The product goes on working. Help from a person is no longer included; restoring your "
            "data, the knowledge base and the forum stay free."
        )
    return _(
        "The product goes on working. Help from a person needs a renewal or a paid incident; "
        "restoring your data, the knowledge base and the forum stay free."
    )


@dataclass(frozen=True, slots=True)
class OfferRow:
    """Something to buy, with its price and where."""

    name: str
    pitch: str
    url: str


def _offers(one: Covered) -> list[OfferRow]:
    """What this product's owner may order here, and what else the policy offers (R17, R28)."""
    policy = live().site.policy
    shop = shop_for(wiring().db, policy, current_user.id, one.asset.id, now())
    here = shop.offers if shop else ()
    rows = [
        OfferRow(
            f"{found.offer.name.in_(lang())} · {show_money(found.quote.total)}",
            found.offer.pitch.in_(lang()) + (f" {term_words(found.term)}." if found.term else ""),
            url_for("orders.buy", id=one.asset.id, offer=found.offer.id),
        )
        for found in here
    ]
    ids = one.decision.offers if one.decision else ()
    others = [policy.offers[id_] for id_ in ids if id_ in policy.offers]
    return rows + [_elsewhere(one, offer) for offer in others if not is_sold(policy, offer)]


def _elsewhere(one: Covered, offer: Offer) -> OfferRow:
    """An offer that this site takes no orders for: its shop, or a case with us."""
    price = f" · {show_money(offer.price)}" if offer.price else ""
    name = f"{offer.name.in_(lang())}{price}"
    return OfferRow(name, offer.pitch.in_(lang()), offer.url or contact_url(one))


_REFUSED = {
    KeyOutcome.ANOTHERS,
    KeyOutcome.UNKNOWN,
    KeyOutcome.MALFORMED,
    KeyOutcome.BOX_SERIAL,
    KeyOutcome.TOO_MANY,
    KeyOutcome.MISTYPED,
}


def _result(answer: KeyAnswer, until: dict[int, str]) -> KeyResult:
    if answer.asset_id is not None:
        return _owned(answer, until.get(answer.asset_id, ""))
    if answer.outcome is KeyOutcome.WAITING:
        told = _("We cannot look it up right now. We keep trying and e-mail you the answer.")
        return KeyResult(f"…{answer.last4}", _("Waiting"), "warn", told)
    if answer.outcome is KeyOutcome.TWICE:
        told = _("This key stands further up in your list; its answer is there.")
        return KeyResult(f"…{answer.last4}", _("Twice"), "", told)
    word, reason = _refusal(answer.outcome)
    claim = url_for("claims.key") if answer.outcome is KeyOutcome.ANOTHERS else ""
    box = url_for("claims.box") if answer.outcome is KeyOutcome.BOX_SERIAL else claim
    return KeyResult(answer.written, word, "bad", reason, box)


def _owned(answer: KeyAnswer, until: str) -> KeyResult:
    product = live().site.policy.products.get(answer.product or "")
    name = f"{product.name if product else answer.product} {answer.version or ''}".strip()
    new = answer.outcome is KeyOutcome.REGISTERED
    return KeyResult(
        key=f"…{answer.last4}",
        word=_("Registered") if new else _("Already yours"),
        kind="ok" if new else "",
        reason=f"{name}. {until}",
        url=url_for("assets.asset", id=answer.asset_id),
    )


def _refusal(outcome: KeyOutcome) -> tuple[str, str]:
    words: dict[KeyOutcome, tuple[Any, Any]] = {
        KeyOutcome.ANOTHERS: (
            _("Not registered"),
            _("It is registered to another account. If it is yours, you can claim it."),
        ),
        KeyOutcome.MISTYPED: (
            _("Mistyped"),
            _("One of its characters is wrong. Compare it letter by letter with your e-mail."),
        ),
        KeyOutcome.UNKNOWN: (
            _("Not registered"),
            _("We do not know this key. Compare it letter by letter with your purchase e-mail."),
        ),
        KeyOutcome.MALFORMED: (
            _("Not a key"),
            _("It does not look like a licence key. Copy the whole key, without other words."),
        ),
        KeyOutcome.BOX_SERIAL: (
            _("Box serial"),
            _("This short serial from a box is first exchanged for a full key; then paste that."),
        ),
        KeyOutcome.TOO_MANY: (
            _("Not looked up"),
            _("Too many unknown keys in a short time. Wait an hour and paste it again."),
        ),
    }
    return words[outcome]
