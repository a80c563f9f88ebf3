"""Feeds of articles for everybody: their entries, their order, their lasting ids (RFC 4287)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum

from kb.rules.articles import Article
from kb.rules.following import is_alert, open_to_all

LIMIT = 50
YEAR = 2026  # of the ids: it may never change, or every reader would show all entries again


class Feed(StrEnum):
    """What a feed tells of."""

    NEW = "new"
    CHANGED = "changed"
    ALERTS = "alerts"
    PRODUCT = "product"


@dataclass(frozen=True, slots=True)
class Entry:
    """An article with the moments at which it came and last changed."""

    article: Article
    published: datetime
    changed: datetime


def entry(
    article: Article, first: datetime | None = None, last: datetime | None = None
) -> Entry | None:
    """Date an article: by its own day `updated`, else by its first and last change in git; None
    where nobody says when it changed."""
    said = datetime.combine(article.updated, time(), UTC) if article.updated else None
    changed = said or last
    if changed is None:
        return None
    return Entry(article, min(first or changed, changed), changed)


def entries(feed: Feed, found: Iterable[Entry], today: date, line: str = "") -> tuple[Entry, ...]:
    """Return the entries of a feed, at most LIMIT, the newest first; of two that came at the same
    moment the one with the higher number, since numbers count up."""

    def wanted(article: Article) -> bool:
        if feed is Feed.ALERTS:
            return is_alert(article, today)
        if article.alert and article.alert.first > today:
            return False
        named = any(range_.line == line for range_ in article.products)
        return open_to_all(article) and (feed is not Feed.PRODUCT or named)

    def moment(one: Entry) -> tuple[datetime, int]:
        return (one.published if feed is Feed.NEW else one.changed), one.article.id

    kept = (one for one in found if wanted(one.article))
    return tuple(sorted(kept, key=moment, reverse=True)[:LIMIT])


def lasting_id(host: str, *names: object) -> str:
    """Return an id that stays whatever becomes of addresses and titles (RFC 4151)."""
    return f"tag:{host},{YEAR}:" + "/".join(str(name) for name in names)
