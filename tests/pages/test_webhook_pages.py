"""Webhooks at the desk, and a selection of the queue taken along."""

import csv
import io
import json
import re
from datetime import timedelta

import pytest
from flask import Flask

from kb.store import webhook_outbox
from tests.conftest import NOW
from tests.visitor import Visitor

URL = "https://hooks.example.com/in"


@pytest.fixture
def admin(visitor: Visitor) -> Visitor:
    return visitor.as_admin()


def added(admin: Visitor) -> str:
    """Add a webhook and return the address of its page."""
    admin.get("/en/desk/webhooks")
    page = admin.post("/en/desk/webhooks", address=URL, events=["case.opened", "case.status"])
    assert re.search(r'value="whsec_[^"]+"', page.html)
    assert page.response.headers["Cache-Control"] == "no-store"
    return page.link("I have kept it")


def test_a_webhook_is_added_and_its_secret_shown_once(admin: Visitor) -> None:
    place = added(admin)
    page = admin.get(place)
    assert "whsec_" not in page.html
    assert "Not reached yet" in page.text
    assert URL in admin.get("/es/desk/webhooks").text


@pytest.mark.parametrize(
    ("url", "events", "said"),
    [
        ("", ["case.opened"], "Write the address"),
        ("x", ["case.opened"], "Write an address like"),
        ("http://a.example/", ["case.opened"], "must begin with https://"),
        ("https://u:p@a.example/", ["case.opened"], "name or password"),
        ("https://169.254.169.254/", ["case.opened"], "not public"),
        (URL, [], "Choose at least one event"),
        (URL, ["case.nothing"], "not a valid choice"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_kept(
    admin: Visitor, url: str, events: list[str], said: str
) -> None:
    admin.get("/en/desk/webhooks")
    page = admin.post("/en/desk/webhooks", address=url, events=events)
    assert said in page.text
    assert f'value="{url}"' in page.html


def test_it_is_changed_tried_out_switched_and_dropped(admin: Visitor) -> None:
    place = added(admin)
    page = admin.post(place, address="https://b.example/x", events=["case.replied"])
    assert "https://b.example/x" in page.text
    assert (
        "must begin with"
        in admin.post(place, address="http://b.example/", events=["case.opened"]).text
    )
    assert "on its way" in admin.post(f"{place}/ping").text
    assert "ping" in admin.get(place).text
    assert "The webhook is off" in admin.post(f"{place}/off").text
    assert "Given up" in admin.get(place, show="given-up").text
    assert "Switch the webhook on first" in admin.post(f"{place}/ping").text
    assert "The webhook is on" in admin.post(f"{place}/on").text
    assert "whsec_" in admin.post(f"{place}/secret").html
    admin.get(place)
    admin.post(f"{place}/nonsense", expect=404)
    admin.get("/en/desk/webhooks")
    assert "The webhook is gone" in admin.post(f"{place}/remove").text
    admin.get(place, expect=404)
    admin.get("/en/desk/webhooks")
    admin.post(f"{place}/on", expect=404)


def test_what_was_given_up_is_sent_again(app: Flask, admin: Visitor) -> None:
    place = added(admin)
    with app.extensions["waypost"].db.write() as conn:
        webhook_outbox.ping(conn, int(place.rsplit("/", 1)[1]), NOW)
        (one,) = webhook_outbox.lease(conn, NOW, lasts=timedelta(1), limit=1, each=1)
        webhook_outbox.failed(conn, one, "it answers 500", 500, None)
    page = admin.get(place)
    assert "It answers with status 500." in page.text
    assert "on its way again" in admin.post(f"{place}/deliveries/{one.id}/again").text
    admin.get(place)
    assert "it was sent meanwhile" in admin.post(f"{place}/deliveries/{one.id}/again").text
    admin.get(place)
    admin.post(f"/en/desk/webhooks/999999/deliveries/{one.id}/again", expect=404)


def test_the_queue_is_taken_along_as_it_is_filtered(admin: Visitor) -> None:
    page = admin.get("/en/desk/?severity=A&view=open")
    sent = admin.client.get(page.link("CSV"), buffered=True)
    assert sent.content_type == "text/csv; charset=utf-8"
    assert sent.headers["Content-Disposition"] == "attachment; filename=cases-2026-11-23.csv"
    table = list(csv.DictReader(io.StringIO(sent.data.decode("utf-8-sig"))))
    assert {row["severity"] for row in table} == {"A"}
    told = json.loads(admin.client.get(page.link("JSON"), buffered=True).data)
    assert [one["number"] for one in told] == [int(row["number"]) for row in table]
    assert admin.client.get("/en/desk/export?format=xls").status_code == 404
