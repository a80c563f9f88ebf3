"""How much it hurts: plain questions, one a page, that end in a severity (R33–R36)."""

from typing import Any

from flask import redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from kb.actions.entitlements import decide_for
from kb.pages import ways
from kb.pages.contact.routes import blueprint, whole_wish
from kb.pages.frame import live, now, render, wiring
from kb.pages.visitors import customer_required
from kb.rules.contact import asked_severity, next_severity
from kb.rules.entitlement import Allowed
from kb.rules.policy import Channel, Severity


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
    said, _dash, letter = request.args.get("say", "").partition("-")
    no = [one for one in request.args.getlist("no") if one in set(Severity)]
    if said == "no" and letter in set(Severity):
        return redirect(url_for("contact.severity", **wish.query(), **form, no=[*no, letter]))
    asked = asked_severity(policy, no)
    found = next_severity(policy, no, letter if said == "yes" else "")
    if asked is None and found is None:
        return redirect(url_for("contact.options", **wish.query()))
    chosen = {**wish.query(), "severity": str(found.severity)} if found else wish.query()
    return render(
        "contact/severity.html",
        section="contact",
        wish=wish,
        carried=form,
        no=no,
        asked=asked,
        found=found,
        answer=_answer(chosen, channel) if found else "",
        onward=url_for(page, **chosen, **form),
        again=url_for("contact.severity", **wish.query(), **form),
        back=url_for(page, **wish.query(), **form),
    )


def _answer(chosen: dict[str, Any], channel: str) -> str:
    """What answer may be expected for this severity, by the channel chosen or the first."""
    policy = live().site.policy
    wish = ways.wish_of(chosen)
    decision = decide_for(wiring().db, policy, current_user.id, wish, now()).decision
    if not isinstance(decision, Allowed):
        return ""
    grant = (decision.grant(channel) if channel else None) or decision.channels[0]
    info = policy.channels[Channel(grant.channel)]
    return ways.answer_words(grant, info, ways.severity_of(wish))
