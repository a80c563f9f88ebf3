"""Which entries a feed has, in which order, and ids that last (R62)."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from kb.rules.articles import AlertPeriod, Article, ArticleType, Audience
from kb.rules.feeds import LIMIT, Entry, Feed, entries, entry, lasting_id
from kb.rules.products import ProductRange

TODAY = date(2026, 11, 23)
A = Article(1, "es", "a", "a/1-a/es.md", "c", "A", updated=date(2026, 11, 3))


def at(day: int) -> datetime:
    return datetime(2026, 11, day, tzinfo=UTC)


@pytest.mark.parametrize(
    ("updated", "first", "last", "dated"),
    [
        (date(2026, 11, 3), None, None, (at(3), at(3))),
        (date(2026, 11, 3), at(1), at(9), (at(1), at(3))),
        (None, at(1), at(9), (at(1), at(9))),
        (None, None, None, None),
        (date(2026, 11, 3), at(5), at(9), (at(3), at(3))),
    ],
)
def test_when_an_article_came_and_changed(
    updated: date | None,
    first: datetime | None,
    last: datetime | None,
    dated: tuple[datetime, datetime] | None,
) -> None:
    found = entry(replace(A, updated=updated), first, last)
    assert (found and (found.published, found.changed)) == dated


SERVER = (ProductRange("server"),)
ALERT = {"type": ArticleType.ALERT}
SHELF = tuple(
    Entry(replace(A, id=id_, **changes), at(first), at(last))  # type: ignore[arg-type]
    for id_, first, last, changes in [
        (1, 1, 9, {}),
        (2, 5, 5, {"products": SERVER}),
        (3, 2, 5, {"audience": Audience.INTERNAL}),
        (4, 3, 3, {**ALERT, "alert": AlertPeriod(date(2026, 11, 2), date(2026, 11, 4))}),
        (5, 4, 4, {**ALERT, "alert": AlertPeriod(date(2026, 12, 2), date(2026, 12, 4))}),
        (6, 2, 5, {}),
    ]
)


@pytest.mark.parametrize(
    ("feed", "line", "ids"),
    [
        (Feed.NEW, "", [2, 4, 6, 1]),
        (Feed.CHANGED, "", [1, 6, 2, 4]),
        (Feed.ALERTS, "", [4]),
        (Feed.PRODUCT, "server", [2]),
        (Feed.PRODUCT, "home", []),
    ],
)
def test_what_a_feed_lists(feed: Feed, line: str, ids: list[int]) -> None:
    assert [one.article.id for one in entries(feed, SHELF, TODAY, line)] == ids


def test_a_feed_has_an_end() -> None:
    many = [Entry(replace(A, id=id_), at(1), at(1)) for id_ in range(1, LIMIT + 9)]
    assert len(entries(Feed.NEW, many, TODAY)) == LIMIT


def test_ids_last() -> None:
    """An id is a promise: a change here shows every entry again in every reader."""
    assert lasting_id("help.example.com", "article", 7, "es") == (
        "tag:help.example.com,2026:article/7/es"
    )
