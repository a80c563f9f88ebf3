"""The queue: cases in the order in which they want an answer."""

from dataclasses import replace
from typing import Any

from flask import request, url_for

from kb.actions.cases import queue_page
from kb.pages import case_words as words
from kb.pages.desk.routes import blueprint
from kb.pages.desk.targets import target
from kb.pages.desk.views import DEFAULT, groups, views
from kb.pages.formats import show_recent
from kb.pages.frame import lang, live, now, render, wiring
from kb.pages.visitors import agent_required
from kb.rules.cases import CaseState
from kb.store.queue import QueueFilter, QueueRow

_LONGEST = 200  # characters of a search


@blueprint.get("/")
@agent_required
def queue() -> str:
    """Show one view of the cases, a page of them, those due first on top."""
    known = views()
    name = request.args.get("view", DEFAULT)
    view = known.get(name, known[DEFAULT])
    asked = request.args.get("q", "").strip()[:_LONGEST]
    wanted = _searched(view.wanted, asked, everywhere="view" not in request.args)
    page = queue_page(wiring().db, wanted, request.args.get("page", 1, type=_page_number))
    return render(
        "desk/queue.html",
        section="desk",
        view=view,
        groups=groups(view.id if not asked else ""),
        q=asked,
        page=page,
        rows=[_row(row) for row in page.rows],
        page_url=lambda number: url_for(
            "desk.queue", view=view.id, q=asked or None, page=number if number > 1 else None
        ),
    )


def _page_number(text: str) -> int:
    """Read a page's number; nonsense counts as the first page."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1


def _searched(wanted: QueueFilter, asked: str, *, everywhere: bool) -> QueueFilter:
    """Narrow a view by words; the search of the header looks through finished cases too."""
    states = tuple(CaseState) if asked and everywhere else wanted.states
    return replace(wanted, words=asked, states=states)


def _row(row: QueueRow) -> dict[str, Any]:
    policy = live().site.policy
    plan = policy.plans.get(row.plan or "")
    product = words.product_words(row.product, row.version, brand=False)
    due, state = target(
        row.state, row.due_at, customer_spoke_last=row.customer_spoke_last, now=now()
    )
    return {
        "url": url_for("desk.case", number=row.number),
        "subject": row.title,
        "line": " · ".join(part for part in (row.requester_name, product) if part),
        "due": due,
        "due_state": state,
        "severity": row.severity,
        "plan": plan.name.in_(lang()) if plan else "",
        "agent": _short(row.assignee_name),
        "updated": show_recent(row.updated_at, now()),
        "read": state == "wait",
    }


def _short(name: str) -> str:
    """Write a colleague's name as “Irene O.”."""
    first, _, last = name.partition(" ")
    return f"{first} {last[:1]}." if last else first
