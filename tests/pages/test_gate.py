"""Every route stands in a table of `gates.py`, and each gate holds against everybody else."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.pages.gates import ADMIN, AGENT, API, CUSTOMER, PUBLIC, address, routes
from tests.visitor import Visitor


def test_every_route_stands_in_the_table(app: Flask) -> None:
    there = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert there == PUBLIC | CUSTOMER | AGENT | ADMIN | API


def test_strangers_are_asked_to_sign_in_for_customers_and_agents_pages(
    app: Flask, visitor: Visitor
) -> None:
    for rule in routes(app, CUSTOMER | AGENT | ADMIN):
        if "GET" in (rule.methods or set()):
            response = visitor.client.get(address(rule))
            assert response.status_code == 302, rule
            assert "/account/sign-in?next=" in response.location, rule


def test_the_desk_does_not_exist_for_customers(app: Flask, visitor: Visitor) -> None:
    visitor.as_customer("premier")
    for rule in routes(app, AGENT | ADMIN):
        if "GET" in (rule.methods or set()):
            assert visitor.client.get(address(rule)).status_code == 404, rule


def test_posts_of_a_customer_to_the_desk_change_nothing(app: Flask, visitor: Visitor) -> None:
    visitor.as_customer("premier")
    token = visitor.get("/en/feedback").token()
    for rule in routes(app, AGENT | ADMIN):
        if "POST" in (rule.methods or set()):
            answer = visitor.client.post(address(rule), data={"csrf_token": token})
            assert answer.status_code == 404, rule


def test_an_agent_is_told_that_a_page_is_for_admins_and_changes_nothing_there(
    app: Flask, visitor: Visitor
) -> None:
    visitor.as_agent()
    token = visitor.get("/en/feedback").token()
    for rule in routes(app, ADMIN):
        for method in (rule.methods or set()) & {"GET", "POST"}:
            answer = visitor.client.open(
                address(rule),
                method=method,
                data={"csrf_token": token} if method == "POST" else None,
            )
            assert answer.status_code == 403, rule
            assert "Vera Solano" in answer.text, rule


def test_an_admin_comes_to_what_agents_and_admins_come_to(app: Flask, visitor: Visitor) -> None:
    visitor.as_admin()
    for rule in routes(app, ADMIN | AGENT):
        if "GET" in (rule.methods or set()) and "<" not in rule.rule.replace("<lang>", ""):
            assert visitor.client.get(address(rule)).status_code not in {401, 403}, rule


def test_every_post_without_a_token_is_refused(app: Flask, visitor: Visitor) -> None:
    visitor.as_agent()
    for rule in app.url_map.iter_rules():
        if "POST" in (rule.methods or set()):
            refused = visitor.client.post(address(rule), headers={"Sec-Fetch-Site": "cross-site"})
            told = {401} if rule.endpoint in API else {400, 403}
            told = {404} if rule.endpoint == "hooks.content" else told  # unsigned: nothing is there
            assert refused.status_code in told, rule


@pytest.mark.parametrize("signed_in", [False, True], ids=["a stranger", "an agent's cookie"])
def test_the_api_opens_to_a_token_alone(app: Flask, visitor: Visitor, signed_in: bool) -> None:
    if signed_in:
        visitor.as_agent()
    for rule in routes(app, API):
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            answer = visitor.client.open(address(rule), method=method)
            assert answer.status_code == 401, rule
            assert answer.content_type == "application/problem+json"


@pytest.mark.parametrize("lang", ["es", "en"])
def test_an_unknown_address_is_a_page_with_a_search_box(
    lang: str, another: Callable[[], Visitor]
) -> None:
    page = another().get(f"/{lang}/nowhere", expect=404)
    assert 'name="q"' in page.html
