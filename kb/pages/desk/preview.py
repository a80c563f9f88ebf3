"""What would this customer see? The contact wizard as a customer walks it, read only (R37–R41)."""

from collections.abc import Callable
from typing import Any

from flask import abort, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import DataRequired

from kb.actions.looks import Look, find_customer, look_as
from kb.pages import contact_steps as steps
from kb.pages import ways
from kb.pages.desk.routes import blueprint
from kb.pages.fields import Form
from kb.pages.frame import lang, live, now, render, wiring
from kb.pages.severity_steps import expected_answer, severity_step
from kb.pages.texts import gettext as _
from kb.pages.texts import lazy_gettext as _l
from kb.pages.visitors import agent_required
from kb.pages.ways import wish_of
from kb.rules.contact import Stage, Wish, next_stage, read_wish, without
from kb.rules.entitlement import Deed, Reading, explain
from kb.rules.policy import Channel


class CustomerForm(Form):
    """Which customer to look as."""

    email = StringField(
        _l("The customer's e-mail address"),
        validators=[DataRequired(_l("Write the address of an account"))],
        render_kw={"type": "email", "autocomplete": "off"},
    )


@blueprint.get("/preview")
@agent_required
def preview() -> str:
    """Ask which customer it is about."""
    return render("desk/preview.html", section="desk", form=CustomerForm(formdata=None))


@blueprint.post("/preview")
@agent_required
def find_preview() -> str | Response:
    """Find the customer by the address of the account."""
    form = CustomerForm()
    if form.validate():
        found = find_customer(wiring().db, form.email.data or "")
        if found is not None:
            return redirect(url_for("desk.preview_as", customer=found))
        form.email.errors = [_("No account has this address")]
    return render("desk/preview.html", section="desk", form=form)


@blueprint.get("/preview/<int(max=9999999999):customer>")
@agent_required
def preview_as(customer: int) -> str | Response:
    """Walk the wizard as this customer: the same questions, the same decision, no way to write."""
    policy = live().site.policy
    wish = read_wish(policy, request.args)

    def address(of: Wish) -> str:
        return url_for("desk.preview_as", customer=customer, **of.query())

    if "item" in request.args:
        chosen: dict[str, Any] = {**wish.query(), **steps.read_item(request.args["item"])}
        return redirect(url_for("desk.preview_as", customer=customer, **chosen))
    stage = next_stage(policy, wish, signed_in=True)
    whole = stage is Stage.DONE
    look = look_as(wiring().db, policy, current_user.id, customer, wish, now(), whole=whole)
    if look is None or not _is_theirs(wish, customer):
        abort(404)
    return render(
        "desk/preview_as.html",
        section="desk",
        customer=look.customer,
        here=address(Wish()),
        wish=wish,
        trail=steps.trail(wish, customer, address),
        question=None if whole else steps.question_for(stage, wish, customer),
        severity=url_for("desk.preview_severity", customer=customer, **wish.query()),
        topic_change=address(without(wish, Stage.TOPIC)) if wish.topic else "",
        **_decided(look, wish, address),
    )


@blueprint.get("/preview/<int(max=9999999999):customer>/severity")
@agent_required
def preview_severity(customer: int) -> str | Response:
    """Walk the questions that lead to a severity as this customer, with the answer that they may
    expect at the end; nothing is kept."""
    policy = live().site.policy
    wish, step = read_wish(policy, request.args), severity_step(request.args)
    back = url_for("desk.preview_as", customer=customer, **wish.query())
    if next_stage(policy, wish, signed_in=True) is not Stage.DONE or step.leads_nowhere:
        return redirect(back)
    chosen = wish_of(
        {**wish.query(), "severity": str(step.found.severity)} if step.found else wish.query()
    )
    look = look_as(wiring().db, policy, current_user.id, customer, chosen, now(), whole=True)
    if look is None or look.outcome is None or not _is_theirs(wish, customer):
        abort(404)
    here = {"customer": customer, **wish.query()}
    if step.more is not None:
        return redirect(url_for("desk.preview_severity", **here, no=step.more))
    return render(
        "desk/preview_severity.html",
        section="desk",
        customer=look.customer,
        wish=wish,
        step=step,
        answer=expected_answer(look.outcome.decision, chosen) if step.found else "",
        onward=url_for("desk.preview_as", customer=customer, **chosen.query()),
        again=url_for("desk.preview_severity", **here),
        back=back,
    )


def _is_theirs(wish: Wish, customer: int) -> bool:
    """Tell whether the product of a wish, if it names a registered one, is this customer's."""
    return wish.asset is None or bool(steps.product_name(wish, customer))


def _decided(look: Look, wish: Wish, address: Callable[[Wish], str]) -> dict[str, Any]:
    """What the customer would be told, and for the agent how every rule was read."""
    if look.outcome is None:
        return {"decided": None}
    outcome = look.outcome
    told = steps.decision_words(wish, outcome, look.customer)
    policy = live().site.policy
    read = [one for one in explain(policy, outcome.facts).readings if one.matched]
    spoke = [one for one in read if one.rule in outcome.decision.why or not _refuses(one.rule)]
    return {
        "decided": told,
        "free": [(why, address(one)) for why, one in ways.free(outcome, wish)],
        "rules": [(one.rule, _deed(one), _why_of(one.rule)) for one in spoke],
        "policy_revision": outcome.policy_revision,
    }


def _deed(reading: Reading) -> str:
    """Say what a rule did in the reader's language, with the names the site gives things."""
    policy = live().site.policy
    names = [
        (policy.offers[one] if one in policy.offers else policy.channels[Channel(one)]).name
        for one in reading.to
    ]
    to = ", ".join(name.in_(lang()) for name in names)
    return {
        None: "",
        Deed.GRANTED: _("granted: %(channels)s", channels=to),
        Deed.GRANTED_CLOSED: _("granted a channel that is closed to them"),
        Deed.REFUSED: _("refused"),
        Deed.ENDED: _("ended the reading, after a grant"),
        Deed.OFFERED: _("offered: %(offers)s", offers=to),
    }[reading.deed]


def _refuses(rule_id: str) -> bool:
    rule = live().site.policy.rule(rule_id)
    return rule is not None and rule.refuse is not None


def _why_of(rule_id: str) -> str:
    rule = live().site.policy.rule(rule_id)
    return rule.why.in_(lang()) if rule else ""
