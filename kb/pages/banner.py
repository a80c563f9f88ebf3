"""The alert strip under the header: what concerns the page's products today (R62)."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import url_for

from kb.pages.frame import article_url, lang, live, now, reader
from kb.rules import alerts
from kb.rules.articles import Article
from kb.rules.products import ProductRange


@dataclass(frozen=True, slots=True)
class Strip:
    """One alert as the strip says it; `mark` is what a browser remembers when it is closed, so
    that an alert which changed is shown again. `more` others are on the home page."""

    text: str
    url: str
    level: str
    mark: str
    at: object = None
    more: int = 0
    home: str = ""


def banner(about: Iterable[ProductRange] = (), *, but: int = 0) -> Strip | None:
    """Return the strip of a page about these products, or of one about none; `but` is the alert
    that the page itself is."""
    found = [alert for alert in alerts.for_page(_alerts(), now().date(), about) if alert.id != but]
    return _strip(found)


def home_banner() -> tuple[Strip | None, list[Article]]:
    """Return the home page's strip and every current alert, whatever its products."""
    found = alerts.current(_alerts(), now().date())
    return _strip(found), found


def _alerts() -> list[Article]:
    return list(filter(reader(), live().site.alerts(lang())))


def _strip(found: list[Article]) -> Strip | None:
    period = found[0].alert if found else None
    if period is None:
        return None
    first = found[0]
    return Strip(
        text=f"{first.title}.",
        url=article_url(first),
        level=str(period.level),
        mark=f"{first.id} {first.updated or period.first} {period.level}",
        at=first.updated,
        more=len(found) - 1,
        home=f"{url_for('home.home')}#alerts",
    )
