"""R44, R45, R47, R48, R49, R66, R70 on the shipped vendor site, as visitors live them."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from kb.rules.cases import GUARANTEE
from kb.store import outbox
from kb.store.outbox import Mail
from tests.conftest import NOW
from tests.visitor import Page, Visitor

FORM = "/en/contact/case?request=technical&edition=full&topic=backup&channel=email&asset={}"
TITLE = "Nightly copy to the vault ends with E000101F4"

Another = Callable[[], Visitor]


def opens(visitor: Visitor, title: str = TITLE, **fields: str) -> Page:
    """Open a case about the registered product, past the articles that are shown before it."""
    products = visitor.get("/en/my/products")
    asset = next(
        found[1]
        for words, href in products.links
        if (found := re.search(r"/my/products/(\d+)$", href)) and "Backup Server 12" in words
    )
    page = visitor.get(FORM.format(asset))
    said = {
        "submission": page.hidden("submission"),
        "seen": "yes",
        "reason": "backup",
        "serial": page.hidden("serial"),
        "title": title,
        "description": "Every night since Monday.",
        "environment": "Windows Server 2022",
        "error_message": "E000101F4",
        "steps": "It starts at 02:00 and ends at 02:10.",
        "severity": "A",
        "first_name": "Marta",
        "last_name": "Ruiz",
        "email": "premier@example.com",
        "phone": "+34 600 000 000",
        "country": "ES",
        **fields,
    }
    return visitor.post(page.url, **said)


def number_of(page: Page) -> int:
    found = re.search(r"Case (\d+)", page.text)
    assert found, page.text[:600]
    return int(found[1])


def mails(app: Flask, number: int | None = None, kind: str = "") -> list[Mail]:
    with app.extensions["waypost"].db.read() as conn:
        return [
            mail for mail in outbox.all_mail(conn, case_number=number) if kind in ("", mail.kind)
        ]


@pytest.fixture
def marta(visitor: Visitor) -> Visitor:
    return visitor.as_customer("premier")


def desk(agent: Visitor, number: int) -> str:
    return f"/en/desk/cases/{number}"


def agent_says(agent: Visitor, number: int, body: str, **fields: str) -> Page:
    page = agent.get(desk(agent, number))
    return agent.post(
        f"{desk(agent, number)}/reply",
        body=body,
        submission_id=page.hidden("submission_id"),
        **fields,
    )


def test_R44_the_case_is_there_at_once_with_its_number_mailed_and_quoted(
    app: Flask, marta: Visitor, another: Another
) -> None:
    page = opens(marta)
    number = number_of(page)
    (told,) = mails(app, number)
    assert (told.kind, told.recipient) == ("case-opened", "premier@example.com")
    assert str(number) in told.subject
    agent_says(another().as_agent(), number, "Free some space", wait="yes")
    assert all(str(number) in mail.subject for mail in mails(app, number)), "until it is resolved"
    assert number_of(opens(marta, "Another problem entirely")) != number


def test_R44_a_form_sent_twice_is_one_case(app: Flask, marta: Visitor) -> None:
    first = opens(marta)
    page = marta.get("/en/my/cases")
    count = page.text.count("Case ")
    form = marta.get(FORM.format(1))
    token = form.hidden("submission")
    numbers = {number_of(opens(marta, "Sent twice", submission=token)) for _ in range(2)}
    assert len(numbers) == 1
    assert marta.get("/en/my/cases").text.count("Case ") == count + 1
    assert number_of(first) not in numbers


def test_R45_two_problems_are_two_cases_and_pages_say_so(marta: Visitor) -> None:
    page = opens(marta)
    assert "A second problem, or the same one on another machine, gets its own case" in page.text
    assert page.link("Open another case") == "/en/contact/"
    other = opens(marta, "Restoring a single file is slow")
    assert number_of(other) != number_of(page)


def test_R47_ones_own_open_similar_cases_are_shown_before_a_new_one(marta: Visitor) -> None:
    number = number_of(opens(marta))
    shown = opens(marta, "The nightly copy to the vault fails", seen="")
    assert f"/en/my/cases/{number}" in [href for _, href in shown.links]
    assert "The nightly copy to the vault fails" in shown.html, "what was typed is still there"
    opened = opens(marta, "The nightly copy to the vault fails")
    assert number_of(opened) != number, "whoever wants a new one gets it"


def test_R48_any_agent_sees_everything_and_goes_on(marta: Visitor, another: Another) -> None:
    number = number_of(opens(marta))
    agent_says(another().as_customer("agent"), number, "Which version is it?", wait="yes")
    other = another().as_customer("agent-2")
    seen = other.get(desk(other, number))
    for words in (
        TITLE,
        "Every night since Monday.",
        "Which version is it?",
        "premier@example.com",
    ):
        assert words in seen.text
    said = agent_says(other, number, "Version 12 has a fix.")
    assert "Version 12 has a fix." in said.text


def test_R49_everything_is_recorded(app: Flask, marta: Visitor, another: Another) -> None:
    number = number_of(opens(marta))
    agent = another().as_agent()
    agent_says(agent, number, "Which version?", wait="yes")
    agent.get(desk(agent, number))
    agent.post(f"{desk(agent, number)}/terms", severity="B", plan="premier", reason="It goes on")
    agent.post(f"{desk(agent, number)}/state", to="resolved")
    page = agent.get(desk(agent, number))
    for event in (
        "Opened:",
        "Assigned to",
        "Waiting for the customer, by",
        "Severity set to B",
        "It goes on",
        "Resolved, by",
    ):
        assert event in page.text, event
    seen = marta.get(f"/en/my/cases/{number}")
    for event in (
        "Case opened",
        "Now: waiting for your answer",
        "Severity set to B",
        "Now: resolved",
    ):
        assert event in seen.text, event
    assert len(re.findall(r'<p class="event">.*?<time datetime="2026-11-23T', seen.html)) >= 4


def resolved(marta: Visitor, another: Another) -> int:
    number = number_of(opens(marta))
    agent = another().as_agent()
    agent.get(desk(agent, number))
    agent.post(f"{desk(agent, number)}/state", to="resolved")
    return number


def test_R66_within_thirty_days_the_same_problem_reopens_the_case(
    app: Flask, marta: Visitor, another: Another
) -> None:
    number = resolved(marta, another)
    app.config["NOW"] = NOW + GUARANTEE - timedelta(hours=1)
    page = marta.get(f"/en/my/cases/{number}")
    assert "write below until" in page.text
    again = marta.post(page.url, body="It is back", submission_id=page.hidden("submission_id"))
    assert "We are working on it" in again.text
    assert number_of(again) == number


def test_R66_after_that_a_new_case_is_linked_to_it(
    app: Flask, marta: Visitor, another: Another
) -> None:
    number = resolved(marta, another)
    app.config["NOW"] = NOW + GUARANTEE + timedelta(hours=1)
    page = marta.get(f"/en/my/cases/{number}")
    form = marta.get(page.link("The problem is back"))
    new = marta.post(form.url, body="It is back", submission_id=form.hidden("submission_id"))
    assert f"This case goes on from case {number}" in new.text
    assert number_of(new) != number


def test_R70_a_complaint_quotes_the_number_and_goes_to_the_named_mailbox(
    app: Flask, marta: Visitor
) -> None:
    page = opens(marta)
    number = number_of(page)
    form = marta.get(page.link("Complain about this case"))
    assert "an executive answers you" in form.text
    marta.post(form.url, text="Too slow.", submission_id=form.hidden("submission_id"))
    mailbox = app.extensions["waypost"].live_site.current().site.site.complaints_email
    (told,) = mails(app, kind="complaint")
    assert told.recipient == mailbox
    assert str(number) in told.subject
    assert told.headers["Reply-To"] == "premier@example.com"
    (receipt,) = mails(app, kind="complaint-received")
    assert f"{number}-1" in receipt.subject
