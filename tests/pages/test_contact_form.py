"""The case form: severity by questions (R33–R36), drafts, and hours on the customer's clock."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import text

from tests.pages.test_contact import database, filled, options, wish
from tests.visitor import Page, Visitor

STORY = "It stops every night since Monday, at 62 %. <b>Always</b>"


@pytest.fixture
def premier(visitor: Visitor) -> Visitor:
    return visitor.as_customer("premier")


def form(visitor: Visitor, **more: str) -> Page:
    return visitor.get("/en/contact/case", channel="email", **{**wish(visitor), **more})


def save(visitor: Visitor, page: Page, query: dict[str, str], *, go: str, **typed: str) -> Page:
    """Press a button of the form that keeps it."""
    address = f"/en/contact/draft?{urlencode({'channel': 'email', **query})}"
    return visitor.post(address, **filled(page, **typed), go=go)


def autosave(visitor: Visitor, page: Page, query: dict[str, str], **typed: str) -> str:
    """What the page does by itself while it is written."""
    address = f"/en/contact/draft?{urlencode({'channel': 'email', **query})}"
    headers = {"HX-Request": "true", "Sec-Fetch-Site": "same-origin"}
    answer = visitor.client.post(address, data=filled(page, **typed), headers=headers)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


# --- severity by plain questions ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "letter", "promise"),
    [
        pytest.param(["yes-A"], "A", "one hour", id="R33"),
        pytest.param(["no-A", "yes-B"], "B", "No time is promised", id="R34"),
        pytest.param(["no-A", "no-B", "yes-C"], "C", "No time is promised", id="R35"),
        pytest.param(["no-A", "no-B", "no-C"], "D", "No time is promised", id="R36"),
    ],
)
def test_plain_questions_lead_to_a_severity_with_its_meaning_and_promise(
    answers: list[str], letter: str, promise: str, premier: Visitor
) -> None:
    query: dict[str, object] = {**wish(premier), "channel": "email"}
    page = premier.get("/en/contact/severity", **query)
    assert "Is work stopped, or is your data at risk?" in page.text
    for answer in answers:
        page = premier.get("/en/contact/severity", **query, say=answer)
        query["no"] = re.findall(r'name="no" value="(.)"', page.html)
    assert f"Severity {letter}:" in page.title
    assert promise in page.text
    chosen = premier.follow("Continue")
    assert re.search(
        rf'name="severity"[^>]*value="{letter}"[^>]*checked|checked[^>]*value="{letter}"',
        chosen.html,
    )


def test_the_severity_stands_with_its_meaning_where_the_ways_are(premier: Visitor) -> None:
    page = options(premier)
    assert "We cannot work" in page.text
    assert "Outage or severe" in page.text
    premier.follow("Is it otherwise?")
    page = premier.get("/en/contact/severity", **wish(premier), no=["A", "B"], say="yes-C")
    page = premier.follow("Continue")
    assert "It is a nuisance" in page.text
    assert "No time is promised for this severity" in page.text


@pytest.mark.parametrize(
    "edited",
    [
        {"say": "yes-Z"},
        {"say": "no-"},
        {"no": ["Z", "A' --"]},
        {"channel": "pigeon"},
        {"say": "x" * 500},
    ],
)
def test_an_address_of_the_questions_edited_by_hand_asks_the_first(
    edited: dict[str, object], premier: Visitor
) -> None:
    page = premier.get("/en/contact/severity", **{**wish(premier), **edited})
    assert "Is work stopped, or is your data at risk?" in page.text


def test_a_severity_that_there_is_not_falls_off_the_form(premier: Visitor) -> None:
    def chosen(page: Page) -> list[str]:
        boxes = re.findall(r'<input[^>]*name="severity"[^>]*>', page.html)
        return [box for box in boxes if " checked" in box]

    assert chosen(form(premier, severity="Q")) == chosen(form(premier))
    assert chosen(form(premier, severity="B")) != chosen(form(premier))


def test_a_question_is_not_asked_about_a_matter_without_severity(premier: Visitor) -> None:
    page = premier.get("/en/contact/options", request="pre-sales", topic="price")
    assert "Is it otherwise?" not in page.text


# --- hours ---------------------------------------------------------------------------------------


def at_home(visitor: Visitor, zone: str | None) -> None:
    with database(visitor).write() as conn:
        conn.execute(text("update user set time_zone = :zone"), {"zone": zone})


@pytest.mark.parametrize(
    ("at", "zone", "said", "hours"),
    [
        pytest.param("2026-11-23T15:00", "Europe/Madrid", "Open now",
                     "Open until 02:00 (Madrid time)", id="open"),
        pytest.param("2026-11-23T09:00", "Europe/Madrid", "Opens today at 14:00",
                     "Monday, 14:00–02:00 (Madrid time)", id="later today"),
        pytest.param("2026-11-28T15:00", "Asia/Tokyo", "Opens on Monday at 22:00",
                     "Monday, 22:00–10:00 (Tokyo time)", id="a weekend"),
        pytest.param("2026-11-26T15:00", "Europe/Madrid",
                     "Closed for a holiday. Opens on Friday at 14:00",
                     "Friday, 14:00–02:00 (Madrid time)", id="Thanksgiving"),
        pytest.param("2027-03-15T09:00", "Europe/Madrid", "Opens today at 13:00",
                     "Monday, 13:00–01:00 (Madrid time)",
                     id="New York's clock has changed, Madrid's has not"),
        pytest.param("2026-11-23T15:00", "Not/AZone", "Open now", "", id="a zone that is gone"),
        pytest.param("2026-11-23T15:00", None, "Open now", "", id="no zone chosen"),
        pytest.param("2026-11-23T15:00", "America/Toronto", "Open now", "", id="the same clock"),
    ],
)  # fmt: skip
def test_R13_hours_are_told_on_the_customers_clock(
    at: str, zone: str | None, said: str, hours: str, app: Flask, visitor: Visitor
) -> None:
    app.config["NOW"] = datetime.fromisoformat(at).replace(tzinfo=UTC)
    visitor.as_customer("standard")
    at_home(visitor, zone)
    page = options(visitor)
    assert said in page.text
    if hours:
        assert f"In your time {hours}" in page.text
    else:
        assert "In your time" not in page.text


@pytest.mark.parametrize(("minute", "state"), [(59, "Opens today at 08:00"), (60, "Open now")])
def test_the_minute_of_opening(minute: int, state: str, app: Flask, visitor: Visitor) -> None:
    opening = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    app.config["NOW"] = opening + timedelta(minutes=minute)
    visitor.as_customer("standard")
    assert state in options(visitor).text


def test_R32_the_language_of_the_hour_is_named(app: Flask, visitor: Visitor) -> None:
    app.config["NOW"] = datetime(2026, 11, 28, 4, 0, tzinfo=UTC)  # Friday, 23:00 in New York
    visitor.as_customer("premier")
    query = wish(visitor)
    assert "A esta hora, solo en inglés" in visitor.get("/es/contact/options", **query).text
    assert "at this hour" not in visitor.get("/en/contact/options", **query).text
    app.config["NOW"] = datetime(2026, 11, 27, 17, 0, tzinfo=UTC)
    assert "solo en inglés" not in visitor.get("/es/contact/options", **query).text


# --- the best of several -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lang", "chosen"),
    [("en", "The one that gives you most of your 2"), ("es", "El que más le da de los 2")],
)
def test_of_several_keys_the_best_decides_and_the_page_says_which(
    lang: str, chosen: str, visitor: Visitor
) -> None:
    visitor.as_customer("two-keys")
    query = {"request": "technical", "edition": "full", "topic": "backup"}
    page = visitor.get(f"/{lang}/contact/options", **query, product="backup-server")
    assert "Norvault Backup Server 12" in page.text
    assert chosen in page.text
    assert "+1 555 0100" in page.text
    mine = visitor.get(f"/{lang}/contact/", request="technical", edition="full")
    old = re.findall(r'value="asset-([0-9]+)"[^>]*><span><b>[^<]*11.5', mine.html)[0]
    named = visitor.get(f"/{lang}/contact/options", **query, asset=old)
    assert chosen not in named.text, "whoever names one is told about that one"
    assert "+1 555 0100" not in named.text


def test_R42_the_reason_is_told_in_words(premier: Visitor) -> None:
    """R42: the case says its reason as the form did, to the customer and to the agent."""
    page = form(premier)
    query = urlencode({"channel": "email", **wish(premier)})
    page = premier.post(f"/en/contact/case?{query}", **filled(page, reason="backup"))
    assert re.search(r"Reason for the case The backup fails", page.text)
    number = re.search(r"Case ([0-9]{8})", page.text)
    assert number
    agent = Visitor(premier.app).as_agent()
    assert "The backup fails" in agent.get(f"/en/desk/cases/{number[1]}").text
