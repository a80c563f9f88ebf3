"""The support home: search, be led, or reach a person (R62)."""

from kb.pages.banner import home_banner
from kb.pages.frame import (
    articles_by_id,
    feature,
    live,
    render,
)
from kb.pages.page_cache import same_for_strangers
from kb.pages.shelves import shelves

blueprint = feature("home", __name__)


@blueprint.get("/")
@same_for_strangers
def home() -> str:
    """Show search, common problems or else the categories, the first question, self-service and
    contact."""
    site = live().site
    strip, alerts = home_banner()
    common = articles_by_id(site.site.common_problems)
    return render(
        "home/home.html",
        section="home",
        alert=strip,
        alerts=alerts,
        common=common,
        shelves=() if common else shelves(),
        starts=[start for start in site.site.starts if start.tree in site.trees],
    )
