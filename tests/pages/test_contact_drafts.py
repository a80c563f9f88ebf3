"""The draft of the case form: kept, found on any device, thrown away (R42, R45)."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import text

from tests.pages.test_contact import database, send, wish
from tests.pages.test_contact_form import STORY, autosave, form, save
from tests.visitor import Visitor


@pytest.fixture
def premier(visitor: Visitor) -> Visitor:
    return visitor.as_customer("premier")


def test_a_draft_is_kept_on_the_server_and_found_on_any_device(
    premier: Visitor, another: Callable[[], Visitor]
) -> None:
    query = wish(premier)
    page = save(premier, form(premier), query, go="later", title="Half a story", description=STORY)
    assert "Draft saved" in page.text
    elsewhere = another().as_customer("premier")
    start = elsewhere.get("/en/contact/")
    assert "Not sent yet" in start.text
    again = elsewhere.follow("Half a story")
    assert "It stops every night since Monday, at 62 %. &lt;b&gt;Always&lt;/b&gt;" in again.html
    assert "This is your draft of" in again.text


def test_it_saves_by_itself_and_says_when(app: Flask, premier: Visitor) -> None:
    app.config["NOW"] = datetime(2026, 11, 23, 15, 4, tzinfo=UTC)
    page = form(premier)
    assert "Draft saved at 10:04." in autosave(premier, page, wish(premier), description=STORY)
    assert "every night since Monday" in form(premier).text


def test_what_is_too_long_is_not_kept_and_that_is_said(premier: Visitor) -> None:
    page = form(premier)
    assert autosave(premier, page, wish(premier), description="x" * 120_000) == ""
    told = save(premier, page, wish(premier), go="later", description="x" * 120_000)
    assert "This is too long to be kept" in told.text


def test_a_draft_is_thrown_away_on_demand(premier: Visitor) -> None:
    query = wish(premier)
    save(premier, form(premier), query, go="later", title="Half a story")
    address = f"/en/contact/draft/discard?{urlencode({'channel': 'email', **query})}"
    form(premier)
    page = premier.post(address, back="case")
    assert "Draft thrown away" in page.text
    assert "Half a story" not in page.html
    assert "Not sent yet" not in premier.get("/en/contact/").text


def test_an_opened_case_leaves_no_draft_even_if_a_copy_comes_late(premier: Visitor) -> None:
    query = wish(premier)
    page = form(premier)
    autosave(premier, page, query, title="Half a story")
    send(premier, page, query)
    assert autosave(premier, page, query, title="Half a story") == ""
    assert "Not sent yet" not in premier.get("/en/contact/").text


def test_R45_two_machines_have_a_draft_each(premier: Visitor) -> None:
    page = premier.get("/en/contact/", request="technical", edition="full")
    machines = sorted(set(re.findall(r'value="asset-([0-9]+)"', page.html)))
    assert len(machines) == 2
    for machine in machines:
        query = {**wish(premier), "asset": machine, "topic": "recovery"}
        written = premier.get("/en/contact/case", channel="email", **query)
        autosave(premier, written, query, title=f"Story of {machine}")
    start = premier.get("/en/contact/")
    assert all(f"Story of {machine}" in start.text for machine in machines)


def test_the_questions_on_severity_lose_nothing_of_the_form(premier: Visitor) -> None:
    query = wish(premier)
    page = save(premier, form(premier), query, go="severity", description=STORY, severity="A")
    assert "Is work stopped" in page.text
    premier.get("/en/contact/severity", **query, channel="email", no=["A"], say="yes-B")
    back = premier.follow("Continue")
    assert "every night since Monday" in back.text
    checked = re.search(r'<input[^>]*name="severity"[^>]*checked[^>]*>', back.html)
    assert checked
    assert 'value="B"' in checked[0]


def test_nobody_reads_or_throws_away_anothers_draft(
    premier: Visitor, another: Callable[[], Visitor]
) -> None:
    query = wish(premier)
    save(premier, form(premier), query, go="later", title="Half a story")
    other = another().as_customer("standard")
    address = f"/en/contact/draft/discard?{urlencode({'channel': 'email', **query})}"
    other.get("/en/contact/")
    assert "Draft thrown away" not in other.post(address).text
    assert "Half a story" in premier.get("/en/contact/").text


def test_a_draft_about_what_the_policy_no_longer_has_is_not_shown(premier: Visitor) -> None:
    query = wish(premier)
    save(premier, form(premier), query, go="later", title="Half a story")
    with database(premier).write() as conn:
        conn.execute(text('update draft set query = \'{"request": "gone"}\''))
    assert "Half a story" not in premier.get("/en/contact/").text


def test_enter_in_a_line_opens_the_case_and_not_the_questions(premier: Visitor) -> None:
    html = form(premier).html
    buttons = re.findall(r"<button type=\"submit\"[^>]*>", html[html.index('<form class="form"') :])
    assert "formaction" not in buttons[0], "a browser presses the first button of a form"


def test_what_the_form_fills_in_is_told_in_the_language_of_who_goes_on(premier: Visitor) -> None:
    query = wish(premier)
    page = form(premier)
    found = re.search(r'value="(Key ending in ....)"', page.html)
    assert found
    autosave(premier, page, query, title="Half a story", serial=found[1])
    spanish = premier.get("/es/contact/case", channel="email", **query)
    assert "Half a story" in spanish.html
    assert found[1].replace("Key ending in", "Clave terminada en") in spanish.html
    autosave(premier, form(premier), query, title="Half", serial=f"{found[1]}, I think")
    kept = premier.get("/es/contact/case", channel="email", **query)
    assert f"{found[1]}, I think" in kept.html  # somebody's own words stay
