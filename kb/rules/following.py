"""Following articles and products by mail: what is news, whom it concerns, when it is told (R62).

What makes an article changed is its day `updated`, the author's word that readers should look
again: a typo mended without a new day is no news. An article without that day changes with its
words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from kb.rules.accounts import Limit
from kb.rules.articles import Article, ArticleType, alert_is_current, readable_by
from kb.rules.whole_numbers import whole

CONFIRM_LIVES = timedelta(days=2)
FOLLOW_BY_ADDRESS = Limit(3, timedelta(hours=24))  # letters to confirm that others could ask for
FOLLOW_BY_SOURCE = Limit(10, timedelta(hours=1))
MOST_FOLLOWED = 200
DIGEST_EVERY = timedelta(hours=24)
CHANGES_KEPT = timedelta(days=60)  # longer than the slowest pace, by far
IN_ONE_LETTER = 30


class Subject(StrEnum):
    """What can be followed."""

    ARTICLE = "article"
    PRODUCT = "product"


class Pace(StrEnum):
    """How often letters come: at most one a day, or as soon as there is something."""

    DAILY = "daily"
    AT_ONCE = "at-once"


class News(StrEnum):
    """What happened to an article, as its readers see it."""

    NEW = "new"
    CHANGED = "changed"
    ALERT = "alert"


@dataclass(frozen=True, slots=True)
class Standing:
    """What readers see of an article: the mark of its words, and the alert it is, if one now."""

    mark: str
    alert: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """Something to tell about one article in one language; `id` counts up as it happened."""

    id: int
    article_id: int
    lang: str
    kind: News
    words: str
    at: datetime

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", News(self.kind))


@dataclass(frozen=True, slots=True)
class Wanted:
    """One thing that somebody follows, in one language."""

    subject: Subject
    target: str
    lang: str
    since: datetime

    def __post_init__(self) -> None:
        object.__setattr__(self, "subject", Subject(self.subject))


def open_to_all(article: Article) -> bool:
    """Tell whether an article may stand in feeds and letters: readable without an account, and no
    longer kept only for the record."""
    return readable_by(article, signed_in=False, agent=False) and article.status == "published"


def standing(article: Article, words: str, today: date) -> Standing | None:
    """Return what readers see today; None for an article that is not for all, or an alert that
    has yet to begin. `words` is a hash of the text."""
    if not open_to_all(article) or (article.alert and article.alert.first > today):
        return None
    mark = article.updated.isoformat() if article.updated else words
    if article.alert and alert_is_current(article, today):
        return Standing(mark, f"{article.alert.first}/{article.alert.last}")
    return Standing(mark)


def news(before: Standing | None, now: Standing) -> News | None:
    """Say what readers should be told, from what they saw before."""
    if now.alert and (before is None or before != now):
        return News.ALERT
    if before is None:
        return News.NEW
    return News.CHANGED if before.mark != now.mark else None


def concerns(wanted: Wanted, change: Change, article: Article) -> bool:
    """Tell whether a change is for somebody who follows this; an alert that names no product is
    for the followers of every product (R62)."""
    if wanted.lang != change.lang or change.at < wanted.since:
        return False
    if wanted.subject is Subject.ARTICLE:
        return wanted.target == str(change.article_id)
    if change.kind is News.ALERT and not article.products:
        return True
    return any(range_.line == wanted.target for range_ in article.products)


def is_due(pace: Pace, mailed_at: datetime | None, now: datetime) -> bool:
    """Tell whether the next batch may be written; alerts do not wait for it."""
    return pace is Pace.AT_ONCE or mailed_at is None or now - mailed_at >= DIGEST_EVERY


def told_once(changes: tuple[Change, ...]) -> tuple[Change, ...]:
    """Return one change for each article: an alert first, then what is new, then what changed;
    the newest words stand."""
    rank = {News.ALERT: 0, News.NEW: 1, News.CHANGED: 2}
    by_article: dict[tuple[int, str], Change] = {}
    for change in changes:
        key = (change.article_id, change.lang)
        seen = by_article.get(key)
        if seen is None or rank[change.kind] <= rank[seen.kind]:
            by_article[key] = change
    return tuple(sorted(by_article.values(), key=lambda one: (rank[one.kind], one.id)))


def may_be_followed(
    subject: Subject, target: str, articles: Mapping[int, Article], products: Mapping[str, object]
) -> bool:
    """Tell whether there is such a thing for everybody to follow."""
    if subject is Subject.PRODUCT:
        return target in products
    number = whole(target, 15)
    found = None if number is None else articles.get(number)
    return found is not None and open_to_all(found)


def is_alert(article: Article, today: date) -> bool:
    """Tell whether an article stands in the feed of alerts: for all, and begun."""
    if article.type is not ArticleType.ALERT or not open_to_all(article):
        return False
    return article.alert is None or article.alert.first <= today
