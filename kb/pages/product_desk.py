"""The desk's view of a customer's products, and its corrections, each with a reason (R49)."""

from datetime import date
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from kb.actions import corrections
from kb.actions.corrections import Corrected, ProductView
from kb.pages.claim_words import contract_source, proof_state
from kb.pages.cover_words import support_line
from kb.pages.desk_lists import Group
from kb.pages.frame import feature, lang, letters, live, now, render, wiring
from kb.pages.texts import gettext as _
from kb.pages.trail_words import trail_row
from kb.pages.visitors import agent_required
from kb.rules.whole_numbers import whole
from kb.store import users

blueprint = feature("product_desk", __name__, "/desk/customers")


@blueprint.get("/<int(max=9999999999):customer>/products")
@agent_required
def products(customer: int) -> str:
    """Show every product of a customer with contracts, paid incidents and trail."""
    views = _views(customer)
    plans = [p for p in live().site.policy.plans.values() if not p.per_case]
    return render(
        "sales/products.html",
        section="desk",
        groups=_groups(customer),
        customer=customer,
        customer_name=_name(customer),
        products=[(view, support_line(view.covered)) for view in views],
        plans=[(plan.id, plan.name.in_(lang())) for plan in plans],
        plan_names={plan.id: plan.name.in_(lang()) for plan in live().site.policy.plans.values()},
        contract_source=contract_source,
        proof_state=proof_state,
        trail_row=trail_row,
    )


@blueprint.post("/<int(max=9999999999):customer>/products/<int(max=9999999999):id>")
@agent_required
def correct(customer: int, id: int) -> Response:
    """Make one correction; what is missing is said and nothing changes."""
    if not any(view.covered.asset.id == id for view in _views(customer)):
        abort(404)
    done = _correct(id, request.form.get("do", ""))
    told = {
        Corrected.DONE: _("Corrected; the reason is on the trail."),
        Corrected.NO_REASON: _("Nothing changed: write the reason; it is kept."),
        Corrected.USED: _("Nothing changed: a case has used this paid incident."),
        Corrected.NOT_THERE: _("Nothing changed: it is not there any more."),
        Corrected.WRONG: _("Nothing changed: look at the days and the plan again."),
    }
    flash(told[done], "message" if done is Corrected.DONE else "warning")
    return redirect(url_for("product_desk.products", customer=customer))


def _correct(asset_id: int, do: str) -> Corrected:
    said: dict[str, str] = {name: request.form.get(name, "") for name in request.form}
    reason, me, db = said.get("reason", "")[:300], current_user.id, wiring().db
    days = {name: _day(said.get(name, "")) for name in ("bought_on", "starts_on", "ends_on")}
    first, last, bought = days["starts_on"], days["ends_on"], days["bought_on"]
    number = whole(said.get("which", ""), 10) or 0
    if do == "bought-on":
        if bought is None:
            return Corrected.WRONG
        return corrections.correct_purchase(db, me, asset_id, bought, reason, now())
    if do == "add-contract":
        if first is None or last is None:
            return Corrected.WRONG
        plan, policy = said.get("plan", ""), live().site.policy
        return corrections.give_contract(db, policy, me, asset_id, plan, first, last, reason, now())
    if do == "end-contract":
        return corrections.end_contract(db, me, asset_id, number, reason, now())
    if do == "grant-credit":
        return corrections.grant_credit(db, me, asset_id, reason, now())
    if do == "demand-proof":
        policy = live().site.policy
        return corrections.demand_proof(db, policy, letters(), me, asset_id, reason, now())
    if do != "void-credit":
        abort(400)
    return corrections.void_credit(db, me, asset_id, number, reason, now())


def _views(customer: int) -> tuple[ProductView, ...]:
    views = corrections.products_of(wiring().db, live().site.policy, customer, now())
    if views is None:
        abort(404)
    return views


def _name(customer: int) -> str:
    with wiring().db.read() as conn:
        person = users.by_id(conn, customer)
    return person.name if person else ""


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _groups(customer: int) -> list[Group]:
    url: Any = url_for("product_desk.products", customer=customer)
    return [(_("Customer"), [(url, "boxes", _("Products and contracts"), None, True)])]
