"""What the feedback comes to over time, by kind and tag; whom articles helped (R51)."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import request, url_for

from kb.actions.listening import Wanted, trends_of
from kb.pages.feedback_desk.routes import blueprint, groups
from kb.pages.feedback_desk.words import article_about, kind_names
from kb.pages.formats import show_date
from kb.pages.frame import lang, live, now, render, wiring
from kb.pages.names import language_name
from kb.pages.texts import gettext as _
from kb.pages.visitors import agent_required
from kb.rules.bar_chart import BarChart, bar_chart
from kb.rules.feedback import Stretch, Trend

Drawn = tuple[str, str, Sequence[int], BarChart]  # name, address of the messages, numbers, bars


@blueprint.get("/feedback/trends")
@agent_required
def trends() -> str:
    """Show twelve weeks or months: charts, and the same numbers as tables."""
    by = Stretch.MONTH if request.args.get("by") == Stretch.MONTH else Stretch.WEEK
    spoken, product = request.args.get("spoken", ""), request.args.get("product", "")
    found = trends_of(wiring().db, Wanted(lang=spoken, product=product), by, now())
    kept: dict[str, Any] = {"spoken": spoken or None, "product": product or None}
    since = found.starts[0].isoformat()
    top = max((number for one in found.kinds for number in one.counts), default=0)
    tag_top = max((number for one in found.tags for number in one.counts), default=0)
    names = kind_names()

    def drawn(one: Trend, name: str, field: str, highest: int) -> Drawn:
        query: dict[str, Any] = {**kept, field: one.name, "since": since}
        url = url_for("feedback_desk.queue", **query)
        return name, url, one.counts, bar_chart(one.counts, top=highest)

    return render(
        "feedback_desk/trends.html",
        section="desk",
        groups=groups("trends"),
        by=str(by),
        ways=[
            (url_for("feedback_desk.trends", by=str(one), **kept), words, one is by)
            for one, words in ((Stretch.WEEK, _("12 weeks")), (Stretch.MONTH, _("12 months")))
        ],
        spoken=spoken,
        product=product,
        languages=[(code, language_name(code)) for code in live().site.site.languages],
        products=[(one.id, one.name) for one in live().site.policy.products.values()],
        starts=_names(found.starts, by),
        kinds=[drawn(one, names[one.name], "kind", top) for one in found.kinds],
        tags=[drawn(one, one.name, "tag", tag_top) for one in found.tags],
        total=sum(one.total for one in found.kinds),
        ratios=[
            (
                article_about(one.article_id, lang()),
                one,
                url_for("feedback_desk.queue", article=one.article_id),
            )
            for one in found.ratios
        ],
    )


def _names(starts: Sequence[date], by: Stretch) -> list[str]:
    form = "MMM y" if by is Stretch.MONTH else "d MMM"
    return [show_date(start, form) for start in starts]
