"""The support home: search, be led, or reach a person (R62)."""

from typing import Any

from kb.pages.frame import (
    article_url,
    articles_by_id,
    current_alerts,
    feature,
    lang,
    live,
    render,
)
from kb.pages.page_cache import same_for_strangers
from kb.rules.articles import Article

blueprint = feature("home", __name__)


@blueprint.get("/")
@same_for_strangers
def home() -> str:
    """Show search, common problems, the first question, self-service and contact."""
    site = live().site
    alerts = current_alerts()
    return render(
        "home/home.html",
        section="home",
        alert=_strip(alerts[0]) if alerts else None,
        alerts=alerts,
        common=articles_by_id(site.site.common_problems),
        starts=[start for start in site.site.starts if start.tree in site.trees],
        article_count=len(site.articles[lang()]),
    )


def _strip(alert: Article) -> dict[str, Any]:
    """What the strip under the header says: the newest alert, in one line."""
    return {"text": f"{alert.title}.", "url": article_url(alert), "at": alert.updated}
