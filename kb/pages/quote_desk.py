"""The desk's quotes: what customers accepted and sales deliver, in one list (R71)."""

from flask import abort, flash, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from kb.actions.case_steps import Answer, Who
from kb.actions.quote_desk import QuoteAt, QuoteList, deliver_quote, quote_counts, quote_page
from kb.pages.desk_lists import Group, page_number, places
from kb.pages.frame import feature, now, render, wiring
from kb.pages.quote_words import QuoteRow, quote_rows
from kb.pages.texts import gettext as _
from kb.pages.visitors import agent_required
from kb.rules.cases import Actor
from kb.rules.whole_numbers import whole

blueprint = feature("quote_desk", __name__, "/desk/quotes")


@blueprint.get("")
@agent_required
def quotes() -> str:
    """List quotes: to be delivered, waiting for the customer, delivered, over."""
    text = request.args.get("view", "")
    which = QuoteList(text) if text in set(QuoteList) else QuoteList.ACCEPTED
    found = quote_page(wiring().db, which, page_number())
    return render(
        "sales/quotes.html",
        section="desk",
        groups=_groups(which),
        name=_names()[which],
        rows=[(one, _row(one)) for one in found.rows],
        deliverable=which is QuoteList.ACCEPTED,
        page=found,
        page_url=lambda to: url_for("quote_desk.quotes", view=which, page=to),
    )


@blueprint.post("/<int(max=9999999999):id_>/delivered")
@agent_required
def deliver(id_: int) -> Response:
    """Say that what was accepted is delivered."""
    done = deliver_quote(wiring().db, Who(Actor.AGENT, current_user.id), id_, now())
    if done is Answer.NOT_FOUND:
        abort(404)
    if done is Answer.DONE:
        flash(_("Noted as delivered; the customer reads it in the case."))
    else:
        flash(_("Only an accepted quote is delivered, once."), "warning")
    case = whole(request.form.get("case", ""), 15)
    if case is not None:
        return redirect(url_for("desk.case", number=case))
    return redirect(url_for("quote_desk.quotes"))


def _row(one: QuoteAt) -> QuoteRow:
    return quote_rows((one.quote,), now())[0]


def _names() -> dict[QuoteList, str]:
    return {
        QuoteList.ACCEPTED: _("Accepted, to be delivered"),
        QuoteList.OPEN: _("Waiting for the customer's answer"),
        QuoteList.DELIVERED: _("Delivered"),
        QuoteList.OVER: _("Declined or taken back"),
    }


def _groups(current: QuoteList) -> list[Group]:
    icons = {
        QuoteList.ACCEPTED: "package",
        QuoteList.OPEN: "clock",
        QuoteList.DELIVERED: "circle-check",
        QuoteList.OVER: "x",
    }
    counts = quote_counts(wiring().db)
    return [(_("Quotes"), places("quote_desk.quotes", _names(), icons, counts, current))]
