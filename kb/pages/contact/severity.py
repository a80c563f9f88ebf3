"""How much it hurts: plain questions, one a page, that end in a severity (R33–R36)."""

from typing import Any

from flask import redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from kb.actions.entitlements import decide_for
from kb.pages import ways
from kb.pages.contact.routes import blueprint, whole_wish
from kb.pages.frame import live, now, render, wiring
from kb.pages.severity_steps import expected_answer, severity_step
from kb.pages.visitors import customer_required


@blueprint.get("/severity")
@customer_required
def severity() -> str | Response:
    """Ask until one answer is yes, then show the severity with its meaning and its promise."""
    wish = whole_wish()
    if isinstance(wish, Response):
        return wish
    policy = live().site.policy
    channel = request.args.get("channel", "")
    channel = channel if channel in {str(one) for one in policy.channels} else ""
    form: dict[str, Any] = {"channel": channel} if channel else {}
    page = "contact.case" if channel else "contact.options"  # where they came from
    step = severity_step(request.args)
    if step.more is not None:
        return redirect(url_for("contact.severity", **wish.query(), **form, no=step.more))
    if step.leads_nowhere:
        return redirect(url_for("contact.options", **wish.query()))
    found = step.found
    chosen = {**wish.query(), "severity": str(found.severity)} if found else wish.query()
    return render(
        "contact/severity.html",
        section="contact",
        wish=wish,
        carried=form,
        no=step.no,
        asked=step.asked,
        found=found,
        answer=_answer(chosen, channel) if found else "",
        onward=url_for(page, **chosen, **form),
        again=url_for("contact.severity", **wish.query(), **form),
        back=url_for(page, **wish.query(), **form),
    )


def _answer(chosen: dict[str, Any], channel: str) -> str:
    """What answer may be expected for this severity, by the channel chosen or the first."""
    wish = ways.wish_of(chosen)
    outcome = decide_for(wiring().db, live().site.policy, current_user.id, wish, now())
    return expected_answer(outcome.decision, wish, channel)
