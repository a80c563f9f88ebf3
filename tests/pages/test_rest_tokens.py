"""Tokens at the door of the API, what is the same for every operation, and pages for them."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from kb.actions.api_tokens import revoke_token, tokens_of
from kb.actions.demo import PASSWORD
from kb.app import create_app
from kb.pages.rest.counting import Counter
from kb.rules.api_access import Scope
from kb.settings import Settings
from tests.conftest import NOW
from tests.pages.programs import Program, program
from tests.visitor import Visitor


@pytest.fixture
def agent(app: Flask) -> Program:
    return program(app, "agent")


@pytest.fixture
def customer(app: Flask) -> Program:
    return program(app, "premier")


def test_without_a_good_token_every_door_is_shut(app: Flask, agent: Program) -> None:
    for header in (
        "",
        "Bearer",
        "Bearer ",
        "Bearer kb_wrong",
        "Basic eDp5",
        f"Token {agent.token}",
    ):
        answer = app.test_client().get("/api/v1/cases", headers={"Authorization": header})
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert answer.content_type == "application/problem+json"


def test_a_token_that_expired_or_was_ended_is_wrong_like_any_other(
    app: Flask, agent: Program
) -> None:
    agent.ask("GET", "/cases", 200)
    app.config["NOW"] = NOW + timedelta(days=31)
    agent.ask("GET", "/cases", 401)
    app.config["NOW"] = NOW
    db = app.extensions["waypost"].db
    revoke_token(db, agent.user_id, tokens_of(db, agent.user_id)[0].id, NOW)
    assert agent.ask("GET", "/cases", 401)["type"].endswith(":bad-token")


@pytest.mark.parametrize(
    ("method", "path", "scope", "body"),
    [
        ("GET", "/cases", Scope.CASES_READ, None),
        ("GET", "/cases/1", Scope.CASES_READ, None),
        ("GET", "/cases/1/attachments/1", Scope.CASES_READ, None),
        ("GET", "/requests", Scope.CASES_WRITE, None),
        ("POST", "/cases", Scope.CASES_WRITE, {}),
        ("PATCH", "/cases/1", Scope.CASES_WRITE, {}),
        ("POST", "/cases/1/replies", Scope.CASES_WRITE, {}),
        ("POST", "/cases/1/notes", Scope.NOTES_WRITE, {}),
        ("POST", "/uploads?name=x", Scope.CASES_WRITE, {}),
        ("GET", "/customers", Scope.CUSTOMERS_READ, None),
        ("GET", "/customers/1", Scope.CUSTOMERS_READ, None),
        ("GET", "/customers/1/products", Scope.CUSTOMERS_READ, None),
        ("GET", "/organisations/1", Scope.CUSTOMERS_READ, None),
        ("GET", "/products", Scope.PRODUCTS_READ, None),
        ("GET", "/webhooks", Scope.WEBHOOKS_MANAGE, None),
        ("POST", "/webhooks", Scope.WEBHOOKS_MANAGE, {}),
        ("DELETE", "/webhooks/1", Scope.WEBHOOKS_MANAGE, None),
    ],
)
def test_a_token_that_is_too_narrow_says_what_it_lacks(
    app: Flask, method: str, path: str, scope: Scope, body: Any
) -> None:
    enough = {scope, Scope.NOTES_WRITE} if path.startswith("/uploads") else {scope}
    others = [str(one) for one in Scope if one not in enough]
    refused = program(app, "admin", others).ask(method, path, 403, json=body)
    assert refused["scope"] == str(scope)


def test_the_table_above_has_every_operation() -> None:
    from kb.pages.rest.operations import OPERATIONS

    (mark,) = test_a_token_that_is_too_narrow_says_what_it_lacks.pytestmark  # type: ignore[attr-defined]
    told = {
        (method, re.sub(r"/1\b", "/_", path.partition("?")[0]))
        for method, path, _, _ in mark.args[1]
    }
    assert told == {(one.method, re.sub(r"<[^>]+>", "_", one.path)) for one in OPERATIONS}


@pytest.mark.parametrize(
    ("method", "path", "status", "said"),
    [
        pytest.param("GET", "/nowhere", 404, {}, id="no address"),
        pytest.param("GET", "/cases/x", 404, {}, id="no number"),
        pytest.param("PUT", "/cases", 405, {}, id="no such method"),
        pytest.param("POST", "/cases/1/notes", 415, {"data": "x"}, id="no JSON"),
        pytest.param(
            "POST",
            "/cases/1/notes",
            413,
            {"data": "x" * 300_000, "content_type": "application/json"},
            id="too large",
        ),
        pytest.param(
            "POST", "/cases/1/notes", 422, {"data": "{", "content_type": "application/json"}, id="{"
        ),
        pytest.param("POST", "/cases/1/notes", 422, {"json": {"body": 1}}, id="a number"),
        pytest.param("POST", "/cases/1/notes", 422, {"json": {"body": ""}}, id="nothing"),
        pytest.param("POST", "/cases/1/notes", 422, {"json": {"body": "x", "y": 1}}, id="more"),
        pytest.param("POST", "/cases/1/notes", 422, {"json": {"body": "x"}, "key": "k"}, id="key"),
        pytest.param("POST", "/cases", 422, {"json": {}}, id="no key"),
        pytest.param("GET", "/cases?limit=1&limit=2", 422, {}, id="twice"),
        pytest.param("GET", "/cases?limit=1_0", 422, {}, id="no digits"),
        pytest.param("GET", "/cases?opened_since=1", 422, {}, id="no time"),
        pytest.param("GET", "/cases?colour=red", 422, {}, id="no filter"),
        pytest.param("GET", "/products?x=1", 422, {}, id="takes no query"),
    ],
)
def test_every_failure_is_a_problem(
    agent: Program, method: str, path: str, status: int, said: dict[str, Any]
) -> None:
    agent.ask(method, path, status, **said)
    if status == 405:
        assert "GET" in agent.send(method, path).headers["Allow"]


def test_a_site_that_is_not_there_is_a_problem_too(settings: Settings, tmp_path: Any) -> None:
    app = create_app(replace(settings, var=tmp_path / "empty"))
    with app.test_client() as client:
        answer = client.get("/api/v1/openapi.json")
    app.extensions["waypost"].db.close()
    assert (answer.status_code, answer.content_type) == (503, "application/problem+json")


@pytest.fixture
def hurried(settings: Settings) -> Iterator[Flask]:
    app = create_app(replace(settings, api_per_minute=3))
    app.config["NOW"] = NOW
    yield app
    app.extensions["waypost"].db.close()


def test_too_many_requests_wait_each_token_for_itself(hurried: Flask) -> None:
    first, second = program(hurried, "agent"), program(hurried, "premier")
    for _ in range(3):
        first.ask("GET", "/products", 200)
    first.ask("GET", "/products", 429)
    wait = first.send("GET", "/products").headers["Retry-After"]
    assert 1 <= int(wait) <= 60
    second.ask("GET", "/products", 200)
    for expect in (401, 401, 401, 429):
        assert hurried.test_client().get("/api/v1/cases").status_code == expect


def test_a_minute_later_it_counts_anew_and_old_names_are_forgotten() -> None:
    at = [0.0]
    counter = Counter(lambda: at[0])
    assert [counter.wait("a", 2) for _ in range(3)] == [0, 0, 60]
    at[0] = 45.0
    assert counter.wait("a", 2) == 15
    at[0] = 60.0
    assert counter.wait("a", 2) == 0
    for number in range(10_001):
        counter.wait(f"n{number}", 9)
    at[0] = 200.0
    counter.wait("last", 9)
    assert len(counter._counts) == 1


def test_customers_and_organisations_are_read_by_agents(agent: Program, customer: Program) -> None:
    every = agent.ask("GET", "/customers?limit=100", 200)["items"]
    assert "agent@example.com" not in {one["email"] for one in every}
    (one,) = agent.ask("GET", "/customers?email=Premier@example.com", 200)["items"]
    assert agent.ask("GET", f"/customers/{one['id']}", 200) == one
    theirs = agent.ask("GET", f"/customers/{one['id']}/products", 200)
    assert theirs == customer.ask("GET", "/products", 200)
    read, cursor = [], ""
    while cursor is not None:
        page = agent.ask("GET", f"/customers?limit=5{cursor}", 200)
        read += page["items"]
        cursor = f"&cursor={page['next']}" if page["next"] else None
    assert read == every
    agent.ask("GET", "/customers/999999", 404)
    agent.ask("GET", f"/customers/{agent.user_id}", 404)
    agent.ask("GET", "/organisations/1", 404)


def test_webhooks_are_set_up_by_program(app: Flask) -> None:
    admin = program(app, "admin")
    new = {"url": "https://hooks.example.com/", "events": ["case.opened"]}
    made = admin.ask("POST", "/webhooks", 201, json=new)
    assert made["secret"].startswith("whsec_")
    (one,) = admin.ask("GET", "/webhooks", 200)["items"]
    assert (one["id"], one["events"], one["is_active"]) == (made["id"], ["case.opened"], True)
    assert made["secret"] not in str(one)
    for url, said in (
        ("https://192.168.0.1/", "is private; the operator"),
        ("ftp://hooks.example.com/", "must begin with https://"),
        ("https://u:p@hooks.example.com/", "a name or a password"),
        ("https://hooks example", "like https://example.com/hook"),
    ):
        refused = admin.ask("POST", "/webhooks", 409, json={**new, "url": url})
        assert said in refused["detail"]
    admin.ask("DELETE", f"/webhooks/{made['id']}", 204)
    admin.ask("DELETE", f"/webhooks/{made['id']}", 404)


def test_a_token_is_made_shown_once_and_ended_on_a_page(app: Flask, visitor: Visitor) -> None:
    visitor.as_customer("premier")
    page = visitor.get("/en/account/tokens")
    assert "cases:read" in page.html
    assert "notes:write" not in page.html
    page = visitor.post("/en/account/tokens", name="", days="30")
    assert "Write what the token is for" in page.text
    assert "Choose what the token may do" in page.text
    wanted: dict[str, Any] = {"name": "My report", "scopes": ["cases:read"], "days": "30"}
    page = visitor.post("/en/account/tokens", **wanted, password="x")
    assert "not your password" in page.text  # a token outlives the session that it is made in
    page = visitor.post("/en/account/tokens", **wanted, password=PASSWORD)
    assert page.response.headers["Cache-Control"] == "no-store"
    found = re.search(r'value="(kb_[^"]+)"', page.html)
    assert found
    asking = {"Authorization": f"Bearer {found[1]}"}
    assert app.test_client().get("/api/v1/cases", headers=asking).status_code == 200
    page = visitor.get("/en/account/tokens")
    assert found[1] not in page.html
    assert f"kb_…{found[1][-4:]}" in page.text
    ending = next(
        f["attrs"]["action"] for f in page.forms if "/end" in (f["attrs"]["action"] or "")
    )
    assert "Ended" in visitor.post(ending).text
    assert app.test_client().get("/api/v1/cases", headers=asking).status_code == 401
    wanted["scopes"] = ["notes:write"]
    refused = visitor.post("/en/account/tokens", **wanted, password=PASSWORD)
    assert "kb_" not in refused.html.replace("kb_…", "")


def test_nobody_ends_the_token_of_another(
    app: Flask, another: Callable[[], Visitor], customer: Program
) -> None:
    (token,) = tokens_of(app.extensions["waypost"].db, customer.user_id)
    other = another().as_customer("standard")
    other.get("/en/account/tokens")
    other.post(f"/en/account/tokens/{token.id}/end")
    customer.ask("GET", "/cases", 200)
