"""Asking about products in the browser: claims, proofs, moves, swaps, boxes, upgrades (R6–R60)."""

import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask

from kb.actions.demo import demo_key
from kb.actions.licence_import import import_licences
from kb.store import claims
from tests.demo_people import PEOPLE, free_keys
from tests.visitor import Visitor

PRODUCTS = "/en/my/products"
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def key_of(name: str) -> str:
    person = next(person for person in PEOPLE if person.name == name)
    return demo_key(person.licences[0], name)


def document_day() -> datetime:
    return datetime(2026, 11, 23, tzinfo=UTC)


def receipt() -> tuple[io.BytesIO, str]:
    return io.BytesIO(PDF), "receipt.pdf"


def mine(visitor: Visitor, name: str) -> str:
    visitor.get(PRODUCTS)
    return visitor.follow(name).url


def sell(app: Flask, *rows: str) -> None:
    wired = app.extensions["waypost"]
    policy = wired.live_site.current().site.policy
    secret = wired.settings.secret_key
    import_licences(wired.db, policy, secret, [f"{row}\n" for row in rows])


def test_R6_a_taken_key_leads_to_a_claim_that_an_agent_decides(
    visitor: Visitor, another: Callable[[], Visitor]
) -> None:
    visitor.as_customer("standard").get(PRODUCTS)
    page = visitor.post(PRODUCTS, keys=key_of("premier"))
    page = visitor.get(page.link("you can claim it"))
    submission = page.hidden("submission")
    empty = visitor.post(f"{PRODUCTS}/claim", key="", submission=submission)
    assert empty.title.startswith("Error:")
    page = visitor.post(
        f"{PRODUCTS}/claim", key=key_of("premier"), words="I bought the firm",
        submission=submission, files=receipt(),
    )  # fmt: skip
    assert "A person looks at it" in page.text
    assert "Marta" not in page.text
    agent = another().as_agent()
    agent.get("/en/desk/claims")
    page = agent.follow("Key of another account")
    file = agent.client.get(page.link("receipt.pdf"))
    assert file.data == PDF
    assert "attachment" in file.headers["Content-Disposition"]
    file.close()
    assert agent.post(page.url, state="accepted", answer=" ").title.startswith("Error:")
    done = agent.post(page.url, state="accepted", answer="The invoice names you.")
    assert "Decided and e-mailed" in done.text
    assert "Backup Server 12" in visitor.get(PRODUCTS).text
    again = agent.post(page.url, state="refused", answer="No")
    assert "decided this already" in again.text


@pytest.mark.parametrize(
    ("kind", "fields", "complaint"),
    [
        ("move", {"before": "OLD"}, "Name the new machine"),
        ("move", {"before": "OLD", "after": "NEW"}, "once the old one is retired|old machine is"),
        ("swap", {}, "which product or language"),
        ("proof", {}, "Attach your invoice or receipt"),
    ],
)
def test_what_a_request_lacks_is_said_and_the_rest_kept(
    visitor: Visitor, kind: str, fields: dict[str, str], complaint: str
) -> None:
    url = f"{mine(visitor.as_customer('premier'), 'Backup Server 12')}/{kind}"
    submission = visitor.get(url).hidden("submission")
    page = visitor.post(url, words="My words", submission=submission, **fields)
    assert page.title.startswith("Error:")
    assert re.search(complaint, page.text)
    assert "My words" in page.text


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("move", {"before": "OLD-1", "after": "NEW-2", "retired": "y"}),
        ("swap", {"wish": "The Spanish edition"}),
        ("proof", {}),
    ],
)
def test_R7_R58_R60_requests_reach_the_queue(
    visitor: Visitor, another: Callable[[], Visitor], kind: str, fields: dict[str, str]
) -> None:
    url = f"{mine(visitor.as_customer('premier'), 'Backup Server 12')}/{kind}"
    submission = visitor.get(url).hidden("submission")
    page = visitor.post(url, submission=submission, files=receipt(), **fields)
    assert "A person looks at it" in page.text
    agent = another().as_agent()
    names = {"move": "Move to another", "swap": "Swap of", "proof": "Proof of purchase"}
    agent.get("/en/desk/claims")
    page = agent.follow(names[kind])
    for value in fields.values():
        assert value in page.text or value == "y"


def test_somebody_elses_product_cannot_be_asked_about(
    visitor: Visitor, another: Callable[[], Visitor]
) -> None:
    url = mine(visitor.as_customer("premier"), "Backup Server 12")
    other = another().as_customer("standard")
    other.get(PRODUCTS)
    for kind in ("proof", "move", "swap", "nothing"):
        assert other.client.get(f"{url}/{kind}").status_code == 404
    other.post(f"{url}/upgrade", expect=404)
    other.post(f"{url}/swap", wish="x", submission="x", expect=404)


def test_R7_a_box_serial_becomes_a_registered_product(app: Flask, visitor: Visitor) -> None:
    key = "NHM27" + "A" * 59
    sell(
        app,
        "key,product,version,sold_on,box_serial",
        f"{key},home,2027,2026-11-20,1234567890123456",
    )
    visitor.as_customer("trial").get(PRODUCTS)
    page = visitor.follow("Exchange a box serial")
    assert "8 or 16 digits" in visitor.post(page.url, serial="123").text
    assert "do not know this serial" in visitor.post(page.url, serial="87654321").text
    page = visitor.post(page.url, serial="1234 5678 9O12 3456".replace("O", "0"))
    assert key in page.text
    page = visitor.post(PRODUCTS, keys=page.hidden("keys"))
    assert "1 product registered." in page.text


def test_R10_a_free_upgrade_registers_its_key(app: Flask, visitor: Visitor) -> None:
    visitor.as_customer("trial").get(PRODUCTS)
    visitor.post(PRODUCTS, keys=free_keys()[0][1])
    current = mine(visitor, "Backup Server 12")
    refused = visitor.post(f"{current}/upgrade")
    assert "no free upgrade at the moment" in refused.text
    new = "NBS12" + "3" * 20
    running = "NBS11" + "4" * 20
    sell(
        app,
        "key,product,version,sold_on,upgrade_of",
        f"{running},backup-server,11,2026-11-20,",
        f"{new},backup-server,12,2026-11-20,{running}",
    )
    visitor.get(PRODUCTS)
    visitor.post(PRODUCTS, keys=running)
    page = visitor.get(mine(visitor, "Backup Server 11"))
    assert "Get the free upgrade" in page.text
    page = visitor.post(f"{page.url}/upgrade")
    assert new in page.text
    assert "The new key is registered in your account" in page.text


def test_reminders_are_switched_off_and_on(visitor: Visitor) -> None:
    visitor.as_customer("premier").get(PRODUCTS)
    assert "Switch on" in visitor.post(f"{PRODUCTS}/reminders", wanted="no").text
    assert "Switch off" in visitor.post(f"{PRODUCTS}/reminders", wanted="yes").text


def test_a_document_is_held_until_the_scanner_has_seen_it(
    app: Flask, visitor: Visitor, another: Callable[[], Visitor]
) -> None:
    wired = app.extensions["waypost"]
    with_scanner = replace(wired.settings, clamd="unix:///nowhere")
    app.extensions["waypost"] = replace(wired, settings=with_scanner)
    url = f"{mine(visitor.as_customer('premier'), 'Backup Server 12')}/proof"
    visitor.post(url, submission=visitor.get(url).hidden("submission"), files=receipt())
    agent = another().as_agent()
    agent.get("/en/desk/claims")
    page = agent.follow("Proof of purchase")
    assert "receipt.pdf (being checked for viruses)" in page.text
    number = int(page.url.rpartition("/")[2])
    with wired.db.read() as conn:
        (document,) = claims.files_of(conn, number)
    place = f"{page.url}/files/{document.id}/receipt.pdf"
    assert agent.client.get(place).status_code == 404
    with wired.db.write() as conn:
        claims.scanned(conn, document.sha256, None, document_day())
    given = agent.client.get(place)
    assert given.data == PDF
    given.close()


def test_my_requests_show_their_state_and_the_answer(
    visitor: Visitor, another: Callable[[], Visitor]
) -> None:
    visitor.as_customer("premier").get(PRODUCTS)
    assert "No requests yet" in visitor.follow("My requests about products").text
    url = f"{mine(visitor, 'Backup Server 12')}/swap"
    submission = visitor.get(url).hidden("submission")
    page = visitor.post(url, submission=submission, wish="The Spanish edition")
    assert "Swap of product or language" in page.text
    assert "Waiting" in page.text
    agent = another().as_agent()
    agent.get("/en/desk/claims")
    page = agent.follow("Swap of")
    agent.post(page.url, state="accepted", answer="It costs 30 USD.")
    seen = visitor.get(f"{PRODUCTS}/claims").text
    assert "Accepted" in seen
    assert "It costs 30 USD." in seen
    assert "Tomás Linde" in agent.get(page.url).text.partition("What happened")[2]
    other = another().as_customer("standard")
    assert "30 USD" not in other.get(f"{PRODUCTS}/claims").text


def test_R10_an_accepted_upgrade_with_a_key_in_stock_registers_itself(
    app: Flask, visitor: Visitor, another: Callable[[], Visitor]
) -> None:
    running, new = "NBS11" + "4" * 20, "NBS12" + "3" * 20
    sell(
        app,
        "key,product,version,sold_on,upgrade_of",
        f"{running},backup-server,11,2026-11-20,",
    )
    visitor.as_customer("trial").get(PRODUCTS)
    visitor.post(PRODUCTS, keys=running)
    asked = visitor.post(f"{mine(visitor, 'Backup Server 11')}/upgrade")
    assert "is being prepared" in asked.text
    sell(
        app,
        "key,product,version,sold_on,upgrade_of",
        f"{new},backup-server,12,2026-11-20,{running}",
    )
    agent = another().as_agent()
    agent.get("/en/desk/claims")
    agent.post(agent.follow("Key for the free upgrade").url, state="accepted", answer="Here it is")
    assert "Backup Server 12" in visitor.get(PRODUCTS).text
