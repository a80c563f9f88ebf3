"""Work on many cases at once, and the selections that agents keep."""

from flask import flash, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from kb.actions.case_marks import MOST_AT_ONCE, BulkDeed, Order, in_bulk
from kb.actions.cases import Answer, queue_page
from kb.actions.saved_filters import drop_filter, keep_filter
from kb.pages.case_words import state_name
from kb.pages.desk import selection
from kb.pages.desk.case import me
from kb.pages.desk.routes import blueprint
from kb.pages.desk.views import DEFAULT, groups
from kb.pages.frame import letters, live, now, render, wiring
from kb.pages.texts import gettext as _
from kb.pages.texts import ngettext
from kb.pages.visitors import agent_required
from kb.rules.cases import CaseState
from kb.rules.whole_numbers import whole


@blueprint.post("/bulk")
@agent_required
def bulk() -> str | Response:
    """Do one thing with every chosen case and tell of each how it went."""
    said = selection.sent()
    numbers, left = _numbers(said)
    order = _order()
    if order is None or not numbers:
        flash(_("Choose cases and what to do with them; nothing was changed."), "warning")
        return redirect(selection.queue_url(said))
    if order.state is CaseState.CLOSED and request.form.get("sure") != "yes":
        return _closing(said, numbers, left)
    found = in_bulk(wiring().db, live().site.policy, letters(), me(), numbers, order, now())
    done = [number for number, answer in found if answer is Answer.DONE]
    refused = [(number, _why(answer, order)) for number, answer in found if number not in done]
    if not refused and not left:
        flash(ngettext("Done for %(num)s case.", "Done for %(num)s cases.", len(done)))
        return redirect(selection.queue_url(said))
    return render(
        "desk/bulk.html",
        section="desk",
        groups=groups(DEFAULT),
        what=_deed(order),
        done=done,
        refused=refused,
        left=left,
        most=MOST_AT_ONCE,
        back=selection.queue_url(said),
    )


def _closing(said: dict[str, str], numbers: list[int], left: bool) -> str:
    """Ask once more before many cases end for good; the answer names the very cases shown."""
    return render(
        "desk/closing.html",
        section="desk",
        groups=groups(DEFAULT),
        numbers=sorted(set(numbers))[:MOST_AT_ONCE],
        left=left,
        most=MOST_AT_ONCE,
        query=selection.query_of(said),
        back=selection.queue_url(said),
    )


@blueprint.post("/selections")
@agent_required
def keep_selection() -> Response:
    """Keep the selection that is being looked at under a name."""
    said = selection.sent()
    name = request.form.get("name", "")
    shared = request.form.get("shared") == "yes"
    kept = keep_filter(
        wiring().db,
        current_user.id,
        name,
        selection.query_of(said),
        is_shared=shared,
        now=now(),
    )
    if kept:
        flash(_("Selection “%(name)s” kept.", name=" ".join(name.split())))
    else:
        flash(_("Write a name for the selection; it was not kept."), "warning")
    return redirect(selection.queue_url(said))


@blueprint.post("/selections/<int(max=9999999999):id_>/drop")
@agent_required
def drop_selection(id_: int) -> Response:
    """Drop one's own selection."""
    if drop_filter(wiring().db, current_user.id, id_):
        flash(_("Selection dropped."))
    else:
        flash(_("Only who keeps a selection can drop it."), "warning")
    return redirect(url_for("desk.queue"))


def _numbers(said: dict[str, str]) -> tuple[list[int], bool]:
    """The cases to work on: those chosen, or all of the selection in its order; and whether more
    were meant than one action takes."""
    if request.form.get("all") == "yes":
        page = queue_page(wiring().db, selection.filter_of(said), 1, MOST_AT_ONCE)
        return [row.number for row in page.rows], page.total > MOST_AT_ONCE
    typed = (whole(one, 15) for one in request.form.getlist("case"))
    found = [number for number in typed if number is not None]
    return found, len(set(found)) > MOST_AT_ONCE


def _order() -> Order | None:
    """What is to be done, or None for nothing that can be done."""
    do = request.form.get("do", "")
    if do == BulkDeed.CLAIM:
        return Order(BulkDeed.CLAIM)
    if do == BulkDeed.TAG and request.form.get("tag", "").strip():
        return Order(BulkDeed.TAG, tag=request.form["tag"])
    if do == BulkDeed.ASSIGN and (to := request.form.get("agent", "")):
        if to == "nobody":
            return Order(BulkDeed.ASSIGN)
        agent_id = whole(to, 15)
        return None if agent_id is None else Order(BulkDeed.ASSIGN, agent_id=agent_id)
    if do == BulkDeed.STATE and (to := request.form.get("to_state", "")) in set(CaseState):
        return Order(BulkDeed.STATE, state=CaseState(to))
    return None


def _deed(order: Order) -> str:
    match order.deed:
        case BulkDeed.CLAIM:
            return _("Claim")
        case BulkDeed.ASSIGN:
            return _("Assign")
        case BulkDeed.TAG:
            return _("Tag")
        case _:
            return _("State: %(state)s", state=state_name(order.state or ""))


def _why(answer: Answer, order: Order) -> str:
    """Why one of many cases was left as it is."""
    if answer is Answer.NOT_FOUND:
        return _("There is no such case")
    if answer is Answer.AGAIN:
        return _("It was so already")
    if answer is Answer.EMPTY:
        return _("Write a tag of letters and digits, 40 at most")
    if order.deed is BulkDeed.CLAIM:
        return _("A colleague has it, or it is finished")
    if order.deed is BulkDeed.ASSIGN:
        return _("Cases are given to agents only")
    return _("It cannot get there from its state")
