"""Receipts, orders read in the other language, and what agents do about refunds (R5, R17, R28)."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from kb.rules.orders import OrderState
from kb.store import licences, orders
from kb.store.tables import case, incident_credit
from tests.visitor import Visitor

PRODUCTS = "/en/my/products"


def ordered(visitor: Visitor) -> str:
    """An invoice for a paid incident of the lapsed business customer; its reference."""
    visitor.as_customer("lapsed").get(PRODUCTS)
    page = visitor.get(visitor.follow("Backup Server 11.5").link("Pay per incident"))
    page = visitor.post(page.url, pay_by="invoice", submission=page.hidden("submission"))
    found = re.search(r"Order ([A-Z0-9]{10})", page.text)
    assert found, page.text
    return found[1]


def paid(visitor: Visitor, agent: Visitor) -> str:
    reference = ordered(visitor)
    agent.as_agent().get(f"/en/desk/orders/{reference}")
    agent.post(f"/en/desk/orders/{reference}/confirm", reference="BANK 7")
    return reference


def test_a_receipt_has_its_number_the_seller_and_the_tax_line(
    visitor: Visitor, another: Callable[[], Visitor]
) -> None:
    agent = another()
    reference = paid(visitor, agent)
    page = visitor.get(f"/en/my/orders/{reference}")
    page = visitor.get(page.link("Receipt to print"))
    for words in (f"Receipt {reference}", "Norvault Software Ltd", "Dublin D02 X000", "Net",
                  "Tax number: IE0000000XX", "Total", "BANK 7", "By invoice"):  # fmt: skip
        assert words in page.text, words
    assert agent.client.get(f"/en/my/orders/{reference}/receipt").status_code == 404
    spanish = visitor.get(f"/es/my/orders/{reference}/receipt").text
    assert "Vendedor" in spanish
    assert "Inscrita en el registro" in spanish


def test_what_is_not_paid_has_no_receipt(visitor: Visitor) -> None:
    reference = ordered(visitor)
    assert visitor.client.get(f"/en/my/orders/{reference}/receipt").status_code == 404


@pytest.mark.parametrize(
    ("country", "in_english", "in_spanish"),
    [("ES", "VAT included (21%)", "IVA incluido (21 %)"), ("MX", "No tax added", "Sin impuestos")],
)
def test_the_tax_of_a_country_is_named_in_the_language_it_is_read_in(
    visitor: Visitor, country: str, in_english: str, in_spanish: str
) -> None:
    visitor.as_customer("lapsed").get("/en/account/")
    mine = {"first_name": "Ada", "last_name": "Rey", "lang": "en", "time_zone": "Europe/Madrid"}
    visitor.post("/en/account/", **mine, country=country)
    reference = ordered(visitor)
    english = visitor.get(f"/en/my/orders/{reference}").text
    spanish = visitor.get(f"/es/my/orders/{reference}").text
    assert in_english in english
    assert in_spanish in spanish
    assert "VAT" not in spanish
    assert "No tax" not in spanish


def test_the_trail_names_who_did_it(visitor: Visitor, another: Callable[[], Visitor]) -> None:
    agent = another()
    reference = paid(visitor, agent)
    trail = agent.get(f"/en/desk/orders/{reference}").text.partition("What happened")[2]
    assert "Paid: US$20.00 Tomás Linde" in " ".join(trail.split())


def test_a_refund_of_a_used_incident_says_what_to_do(
    app: Flask, visitor: Visitor, another: Callable[[], Visitor]
) -> None:
    agent = another()
    reference = paid(visitor, agent)
    use_and_refund(app, reference)
    agent.get("/en/desk/orders")
    page = agent.follow("Given back, but used")
    assert reference in page.text
    page = agent.follow(reference)
    assert "a case has used what it paid" in page.text
    url = f"/en/desk/orders/{reference}/let-go"
    assert agent.post(url, reason="").title.startswith("Error:")
    assert "it has left the list" in agent.post(url, reason="A gesture").text
    assert reference not in agent.get("/en/desk/orders?view=unpaid-cases").text


def use_and_refund(app: Flask, reference: str) -> None:
    """A case uses what was bought; then the provider says that the money went back."""
    at = datetime(2026, 11, 23, tzinfo=UTC)
    with app.extensions["waypost"].db.write() as conn:
        order = orders.by_reference(conn, reference)
        assert order is not None
        credit = licences.credit(conn, order.given["credit"])
        assert credit is not None
        number = conn.execute(select(case.c.number).limit(1)).scalar_one()
        use = incident_credit.update().where(incident_credit.c.id == credit.id)
        conn.execute(use.values(case_number=number, used_at=at))
        orders.move(conn, order.id, (OrderState.PAID,), OrderState.REFUNDED, ended_at=at)
