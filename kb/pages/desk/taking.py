"""Taking the next case of a selection of the queue."""

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from kb.actions.next_case import take_next
from kb.pages.desk import selection
from kb.pages.desk.acting import me
from kb.pages.desk.routes import blueprint
from kb.pages.frame import now, wiring
from kb.pages.texts import gettext as _
from kb.pages.visitors import agent_required


@blueprint.post("/next")
@agent_required
def take() -> Response:
    """Give the agent the next case of the selection the form was sent from, and lead there."""
    said = selection.sent()
    number = take_next(wiring().db, me(), selection.filter_of(said), now())
    if number is None:
        flash(_("No case here waits for somebody to take it."), "warning")
        return redirect(selection.queue_url(said))
    flash(_("Case %(number)s is yours now.", number=number))
    return redirect(url_for("desk.case", number=number))
