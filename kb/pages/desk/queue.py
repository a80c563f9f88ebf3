"""The queue: cases in the order in which they want an answer, any selection of them."""

from typing import Any

from flask import request, url_for

from kb.actions.case_marks import MOST_AT_ONCE
from kb.actions.cases import queue_page
from kb.actions.next_case import has_next
from kb.actions.queue_news import newest_line
from kb.pages import case_words as words
from kb.pages.desk import selection
from kb.pages.desk.news import news_url
from kb.pages.desk.routes import blueprint
from kb.pages.desk.targets import target
from kb.pages.desk.views import DEFAULT, groups, saved, views
from kb.pages.desk_lists import page_number
from kb.pages.formats import show_recent
from kb.pages.frame import lang, live, now, render, wiring
from kb.pages.visitors import agent_required
from kb.rules.cases import CaseState
from kb.store.queue import QueueRow


@blueprint.get("/")
@agent_required
def queue() -> str:
    """Show one selection of the cases, a page of them, those due first on top."""
    known = views()
    said = selection.read(request.args)
    view = known.get(said.get("view", DEFAULT), known[DEFAULT])
    wanted = selection.filter_of(said)
    drawn_after = newest_line(wiring().db)  # before the page is read, so that nothing is missed
    page = queue_page(wiring().db, wanted, page_number())
    query = selection.query_of(said)
    kept = next((one for one in saved() if one.query == query), None)
    narrowed = {name for name in selection.FILTERS if name in said}
    return render(
        "desk/queue.html",
        section="desk",
        view=view,
        groups=groups("" if "q" in said else (f"saved-{kept.id}" if kept else view.id)),
        q=said.get("q", ""),
        searched=said.get("q", ""),
        said=said,
        query=query,
        news_url=news_url(query, (row.number for row in page.rows), drawn_after),
        export_url=f"{url_for('desk.export')}?{query}",
        kept=kept,
        narrowed=narrowed,
        selects=selection.options(),
        sorts=selection.sorts(),
        states=[(str(one), words.state_name(one)) for one in CaseState if one != CaseState.NEW],
        can_take=has_next(wanted),
        most_at_once=MOST_AT_ONCE,
        page=page,
        rows=[queue_row(row) for row in page.rows],
        page_url=lambda number: selection.queue_url(said, number),
    )


def queue_row(row: QueueRow) -> dict[str, Any]:
    """Return a row of the queue as the template draws it."""
    policy = live().site.policy
    plan = policy.plans.get(row.plan or "")
    product = words.product_words(row.product, row.version, brand=False)
    due, state = target(
        row.state, row.due_at, customer_spoke_last=row.customer_spoke_last, now=now()
    )
    return {
        "number": row.number,
        "url": url_for("desk.case", number=row.number),
        "subject": row.title,
        "line": " · ".join(part for part in (str(row.number), row.requester_name, product) if part),
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
