"""The listening queue: what was said, the newest first (R51)."""

from flask import request

from kb.actions.listening import heard_page
from kb.pages.feedback_desk import selection
from kb.pages.feedback_desk.routes import blueprint, groups
from kb.pages.feedback_desk.words import article_about, kind_names, row_of
from kb.pages.frame import lang, render, wiring
from kb.pages.visitors import agent_required


@blueprint.get("/feedback")
@agent_required
def queue() -> str:
    """Show one selection of what was said, a page of it."""
    said = selection.read(request.args)
    wanted = selection.wanted_of(said)
    page = heard_page(
        wiring().db,
        wanted,
        before=selection.number_of(request.args.get("before", "")),
        after=selection.number_of(request.args.get("after", "")),
    )
    view = {"nobody": "nobody", "me": "me"}.get(said.get("read", ""), "all")
    return render(
        "feedback_desk/queue.html",
        section="desk",
        groups=groups(view),
        said=said,
        query=selection.query_of(said),
        selects=selection.options(),
        kinds=list(kind_names().items()),
        article=article_about(wanted.article_id, lang()) if wanted.article_id else None,
        rows=[row_of(one) for one in page.rows],
        total=page.total,
        most=page.most,
        newer=selection.queue_url(said, after=page.newer) if page.newer else None,
        older=selection.queue_url(said, before=page.older) if page.older else None,
    )
