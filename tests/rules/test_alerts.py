"""R62: which alerts a page shows, by product and by day, and which stands first."""

from datetime import date

import pytest

from kb.rules.alerts import current, for_page, meet
from kb.rules.articles import AlertLevel, AlertPeriod, Article, Status
from kb.rules.products import parse_range

FIRST, LAST = date(2026, 11, 20), date(2026, 11, 30)
DAY = date(2026, 11, 23)


def alert(
    id_: int, *products: str, level: AlertLevel = AlertLevel.WARNING, **more: object
) -> Article:
    facts: dict[str, object] = {
        "lang": "en",
        "slug": "a",
        "path": "",
        "category": "alerts",
        "title": "A",
        "products": tuple(parse_range(product) for product in products),
        "alert": AlertPeriod(FIRST, LAST, level),
    }
    return Article(id=id_, **(facts | more))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("named", "page", "shown"),
    [
        pytest.param(["server@12"], ["server@12"], True, id="its product and version"),
        pytest.param(["server@12"], ["server"], True, id="a page about every version"),
        pytest.param(["server"], ["server@11"], True, id="an alert about every version"),
        pytest.param(["server@12"], ["server@11"], False, id="another version"),
        pytest.param(["server@12"], ["server@10-11.5"], False, id="versions before"),
        pytest.param(["server@10-11"], ["server@11.5-12"], True, id="11.5 is of 11"),
        pytest.param(["server@10-11"], ["server@12-13"], False, id="versions after"),
        pytest.param(["server@12"], ["home@12"], False, id="another product"),
        pytest.param(["server@12"], [], False, id="a page about no product"),
        pytest.param(["server@12", "home"], ["disks", "home@10"], True, id="one of several"),
        pytest.param([], ["server"], True, id="an alert for everybody"),
        pytest.param([], [], True, id="for everybody, on a page about nothing"),
    ],
)
def test_R62_an_alert_is_on_the_pages_of_its_products(
    named: list[str], page: list[str], shown: bool
) -> None:
    about = [parse_range(one) for one in page]
    assert bool(for_page([alert(1, *named)], DAY, about)) is shown


@pytest.mark.parametrize(
    ("day", "shown"),
    [
        (date(2026, 11, 19), False),
        (FIRST, True),
        (LAST, True),
        (date(2026, 12, 1), False),
    ],
)
def test_R62_an_alert_is_shown_from_its_first_day_to_its_last(day: date, shown: bool) -> None:
    assert bool(for_page([alert(1)], day)) is shown
    assert bool(current([alert(1, "server")], day)) is shown


def test_R62_what_matters_most_stands_first_then_the_newest() -> None:
    alerts = [
        alert(1, level=AlertLevel.INFO),
        alert(2),
        alert(3, alert=AlertPeriod(DAY, LAST)),
        alert(4, level=AlertLevel.CRITICAL),
        alert(5, level=AlertLevel.CRITICAL, status=Status.ARCHIVED),
        alert(6, alert=None),
    ]
    assert [one.id for one in current(alerts, DAY)] == [4, 3, 2, 1]


def test_ranges_meet_both_ways() -> None:
    one, other = parse_range("server@10-11"), parse_range("server@11-12")
    assert meet(one, other)
    assert meet(other, one)
