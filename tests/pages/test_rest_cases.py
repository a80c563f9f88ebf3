"""Cases for programs: one sees what one's person sees, and changes it by the same rules."""

import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask

from kb.actions.attachments import Sent, receive
from kb.actions.case_steps import Who
from kb.actions.case_work import add_note, reply
from kb.app import create_app
from kb.mail import letters_for
from kb.rules.cases import Actor
from kb.settings import Settings
from kb.store import audit, outbox
from kb.store.file_store import FileStore
from tests.conftest import NOW
from tests.pages.programs import Program, program

NEW: dict[str, Any] = {
    "request": "technical",
    "edition": "full",
    "topic": "backup",
    "title": "It stops at 2 %",
    "description": "Every night at 02:10.",
    "details": {"environment": "Windows Server 2022", "error_message": "E1", "steps": "Start it"},
}


@pytest.fixture
def settings(settings_on_both: Settings) -> Settings:
    return settings_on_both


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    made = create_app(replace(settings, api_per_minute=0))
    made.config["NOW"] = NOW
    yield made
    made.extensions["waypost"].db.close()


@pytest.fixture
def agent(app: Flask) -> Program:
    return program(app, "agent")


@pytest.fixture
def customer(app: Flask) -> Program:
    return program(app, "premier")


def body_of(customer: Program, **changes: Any) -> dict[str, Any]:
    """A case about the customer's newest supported product."""
    products = customer.ask("GET", "/products", 200)["items"]
    asset = next(one["id"] for one in products if one["product"] == "backup-server")
    (technical,) = (
        one for one in customer.ask("GET", "/requests", 200)["items"] if one["id"] == "technical"
    )
    asked = {one["id"] for one in technical["details"]}
    details = {name: text for name, text in NEW["details"].items() if name in asked}
    details |= {
        one["id"]: "x" for one in technical["details"]
        if one["required"] and one["id"] not in {*details, "reason"}
    }  # fmt: skip
    agreed = [one["seal"] for one in technical["consents"]]
    return {**NEW, "asset": asset, "details": details, "agreed": agreed, **changes}


def key() -> str:
    return str(uuid.uuid4())


def test_a_list_is_read_page_by_page_and_narrowed(agent: Program) -> None:
    whole = agent.ask("GET", "/cases?limit=100", 200)
    assert whole["next"] is None
    numbers = [one["number"] for one in whole["items"]]
    assert numbers == sorted(numbers, reverse=True)
    read: list[int] = []
    cursor = ""
    while True:
        page = agent.ask("GET", f"/cases?limit=4{cursor}", 200)
        read += [one["number"] for one in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert read == numbers
    first = whole["items"][0]
    for name in ("state", "severity", "request"):
        found = agent.ask("GET", f"/cases?{name}={first[name]}", 200)["items"]
        assert {one[name] for one in found} == {first[name]}
        assert first["number"] in {one["number"] for one in found}
    later = (NOW + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert agent.ask("GET", f"/cases?opened_since={later}", 200)["items"] == []
    mine = agent.ask("GET", "/cases?assignee=me", 200)["items"]
    free = agent.ask("GET", "/cases?assignee=nobody", 200)["items"]
    assert {one["assignee"]["id"] for one in mine} <= {agent.user_id}
    assert {one["assignee"] for one in free} == {None}
    of = agent.ask("GET", f"/cases?customer={first['requester']['id']}", 200)["items"]
    assert {one["requester"]["id"] for one in of} == {first["requester"]["id"]}


def test_a_customer_sees_their_own_and_the_rest_is_not_there(
    agent: Program, customer: Program, app: Flask
) -> None:
    own = {one["number"] for one in customer.ask("GET", "/cases?limit=100", 200)["items"]}
    every = {one["number"] for one in agent.ask("GET", "/cases?limit=100", 200)["items"]}
    assert own < every
    for number in own:
        assert customer.ask("GET", f"/cases/{number}", 200)["number"] == number
    for number in (every - own) | {1, 10**30}:
        assert customer.ask("GET", f"/cases/{number}", 404)["type"].endswith(":no-case")
        customer.ask("POST", f"/cases/{number}/replies", 404, json={"body": "x"})
        change = {"version": "0-0", "state": "resolved"}
        customer.ask("PATCH", f"/cases/{number}", 404, json=change)
    customer.ask("GET", "/cases?assignee=me", 403)


def test_notes_tags_and_colleagues_are_told_to_agents_only(
    agent: Program, customer: Program
) -> None:
    number = customer.ask("GET", "/cases", 200)["items"][0]["number"]
    agent.ask("POST", f"/cases/{number}/notes", 201, json={"body": "A secret of ours"})
    seen = agent.ask("GET", f"/cases/{number}", 200)
    change = {"version": seen["version"], "tags": ["restore slow"], "assignee": agent.user_id}
    changed = agent.ask("PATCH", f"/cases/{number}", 200, json=change)
    assert (changed["tags"], changed["assignee"]["id"]) == (["restore-slow"], agent.user_id)
    assert changed["contact"]["email"] == "premier@example.com"
    theirs = customer.send("GET", f"/cases/{number}")
    assert "secret" not in theirs.text
    assert (theirs.json["tags"], theirs.json["assignee"]) == ([], None)
    assert theirs.json["contact"] is None
    assert not [one for one in theirs.json["messages"] if (one["event"] or {}).get("what") == "tag"]
    narrow = program(agent.app, "agent", ["cases:read"])
    assert narrow.ask("GET", f"/cases/{number}", 200)["contact"] is None


def test_files_are_listed_and_fetched_those_of_notes_by_agents_only(
    app: Flask, agent: Program, customer: Program
) -> None:
    wired = app.extensions["waypost"]
    number = customer.ask("GET", "/cases", 200)["items"][0]["number"]
    files = FileStore(wired.settings.var / "attachments")
    who = Who(Actor.AGENT, agent.user_id)
    for say, name in ((reply, "log.txt"), (add_note, "inner.txt")):
        sent = [Sent(name, BytesIO(name.encode()))]
        kept = receive(wired.db, files, sent, user_id=agent.user_id, now=NOW).kept
        more: dict[str, Any] = {"submission_id": name, "now": NOW, "files": kept}
        if say is reply:
            live = wired.live_site.current().site
            reply(
                wired.db, live.policy, letters_for(wired.settings, live.site), who, number, "x",
                **more,
            )  # fmt: skip
        else:
            add_note(wired.db, who, number, "x", **more)
    theirs = customer.ask("GET", f"/cases/{number}", 200)["attachments"]
    assert [one["name"] for one in theirs] == ["log.txt"]
    ours = agent.ask("GET", f"/cases/{number}", 200)["attachments"]
    inner = next(one for one in ours if one["name"] == "inner.txt")
    path = f"/cases/{number}/attachments/"
    answer = customer.send("GET", f"{path}{theirs[0]['id']}")
    assert answer.data == b"log.txt"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert agent.send("GET", f"{path}{inner['id']}").data == b"inner.txt"
    customer.ask("GET", f"{path}{inner['id']}", 404)
    program(app, "standard").ask("GET", f"{path}{theirs[0]['id']}", 404)


def test_a_case_is_opened_once_for_each_key(app: Flask, customer: Program) -> None:
    body, drawn = body_of(customer), key()
    opened = customer.ask("POST", "/cases", 201, json=body, key=drawn)
    again = customer.ask("POST", "/cases", 200, json=body, key=drawn)
    assert (again["number"], opened["again"], again["again"]) == (opened["number"], False, True)
    read = customer.ask("GET", f"/cases/{opened['number']}", 200)
    assert (read["title"], read["state"], read["plan"]) == (NEW["title"], "new", "premier")
    assert read["messages"][0]["body"] == NEW["description"]
    assert read["milestones"]
    with app.extensions["waypost"].db.write() as conn:
        mails = outbox.lease(conn, NOW, lasts=timedelta(1), limit=500)
    assert [one.recipient for one in mails if one.case_number == opened["number"]] == [
        "premier@example.com"
    ]


def test_an_agent_opens_for_a_customer_by_the_customers_entitlement(
    app: Flask, agent: Program, customer: Program
) -> None:
    body = body_of(customer)
    assert agent.ask("POST", "/cases", 409, json=body, key=key())["errors"][0]["at"] == (
        "on_behalf_of"
    )
    body["on_behalf_of"] = customer.user_id
    number = agent.ask("POST", "/cases", 201, json=body, key=key())["number"]
    read = customer.ask("GET", f"/cases/{number}", 200)
    assert read["requester"]["id"] == customer.user_id
    with app.extensions["waypost"].db.read() as conn:
        told = audit.of_subject(conn, f"case:{number}")
    assert ("case.open-for", agent.user_id) in {(one.what, one.actor_id) for one in told}
    for nobody in (agent.user_id, 999_999):
        agent.ask("POST", "/cases", 404, json={**body, "on_behalf_of": nobody}, key=key())
    narrow = program(app, "agent", ["cases:write"])
    refused = narrow.ask("POST", "/cases", 403, json=body, key=key())
    assert refused["scope"] == "cases:behalf"
    customer.ask("POST", "/cases", 403, json=body, key=key())


def test_who_is_not_entitled_is_told_which_rule_and_what_is_left(app: Flask) -> None:
    lapsed = program(app, "lapsed")
    refused = lapsed.ask("POST", "/cases", 403, json=body_of(lapsed), key=key())
    assert refused["type"] == "urn:waypost:problem:not-entitled"
    assert refused["rule"]
    assert refused["instead"] or refused["offers"]


def test_another_customers_product_is_not_there(app: Flask, customer: Program) -> None:
    other = program(app, "standard")
    body = body_of(customer)
    theirs = other.ask("GET", "/products", 200)["items"][0]["id"]
    answer = customer.send("POST", "/cases", json={**body, "asset": theirs}, headers={
        "Idempotency-Key": key()
    })  # fmt: skip
    assert answer.status_code in {403, 404}
    assert not [
        one for one in customer.ask("GET", "/cases", 200)["items"] if one["title"] == NEW["title"]
    ]


def test_what_is_missing_or_unknown_is_named(customer: Program) -> None:
    whole = body_of(customer)
    wrong: tuple[tuple[dict[str, Any], str], ...] = (
        ({"request": "nothing"}, "request"),
        ({"edition": ""}, "edition"),
        ({"asset": None}, "asset"),
        ({"topic": ""}, "topic"),
        ({"topic": "x"}, "topic"),
        ({"channel": "phone"}, "channel"),
        ({"lang": "de"}, "lang"),
        ({"details": {"colour": "red"}}, "details.colour"),
    )
    for changes, at in wrong:
        refused = customer.ask("POST", "/cases", 409, json={**whole, **changes}, key=key())
        assert at in {one["at"] for one in refused["errors"]}


def test_a_change_is_of_the_version_that_was_read_and_whole_or_not_at_all(
    agent: Program, customer: Program
) -> None:
    number = customer.ask("GET", "/cases", 200)["items"][0]["number"]
    seen = agent.send("GET", f"/cases/{number}")
    version = seen.json["version"]
    assert seen.headers["ETag"] == f'"{version}"'
    customer.ask("POST", f"/cases/{number}/replies", 201, json={"body": "Still the same"})
    late = {"version": version, "state": "resolved"}
    assert agent.ask("PATCH", f"/cases/{number}", 409, json=late)["type"].endswith(":version")
    now = agent.ask("GET", f"/cases/{number}", 200)
    half = {"version": now["version"], "severity": "D", "reason": "x", "assignee": customer.user_id}
    assert agent.ask("PATCH", f"/cases/{number}", 409, json=half)["part"] == "assignee"
    assert agent.ask("GET", f"/cases/{number}", 200)["version"] == now["version"]
    silent = {"version": now["version"], "severity": "D"}
    assert agent.ask("PATCH", f"/cases/{number}", 409, json=silent)["part"] == "severity"
    good = {**silent, "reason": "A workaround is known", "state": "on_hold", "assignee": None}
    done = agent.ask("PATCH", f"/cases/{number}", 200, json=good)
    assert (done["severity"], done["state"], done["assignee"]) == ("D", "on_hold", None)
    assert done["version"] != now["version"]
    mine = {"version": done["version"], "severity": "A", "reason": "I say so"}
    customer.ask("PATCH", f"/cases/{number}", 409, json=mine)


def test_a_reply_that_is_sent_twice_is_said_once(agent: Program, customer: Program) -> None:
    number = customer.ask("GET", "/cases", 200)["items"][0]["number"]
    drawn, body = key(), {"body": "Try this.", "wait": True}
    path = f"/cases/{number}/replies"
    assert not agent.ask("POST", path, 201, json=body, key=drawn)["again"]
    assert agent.ask("POST", path, 200, json=body, key=drawn)["again"]
    # Another client may draw the same key.
    assert not customer.ask("POST", path, 201, json={"body": "Thanks"}, key=drawn)["again"]
    said = [one["body"] for one in customer.ask("GET", f"/cases/{number}", 200)["messages"]]
    assert (said.count("Try this."), said.count("Thanks")) == (1, 1)
    customer.ask("POST", path, 403, json=body)
    customer.ask("POST", f"/cases/{number}/notes", 403, json={"body": "x"})
