"""Which alerts a page shows, and which of them first (R62)."""

from collections.abc import Iterable
from datetime import date

from kb.rules.articles import AlertLevel, Article, alert_is_current
from kb.rules.products import ProductRange, version_key

_RANK = {level: number for number, level in enumerate(AlertLevel)}


def current(alerts: Iterable[Article], today: date) -> list[Article]:
    """Return today's alerts: what matters most first, then the newest."""
    shown = [(a.alert, a) for a in alerts if a.alert and alert_is_current(a, today)]
    shown.sort(key=lambda pair: (-_RANK[pair[0].level], -pair[0].first.toordinal(), pair[1].id))
    return [alert for _, alert in shown]


def for_page(
    alerts: Iterable[Article], today: date, about: Iterable[ProductRange] = ()
) -> list[Article]:
    """Return the alerts of a page about these products: those for every product, and those that
    name one of them in a version that the page is about too."""
    meant = tuple(about)
    return [
        alert
        for alert in current(alerts, today)
        if not alert.products or any(meet(one, other) for one in alert.products for other in meant)
    ]


def meet(one: ProductRange, other: ProductRange) -> bool:
    """Tell whether two ranges have a version in common, as far as they name any."""
    if one.line != other.line:
        return False
    return _begins_by(one, other) and _begins_by(other, one)


def _begins_by(one: ProductRange, other: ProductRange) -> bool:
    """Tell whether `one` begins no later than `other` ends; 12.3 is still within “up to 12”."""
    if one.lowest is None or other.highest is None:
        return True
    last = version_key(other.highest)
    return version_key(one.lowest)[: len(last)] <= last
