"""What an article is, apart from its text."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kb.rules.products import ProductRange


class ArticleType(StrEnum):
    HOW_TO = "how-to"
    PROBLEM = "problem"
    FAQ = "faq"
    REFERENCE = "reference"
    ALERT = "alert"


class Audience(StrEnum):
    """Who may read an article."""

    PUBLIC = "public"
    CUSTOMERS = "customers"
    INTERNAL = "internal"


class Status(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    ARCHIVED = "archived"


@dataclass(frozen=True, slots=True)
class SearchTest:
    """This article must be among the first `within` results for `q`."""

    q: str
    within: int = 3


@dataclass(frozen=True, slots=True)
class Video:
    src: str
    title: str
    transcript: str


class AlertLevel(StrEnum):
    """How much an alert matters, the least first."""

    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"


@dataclass(frozen=True, slots=True)
class AlertPeriod:
    """The days, both included, on which an alert is shown, and how much it matters."""

    first: date
    last: date
    level: AlertLevel = AlertLevel.WARNING


@dataclass(frozen=True, slots=True)
class Heading:
    level: int
    anchor: str
    text: str


@dataclass(frozen=True, slots=True)
class Article:
    """One article in one language; its rendered text lives in the compiled site.

    `versions` are articles on the same topic for other versions of the product, `links` those that
    its text leads to."""

    id: int
    lang: str
    slug: str
    path: str
    category: str
    title: str
    summary: str = ""
    type: ArticleType = ArticleType.REFERENCE
    products: tuple[ProductRange, ...] = ()
    audience: Audience = Audience.PUBLIC
    status: Status = Status.PUBLISHED
    error_codes: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    find_with: tuple[SearchTest, ...] = ()
    updated: date | None = None
    review_by: date | None = None
    owner: str = ""
    reviewers: tuple[str, ...] = ()
    related: tuple[int, ...] = ()
    versions: tuple[int, ...] = ()
    moved_from: tuple[str, ...] = ()
    troubleshooter: str | None = None
    video: Video | None = None
    alert: AlertPeriod | None = None
    headings: tuple[Heading, ...] = ()
    links: tuple[int, ...] = ()


def readable_by(article: Article, *, signed_in: bool, agent: bool) -> bool:
    """Tell whether a visitor may see this article anywhere: page, results, counts, feeds."""
    if agent:
        return article.status is not Status.DRAFT
    if article.status is Status.DRAFT or article.audience is Audience.INTERNAL:
        return False
    return article.audience is Audience.PUBLIC or signed_in


def sendable(article: Article) -> bool:
    """Tell whether a customer may read an article that an agent would send them."""
    return article.status is Status.PUBLISHED and article.audience is not Audience.INTERNAL


def alert_is_current(article: Article, today: date) -> bool:
    """Tell whether an alert article is shown on the pages today (R62)."""
    period = article.alert
    published = article.status is Status.PUBLISHED
    return published and period is not None and period.first <= today <= period.last
