"""The support home: find solutions, be led, serve oneself, reach a person (R62)."""

from datetime import timedelta

import pytest
from flask import Flask

from tests.conftest import NOW
from tests.visitor import Visitor


def test_the_home_page_has_all_of_r62(visitor: Visitor) -> None:
    page = visitor.get("/en/")
    for words in (
        "Downloads and updates",
        "User guides",
        "Knowledge base",
        "Forum",
        "Which product do I need?",
        "Licensing guide",
        "Common problems",
        "Current alerts",
        "Talk to us",
    ):
        assert words in page.text, words
    assert 'name="q"' in page.html
    assert ("Start: Talk to us", "/en/contact/") in page.links


def test_the_first_question_leads_into_a_tree(visitor: Visitor) -> None:
    visitor.get("/en/")
    assert visitor.page is not None
    assert visitor.page.link("A backup fails").startswith("/en/troubleshoot/backup-fails")


def test_alerts_go_when_their_time_is_over(app: Flask, visitor: Visitor) -> None:
    assert "12.3.1" in visitor.get("/en/").text
    app.config["NOW"] = NOW + timedelta(days=365)
    page = visitor.get("/en/")
    assert "12.3.1" not in page.text
    assert "Current alerts" not in page.text


@pytest.mark.parametrize(
    ("accepts", "lands"),
    [("es-MX,es;q=0.9", "/es/"), ("en-GB", "/en/"), ("fr", "/es/"), ("", "/es/")],
)
def test_the_root_chooses_a_language(visitor: Visitor, accepts: str, lands: str) -> None:
    answer = visitor.client.get("/", headers={"Accept-Language": accepts})
    assert answer.status_code == 302
    assert answer.location == lands


def test_an_unknown_language_does_not_exist(visitor: Visitor) -> None:
    visitor.get("/fr/", expect=404)


@pytest.mark.parametrize(("lang", "other"), [("es", "English"), ("en", "Español")])
def test_the_other_language_is_one_link_away(visitor: Visitor, lang: str, other: str) -> None:
    page = visitor.get(f"/{lang}/")
    assert page.link(other) == ("/en/" if lang == "es" else "/es/")
    assert f'<html lang="{lang}">' in page.html
