"""What is news, whom it concerns and when it is told (R62)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from kb.rules.articles import AlertPeriod, Article, ArticleType, Audience, Status
from kb.rules.following import (
    Change,
    News,
    Pace,
    Standing,
    Subject,
    Wanted,
    concerns,
    is_alert,
    is_due,
    may_be_followed,
    news,
    open_to_all,
    standing,
    told_once,
)
from kb.rules.products import ProductRange

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
TODAY = NOW.date()
ARTICLE = Article(1042, "es", "copia", "a/1042-copia/es.md", "backup", "La copia")
SERVER = replace(ARTICLE, products=(ProductRange("server", "11", "12"),))
NOW_ON = AlertPeriod(date(2026, 11, 20), date(2026, 11, 30))
ALERT = replace(ARTICLE, type=ArticleType.ALERT, alert=NOW_ON)


@pytest.mark.parametrize(
    ("changes", "open_"),
    [
        ({}, True),
        ({"audience": Audience.CUSTOMERS}, False),
        ({"audience": Audience.INTERNAL}, False),
        ({"status": Status.DRAFT}, False),
        ({"status": Status.ARCHIVED}, False),
    ],
)
def test_only_what_everybody_may_read_is_told(changes: dict[str, object], open_: bool) -> None:
    article = replace(ARTICLE, **changes)  # type: ignore[arg-type]
    assert open_to_all(article) is open_
    assert (standing(article, "w", TODAY) is not None) is open_
    assert may_be_followed(Subject.ARTICLE, "1042", {1042: article}, {}) is open_


@pytest.mark.parametrize(
    ("article", "seen"),
    [
        pytest.param(replace(ARTICLE, updated=date(2026, 11, 3)), Standing("2026-11-03"),
                     id="its day is what makes it changed"),
        pytest.param(ARTICLE, Standing("w"), id="without one, its words"),
        pytest.param(ALERT, Standing("w", "2026-11-20/2026-11-30"), id="an alert now"),
        pytest.param(replace(ALERT, alert=AlertPeriod(date(2026, 11, 1), date(2026, 11, 2))),
                     Standing("w"), id="an alert that is over"),
        pytest.param(replace(ALERT, alert=AlertPeriod(date(2026, 11, 24), date(2026, 11, 25))),
                     None, id="an alert to come"),
    ],
)  # fmt: skip
def test_what_readers_see(article: Article, seen: Standing | None) -> None:
    assert standing(article, "w", TODAY) == seen


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        (None, Standing("a"), News.NEW),
        (Standing("a"), Standing("a"), None),
        (Standing("a"), Standing("b"), News.CHANGED),
        (None, Standing("a", "p"), News.ALERT),
        (Standing("a"), Standing("a", "p"), News.ALERT),
        (Standing("a", "p"), Standing("a", "p"), None),
        (Standing("a", "p"), Standing("b", "p"), News.ALERT),
        (Standing("a", "p"), Standing("a"), None),
        (Standing("a", "p"), Standing("b"), News.CHANGED),
    ],
)
def test_what_is_news(before: Standing | None, now: Standing, told: News | None) -> None:
    """R62: an alert is told when it begins and when its words change, never when it ends."""
    assert news(before, now) is told


def change(kind: News = News.CHANGED, id_: int = 1, **changes: object) -> Change:
    return replace(Change(id_, 1042, "es", kind, "", NOW), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("wanted", "change_", "article", "told"),
    [
        (("article", "1042"), change(), ARTICLE, True),
        (("article", "1043"), change(), ARTICLE, False),
        (("product", "server"), change(), SERVER, True),
        (("product", "home"), change(), SERVER, False),
        (("product", "server"), change(News.NEW), ARTICLE, False),
        (("product", "server"), change(News.ALERT), ARTICLE, True),
        (("product", "home"), change(News.ALERT), SERVER, False),
        (("article", "1042"), change(lang="en"), ARTICLE, False),
        (("article", "1042"), change(at=NOW - timedelta(days=9)), ARTICLE, False),
    ],
)
def test_whom_a_change_concerns(
    wanted: tuple[str, str], change_: Change, article: Article, told: bool
) -> None:
    """R62: an alert that names no product is for the followers of every product."""
    thing = Wanted(Subject(wanted[0]), wanted[1], "es", NOW - timedelta(days=1))
    assert concerns(thing, change_, article) is told


@pytest.mark.parametrize(
    ("pace", "hours", "due"),
    [
        (Pace.DAILY, None, True),
        (Pace.DAILY, 23, False),
        (Pace.DAILY, 24, True),
        (Pace.AT_ONCE, 0, True),
    ],
)
def test_when_a_letter_is_due(pace: Pace, hours: int | None, due: bool) -> None:
    mailed = None if hours is None else NOW - timedelta(hours=hours)
    assert is_due(pace, mailed, NOW) is due


def test_an_article_is_told_once_in_a_letter_the_gravest_first() -> None:
    other = {"article_id": 7}
    found = (
        change(News.NEW, 1),
        change(News.CHANGED, 2),
        change(News.CHANGED, 3, **other, words="old"),
        change(News.CHANGED, 4, **other, words="new"),
        change(News.ALERT, 5, article_id=9),
    )
    assert [(c.id, c.kind, c.words) for c in told_once(found)] == [
        (5, News.ALERT, ""),
        (1, News.NEW, ""),
        (4, News.CHANGED, "new"),
    ]


@pytest.mark.parametrize(
    ("subject", "target", "can"),
    [
        (Subject.PRODUCT, "server", True),
        (Subject.PRODUCT, "nothing", False),
        (Subject.ARTICLE, "1042", True),
        (Subject.ARTICLE, "7", False),
        (Subject.ARTICLE, "²", False),
        (Subject.ARTICLE, "../etc", False),
        (Subject.ARTICLE, "9" * 5000, False),
    ],
)
def test_what_may_be_followed(subject: Subject, target: str, can: bool) -> None:
    assert may_be_followed(subject, target, {1042: ARTICLE}, {"server": object()}) is can


@pytest.mark.parametrize(
    ("article", "listed"),
    [
        (ARTICLE, False),
        (ALERT, True),
        (replace(ALERT, alert=None), True),
        (replace(ALERT, audience=Audience.INTERNAL), False),
        (replace(ALERT, alert=AlertPeriod(date(2026, 12, 1), date(2026, 12, 2))), False),
    ],
)
def test_what_the_feed_of_alerts_lists(article: Article, listed: bool) -> None:
    assert is_alert(article, TODAY) is listed
