"""The list of chats: those who wait, one's own, and whether one takes any (R40)."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from kb.actions.chat_signs import agent_at_desk, takes_chats
from kb.actions.chat_view import chats_at_desk
from kb.actions.chats import tend_all
from kb.pages import chat_talk
from kb.pages.case_words import product_words
from kb.pages.chat_desk.routes import blueprint
from kb.pages.desk_lists import Group, Item
from kb.pages.formats import show_time
from kb.pages.frame import letters, live, now, render, wiring
from kb.pages.texts import gettext as _
from kb.pages.texts import ngettext
from kb.pages.visitors import agent_required
from kb.rules.chat import AT_ONCE, ChatState
from kb.rules.whole_numbers import whole
from kb.store.chats import ChatRow

_USUAL = 3  # chats at once that are proposed


@blueprint.get("")
@agent_required
def chats() -> str:
    """Show who waits, the chats of this agent, and whether the agent takes any."""
    tend_all(wiring().db, live().site.policy, letters(), now())
    rows = chats_at_desk(wiring().db)
    said = agent_at_desk(wiring().db, current_user.id, now())
    return render(
        "chat_desk/chats.html",
        section="desk",
        groups=groups(rows),
        said=said,
        most=said.most if said else _USUAL,
        at_once=AT_ONCE,
        lists=lists(rows),
    )


@blueprint.post("")
@agent_required
def takes() -> Response:
    """Note that this agent takes chats, and how many at once; or none any more."""
    typed = request.form.get("most", "") if request.form.get("do") != "none" else "0"
    wanted = whole(typed, 3)
    most = takes_chats(wiring().db, current_user.id, _USUAL if wanted is None else wanted, now())
    if most:
        flash(
            ngettext(
                "You take %(num)s chat at a time, for as long as the desk is open before you.",
                "You take %(num)s chats at a time, for as long as the desk is open before you.",
                most,
            )
        )
    else:
        flash(_("You take no new chats. Those you have stay with you while the desk is open."))
    chat_talk.poke()
    return redirect(url_for("chat_desk.chats"))


def groups(rows: tuple[ChatRow, ...], current: int | None = None) -> list[Group]:
    """Return the list at the left: one's own chats, those with something to answer marked, and
    those who wait."""
    mine = [row for row in rows if row.agent_id == current_user.id]
    waits = [row for row in rows if row.state == ChatState.WAITING]
    everything = (url_for("chat_desk.chats"), "messages-square", _("All chats"), None, not current)
    found: list[Group] = [
        (_("Chats"), [everything]),
        (_("My chats"), [_item(row, current) for row in mine]),
        (_("Waiting"), [_item(row, current) for row in waits]),
    ]
    return [(heading, items) for heading, items in found if items]


def _item(row: ChatRow, current: int | None) -> Item:
    icon = "message-square-dot" if row.customer_spoke_last else "message-square"
    url = url_for("chat_desk.chat", number=row.case_number)
    return url, icon, row.requester, None, row.case_number == current


def lists(rows: tuple[ChatRow, ...]) -> dict[str, list[dict[str, Any]]]:
    """Return who waits and one's own chats as the page draws them."""
    return {
        "waiting": [_row(row) for row in rows if row.state == ChatState.WAITING],
        "mine": [_row(row) for row in rows if row.agent_id == current_user.id],
    }


def _row(row: ChatRow) -> dict[str, Any]:
    product = product_words(row.product, row.version, brand=False)
    return {
        "number": row.case_number,
        "title": row.title,
        "line": " · ".join(part for part in (row.requester, product, row.lang) if part),
        "since": _("since %(time)s", time=show_time(row.since)),
        "severity": row.severity,
    }
