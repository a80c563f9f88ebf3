"""Reading and browsing articles, and saying whether they helped (R25, R62, R63)."""

from collections.abc import Callable

import pytest
from flask import Flask

from kb.store import voices
from tests import kept_voices
from tests.visitor import Visitor

ARTICLE = "/en/kb/1042-backup-stops-not-enough-space"


def test_an_article_is_open_to_everyone(visitor: Visitor) -> None:  # R25
    page = visitor.get(ARTICLE)
    for words in (
        "The backup stops with",
        "E000101F4",
        "Problem",
        "Resolution",
        "Related articles",
    ):
        assert words in page.text, words
    assert page.link("Español") == "/es/kb/1042-backup-stops-not-enough-space"


@pytest.mark.parametrize("path", ["1042", "1042-an-old-title"])
def test_a_wrong_slug_leads_to_the_right_address(visitor: Visitor, path: str) -> None:
    answer = visitor.client.get(f"/en/kb/{path}")
    assert answer.status_code == 301
    assert answer.location == ARTICLE


@pytest.mark.parametrize(
    "path", ["999999", "999999-x", "99999999999999999999", "category/nowhere", "999999/missing"]
)
def test_what_does_not_exist_is_a_page_with_a_search_box(visitor: Visitor, path: str) -> None:
    assert 'name="q"' in visitor.get(f"/en/kb/{path}", expect=404).html


def test_browsing_goes_by_category(visitor: Visitor) -> None:
    visitor.get("/en/kb/")
    page = visitor.follow("Licences and activation")
    assert "How many licences" in page.text
    assert "articles" in page.text


def test_a_faq_says_that_it_binds_nobody(visitor: Visitor) -> None:  # R63
    assert "legally binding" in visitor.get("/en/kb/1103").text


def test_a_how_to_has_its_video_with_a_transcript(visitor: Visitor) -> None:  # R63
    page = visitor.get("/en/kb/1052")
    assert "<video" in page.html
    assert 'preload="none"' in page.html  # nobody fetches it who only reads
    assert "Read the transcript" in page.text


def votes(app: Flask) -> tuple[int, int]:
    with app.extensions["waypost"].db.read() as conn:
        found = voices.votes_by_article(conn).get(1042, voices.Votes(0, 0))
    return found.helped, found.not_helped


def test_each_visitor_votes_once(app: Flask, visitor: Visitor) -> None:
    visitor.get(ARTICLE)
    assert "Thank you." in visitor.post("/en/kb/1042/vote", helped="yes").text
    visitor.post("/en/kb/1042/vote", helped="yes")
    assert votes(app) == (1, 0)
    assert "What was missing?" in visitor.post("/en/kb/1042/vote", helped="no").text
    assert votes(app) == (0, 1)
    visitor.post("/en/kb/1042/vote", helped="no", words="The picture <b>")
    with app.extensions["waypost"].db.read() as conn:
        assert kept_voices.words_on(conn, 1042) == ("The picture <b>",)


def test_another_site_cannot_vote(app: Flask, visitor: Visitor) -> None:
    foreign = {"Sec-Fetch-Site": "cross-site"}
    answer = visitor.client.post("/en/kb/1042/vote", data={"helped": "yes"}, headers=foreign)
    assert answer.status_code == 403
    assert votes(app) == (0, 0)


@pytest.mark.parametrize("helped", ["", "maybe"])
def test_a_vote_is_yes_or_no(visitor: Visitor, helped: str) -> None:
    visitor.get(ARTICLE)
    visitor.post("/en/kb/1042/vote", helped=helped, expect=404)


def test_a_page_kept_for_strangers_holds_nobodys_name(
    visitor: Visitor, another: Callable[[], Visitor]
) -> None:
    visitor.as_customer("premier").get(ARTICLE)
    stranger = another()
    for _ in range(2):
        page = stranger.get(ARTICLE)
        assert "Sign in" in page.text
        assert "My account" not in page.text
    assert "My account" in visitor.get(ARTICLE).text
