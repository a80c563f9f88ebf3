"""Buying in the browser: from the refusal to the paid incident, for its owner (R17, R28, R29)."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask

from kb.settings import Settings
from tests.conftest import NOW
from tests.outside.stripe_twin import StripeTwin
from tests.visitor import Page, Visitor

PRODUCTS = "/en/my/products"
ABOUT = "&topic=backup&severity=B"  # what the contact wizard asks next


@pytest.fixture
def shop(settings: Settings, twin: StripeTwin) -> Iterator[Flask]:
    """The site with cards set up, against the twin."""
    from kb.app import create_app

    made = create_app(replace(settings, stripe=twin.settings))
    made.config["NOW"] = NOW
    yield made
    made.extensions["waypost"].db.close()


def choose(visitor: Visitor, product: str, offer: str) -> str:
    """Go to a product's page and on to an offer; the address of the page to buy at."""
    visitor.get(PRODUCTS)
    page = visitor.follow(product)
    return page.link(offer)


def order(visitor: Visitor, product: str, offer: str, pay_by: str) -> Page:
    url = choose(visitor, product, offer)
    page = visitor.get(url)
    return visitor.post(url, pay_by=pay_by, submission=page.hidden("submission"))


def reference(page: Page) -> str:
    found = re.search(r"Order ([A-Z0-9]{10})", page.text)
    assert found, page.text
    return found[1]


def notify(shop: Flask, twin: StripeTwin, body: tuple[bytes, str]) -> int:
    headers = {"Stripe-Signature": body[1], "Content-Type": "application/json"}
    return shop.test_client().post("/payments/stripe", data=body[0], headers=headers).status_code


def test_R29_from_the_request_to_the_product_to_buying(visitor: Visitor) -> None:
    visitor.as_customer("lapsed").get(PRODUCTS)
    page = visitor.follow("Backup Server 11.5")
    options = visitor.get(page.link("See your options") + ABOUT)
    url = options.link("Pay per incident")
    assert "/buy/pay-per-incident" in url
    page = visitor.get(url)
    for words in ("Norvault Backup Server 11.5", "US$20.00", "Valid for exactly one case"):
        assert words in page.text, words
    assert page.link("Back to the product").startswith(PRODUCTS)


def test_R5_no_card_bank_or_other_personal_data_is_asked_for(visitor: Visitor) -> None:
    visitor.as_customer("lapsed")
    page = visitor.get(choose(visitor, "Backup Server 11.5", "Pay per incident"))
    names = {f["name"] for form in page.forms for f in form["fields"] if f.get("name")}
    assert names <= {"pay_by", "submission", "csrf_token", "q", "lang", "product"}, names


def test_R28_a_card_payment_makes_the_phone_ring(shop: Flask, twin: StripeTwin) -> None:
    visitor = Visitor(shop).as_customer("lapsed")
    page = order(visitor, "Backup Server 11.5", "Pay per incident", "card")
    assert page.link("To the payment page").startswith(twin.url)
    assert "To be paid" in page.text
    (session,) = twin.sessions
    assert notify(shop, twin, twin.notice(twin.pay(session))) == 200
    assert notify(shop, twin, twin.notice(twin.sessions[session])) == 200
    page = visitor.get(f"/en/my/orders/{reference(page)}?back=1")
    assert "It is paid, and it is valid now" in page.text
    page = visitor.get(page.link("Contact support") + ABOUT)
    assert "Call +" in page.text
    assert "Uses your paid incident" in page.text


def test_who_comes_back_before_the_notice_need_not_wait_for_it(
    shop: Flask, twin: StripeTwin
) -> None:
    visitor = Visitor(shop).as_customer("home-40")
    page = order(visitor, "Home 2027", "Pay per", "card")
    ref = reference(page)
    waiting = visitor.get(f"/en/my/orders/{ref}?back=1")
    assert "We are waiting for the confirmation" in waiting.text
    twin.pay(next(iter(twin.sessions)))
    assert "It is paid" in visitor.get(f"/en/my/orders/{ref}?back=1").text


def test_two_browsers_pay_the_same_order_at_one_page(shop: Flask, twin: StripeTwin) -> None:
    one, other = Visitor(shop).as_customer("lapsed"), Visitor(shop).as_customer("lapsed")
    first = order(one, "Backup Server 11.5", "Pay per incident", "card")
    second = order(other, "Backup Server 11.5", "Pay per incident", "card")
    assert reference(first) == reference(second)
    assert first.link("To the payment page") == second.link("To the payment page")
    assert len(twin.sessions) == 1


def test_a_form_sent_twice_makes_one_order(visitor: Visitor) -> None:
    visitor.as_customer("lapsed")
    url = choose(visitor, "Backup Server 11.5", "Renew with the Standard plan")
    submission = visitor.get(url).hidden("submission")
    first = visitor.post(url, pay_by="invoice", submission=submission)
    again = visitor.post(url, pay_by="invoice", submission=submission)
    assert reference(first) == reference(again)
    assert visitor.get("/en/my/orders").text.count("Renew with the Standard plan") == 1


def test_an_invoice_says_how_it_is_paid_and_is_confirmed_by_an_agent(
    visitor: Visitor, another: Callable[[], Visitor]
) -> None:
    visitor.as_customer("lapsed")
    page = order(visitor, "Backup Server 11.5", "Renew with the Standard plan", "invoice")
    ref = reference(page)
    assert f"quote {ref}" in page.text
    assert "bank transfer" in page.text
    agent = another().as_agent()
    agent.get("/en/desk/orders")
    desk = agent.follow(ref)
    empty = agent.post(f"/en/desk/orders/{ref}/confirm", reference=" ")
    assert empty.title.startswith("Error:")
    done = agent.post(f"/en/desk/orders/{ref}/confirm", reference="BANK 77")
    assert "Confirmed" in done.text
    assert re.search(r"Paid: US\$\d", done.text)
    assert desk.url
    assert "Support until" in visitor.get(PRODUCTS).text
    again = agent.post(f"/en/desk/orders/{ref}/confirm", reference="BANK 77")
    assert "Nothing changed" in again.text
    back = agent.post(
        re.findall(r'action="([^"]+/back)"', again.html)[0], reason="Asked within 14 days"
    )
    assert "taken back" in back.text
    assert "Asked within 14 days" in back.text


def test_an_order_is_cancelled_by_its_owner(visitor: Visitor) -> None:
    visitor.as_customer("lapsed")
    page = order(visitor, "Backup Server 11.5", "Renew with the Standard plan", "invoice")
    url = f"/en/my/orders/{reference(page)}"
    page = visitor.post(f"{url}/cancel")
    assert "Nothing is to be paid" in page.text
    assert "can no longer be cancelled" in visitor.post(f"{url}/cancel").text


def test_agents_cancel_with_a_reason(visitor: Visitor, another: Callable[[], Visitor]) -> None:
    visitor.as_customer("lapsed")
    ref = reference(order(visitor, "Backup Server 11.5", "Renew with the Standard plan", "invoice"))
    agent = another().as_agent()
    agent.get(f"/en/desk/orders/{ref}")
    assert agent.post(f"/en/desk/orders/{ref}/cancel").title.startswith("Error:")
    page = agent.post(f"/en/desk/orders/{ref}/cancel", reason="Ordered by mistake")
    assert "Ordered by mistake" in page.text
    found = agent.get("/en/desk/orders", q=ref)
    assert "Cancelled" in found.text


def test_somebody_elses_order_and_product_do_not_exist(
    visitor: Visitor, another: Callable[[], Visitor]
) -> None:
    visitor.as_customer("lapsed")
    url = choose(visitor, "Backup Server 11.5", "Pay per incident")
    ref = reference(order(visitor, "Backup Server 11.5", "Pay per incident", "invoice"))
    other = another().as_customer("standard")
    other.get(url, expect=404)
    other.post(url, pay_by="invoice", submission="x", expect=404)
    for path in ("", "/pay", "/cancel"):
        if path:
            other.post(f"/en/my/orders/{ref}{path}", expect=404)
        else:
            other.get(f"/en/my/orders/{ref}", expect=404)
    assert ref not in other.get("/en/my/orders").text
    assert "To be paid" in visitor.get(f"/en/my/orders/{ref}").text


@pytest.mark.parametrize("offer", ["new-standard", "upgrade", "nothing", "pay-per-incident"])
def test_what_is_not_offered_cannot_be_bought(visitor: Visitor, offer: str) -> None:
    visitor.as_customer("premier").get(PRODUCTS)
    product = visitor.follow("Backup Server 12")
    page = visitor.get(f"{product.url}/buy/{offer}")
    assert "not offered for this product now" in page.text
    page = visitor.post(f"{product.url}/buy/{offer}", pay_by="invoice", submission="x")
    assert "not offered for this product now" in page.text
    assert "No orders yet" in visitor.get("/en/my/orders").text


def test_a_way_to_pay_must_be_one_of_those(visitor: Visitor) -> None:
    visitor.as_customer("lapsed")
    url = choose(visitor, "Backup Server 11.5", "Pay per incident")
    for way in ("", "card", "gold"):
        page = visitor.post(url, pay_by=way, submission="x")
        assert page.title.startswith("Error:"), way
    assert "No orders yet" in visitor.get("/en/my/orders").text


@pytest.mark.parametrize("trouble", ["html", "half", "error", "nothing"])
def test_a_provider_in_trouble_loses_nothing(shop: Flask, twin: StripeTwin, trouble: str) -> None:
    visitor = Visitor(shop).as_customer("lapsed")
    twin.trouble = trouble
    page = order(visitor, "Backup Server 11.5", "Pay per incident", "card")
    assert "The payment provider does not answer. Your order is kept" in page.text
    twin.trouble = ""
    page = visitor.post(f"/en/my/orders/{reference(page)}/pay")
    assert page.link("To the payment page").startswith(twin.url)


def test_forged_and_strange_notices_change_nothing(shop: Flask, twin: StripeTwin) -> None:
    visitor = Visitor(shop).as_customer("lapsed")
    page = order(visitor, "Backup Server 11.5", "Pay per incident", "card")
    session = twin.pay(next(iter(twin.sessions)))
    body, signature = twin.notice(session)
    assert notify(shop, twin, (body, "")) == 400
    assert notify(shop, twin, (body.replace(b"2000", b"2"), signature)) == 400
    assert notify(shop, twin, twin.notice(session, secret="whsec_guess")) == 400
    assert notify(shop, twin, (b"x" * 300_000, signature)) == 400
    strange = {**session, "metadata": {"order": "NOSUCH"}, "client_reference_id": "NOSUCH"}
    assert notify(shop, twin, twin.notice(strange)) == 200
    assert "To be paid" in visitor.get(f"/en/my/orders/{reference(page)}").text


def test_without_cards_there_is_no_door_for_notices(app: Flask) -> None:
    assert app.test_client().post("/payments/stripe", data=b"{}").status_code == 400


def test_R28_a_case_closed_as_out_of_scope_returns_the_paid_incident(
    visitor: Visitor, another: Callable[[], Visitor]
) -> None:
    visitor.as_customer("incident").get(PRODUCTS)
    page = visitor.follow("Home Office 2027")
    form = visitor.get(visitor.get(page.link("Contact support") + ABOUT).link("Write to us"))
    fields = {
        str(f["name"]): str(f.get("value") or "x") for one in form.forms for f in one["fields"]
        if f.get("name") and f.get("type") not in {"checkbox", "radio", "file", "submit", "search"}
        and f["name"] not in {"q"}
    }  # fmt: skip
    fields |= {"severity": "B", "title": "My printer", "seen": "yes", "country": "SE"}
    fields |= {"email": "nora@example.com", "phone": "+46 1", "reason": "backup"}
    page = visitor.post(form.url, **{k: v for k, v in fields.items() if k != "csrf_token"})
    number = re.search(r"/my/cases/(\d+)", page.html)
    assert number, page.text
    agent = another().as_agent()
    url = f"/en/desk/cases/{number[1]}"
    assert "out-of-scope" in agent.get(url).link("Close as out of scope")
    assert agent.post(f"{url}/out-of-scope", reason=" ").title.startswith("Error:")
    done = agent.post(f"{url}/out-of-scope", reason="It is about a printer of another maker.")
    assert "unused again" in done.text
    assert "closed already" in agent.post(f"{url}/out-of-scope", reason="again").text
    assert (
        "You have 1 unused paid incident"
        in visitor.get(visitor.get(PRODUCTS).link("Home Office 2027")).text
    )
    agent.post("/en/desk/cases/99999999/out-of-scope", reason="x", expect=404)


def test_the_pages_speak_spanish(visitor: Visitor) -> None:
    visitor.as_customer("lapsed")
    url = choose(visitor, "Backup Server 11.5", "Renew with the Premier plan")
    page = visitor.get(url.replace("/en/", "/es/"))
    assert "Pedir y pagar" in page.text
    assert "Plan Premier del 23 de noviembre de 2026" in page.text


def test_the_account_leads_to_what_was_ordered(visitor: Visitor) -> None:
    visitor.as_customer("premier").get("/en/account/")
    assert "No orders yet" in visitor.follow("My orders").text


def test_what_is_ordered_and_not_paid_is_told_where_it_could_be_ordered_again(
    visitor: Visitor,
) -> None:
    """R17, R28: whoever waits for an invoice is not led to buy the same thing twice."""
    visitor.as_customer("lapsed")
    told = "Your order is waiting to be paid"
    assert told not in visitor.get(choose(visitor, "Backup Server 11.5", "Pay per incident")).text
    made = reference(order(visitor, "Backup Server 11.5", "Pay per incident", "invoice"))
    again = visitor.get(choose(visitor, "Backup Server 11.5", "Pay per incident"))
    assert told in again.text
    assert "You have ordered this already" in again.text
    assert again.link("To the order").endswith(made)
    product = visitor.get(visitor.get(PRODUCTS).link("Backup Server 11.5"))
    refused = visitor.get(product.link("See your options") + ABOUT)
    assert told in refused.text
    assert refused.link("To the order").endswith(made)
    other = visitor.get(choose(visitor, "Backup Server 11.5", "Renew with the Standard plan"))
    assert told not in other.text
