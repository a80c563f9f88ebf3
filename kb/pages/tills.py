"""The ways of paying of this application, and what actions about money need."""

from flask import current_app

from kb.actions.checkouts import Tills
from kb.actions.payments import Desk
from kb.pages.frame import letters, live, wiring


def tills() -> Tills:
    """Return the ways of paying that the application was wired with."""
    found: Tills = current_app.extensions["waypost-tills"]
    return found


def desk() -> Desk:
    """Return what actions about money need, for the site of this request."""
    return Desk(wiring().db, live().site.policy, letters())
