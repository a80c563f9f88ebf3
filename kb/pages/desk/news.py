"""What is new in the queue since its page was drawn: asked now and then by the page's script."""

from collections.abc import Iterable
from urllib.parse import urlencode

from flask import jsonify, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from kb.actions.queue_news import MOST, changed
from kb.pages.desk import selection
from kb.pages.desk.routes import blueprint
from kb.pages.frame import wiring
from kb.pages.texts import gettext as _
from kb.pages.texts import ngettext
from kb.pages.visitors import agent_required
from kb.rules.whole_numbers import whole

_SHOWN = 100  # cases of a page, which has fewer


@blueprint.get("/news")
@agent_required
def news() -> Response:
    """Say how many cases of a selection others opened or changed after a line; '' for none."""
    wanted = selection.filter_of(selection.read(request.args))
    typed = request.args.get("shown", "").split(",")[:_SHOWN]
    shown = [number for one in typed if (number := whole(one, 15)) is not None]
    after = whole(request.args.get("after", ""), 15)
    found = 0 if after is None else changed(wiring().db, wanted, shown, after, current_user.id)
    answer: Response = jsonify({"words": _words(found)})
    answer.headers["Cache-Control"] = "no-store"
    return answer


def news_url(query: str, shown: Iterable[int], after: int) -> str:
    """Return where a page with these cases, drawn after a line, asks what is new."""
    more = urlencode({"after": after, "shown": ",".join(str(one) for one in shown)})
    return f"{url_for('desk.news')}?{query}{'&' if query else ''}{more}"


def _words(found: int) -> str:
    if not found:
        return ""
    if found >= MOST:
        return _("%(most)s cases or more are new or have changed: show them", most=MOST)
    return ngettext(
        "%(num)s case is new or has changed: show it",
        "%(num)s cases are new or have changed: show them",
        found,
    )
