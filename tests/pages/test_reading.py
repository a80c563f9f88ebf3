"""The page of an article: what is near, versions, pictures, sizes; alerts where they belong."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask

from kb.app import create_app
from kb.pages.zoom import first_picture, zoomable
from kb.settings import Settings
from tests.reading_site import compiled
from tests.visitor import Page, Visitor


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return compiled(tmp_path_factory.mktemp("reading"))


@pytest.fixture
def app(small: Settings) -> Iterator[Flask]:
    made = create_app(small)
    made.config["NOW"] = datetime(2026, 11, 23, 12, tzinfo=UTC)
    yield made
    made.extensions["waypost"].db.close()


def section(page: Page, name: str) -> str:
    """The HTML of the element with this class."""
    found = re.search(rf'<(\w+) class="{name}[ "].*?</\1>', page.html, re.DOTALL)
    return found[0] if found else ""


def alert_on(app: Flask, day: int, path: str) -> str:
    """What the alert strip of a page says on a day of November."""
    app.config["NOW"] = datetime(2026, 11, day, 12, tzinfo=UTC)
    strip = section(Visitor(app).get(path), "notice")
    found = re.search(r"</b> (.*?)\. <a", strip)
    return found[1] if found else ""


@pytest.mark.parametrize(
    ("path", "by_day"),
    [
        pytest.param(
            "/en/kb/11-guide",
            {19: "", 20: "Server alert", 24: "Server alert", 25: "Alert for all", 26: ""},
            id="an article about server 12",
        ),
        pytest.param(
            "/en/kb/12-guide-old", {20: "", 24: "Alert for all"}, id="an article about server 10"
        ),
        pytest.param(
            "/en/kb/20-cloud", {22: "", 23: "Cloud alert", 26: "Cloud alert", 27: ""}, id="cloud"
        ),
        pytest.param("/en/products/server", {20: "Server alert", 27: ""}, id="a product"),
        pytest.param("/en/products/cloud", {20: "", 24: "Cloud alert"}, id="another product"),
        pytest.param("/en/kb/", {20: "", 24: "Alert for all"}, id="a page about no product"),
        pytest.param(
            "/en/", {19: "", 20: "Server alert", 23: "Cloud alert", 27: ""}, id="the home page"
        ),
        pytest.param(
            "/en/kb/31-for-server", {20: "", 24: "Alert for all"}, id="the alert's own page"
        ),
    ],
)
def test_R62_alerts_are_shown_on_the_right_pages_only_in_their_time(
    app: Flask, path: str, by_day: dict[int, str]
) -> None:
    """R62: current alerts, by product and by day; those for agents are never shown to others."""
    assert {day: alert_on(app, day, path) for day in by_day} == by_day


def test_R62_an_alert_says_how_much_it_matters_and_how_many_more_there_are(app: Flask) -> None:
    app.config["NOW"] = datetime(2026, 11, 24, 12, tzinfo=UTC)
    strip = section(Visitor(app).get("/en/kb/20-cloud"), "notice")
    assert 'class="notice critical"' in strip
    assert "Important:" in strip
    assert '<a href="/en/#alerts">1 more alert</a>' in strip
    assert 'data-mark="33 2026-11-23 critical"' in strip
    assert 'class="notice info"' in section(Visitor(app).get("/en/kb/"), "notice")


def test_related_articles_are_near_by_code_and_words_and_never_hidden(visitor: Visitor) -> None:
    page = visitor.get("/en/kb/14-vault-code")
    near = section(page, "related")
    assert near.index("The vault stops too") > 0
    for hidden in ("for agents", "The vault stopped"):
        assert hidden not in page.html


def test_the_version_switch_leads_to_the_same_topic_for_other_versions(visitor: Visitor) -> None:
    for path, current in (
        ("11-guide", "Server 12"),
        ("12-guide-old", "Server 10"),
        ("13-guide-middle", "Server 11–11.5"),
    ):
        tabs = section(visitor.get(f"/en/kb/{path}"), "versions")
        names = re.findall(r"<a[^>]*>([^<]*)</a>", tabs)
        assert [name.removeprefix("Server ") for name in names] == ["12", "11–11.5", "10"]
        assert re.search(rf'href="/en/kb/{path}" aria-current="true">{current}<', tabs)


def test_previous_and_next_stay_in_the_category_and_the_product(visitor: Visitor) -> None:
    page = visitor.get("/en/kb/14-vault-code")
    assert page.link("Previous article").startswith("/en/kb/31-for-server")
    assert page.link("Next article") == "/en/kb/15-vault-code-too"
    assert "The cloud" not in section(page, "neighbours")


def test_contents_are_two_levels_unless_they_are_very_many(visitor: Visitor) -> None:
    few = section(visitor.get("/en/kb/11-guide"), "toc")
    assert '<li class="sub"><a href="#a-detail-with-code">A detail with code</a>' in few
    many = section(visitor.get("/en/kb/18-huge"), "toc")
    assert many.count("<li") == 250


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ('<img src="/a.png" alt="A" width="600">', '<a class="zoom" href="/a.png">'),
        ('<img alt="A" src="/a.png">', '<a class="zoom" href="/a.png">'),
        ('<img src="/a.png" alt="A" width="24">', ""),
        ('<img src="/a.png" alt="">', ""),
        ('<img src="" alt="A">', ""),
        ('<a href="/x"><b>x</b> <img src="/a.png" alt="A"></a>', ""),
        ("<p>No picture</p>", ""),
    ],
)
def test_a_picture_is_a_link_to_itself_unless_it_is_small_or_linked(html: str, shown: str) -> None:
    made = zoomable(html)
    assert (shown in made) if shown else (made == html)


def test_a_picture_in_a_link_stays_in_it(visitor: Visitor) -> None:
    page = visitor.get("/en/kb/11-guide")
    assert page.html.count('<a class="zoom"') == 1
    assert re.search(r'<a href="https://example.com/"[^>]*><img [^>]*></a></p>', page.html)


def test_the_address_is_printed_with_the_article(visitor: Visitor) -> None:
    assert (
        '<p class="source">https://help.example/en/kb/11-guide</p>'
        in visitor.get("/en/kb/11-guide").html
    )


@pytest.mark.parametrize(
    ("html", "first"),
    [
        ('<img src="/a.png?x&amp;y" alt="A">', "/a.png?x&y"),
        ('<img src="/i.png" alt="A" width="24"><img src="/b.png" alt="B">', "/b.png"),
        ("<p>None</p>", ""),
    ],
)
def test_the_first_picture_stands_for_the_article(html: str, first: str) -> None:
    assert first_picture(html) == first


def test_a_huge_article_is_one_page(visitor: Visitor) -> None:
    assert visitor.get("/en/kb/18-huge").html.count("<h2") > 250
