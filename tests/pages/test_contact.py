"""The contact wizard as customers walk it: questions, ways and reasons, the form."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import text

from kb.actions.demo import PASSWORD
from kb.store import Database, cases
from tests.pages.chat_people import takes_chats
from tests.visitor import Page, Visitor

FULL = {"request": "technical", "edition": "full"}


def wish(visitor: Visitor, topic: str = "backup") -> dict[str, str]:
    """A technical problem with the newest product registered to this customer."""
    page = visitor.get("/en/contact/", **FULL)
    found = re.findall(r'value="asset-([0-9]+)"[^>]*><span><b>([^<]*)', page.html)
    newest = max(found, key=lambda pair: float(pair[1].split()[-1]))
    return {**FULL, "asset": newest[0], "topic": topic}


def options(visitor: Visitor, topic: str = "backup") -> Page:
    return visitor.get("/en/contact/options", **wish(visitor, topic))


def filled(page: Page, **changes: str) -> dict[str, str]:
    """The case form as a customer fills it."""
    return {
        "csrf_token": page.token(),
        "submission": page.hidden("submission"),
        "seen": "yes",
        "first_name": "Marta",
        "last_name": "Ruiz",
        "email": "marta@example.com",
        "country": "ES",
        "serial": "ends in 4F2C",
        "reason": "backup",
        "severity": "A",
        "title": "Nightly backup stops at 62 %",
        "description": "It stops every night since Monday.",
        **changes,
    }


def test_R37_the_wizard_asks_type_then_version_then_product(visitor: Visitor) -> None:
    visitor.as_customer("premier")
    assert "What do you need?" in visitor.get("/en/contact/").text
    assert "Which version do you use?" in visitor.get("/en/contact/", request="technical").text
    page = visitor.get("/en/contact/", **FULL)
    assert "Which product is it?" in page.text
    assert "Norvault Backup" in page.text


def test_R4_a_stranger_is_asked_to_sign_in_and_comes_back_to_the_same_step(
    visitor: Visitor,
) -> None:
    first = visitor.client.get("/en/contact/", query_string=FULL)
    assert first.status_code == 302
    assert "next=/en/contact/?request%3Dtechnical" in first.location.replace("%26", "&")
    page = visitor.get(first.location)
    page = visitor.post(first.location, email="premier@example.com", password=PASSWORD)
    assert "Which product is it?" in page.text


def test_R38_phone_is_for_the_full_version_only(visitor: Visitor) -> None:
    visitor.as_customer("trial")
    page = visitor.get(
        "/en/contact/options",
        request="technical",
        edition="trial",
        product="backup-server",
        topic="backup",
    )
    assert "+1 555 0100" not in page.text
    assert "channel=chat" in page.html or "at the chat just now" in page.text
    assert "Write to us" in page.text


def test_R39_the_number_is_shown_to_whom_it_is_for(visitor: Visitor) -> None:
    visitor.as_customer("premier")
    assert "+1 555 0100" in options(visitor).text


@pytest.mark.parametrize(
    "path", ["/en/", "/en/contact/", "/en/kb/", "/en/downloads", "/en/feedback"]
)
def test_R39_the_number_is_shown_nowhere_else(path: str, visitor: Visitor) -> None:
    visitor.as_customer("premier")
    assert "555 0100" not in visitor.get(path).html


def test_R17_a_lapsed_customer_is_told_why_and_shown_the_ways_on(visitor: Visitor) -> None:
    visitor.as_customer("lapsed")
    page = options(visitor)
    assert "Not included" in page.text
    assert "Your support plan has ended" in page.text
    assert "Renew with the Standard plan" in page.text
    assert "20.00" in page.text
    assert "Knowledge base" in page.text
    assert "+1 555 0100" not in page.text


def test_R20_recovery_problems_are_helped_whatever_the_plan(visitor: Visitor) -> None:
    visitor.as_customer("lapsed")
    page = options(visitor)
    assert "help is free, whatever your plan" in page.text
    page = visitor.follow("help is free, whatever your plan")
    assert "Write to us" in page.text


def test_R24_what_is_out_of_scope_is_said_before_the_form(visitor: Visitor) -> None:
    visitor.as_customer("premier")
    page = options(visitor, topic="network")
    assert "Not included" in page.text
    assert "This matter is not part of the support" in page.text


def test_R42_R43_the_form_asks_for_all_of_it_and_marks_what_is_required(visitor: Visitor) -> None:
    visitor.as_customer("premier")
    page = visitor.get("/en/contact/case", channel="email", **wish(visitor))
    for label in (
        "First name",
        "Last name",
        "E-mail",
        "Phone",
        "Country",
        "Serial number",
        "Reason for the case",
        "How much does it affect you?",
        "The problem in one sentence",
        "What happens?",
        "Your environment",
        "Error message",
        "The steps from the start",
    ):
        assert label in page.text, label
    assert "are required" in page.text


def test_R44_the_case_exists_at_once_and_its_number_is_mailed(visitor: Visitor) -> None:
    visitor.as_customer("premier")
    query = wish(visitor)
    page = send(visitor, visitor.get("/en/contact/case", channel="email", **query), query)
    assert "Case opened" in page.text
    number = page.response.request.path.rsplit("/", 1)[1]
    assert number in page.text
    with database(visitor).read() as conn:
        queued = conn.execute(text("select subject from outbox order by id desc")).scalars().first()
    assert number in str(queued)


def database(visitor: Visitor) -> Database:
    found: Database = visitor.app.extensions["waypost"].db
    return found


def send(visitor: Visitor, page: Page, query: dict[str, str], **changes: str) -> Page:
    """Press the button of the form."""
    address = f"/en/contact/case?{urlencode({**query, 'channel': 'email'})}"
    return visitor.post(address, **filled(page, **changes))


def test_the_same_form_sent_twice_makes_one_case(visitor: Visitor) -> None:
    visitor.as_customer("premier")
    query = wish(visitor)
    form = visitor.get("/en/contact/case", channel="email", **query)
    first = send(visitor, form, query)
    second = send(visitor, form, query)
    assert first.response.request.path == second.response.request.path


def test_a_form_that_fails_keeps_what_was_typed(visitor: Visitor) -> None:
    visitor.as_customer("premier")
    query = wish(visitor)
    form = visitor.get("/en/contact/case", channel="email", **query)
    page = send(visitor, form, query, title="", description="A long story <b>kept</b>")
    assert page.title.startswith("Error:")
    assert "A long story &lt;b&gt;kept&lt;/b&gt;" in page.html
    assert "Write: The problem in one sentence" in page.text


def test_R47_own_open_cases_that_look_alike_are_shown_first(visitor: Visitor) -> None:
    visitor.as_customer("premier")
    query = wish(visitor)
    send(visitor, visitor.get("/en/contact/case", channel="email", **query), query)
    form = visitor.get("/en/contact/case", channel="email", **query)
    page = send(visitor, form, query, seen="")
    assert "Your open cases that look alike" in page.text
    assert "It stops every night since Monday." in page.html
    again = {**filled(page), "seen": page.hidden("seen")}
    assert again["seen"] == "yes"


def test_a_way_that_is_not_open_leads_back_to_the_ways(visitor: Visitor) -> None:
    visitor.as_customer("lapsed")
    page = visitor.get("/en/contact/case", channel="email", **wish(visitor))
    assert "What you can do now" in page.text
    page = visitor.get("/en/contact/case", channel="telepathy", **wish(visitor))
    assert "What you can do now" in page.text


def test_another_customers_product_is_not_found(
    visitor: Visitor, another: Callable[[], Visitor]
) -> None:
    theirs = wish(another().as_customer("premier"))
    visitor.as_customer("lapsed")
    visitor.get("/en/contact/options", expect=404, **theirs)
    visitor.get("/en/contact/case", expect=404, channel="email", **theirs)


@pytest.mark.parametrize(
    "query",
    [
        {"request": "x" * 5000},
        {"request": "technical", "edition": "' or 1=1"},
        {**FULL, "asset": "99999999999999999999"},
        {**FULL, "item": "asset-none"},
        {**FULL, "product": "nothing", "topic": "?"},
        {"walk": "~~~===&&&", "severity": "Z"},
    ],
)
def test_an_address_edited_by_hand_is_a_question_again(
    query: dict[str, str], visitor: Visitor
) -> None:
    visitor.as_customer("premier")
    page = visitor.get("/en/contact/", **query)
    assert page.status == 200


def test_suggestions_need_no_whole_page(visitor: Visitor) -> None:
    visitor.as_customer("premier")
    answer = visitor.client.get("/en/contact/suggestions?title=backup+stops+E000101F4")
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert "Articles that may solve it" in answer.text


def test_the_decision_is_kept_with_the_case(visitor: Visitor) -> None:
    visitor.as_customer("premier")
    query = wish(visitor)
    page = send(visitor, visitor.get("/en/contact/case", channel="email", **query), query)
    number = int(page.response.request.path.rsplit("/", 1)[1])
    with database(visitor).read() as conn:
        stored = cases.by_number(conn, number)
    assert stored is not None
    assert stored.entitlement["rule"] == "plan"
    assert stored.policy_revision


@pytest.mark.parametrize(
    ("at", "said"),
    [
        pytest.param(datetime(2026, 11, 23, 15, 0, tzinfo=UTC), "Open now", id="Monday 10:00"),
        pytest.param(datetime(2026, 11, 23, 9, 0, tzinfo=UTC), "Opens today at 08:00", id="04:00"),
        pytest.param(
            datetime(2026, 11, 28, 15, 0, tzinfo=UTC), "Opens on Monday at 08:00", id="Saturday"
        ),
    ],
)
def test_R13_chat_says_whether_it_is_open_and_when_it_opens(
    at: datetime, said: str, app: Flask, visitor: Visitor, another: Callable[[], Visitor]
) -> None:
    app.config["NOW"] = at
    takes_chats(another().as_agent())
    visitor.as_customer("standard")
    page = options(visitor)
    is_open = said == "Open now"
    assert ("Free now" if is_open else said) in page.text
    assert ("Chat now" in page.text) is is_open
    assert "Write to us" in page.text
