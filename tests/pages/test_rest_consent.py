"""R64: a program opens no case without the consents that the page asks for, nor with old ones."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from kb.app import create_app
from kb.store import consents
from tests.conftest import NOW
from tests.pages.programs import Program, program
from tests.sites import HELPDESK, compiled, with_own_database


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    """The free help desk, which asks for a consent before every case."""
    made = create_app(with_own_database(compiled(HELPDESK), tmp_path))
    made.config["NOW"] = NOW
    yield made
    made.extensions["waypost"].db.close()


@pytest.fixture
def customer(app: Flask) -> Program:
    db = app.extensions["waypost"].db
    with db.read() as conn:
        email = conn.execute(
            text("SELECT email FROM \"user\" WHERE role = 'customer' ORDER BY id LIMIT 1")
        ).scalar_one()
    return program(app, email.partition("@")[0])


def opening(customer: Program) -> tuple[dict[str, Any], list[str]]:
    """A case of the first request that needs no product, and the seals it asks for."""
    every = customer.ask("GET", "/requests", 200)["items"]
    wanted = next(one for one in every if not one["needs_product"])
    assert wanted["consents"][0]["words"]
    body: dict[str, Any] = {
        "request": wanted["id"],
        "title": "The printer is gone",
        "description": "Since this morning.",
        "details": {one["id"]: "x" for one in wanted["details"] if one["required"]},
    }
    topics = [one["id"] for one in wanted["topics"] if one["in_scope"]]
    if topics:
        body["topic"] = topics[0]
        body["details"] = {
            name: topics[0] if name == "reason" else text for name, text in body["details"].items()
        }
    return body, [one["seal"] for one in wanted["consents"]]


def test_without_the_consents_there_is_no_case(customer: Program) -> None:
    body, seals = opening(customer)
    before = len(customer.ask("GET", "/cases", 200)["items"])
    for agreed in ([], ["1-00000000"]):
        said = {**body, "agreed": agreed}
        refused = customer.ask("POST", "/cases", 409, json=said, key="abcdefgh")
        assert [one["seal"] for one in refused["consents"]] == seals
    assert len(customer.ask("GET", "/cases", 200)["items"]) == before


def test_with_them_there_is_one_and_they_are_kept(app: Flask, customer: Program) -> None:
    body, seals = opening(customer)
    said = {**body, "agreed": seals}
    number = customer.ask("POST", "/cases", 201, json=said, key="12345678")["number"]
    with app.extensions["waypost"].db.read() as conn:
        assert consents.of_case(conn, number)
