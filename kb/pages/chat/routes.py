"""The blueprint of a customer's chat, and whose it is."""

from flask import abort
from flask_login import current_user

from kb.actions import cases
from kb.actions.cases import CaseView
from kb.pages.frame import feature, wiring

blueprint = feature("chat", "kb.pages.chat", "/my/cases/<int(max=9999999999):number>/chat")


def found(number: int) -> CaseView:
    """Return one's own case; 404 for anybody else's."""
    view = cases.case_for(wiring().db, current_user.id, number)
    if view is None:
        abort(404)
    return view
