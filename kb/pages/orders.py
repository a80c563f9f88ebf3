"""Buying for a registered product, paying, my orders (R17, R28, R29); no card data (R5)."""

import secrets

from flask import abort, flash, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import HiddenField, RadioField
from wtforms.validators import InputRequired

from kb.actions.checkouts import cancel_order, checkout_url, settle
from kb.actions.orders import (
    OrderView,
    Placed,
    Refusal,
    order_view,
    orders_of,
    place_order,
    shop_for,
    ways_to_pay,
)
from kb.actions.payments import Done
from kb.outside.payments import PaymentTrouble
from kb.pages.fields import Form, choices, said
from kb.pages.frame import feature, lang, letters, live, needs_products, now, render, wiring
from kb.pages.order_words import (
    offer_name,
    pay_by_words,
    state_words,
    tax_name,
    term_words,
)
from kb.pages.texts import gettext as _
from kb.pages.texts import lazy_gettext as _l
from kb.pages.tills import desk, tills
from kb.pages.unpaid import unpaid
from kb.pages.visitors import customer_required
from kb.rules.contact import Wish
from kb.rules.cover import support_request
from kb.rules.money import PayBy
from kb.rules.orders import Mover, OrderState, PaymentState

blueprint = feature("orders", __name__, "/my")
blueprint.before_request(needs_products)


class BuyForm(Form):
    """How it is to be paid; nothing else is asked (R5)."""

    pay_by = RadioField(
        _l("How would you like to pay?"),
        validators=[InputRequired(_l("Choose how you would like to pay"))],
    )
    submission = HiddenField()


@blueprint.route("/products/<int(max=9999999999):id>/buy/<offer>", methods=["GET", "POST"])
@customer_required
def buy(id: int, offer: str) -> str | Response:
    """Show what is bought, for what and at which price; make the order (R29)."""
    policy = live().site.policy
    shop = shop_for(wiring().db, policy, current_user.id, id, now())
    if shop is None:
        abort(404)
    wanted = shop.find(offer)
    form = _buy_form()
    if form.is_submitted():
        # Also when it is not offered any more: the form may have made its order a moment ago.
        if form.validate():
            return _place(form, id, offer)
        form.submission.data = said(form.submission) or secrets.token_urlsafe(16)
    if wanted is None:
        return _not_offered(id)
    return render(
        "orders/buy.html",
        section="account",
        form=form,
        one=wanted,
        gives=term_words(wanted.term),
        hints=_hints(),
        covered=shop.covered,
        unpaid=unpaid(current_user.id, shop.covered.asset.licence_id, offer),
    )


@blueprint.get("/orders")
@customer_required
def orders() -> str:
    """List my orders."""
    return render(
        "orders/orders.html",
        section="account",
        orders=[
            (one, offer_name(one.offer), state_words(one.state))
            for one in orders_of(wiring().db, current_user.id)
        ],
    )


@blueprint.get("/orders/<reference>")
@customer_required
def order(reference: str) -> str:
    """Show one order: what it is, what to do to pay it, what it gave."""
    if request.args.get("back"):
        try:  # a customer who comes back from paying does not wait for the provider's notice
            settle(desk(), tills(), _mine(reference).order.reference, now())
        except PaymentTrouble:
            flash(_("The payment provider does not answer at the moment."), "warning")
    view = _mine(reference)
    return render(
        "orders/order.html",
        section="account",
        view=view,
        one=view.order,
        back=bool(request.args.get("back")),
        name=offer_name(view.order.offer),
        state=state_words(view.order.state),
        pay_by=pay_by_words(view.order.pay_by),
        pay_url=_pay_url(view),
        invoice=_invoice(view),
        contact_url=_contact_url(view),
        product=live().site.policy.products.get(view.product),
        tax=tax_name(view.order),
        colleague=view.customer if view.order.user_id != current_user.id else None,
    )


@blueprint.get("/orders/<reference>/receipt")
@customer_required
def receipt(reference: str) -> str:
    """Show the receipt of a paid order, laid out to be printed on one sheet."""
    view = _mine(reference)
    if view.order.paid_at is None:
        abort(404)
    prices = live().site.policy.prices
    return render(
        "orders/receipt.html",
        section="account",
        view=view,
        one=view.order,
        name=offer_name(view.order.offer),
        state=state_words(view.order.state),
        pay_by=pay_by_words(view.order.pay_by),
        product=live().site.policy.products.get(view.product),
        tax=tax_name(view.order),
        seller=prices.seller if prices else None,
        paid=[one for one in view.payments if one.state is PaymentState.TAKEN],
    )


@blueprint.post("/orders/<reference>/pay")
@customer_required
def pay(reference: str) -> Response:
    """Open the provider's page; the link to it is on the order's page."""
    _mine(reference)
    _open_checkout(reference)
    return redirect(url_for("orders.order", reference=reference))


@blueprint.post("/orders/<reference>/cancel")
@customer_required
def cancel(reference: str) -> Response:
    """Cancel my unpaid order."""
    _mine(reference)
    try:
        done = cancel_order(desk(), tills(), Mover.CUSTOMER, current_user.id, reference, now())
    except PaymentTrouble:
        flash(_("The payment provider does not answer. Try again in a few minutes."), "warning")
    else:
        if done is Done.CANCELLED:
            flash(_("The order is cancelled. Nothing is to be paid."))
        else:
            flash(_("This order can no longer be cancelled."), "warning")
    return redirect(url_for("orders.order", reference=reference))


def _buy_form() -> BuyForm:
    form = BuyForm()
    ways = ways_to_pay(live().site.policy, tills())
    form.pay_by.choices = choices([(str(way), pay_by_words(way)) for way in ways])
    if not form.is_submitted():
        form.pay_by.data = str(ways[0]) if ways else None
        form.submission.data = secrets.token_urlsafe(16)
    return form


def _place(form: BuyForm, asset_id: int, offer: str) -> Response:
    placed = place_order(
        wiring().db,
        live().site.policy,
        letters(),
        current_user.id,
        asset_id,
        offer,
        PayBy(said(form.pay_by)),
        ways=tills(),
        submission_id=said(form.submission),
        lang=lang(),
        now=now(),
    )
    if isinstance(placed, Placed):
        if not placed.again:
            flash(_("Your order is made. It is valid once it is paid."))
        _open_checkout(placed.reference)
        return redirect(url_for("orders.order", reference=placed.reference))
    if placed is Refusal.NOT_YOURS:
        abort(404)
    if placed is Refusal.TOO_MANY:
        told = _("These were many orders in one day. Try again tomorrow, or write to us.")
        flash(told, "warning")
        return redirect(url_for("assets.asset", id=asset_id))
    return _not_offered(asset_id)


def _not_offered(asset_id: int) -> Response:
    flash(_("This is not offered for this product now. Its page says what is."), "warning")
    return redirect(url_for("assets.asset", id=asset_id))


def _open_checkout(reference: str) -> None:
    try:
        checkout_url(desk(), tills(), current_user.id, reference, now())
    except PaymentTrouble:
        told = _("The payment provider does not answer. Your order is kept; try again later.")
        flash(told, "warning")


def _mine(reference: str) -> OrderView:
    view = order_view(wiring().db, reference, current_user.id)
    if view is None:
        abort(404)
    return view


def _pay_url(view: OrderView) -> str:
    """The provider's page, while one is open."""
    one = view.order
    if one.state is not OrderState.NEW or not one.checkout_url or not one.checkout_until:
        return ""
    return one.checkout_url if one.checkout_until > now() else ""


def _invoice(view: OrderView) -> str:
    prices = live().site.policy.prices
    waits = view.order.state is OrderState.NEW and view.order.pay_by is PayBy.INVOICE
    return prices.invoice.in_(lang()) if prices and waits else ""


def _contact_url(view: OrderView) -> str:
    """Where what was bought is used, once it is paid and while the product is still mine."""
    request_ = support_request(live().site.policy)
    if view.order.state is not OrderState.PAID or view.asset_id is None or request_ is None:
        return ""
    wish = Wish(request=request_.id, edition="full", asset=view.asset_id)
    return url_for("contact.options", **wish.query())


def _hints() -> dict[str, str]:
    return {
        str(PayBy.CARD): _("On the page of our payment provider; we never see your card"),
        str(PayBy.INVOICE): _("By bank transfer; valid as soon as the payment has arrived"),
    }
