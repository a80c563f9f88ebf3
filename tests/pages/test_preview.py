"""What would this customer see? Agents walk the wizard as one, and nothing can come of it."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import text

from kb.store import Database, audit
from tests.visitor import Page, Visitor

FULL = {"request": "technical", "edition": "full"}


def database(visitor: Visitor) -> Database:
    found: Database = visitor.app.extensions["waypost"].db
    return found


def number_of(visitor: Visitor, name: str) -> int:
    with database(visitor).read() as conn:
        query = text("select id from user where email = :email")
        return int(conn.execute(query, {"email": f"{name}@example.com"}).scalar_one())


def counts(visitor: Visitor) -> dict[str, int]:
    """How many rows there are of everything a customer can make."""
    tables = ("case", "case_message", "case_milestone", "outbox", "draft", "asset")
    with database(visitor).read() as conn:
        found = {name: conn.execute(text(f'select count(*) from "{name}"')) for name in tables}  # noqa: S608
        return {name: int(counted.scalar_one()) for name, counted in found.items()}


def look(agent: Visitor, name: str, **query: str) -> Page:
    return agent.get(f"/en/desk/preview/{number_of(agent, name)}", **query)


def newest(page: Page) -> str:
    found = re.findall(r'value="asset-([0-9]+)"[^>]*><span><b>([^<]*)', page.html)
    return max(found, key=lambda pair: float(pair[1].split()[-1]))[0]


@pytest.fixture
def agent(visitor: Visitor) -> Visitor:
    return visitor.as_agent()


def test_a_customer_is_found_by_the_address(agent: Visitor) -> None:
    agent.get("/en/desk/preview")
    page = agent.post("/en/desk/preview", email=" LAPSED@example.com ")
    assert "You are looking as Lucía Fernández (lapsed@example.com)" in page.text
    assert "What do you need?" in page.text


def test_an_address_that_nobody_has_is_told_and_kept(agent: Visitor) -> None:
    agent.get("/en/desk/preview")
    page = agent.post("/en/desk/preview", email="nobody@example.com")
    assert page.title.startswith("Error:")
    assert "No account has this address" in page.text
    assert 'value="nobody@example.com"' in page.html
    assert "Write the address of an account" in agent.post("/en/desk/preview", email="").text


def test_the_walk_asks_what_the_customer_is_asked_and_shows_their_products(agent: Visitor) -> None:
    assert "Which version do you use?" in look(agent, "premier", request="technical").text
    page = look(agent, "premier", **FULL)
    assert "Norvault Backup Server 12" in page.text
    assert "Support until" in page.text
    chosen = agent.get(page.url, **FULL, item=f"asset-{newest(page)}")
    assert "What is it about?" in chosen.text


@pytest.mark.parametrize("name", ["premier", "standard", "lapsed", "home-10", "incident", "oem"])
def test_the_decision_is_the_one_the_customer_sees(
    name: str, agent: Visitor, another: Callable[[], Visitor]
) -> None:
    query = {**FULL, "asset": newest(look(agent, name, **FULL)), "topic": "backup"}
    theirs = another().as_customer(name).get("/en/contact/options", **query)
    seen = look(agent, name, **query)

    def told(page: Page) -> list[str]:
        cards = re.findall(r'<section class="channel.*?</section>', page.html, re.S)
        return [
            re.sub(r"<[^>]+>|\s+", " ", re.sub(r"<(a|span class=\"pressed\").*?</(a|span)>", "", c))
            for c in cards
        ]

    assert [" ".join(one.split()) for one in told(seen)] == [
        " ".join(one.split()) for one in told(theirs)
    ]
    assert "How the policy decided" in seen.text


def test_for_a_refusal_the_ways_on_are_told_in_words(agent: Visitor) -> None:
    asset = newest(look(agent, "lapsed", **FULL))
    page = look(agent, "lapsed", **FULL, asset=asset, topic="backup")
    for words in ("Your support plan has ended", "Renew with the Standard plan", "Knowledge base"):
        assert words in page.text
    followed = agent.follow("That is my problem")
    assert "Write to us" in followed.text
    assert followed.url.startswith("/en/desk/preview/")


def test_nothing_leads_from_the_look_to_a_form_or_a_call(agent: Visitor) -> None:
    for name in ("premier", "lapsed", "incident"):
        asset = newest(look(agent, name, **FULL))
        page = look(agent, name, **FULL, asset=asset, topic="recovery")
        assert not [href for _, href in page.links if "/contact/" in href or "tel:" in href]
        assert [form for form in page.forms if form["attrs"].get("method") == "post"] == []


def test_a_look_changes_nothing_of_the_customer(agent: Visitor) -> None:
    before = counts(agent)
    asset = newest(look(agent, "premier", **FULL))
    query = {**FULL, "asset": asset, "topic": "backup"}
    look(agent, "premier", **query)
    address = f"/en/desk/preview/{number_of(agent, 'premier')}"
    agent.post(address, expect=405, **query)
    assert counts(agent) == before


def test_every_look_is_written_down(agent: Visitor) -> None:
    me, them = number_of(agent, "agent"), number_of(agent, "home-10")
    look(agent, "home-10", request="technical", edition="trial", product="home", topic="backup")
    with database(agent).read() as conn:
        event = audit.of_subject(conn, f"user:{them}")[-1]
    assert (event.actor_id, event.what) == (me, "looked_as_customer")
    assert event.data == {
        "request": "technical",
        "edition": "trial",
        "product": "home",
        "topic": "backup",
    }


def test_an_account_or_product_that_is_not_there_is_not_found(agent: Visitor) -> None:
    agent.get("/en/desk/preview/999999", expect=404)
    theirs = newest(look(agent, "premier", **FULL))
    lapsed = number_of(agent, "lapsed")
    agent.get(f"/en/desk/preview/{lapsed}", expect=404, **FULL, asset=theirs, topic="backup")


def test_an_address_edited_by_hand_is_a_question_again(agent: Visitor) -> None:
    page = look(agent, "premier", request="nonsense", edition="none", asset="x", topic="?")
    assert "What do you need?" in page.text


def test_hours_are_told_on_the_customers_clock(app: Flask, agent: Visitor) -> None:
    them = number_of(agent, "standard")
    with database(agent).write() as conn:
        conn.execute(text("update user set time_zone = 'Asia/Tokyo' where id = :id"), {"id": them})
    app.config["NOW"] = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)  # 04:00 in New York
    asset = newest(look(agent, "standard", **FULL))
    page = look(agent, "standard", **FULL, asset=asset, topic="backup")
    assert "Opens today at 22:00" in page.text
    assert "Tuesday, 22:00–10:00 (Tokyo time)" in page.text


def test_the_case_leads_to_the_look(agent: Visitor) -> None:
    agent.get("/en/desk/")
    agent.follow("Tras recuperar el servidor")
    assert "You are looking as" in agent.follow("What would this customer see?").text


def test_it_speaks_spanish(agent: Visitor) -> None:
    page = agent.get(f"/es/desk/preview/{number_of(agent, 'lapsed')}")
    assert "Está viendo lo que vería Lucía Fernández" in page.text


def test_what_the_rules_did_is_told_in_the_reader_s_language(agent: Visitor) -> None:
    for name, english, spanish in (
        ("premier", "granted: ", "concede: "),
        ("lapsed", "refused", "deniega"),
    ):
        query = {**FULL, "asset": newest(look(agent, name, **FULL)), "topic": "backup"}
        assert english in look(agent, name, **query).text
        page = agent.get(f"/es/desk/preview/{number_of(agent, name)}", **query)
        assert spanish in page.text
        for word in ("granted", "refused", "offered", "ended the reading"):
            assert word not in page.text


def test_the_severity_questions_are_walked_and_nothing_is_kept(agent: Visitor) -> None:
    asset = newest(look(agent, "premier", **FULL))
    query = {**FULL, "asset": asset, "topic": "backup"}
    look(agent, "premier", **query)
    before = counts(agent)
    first = agent.follow("Is it otherwise?")
    assert first.url.startswith(f"/en/desk/preview/{number_of(agent, 'premier')}/severity")
    asked = re.findall(r'value="(no-[A-D])"', first.html)
    address = first.url.partition("?")[0]
    second = agent.get(address, **query, say=asked[0])
    assert re.findall(r'value="(no-[A-D])"', second.html) > asked
    letter = re.findall(r'value="yes-([A-D])"', second.html)[0]
    found = agent.get(address, **query, no=asked[0][-1], say=f"yes-{letter}")
    assert f"Severity {letter}" in found.title
    assert counts(agent) == before
    on = agent.follow("Continue")
    assert "How you can reach us" in on.text
    assert f"severity={letter}" in on.url
    assert [form for form in on.forms if form["attrs"].get("method") == "post"] == []


def test_the_severity_questions_of_an_edited_address_lead_back(agent: Visitor) -> None:
    them = number_of(agent, "premier")
    back = agent.client.get(f"/en/desk/preview/{them}/severity?request=technical")
    assert back.location.startswith(f"/en/desk/preview/{them}?")
    theirs = {**FULL, "asset": newest(look(agent, "premier", **FULL)), "topic": "backup"}
    lapsed = number_of(agent, "lapsed")
    agent.get(f"/en/desk/preview/{lapsed}/severity", expect=404, **theirs)
    agent.get(
        "/en/desk/preview/999999/severity", expect=404, **{**theirs, "asset": ""}, product="home"
    )
