"""Did this article help: reasons, a changed mind, limits, and the ways on for who is stuck."""

import pytest
from flask import Flask

from kb.actions.votes import LONGEST
from kb.rules.accounts import VOTES_BY_SOURCE
from kb.store import listening
from tests import kept_voices
from tests.visitor import Visitor

VOTE = "/en/kb/1042/vote"


def reasons(app: Flask) -> dict[str, int]:
    with app.extensions["waypost"].db.read() as conn:
        return kept_voices.reasons_on(conn, 1042)


def test_who_is_not_helped_says_why_and_is_led_on(app: Flask, visitor: Visitor) -> None:
    page = visitor.post(VOTE, helped="no")
    for words in ("Why did it not help?", "It is hard to follow", "Still stuck?"):
        assert words in page.text
    assert "Leave out names, addresses, passwords and licence keys" in page.text
    assert page.link("Contact supportSee which ways") == "/en/contact/"
    assert any("/troubleshoot/backup-fails/" in href for _, href in page.links)
    page = visitor.post(VOTE, helped="no", reason="unclear", words="Step 3")
    assert "Thank you." in page.text
    assert reasons(app) == {"unclear": 1}
    with app.extensions["waypost"].db.read() as conn:
        said = kept_voices.all_feedback(conn)[0]
        assert said.text == "Step 3"
        assert listening.tags_of(conn, [said.id]) == {said.id: ("unclear",)}


def test_an_article_without_a_tree_leads_to_the_one_that_fits_its_words(visitor: Visitor) -> None:
    site = visitor.app.extensions["waypost"].live_site.current().site
    alone = [one.id for one in site.articles["en"].values() if not one.troubleshooter]
    led = [
        id_ for id_ in alone[:20] if "Troubleshooter:" in visitor.get(f"/en/kb/{id_}/missing").text
    ]
    assert led


def test_a_mind_may_be_changed_both_ways(app: Flask, visitor: Visitor) -> None:
    visitor.post(VOTE, helped="yes")
    page = visitor.post(VOTE, helped="no", reason="wrong")
    assert "Your answer has been changed." in page.text
    assert "It helped after all" in visitor.get("/en/kb/1042/missing").text
    page = visitor.post(VOTE, helped="yes")
    assert "Your answer has been changed." in page.text
    assert reasons(app) == {}
    assert "It helped after all" not in visitor.get("/en/kb/1042/missing").text


def test_too_many_words_come_back_as_they_were(visitor: Visitor) -> None:
    words = "x" * (LONGEST + 1)
    page = visitor.post(VOTE, helped="no", reason="missing", words=words, expect=422)
    assert f"At most {LONGEST} characters; you wrote {LONGEST + 1}" in page.text
    assert words in page.html
    assert 'value="missing" checked' in page.html


def test_one_address_has_a_limit_and_loses_no_words(app: Flask, visitor: Visitor) -> None:
    for _ in range(VOTES_BY_SOURCE.tries):
        app.test_client().post(VOTE, data={"helped": "yes"}, headers={"Origin": "http://localhost"})
    page = visitor.post(VOTE, helped="no", words="Step <3>", expect=429)
    assert "Wait an hour and try again" in page.text
    assert "Step &lt;3&gt;" in page.html
    assert reasons(app) == {}


@pytest.mark.parametrize("reason", ["", "nonsense", "x" * 5000, "\x00"])
def test_an_unknown_reason_is_none(app: Flask, visitor: Visitor, reason: str) -> None:
    visitor.post(VOTE, helped="no", reason=reason)
    assert reasons(app) == {"": 1}


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_ways_on_are_there_in_both_languages(visitor: Visitor, lang: str) -> None:
    page = visitor.get(f"/{lang}/kb/1042/missing")
    assert {"es": "¿Sigue sin resolverse?", "en": "Still stuck?"}[lang] in page.text
