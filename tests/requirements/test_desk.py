"""R14, R28, R45, R50, R65, R67, R68, R71 as customers and agents live them on the pages."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from kb.content.policy_source import load_policy
from kb.rules.policy import Policy
from kb.store import outbox
from tests.conftest import ROOT
from tests.pages.test_contact import send, wish
from tests.visitor import Page, Visitor

NEW = "La copia del servidor SQL"


@pytest.fixture
def agent(visitor: Visitor) -> Visitor:
    return visitor.as_agent()


@pytest.fixture
def customer(another: Callable[[], Visitor]) -> Visitor:
    return another().as_customer("premier")


def at_desk(agent: Visitor) -> Page:
    agent.get("/en/desk/")
    return agent.follow(NEW)


def as_owner(customer: Visitor, desk: Page) -> Page:
    return customer.get(f"/en/my/cases/{desk.url.rsplit('/', 1)[1]}")


@pytest.fixture
def with_credit(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The vendor's own policy with the credit that a free help desk gives (R65)."""
    live = app.extensions["waypost"].live_site.current()
    technical = replace(live.site.policy.requests["technical"], credit=timedelta(minutes=60))
    requests = {**live.site.policy.requests, "technical": technical}
    monkeypatch.setattr(live.site, "policy", replace(live.site.policy, requests=requests))


@pytest.mark.usefixtures("with_credit")
def test_R65_sixty_minutes_extended_with_a_reason_the_customer_reads(
    agent: Visitor, customer: Visitor
) -> None:
    desk = at_desk(agent)
    agent.post(f"{desk.url}/reply", body="Hello", submission_id=desk.hidden("submission_id"))
    fields = {"what": "Looked together", "submission_id": desk.value_of("id-time")}
    page = agent.post(f"{desk.url}/time", minutes="50", **fields)
    assert "Time logged." in page.text
    assert "Left of the credit 10 min" in page.text
    fields["submission_id"] = page.value_of("id-time")
    refused = agent.post(f"{desk.url}/time", minutes="11", **fields)
    assert "This is more than the credit has left" in refused.text
    assert 'value="11"' in refused.html
    page = agent.post(
        f"{desk.url}/extend",
        more="30",
        why="The disk is nearly read",
        submission_id=page.value_of("id-extend"),
    )
    assert "Left of the credit 40 min" in page.text
    mine = as_owner(customer, desk)
    assert "30 more minutes of a technician: The disk is nearly read" in mine.text
    assert "Technician's time left for this case: 40 min." in mine.text


@pytest.mark.usefixtures("with_credit")
def test_R65_the_credit_counts_down_on_the_page_with_the_extension_beside_it(
    agent: Visitor, app: Flask
) -> None:
    desk = at_desk(agent)
    agent.post(f"{desk.url}/reply", body="Hello", submission_id=desk.hidden("submission_id"))
    assert 'id="countdown"' not in agent.get(desk.url).html
    agent.post(f"{desk.url}/clock", do="start")
    app.config["NOW"] += timedelta(minutes=20, seconds=30)
    page = agent.get(desk.url)
    assert re.search(
        r'id="countdown" data-left="2370" data-worked="1230".*?<b class="num">39:30</b>', page.html
    )
    assert re.search(r"<details[^>]* open><summary>[^<]*<svg.*?Extend the credit", page.html)
    assert re.search(r'name="minutes"[^>]*value="21"', page.html)
    fields = {"what": "Looked", "submission_id": page.value_of("id-time")}
    logged = agent.post(f"{desk.url}/time", minutes="21", **fields)
    assert 'id="countdown"' not in logged.html
    assert "Left of the credit 39 min" in logged.text
    agent.post(f"{desk.url}/clock", do="start")
    app.config["NOW"] += timedelta(hours=2)
    page = agent.get(desk.url)
    assert '<b class="num">0:00</b>' in page.html
    assert re.search(r'id="used-up">The credit is used up', page.html)
    assert "no time was logged" in agent.post(f"{desk.url}/clock", do="stop").text


def test_R65_R71_escalated_to_sales_with_a_quote_the_customer_answers_once(
    agent: Visitor, customer: Visitor
) -> None:
    desk = at_desk(agent)
    fields = {
        "lines": "New disk, delivered: 99.90\nInstallation: 60",
        "currency": "eur",
        "terms": "Two days, installed by us, two years of warranty",
        "days": "15",
        "submission_id": desk.value_of("id-quote"),
    }
    wrong = agent.post(f"{desk.url}/quote", **{**fields, "lines": "New disk"})
    assert "End each line with a colon and its price" in wrong.text
    assert "two years of warranty" in wrong.text
    sent = agent.post(f"{desk.url}/quote", **fields)
    assert "Quote sent" in sent.text
    mine = as_owner(customer, desk)
    assert "€159.90" in mine.text
    assert "two years of warranty" in mine.text
    answer = re.search(r"/en/my/cases/\d+/quote/\d+", mine.html)
    assert answer
    done = customer.post(answer[0], answer="accept")
    assert "Quote accepted" in done.text
    assert answer[0] not in done.html
    assert "not open any more" in customer.post(answer[0], answer="decline").text
    assert "accepted" in agent.get(desk.url).text
    sales = agent.get("/en/desk/quotes")
    for said in (NEW, "Marta Ruiz", "New disk, delivered; Installation", "€159.90"):
        assert said in sales.text
    deed = re.search(r"/en/desk/quotes/\d+/delivered", sales.html)
    assert deed
    assert "Noted as delivered" in agent.post(deed[0]).text
    assert "No quote is in this list" in agent.get("/en/desk/quotes").text
    assert NEW in agent.get("/en/desk/quotes", view="delivered", page="x").text
    assert "Only an accepted quote" in agent.post(deed[0], case=desk.url.rsplit("/", 1)[1]).text
    assert "delivered" in customer.get(mine.url).text


@pytest.mark.usefixtures("with_credit")
def test_R68_the_customer_shows_the_screen_and_no_mail_tells_how(
    agent: Visitor, customer: Visitor, app: Flask
) -> None:
    desk = at_desk(agent)
    mine = as_owner(customer, desk)
    wrong = customer.post(f"{mine.url}/remote", tool="Screenbridge", session="", password="x9-77")
    assert "Write the number that the tool shows" in wrong.text
    customer.post(f"{mine.url}/remote", tool="Screenbridge", session="912 333", password="x9-77")
    seen = agent.get(desk.url)
    assert "912 333" in seen.text
    assert "x9-77" in seen.text
    app.config["NOW"] += timedelta(hours=2, minutes=1)
    assert "x9-77" not in agent.get(desk.url).text
    assert "x9-77" not in as_owner(customer, desk).text


def test_R68_nobody_else_gives_or_ends_a_session(
    agent: Visitor, another: Callable[[], Visitor]
) -> None:
    number = at_desk(agent).url.rsplit("/", 1)[1]
    stranger = another().as_customer("home-10")
    stranger.post(f"/en/my/cases/{number}/remote", tool="x", session="y", expect=404)
    stranger.post(f"/en/my/cases/{number}/remote/end", expect=404)
    stranger.post(f"/en/my/cases/{number}/quote/1", answer="accept", expect=404)


def help_desk() -> Policy:
    policy, problems = load_policy(ROOT / "examples" / "helpdesk", ("es", "en"))
    assert policy, problems
    return policy


def test_R65_the_free_help_desk_gives_sixty_minutes() -> None:
    assert help_desk().requests["help"].credit == timedelta(minutes=60)


def test_R67_the_free_help_desk_says_its_usual_response() -> None:
    said = " ".join(one.usual.in_("en") for one in help_desk().channels.values())
    assert re.search(r"(2|two) (to|–) ?(4|four) hours", said), said


def test_R45_a_second_problem_in_a_case_gets_a_case_of_its_own(
    agent: Visitor, customer: Visitor, app: Flask
) -> None:
    desk = at_desk(agent)
    number = desk.url.rsplit("/", 1)[1]
    wrong = agent.post(
        f"{desk.url}/split", title="", words="And the tape hangs", submission_id="x" * 9
    )
    assert "Write what it is about" in wrong.text
    assert "And the tape hangs" in wrong.html
    fields = {
        "title": "The tape drive hangs",
        "words": "And the tape hangs too",
        "submission_id": desk.value_of("id-split"),
    }
    made = agent.post(f"{desk.url}/split", **fields)
    found = re.search(r"The second problem has case (\d+)", made.text)
    assert found
    assert f"Made of a second problem in case {number}" in made.text
    again = agent.post(f"{desk.url}/split", **fields)
    assert f"case {found[1]}" in again.text
    mine = customer.get(f"/en/my/cases/{found[1]}")
    assert "And the tape hangs too" in mine.text
    assert f"A second problem has case {found[1]} of its own" in as_owner(customer, desk).text
    with app.extensions["waypost"].db.read() as conn:
        mails = [m for m in outbox.all_mail(conn) if m.case_number == int(found[1])]
    assert [mail.kind for mail in mails] == ["case-opened"]


def test_R50_an_incident_is_reported_by_a_button_once_signed_in(
    customer: Visitor, another: Callable[[], Visitor], agent: Visitor
) -> None:
    page = customer.get("/en/my/cases")
    assert page.link("Open another case") == "/en/contact/"
    desk = at_desk(agent)
    noted = agent.get(desk.url, compose="note")
    agent.post(f"{desk.url}/note", body="Quiet note", submission_id=noted.hidden("submission_id"))
    assert "Quiet note" in agent.get(desk.url).text
    assert "Quiet note" not in as_owner(customer, desk).text
    agent.post(f"{desk.url}/reply", body="Answer", submission_id=desk.hidden("submission_id"))
    assert "Answer" in as_owner(customer, desk).text


@pytest.mark.parametrize(
    "name", [pytest.param("premier", id="R14"), pytest.param("incident", id="R28")]
)
def test_R14_R28_who_has_priority_is_answered_before_who_asked_earlier_under_standard(
    name: str, agent: Visitor, another: Callable[[], Visitor]
) -> None:
    """R14: priority; R28: priority e-mail: where no time is promised, they are in front."""
    for person, title in (("standard", "Asked first"), (name, "Asked later")):
        visitor = another().as_customer(person)
        query = wish(visitor, "connection")
        form = visitor.get("/en/contact/case", channel="email", **query)
        send(visitor, form, query, title=title, reason="connection", severity="B")
    titles = [
        text
        for text, href in agent.get("/en/desk/", assignee="nobody").links
        if "/desk/cases/" in href
    ]
    first, later = (
        next(n for n, one in enumerate(titles) if said in one)
        for said in ("Asked first", "Asked later")
    )
    assert later < first
