"""The blueprint of chats at the desk; a site without chat has none."""

from flask import abort
from flask_login import current_user

from kb.actions import cases
from kb.actions.cases import CaseView, Who
from kb.pages.frame import feature, live, wiring
from kb.rules.cases import Actor
from kb.rules.policy import Channel

blueprint = feature("chat_desk", "kb.pages.chat_desk", "/desk/chats")


def found(number: int) -> CaseView:
    """Return any case; 404 for none."""
    view = cases.case_for_agent(wiring().db, number)
    if view is None:
        abort(404)
    return view


def me() -> Who:
    """Return the agent who is signed in."""
    return Who(Actor.AGENT, current_user.id)


@blueprint.before_request
def _site_has_chat() -> None:
    if Channel.CHAT not in live().site.policy.channels:
        abort(404)
