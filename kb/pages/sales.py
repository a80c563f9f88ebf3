"""The desk's orders: money that came, money to give back, cases outside support (R28, R49)."""

from flask import abort, flash, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from kb.actions.case_steps import Answer, Who
from kb.actions.checkouts import cancel_order
from kb.actions.order_desk import OrderList, order_counts, order_page, write_off
from kb.actions.orders import OrderView, order_view
from kb.actions.out_of_scope import close_out_of_scope
from kb.actions.payments import Done, confirm_invoice, give_back
from kb.outside.payments import PaymentTrouble
from kb.pages.desk_lists import Group, page_number, places
from kb.pages.fields import Form, line, said
from kb.pages.frame import feature, letters, live, now, render, wiring
from kb.pages.order_words import offer_name, pay_by_words, payment_words, state_words, tax_name
from kb.pages.texts import gettext as _
from kb.pages.texts import lazy_gettext as _l
from kb.pages.tills import desk, tills
from kb.pages.trail_words import trail_row
from kb.pages.visitors import agent_required
from kb.rules.cases import Actor
from kb.rules.money import PayBy
from kb.rules.orders import Mover, OrderState, PaymentState, states_before

blueprint = feature("sales", __name__, "/desk")


class BankForm(Form):
    """The money of an invoice came."""

    reference = line(
        _l("The bank's reference"), required=_l("Write the bank's reference; it counts once")
    )


class ReasonForm(Form):
    """Why an agent changes something; it stays on the trail."""

    reason = line(_l("Reason"), required=_l("Write the reason; it is kept"), limit=300)


class ScopeForm(Form):
    """What the customer is told when a case is outside what support covers."""

    reason = TextAreaField(
        _l("What the customer reads"),
        validators=[
            DataRequired(_l("Write why the case is outside what support covers")),
            Length(max=5000, message=_l("Write at most %(max)d characters")),
        ],
    )


@blueprint.get("/orders")
@agent_required
def orders() -> str:
    """List orders: to be paid, with money to give back, all."""
    words = request.args.get("q", "").strip()[:100]
    which = OrderList.ALL if words else _list(request.args.get("view", ""))
    page = order_page(wiring().db, which, words, page_number())
    return render(
        "sales/orders.html",
        section="desk",
        groups=_groups(which),
        name=_names()[which],
        q=words,
        page=page,
        rows=[(one, offer_name(one.offer), state_words(one.state)) for one in page.rows],
        page_url=lambda number: url_for("sales.orders", view=which, q=words or None, page=number),
    )


@blueprint.get("/orders/<reference>")
@agent_required
def order(reference: str) -> str:
    """Show an order with its payments and its trail."""
    return _order_page(_find(reference), BankForm(), ReasonForm())


@blueprint.post("/orders/<reference>/confirm")
@agent_required
def confirm(reference: str) -> str | Response:
    """Say that the money of an invoice came."""
    view, form = _find(reference), BankForm()
    if not form.validate():
        return _order_page(view, form, ReasonForm(formdata=None))
    done = confirm_invoice(desk(), current_user.id, reference, said(form.reference), now())
    told = {
        Done.TAKEN: _("Confirmed. The customer has the receipt, and what was bought is valid."),
        Done.AGAIN: _("Nothing changed: it is paid, or this reference was used before."),
    }
    flash(told.get(done, _("This order is not paid by invoice.")), _kind(done))
    return _back(reference)


@blueprint.post("/orders/<reference>/cancel")
@agent_required
def cancel(reference: str) -> str | Response:
    """Cancel an unpaid order, with a reason."""
    view, form = _find(reference), ReasonForm()
    if not form.validate():
        return _order_page(view, BankForm(formdata=None), form)
    try:
        done = cancel_order(
            desk(), tills(), Mover.AGENT, current_user.id, reference, now(),
            reason=said(form.reason),
        )  # fmt: skip
    except PaymentTrouble:
        flash(_("The payment provider does not answer. Try again in a few minutes."), "warning")
        return _back(reference)
    cancelled = done is Done.CANCELLED
    flash(_("Cancelled.") if cancelled else _("Only an unpaid order is cancelled."), _kind(done))
    return _back(reference)


@blueprint.post("/orders/<reference>/payments/<int(max=9999999999):id>/back")
@agent_required
def back(reference: str, id: int) -> str | Response:
    """Say that the money of an invoice went back, with a reason."""
    view, form = _find(reference), ReasonForm()
    if not form.validate():
        return _order_page(view, BankForm(formdata=None), form)
    done = give_back(desk(), current_user.id, reference, id, said(form.reason), now())
    told = {
        Done.REFUNDED: _("Noted. What the order gave is taken back."),
        Done.AGAIN: _("It went back before."),
        Done.USED: _("A case has used this paid incident; close that case as out of scope first."),
    }
    flash(told.get(done, _("Money paid by card is given back at the provider.")), _kind(done))
    return _back(reference)


@blueprint.post("/orders/<reference>/let-go")
@agent_required
def let_go(reference: str) -> str | Response:
    """Let go of a case whose paid incident's money went back, with a reason."""
    view, form = _find(reference), ReasonForm()
    if not form.validate():
        return _order_page(view, BankForm(formdata=None), form)
    done = write_off(wiring().db, current_user.id, reference, said(form.reason), now())
    gone = done is Done.WRITTEN_OFF
    flash(_("Noted; it has left the list.") if gone else _("Nothing changed."), _kind(done))
    return _back(reference)


@blueprint.route("/cases/<int(max=9999999999):number>/out-of-scope", methods=["GET", "POST"])
@agent_required
def out_of_scope(number: int) -> str | Response:
    """Close a case as outside what support covers; its paid incident goes back (R24, R28)."""
    form = ScopeForm()
    if form.validate_on_submit():
        who = Who(Actor.AGENT, current_user.id)
        policy = live().site.policy
        done = close_out_of_scope(
            wiring().db, policy, letters(), who, number, said(form.reason), now()
        )
        if done is Answer.NOT_FOUND:
            abort(404)
        if done is Answer.DONE:
            flash(_("Closed as out of scope. A paid incident that it used is unused again."))
        else:
            flash(_("This case is closed already."), "warning")
        return redirect(url_for("desk.case", number=number))
    return render("sales/out_of_scope.html", section="desk", form=form, number=number,
                  groups=_groups(None))  # fmt: skip


def _order_page(view: OrderView, bank: BankForm, reason: ReasonForm) -> str:
    one = view.order
    confirmable = one.pay_by is PayBy.INVOICE and one.state in states_before(
        OrderState.PAID, Mover.AGENT
    )
    return render(
        "sales/order.html",
        section="desk",
        view=view,
        one=one,
        bank=bank,
        reason=reason,
        groups=_groups(None),
        name=offer_name(one.offer),
        state=state_words(one.state),
        pay_by=pay_by_words(one.pay_by),
        tax=tax_name(one),
        confirmable=confirmable,
        cancellable=one.state is OrderState.NEW,
        unpaid_case=one.state is OrderState.REFUNDED and view.case_number and not view.let_go,
        payments=[
            (paid, payment_words(paid.state), _may_go_back(view, paid.state, paid.provider))
            for paid in view.payments
        ],
        product=live().site.policy.products.get(view.product),
        trail_row=trail_row,
    )


def _may_go_back(view: OrderView, state: PaymentState, provider: str) -> bool:
    used = view.case_number is not None and state is PaymentState.TAKEN
    return provider == "invoice" and state is not PaymentState.REFUNDED and not used


def _find(reference: str) -> OrderView:
    view = order_view(wiring().db, reference, None)
    if view is None:
        abort(404)
    return view


def _back(reference: str) -> Response:
    return redirect(url_for("sales.order", reference=reference))


def _kind(done: Done) -> str:
    good = (Done.TAKEN, Done.CANCELLED, Done.REFUNDED, Done.WRITTEN_OFF)
    return "message" if done in good else "warning"


def _list(text: str) -> OrderList:
    return OrderList(text) if text in set(OrderList) else OrderList.OPEN


def _names() -> dict[OrderList, str]:
    return {
        OrderList.OPEN: _("To be paid"),
        OrderList.SURPLUS: _("Money to give back"),
        OrderList.UNPAID_CASES: _("Given back, but used"),
        OrderList.ALL: _("All orders"),
    }


def _groups(current: OrderList | None) -> list[Group]:
    icons = {
        OrderList.OPEN: "clock",
        OrderList.SURPLUS: "banknote",
        OrderList.UNPAID_CASES: "triangle-alert",
        OrderList.ALL: "list",
    }
    counts = order_counts(wiring().db)
    return [(_("Orders"), places("sales.orders", _names(), icons, counts, current))]
