"""Which articles answered cases, how often, and whom they helped."""

from datetime import datetime, timedelta
from typing import Any

from flask import request, url_for

from kb.actions.article_uses import PAGE, uses_of_articles
from kb.actions.votes import votes_on_all
from kb.pages.desk_lists import page_number
from kb.pages.feedback_desk.routes import blueprint, groups
from kb.pages.feedback_desk.selection import number_of
from kb.pages.feedback_desk.words import article_about
from kb.pages.formats import show_recent
from kb.pages.frame import lang, now, render, wiring
from kb.pages.texts import gettext as _
from kb.pages.visitors import agent_required

PERIODS = (28, 91, 396)


@blueprint.get("/article-uses")
@agent_required
def articles() -> str:
    """List the articles that agents sent in answers, most used or last used first."""
    days = number_of(request.args.get("days", ""))
    days = days if days in PERIODS else None
    last_first = request.args.get("sort") == "last"
    page = page_number()
    found, more = uses_of_articles(
        wiring().db, since=_since(days), last_first=last_first, page=min(page, 10_000)
    )
    votes = votes_on_all(wiring().db, [one.article_id for one in found])
    kept: dict[str, Any] = {"days": days, "sort": "last" if last_first else None}

    def url(**changed: Any) -> str:
        return url_for("feedback_desk.articles", **{**kept, **changed})

    names = {28: _("4 weeks"), 91: _("13 weeks"), 396: _("13 months"), None: _("All the time")}
    return render(
        "feedback_desk/articles.html",
        section="desk",
        groups=groups("articles"),
        periods=[(url(days=one), name, one == days) for one, name in names.items()],
        orders=[
            (url(sort=None), _("Most used first"), not last_first),
            (url(sort="last"), _("Used last first"), last_first),
        ],
        rows=[
            (
                article_about(one.article_id, lang()),
                one,
                show_recent(one.last_at, now()),
                votes.get(one.article_id),
            )
            for one in found
        ],
        first=(page - 1) * PAGE + 1,
        newer=url(page=page - 1) if page > 1 else None,
        older=url(page=page + 1) if more else None,
    )


def _since(days: int | None) -> datetime | None:
    return now() - timedelta(days=days) if days else None
