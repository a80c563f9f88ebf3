"""Somebody else's case, file and mail are not there by any route; forged forms change nothing."""

from collections.abc import Callable

import pytest
from flask import Flask

from kb.actions.mail_taking import take_head
from kb.settings import Settings
from kb.store import mail_in, outbox
from kb.store.mail_in import MailInState
from tests.conftest import NOW
from tests.pages.case_pages import everything, links, number_of, with_picture
from tests.pages.gates import AGENT, CUSTOMER, address, routes
from tests.pages.test_cases import solved
from tests.visitor import Visitor


@pytest.fixture
def settings(settings_on_both: Settings) -> Settings:
    """Each test runs on SQLite and on PostgreSQL."""
    return settings_on_both


def held_mail(app: Flask) -> int:
    """A mail that waits for an agent, under a number that a mail on its way out has too."""
    wiring = app.extensions["waypost"]
    raw = b"From: eve@example.org\r\nSubject: Hi\r\nTo: support@example.com\r\n\r\nA secret"
    assert take_head(wiring.db, raw, 30_000_000, "imap", NOW)
    with wiring.db.read() as conn:
        (found,) = mail_in.page(conn, (MailInState.HELD,), offset=0, limit=1)
        assert outbox.by_id(conn, found.id)
    return found.id


@pytest.mark.parametrize("name", ["standard", "agent"])
def test_every_route_of_somebody_elses_case_is_404(
    app: Flask, visitor: Visitor, another: Callable[[], Visitor], name: str
) -> None:
    """Over the table of gates: each route with a case in it, as another customer and, on the
    customers' side, as an agent; nothing is changed by any."""
    page = with_picture(visitor)
    number, file_id = str(number_of(page)), links(page)[0].split("/")[-2]
    mail_id = held_mail(app)
    other = another().as_customer(name)
    token = other.get("/en/feedback").token()
    before, tried = everything(app), 0
    gates = CUSTOMER | AGENT if name == "standard" else CUSTOMER
    for rule in routes(app, gates):
        if not {"number", "mail_id", "outbox_id"} & set(rule.arguments):
            continue
        here = number if "number" in rule.arguments else str(mail_id)
        url = address(rule).replace("999999", here, 1)
        url = url.replace("/files/999999", f"/files/{file_id}")
        url = url.replace("/999999", "/screen.png")
        for method in {"GET", "POST"} & (rule.methods or set()):
            fields = {"csrf_token": token, "body": "x", "text": "x", "stars": "1", "to": "closed"}
            headers = {"Sec-Fetch-Site": "same-origin"}
            data = fields if method == "POST" else None
            got = other.client.open(url, method=method, data=data, headers=headers)
            assert got.status_code == 404, (method, url)
            tried += 1
    assert tried >= (8 if name == "agent" else 22)
    assert everything(app) == before


def test_forged_posts_change_nothing(app: Flask, visitor: Visitor) -> None:
    """Without the token of the page, and with one that is made up."""
    page = solved(visitor)
    before = everything(app)
    for path in ("", "/rate", "/complaint", "/again"):
        fields = {"body": "x", "text": "x", "stars": "1", "submission_id": "forged"}
        for token in ({}, {"csrf_token": "forged"}):
            got = visitor.client.post(page.url + path, data={**fields, **token})
            assert got.status_code in (400, 403), (path, got.status_code)
    assert everything(app) == before
