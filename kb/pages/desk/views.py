"""The list at the left of the desk: which cases an agent can look at."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import g, url_for
from flask_login import current_user

from kb.actions.cases import QueueFilter, queue_counts
from kb.actions.mail_desk import mail_troubles
from kb.actions.saved_filters import SavedFilter, kept_filters
from kb.pages.chat_bar import chat_bar
from kb.pages.desk_lists import Group, Item
from kb.pages.frame import lang, live, wiring
from kb.pages.texts import gettext as _
from kb.rules.cases import ALIVE, CaseState

DEFAULT = "open"


@dataclass(frozen=True, slots=True)
class View:
    """One selection of cases, chosen by its name in the address."""

    id: str
    name: str
    icon: str
    wanted: QueueFilter


def views() -> Mapping[str, View]:
    """Return every view in order; those of requests carry the request's id."""
    me = current_user.id
    found = [
        View("mine", _("Assigned to me"), "user", QueueFilter(assignee_id=me)),
        View(
            "replied",
            _("Answered by the customer"),
            "message-square-dot",
            QueueFilter(assignee_id=me, customer_spoke_last=True),
        ),
        View(DEFAULT, _("All open"), "inbox", QueueFilter()),
        View("unassigned", _("Unassigned"), "hand", QueueFilter(unassigned=True)),
        View(
            "waiting",
            _("Waiting for the customer"),
            "clock",
            QueueFilter(states=(CaseState.PENDING_CUSTOMER,)),
        ),
        View(
            "resolved",
            _("Resolved and closed"),
            "circle-check",
            QueueFilter(states=tuple(state for state in CaseState if state not in ALIVE)),
        ),
    ]
    found += [
        View(request.id, request.name.in_(lang()), "list", QueueFilter(request=request.id))
        for request in live().site.policy.requests.values()
    ]
    return {view.id: view for view in found}


def groups(current: str) -> list[Group]:
    """Return the list as the template draws it, with the numbers of living cases."""
    requests = live().site.policy.requests
    counts = queue_counts(wiring().db, current_user.id, tuple(requests))
    numbers: dict[str, int] = {
        "mine": counts.mine,
        "replied": counts.replied,
        DEFAULT: counts.total,
        "unassigned": counts.unassigned,
    }
    known = views()
    numbers |= {id_: counts.by_request.get(id_, 0) for id_ in requests}

    def items(ids: list[str]) -> list[Item]:
        return [
            (
                url_for("desk.queue", view=id_),
                known[id_].icon,
                known[id_].name,
                numbers.get(id_),
                id_ == current,
            )
            for id_ in ids
        ]

    kept: list[Group] = [(_("Selections"), found)] if (found := _saved(current)) else []
    return [
        (_("My work"), [*items(["mine", "replied"]), *_chats()]),
        *kept,
        (_("Everybody's"), items([DEFAULT, "unassigned", "waiting", "resolved"])),
        (_("By request"), items(list(requests))),
        (_("Mail"), _mail(current)),
        (_("Quotes and feedback"), _beyond()),
        *([(_("Administration"), _for_admins(current))] if current_user.is_admin else []),
    ]


def _chats() -> list[Item]:
    """The way to the chats, with how many wait, on a site that has some (R40)."""
    bar = chat_bar()
    url = url_for("chat_desk.chats")
    return [(url, "messages-square", _("Chats"), bar.waiting, False)] if bar else []


def saved() -> tuple[SavedFilter, ...]:
    """Return the selections this agent sees, read once a request."""
    if "saved_filters" not in g:
        g.saved_filters = kept_filters(wiring().db, current_user.id)
    found: tuple[SavedFilter, ...] = g.saved_filters
    return found


def _saved(current: str) -> list[Item]:
    return [
        (
            f"{url_for('desk.queue')}?{one.query}",
            "list",
            one.name,
            None,
            f"saved-{one.id}" == current,
        )
        for one in saved()
    ]


def _for_admins(current: str) -> list[Item]:
    """Who works here, and what is told to other programs."""
    here = current == "webhooks"
    return [
        (url_for("people_desk.people"), "users", _("People and rights"), None, False),
        (url_for("desk.webhooks"), "link", _("Webhooks"), None, here),
    ]


def _beyond() -> list[Item]:
    """What cases lead to, and what is said without one."""
    places = (
        (url_for("quote_desk.quotes"), "receipt", _("Quotes")),
        (url_for("feedback_desk.queue"), "message-square-text", _("Feedback")),
        (url_for("feedback_desk.articles"), "book-open", _("Articles that answer cases")),
    )
    return [(url, icon, name, None, False) for url, icon, name in places]


def _mail(current: str) -> list[Item]:
    """The boxes of mail, with the numbers of what waits for somebody."""
    held, out = mail_troubles(wiring().db)
    boxes = (
        ("held", "mail-question-mark", _("Held mail"), held),
        ("out", "triangle-alert", _("Did not arrive"), out),
        ("all", "mail", _("All mail"), None),
    )
    return [
        (url_for("desk.mail", box=box), icon, name, count, current == f"mail-{box}")
        for box, icon, name, count in boxes
    ]
