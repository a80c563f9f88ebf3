"""The requests that docs/api.md shows, sent as they stand there."""

import json
import re
from pathlib import Path

import pytest
from flask import Flask

from tests.pages.programs import program

DOCS = Path(__file__).parents[2] / "docs" / "api.md"


@pytest.mark.parametrize(("lang", "words"), [("es", "Clave terminada en"), ("en", "Key ending")])
def test_the_case_of_the_docs_is_opened_as_it_is_written(app: Flask, lang: str, words: str) -> None:
    """Only the product's number is the reader's own; the key of it need not be said again."""
    shown = re.search(r"-d '(\{\"request\".*?\})'\n", DOCS.read_text(), re.S)
    assert shown
    customer = program(app, "premier")
    products = customer.ask("GET", "/products", 200)["items"]
    asset = next(one for one in products if one["product"] == "backup-server")
    sent = {**json.loads(shown[1]), "asset": asset["id"], "lang": lang}
    made = customer.ask("POST", "/cases", 201, json=sent, key="docs-example-1")
    details = customer.ask("GET", f"/cases/{made['number']}", 200)["details"]
    assert details["serial"].startswith(words)
    assert details["serial"].endswith(asset["key_last4"])


def test_a_key_that_is_said_stays_and_without_a_product_it_is_asked_for(app: Flask) -> None:
    customer = program(app, "premier")
    products = customer.ask("GET", "/products", 200)["items"]
    asset = next(one["id"] for one in products if one["product"] == "backup-server")
    new = {"request": "technical", "edition": "full", "topic": "backup", "title": "It stops"}
    new |= {"description": "At 2 %.", "asset": asset}
    said = {"environment": "Windows", "serial": "1234"}
    made = customer.ask("POST", "/cases", 201, json={**new, "details": said}, key="with-a-key-1")
    told = customer.ask("GET", f"/cases/{made['number']}", 200)["details"]
    assert told["serial"] == "1234"
    other = {**new, "details": {"environment": "Windows"}, "asset": 999_999}
    assert customer.send("POST", "/cases", json=other, key="somebody-else").status_code >= 400
