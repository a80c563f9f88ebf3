"""What visitors look for is counted by a cookie of its own: who, from where, and who is not."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from kb.app import create_app
from kb.rules.visits import Step
from kb.settings import Settings
from kb.store import visits
from tests.conftest import NOW
from tests.pages.test_contact import send, wish
from tests.visitor import Visitor

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def steps(app: Flask) -> list[tuple[str, str, int]]:
    """What was kept: kind, words, article."""
    return [(str(one.kind), one.query, one.article) for one in _all(app)]


def _all(app: Flask) -> list[Step]:
    app.extensions["waypost-visits"].flush()
    with app.extensions["waypost"].db.read() as conn:
        return list(visits.since(conn, NOW - timedelta(days=9)))


@pytest.fixture
def person(visitor: Visitor) -> Visitor:
    """A visitor with a browser."""
    visitor.client.environ_base["HTTP_USER_AGENT"] = BROWSER
    return visitor


def opens(person: Visitor, referer: str) -> None:
    url = "/en/kb/1042"
    url = person.client.get(url).headers.get("Location", url)
    person.client.get(url, headers={"Referer": f"http://localhost{referer}"})


def test_a_search_and_what_is_opened_from_it(person: Visitor, app: Flask) -> None:
    person.get("/en/search", q="quota of marta@example.com")
    person.get("/en/search", q="quota of marta@example.com", page="2")
    person.get("/en/search", q="quota", type="faq")
    opens(person, "/en/search?q=quota")
    opens(person, "/en/kb/1001")
    assert steps(app) == [("searched", "quota of", 0), ("opened", "", 1042)]
    assert len({one.visit for one in _all(app)}) == 1


def test_who_said_that_an_article_helped(person: Visitor, app: Flask) -> None:
    person.get("/en/search", q="quota")
    same = {"Sec-Fetch-Site": "same-origin"}
    for helped in ("no", "yes"):
        person.client.post("/en/kb/1042/vote", data={"helped": helped}, headers=same)
    assert steps(app) == [("searched", "quota", 0), ("helped", "", 1042)]


def test_without_a_search_before_nothing_is_counted(person: Visitor, app: Flask) -> None:
    opens(person, "/en/search?q=quota")
    person.client.post("/en/kb/1042/vote", data={"helped": "yes"})
    assert steps(app) == []


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_SEC_GPC": "1"},
        {"HTTP_DNT": "1"},
        {"HTTP_USER_AGENT": "Mozilla/5.0 (compatible; Examplebot/2.1)"},
        {"HTTP_USER_AGENT": ""},
        {"HTTP_SEC_PURPOSE": "prefetch"},
    ],
)
def test_machines_and_who_objects_are_not_counted(
    person: Visitor, app: Flask, headers: dict[str, str]
) -> None:
    person.client.environ_base.update(headers)
    response = person.client.get("/en/search?q=quota")
    assert "visit=" not in "".join(response.headers.getlist("Set-Cookie"))
    assert steps(app) == []


def test_counting_can_be_off(settings: Settings) -> None:
    app = create_app(replace(settings, count_searches=False))
    app.config["NOW"] = NOW
    person = Visitor(app)
    person.client.environ_base["HTTP_USER_AGENT"] = BROWSER
    response = person.client.get("/en/search?q=quota")
    assert "visit=" not in "".join(response.headers.getlist("Set-Cookie"))
    assert steps(app) == []
    app.extensions["waypost"].db.close()


def test_a_made_up_visit_is_only_another_one(person: Visitor, app: Flask) -> None:
    person.client.set_cookie("visit", "<script>")
    person.get("/en/search", q="quota")
    assert len(_all(app)[0].visit) == 22


def test_the_cookie_ends_with_the_browser_and_keeps_pages_cached(person: Visitor) -> None:
    response = person.client.get("/en/search?q=quota")
    (cookie,) = [one for one in response.headers.getlist("Set-Cookie") if "visit=" in one]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Expires" not in cookie
    assert "Max-Age" not in cookie


def test_a_case_keeps_what_its_customer_searched_for(person: Visitor, app: Flask) -> None:
    person.get("/en/search", q="price of a second server")
    person.as_customer("premier")
    query = wish(person)
    send(person, person.get("/en/contact/case", channel="email", **query), query)
    kinds = [kind for kind, _, _ in steps(app)]
    assert kinds == ["searched", "case"]
    with app.extensions["waypost"].db.read() as conn:
        number = conn.exec_driver_sql('SELECT max(number) FROM "case"').scalar_one()
        assert [one.query for one in visits.lookups(conn, number)] == ["price of a second server"]
