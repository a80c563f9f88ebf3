"""Who may read what, and when an alert is shown."""

from datetime import date

import pytest

from kb.rules.articles import (
    AlertPeriod,
    Article,
    Audience,
    Status,
    alert_is_current,
    readable_by,
)


def article(**changes: object) -> Article:
    facts = {"id": 1, "lang": "en", "slug": "a", "path": "a/en.md", "category": "a", "title": "A"}
    return Article(**{**facts, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("audience", "stranger", "customer", "agent"),
    [
        (Audience.PUBLIC, True, True, True),
        (Audience.CUSTOMERS, False, True, True),
        (Audience.INTERNAL, False, False, True),
    ],
)
@pytest.mark.parametrize("status", [Status.PUBLISHED, Status.ARCHIVED])
def test_R25_who_may_read(
    audience: Audience, stranger: bool, customer: bool, agent: bool, status: Status
) -> None:
    found = article(audience=audience, status=status)
    assert readable_by(found, signed_in=False, agent=False) is stranger
    assert readable_by(found, signed_in=True, agent=False) is customer
    assert readable_by(found, signed_in=True, agent=True) is agent


@pytest.mark.parametrize("audience", list(Audience))
def test_nobody_reads_a_draft(audience: Audience) -> None:
    draft = article(audience=audience, status=Status.DRAFT)
    for signed_in, agent in ((False, False), (True, False), (True, True)):
        assert not readable_by(draft, signed_in=signed_in, agent=agent)


@pytest.mark.parametrize(
    ("day", "status", "shown"),
    [
        (date(2026, 11, 19), Status.PUBLISHED, False),
        (date(2026, 11, 20), Status.PUBLISHED, True),
        (date(2026, 11, 30), Status.PUBLISHED, True),
        (date(2026, 12, 1), Status.PUBLISHED, False),
        (date(2026, 11, 25), Status.ARCHIVED, False),
    ],
)
def test_R62_an_alert_is_shown_on_its_days(day: date, status: Status, shown: bool) -> None:
    period = AlertPeriod(date(2026, 11, 20), date(2026, 11, 30))
    assert alert_is_current(article(alert=period, status=status), day) is shown


def test_an_article_without_a_period_is_no_alert() -> None:
    assert not alert_is_current(article(), date(2026, 11, 20))
