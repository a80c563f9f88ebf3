"""From the refusal to the phone: buying in a browser, in both languages (R17, R28, R29, R39)."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page

from tests.browser.actor import Actor
from tests.browser.server import Running, running
from tests.outside.stripe_twin import SECRET, StripeTwin, stripe_twin

pytestmark = pytest.mark.browser

WORDS = {
    "en": {
        "topic": "The backup fails",
        "nuisance": "It is serious and urgent",
        "pay": "Pay per incident",
        "order": "Order and pay",
        "page": "To the payment page",
        "paid": "It is paid, and it is valid now",
        "contact": "Contact support",
        "see": "See your options",
        "credit": "Uses your paid incident",
        "renew": "Renew with the Standard plan",
        "invoice": "By invoice",
        "due": "To be paid",
    },
    "es": {
        "topic": "La copia falla",
        "nuisance": "Es grave y urgente",
        "pay": "Pago por incidencia",
        "order": "Pedir y pagar",
        "page": "Ir a la página de pago",
        "paid": "Está pagado y ya vale",
        "contact": "Contactar",
        "see": "Ver sus opciones",
        "credit": "Usa su incidencia pagada",
        "renew": "Renovar con el Plan Standard",
        "invoice": "Con factura",
        "due": "Por pagar",
    },
}
WHO = {"lapsed": "Backup Server 11.5", "home-31": "Home 2027", "home-40": "Home 2027"}


@pytest.fixture(scope="module")
def twin() -> Iterator[StripeTwin]:
    with stripe_twin() as found:
        yield found


@pytest.fixture
def shop(tmp_path: Path, twin: StripeTwin) -> Iterator[Running]:
    """A site of the test's own that takes cards: buying changes what is offered."""
    settings = {
        "KB_STRIPE_SECRET_KEY": "sk_test_twin",
        "KB_STRIPE_WEBHOOK_SECRET": SECRET,
        "KB_STRIPE_API_URL": twin.url,
        "KB_BASE_URL": "{url}",
    }
    with running(tmp_path, settings=settings) as served:
        yield served


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("name", ["lapsed", "home-31", "home-40"])
def test_R28_R39_from_the_refusal_to_the_phone_number(
    lang: str, name: str, page: Page, shop: Running
) -> None:
    said, product = WORDS[lang], WHO[name]
    if name == "home-31":  # the first day without support (R19)
        name = "home-40"
        bought_days_ago(shop, f"{name}@example.com", 31)
    customer = Actor(page, shop).signs_in(name, lang).goes_to(f"/{lang}/my/products")
    customer.does_not_see("+1 555 0100")
    customer.clicks(product).clicks(said["pay"])
    customer.clicks(said["order"]).sees(said["due"])
    page.get_by_role("link", name=said["page"]).click()
    page.get_by_role("button", name="Pay").click()  # the provider's page
    page.wait_for_url(re.compile("/my/orders/"))
    customer.looks().sees(said["paid"])
    page.locator("main .actions a.btn").first.click()
    customer.looks()
    _answers_the_wizard(customer)
    customer.sees("+1 555 0100").sees(said["credit"])
    assert shop.mail_to(f"{name}@example.com", about="US$")


@pytest.mark.parametrize("lang", ["en", "es"])
def test_R17_an_invoice_is_confirmed_by_an_agent_and_the_plan_runs(
    lang: str, page: Page, shop: Running
) -> None:
    said = WORDS[lang]
    customer = Actor(page, shop).signs_in("lapsed", lang).goes_to(f"/{lang}/my/products")
    customer.clicks(WHO["lapsed"]).clicks(said["renew"])
    page.locator("label.option", has_text=said["invoice"]).click()
    customer.clicks(said["order"]).sees(said["due"])
    reference = page.url.rpartition("/")[2]
    page.context.clear_cookies()
    agent = Actor(page, shop).signs_in("agent", lang).goes_to(f"/{lang}/desk/orders/{reference}")
    page.locator("input[name=reference]").fill("BANK 7")
    page.locator("form[action$='/confirm'] button").click()
    agent.looks()
    page.context.clear_cookies()
    customer.signs_in("lapsed", lang).goes_to(f"/{lang}/my/products")
    customer.sees("2027")


def bought_days_ago(shop: Running, email: str, days: int) -> None:
    """Let the one product of a customer have been bought so many days ago, with 30 days of
    support from that day."""
    sold = datetime.now(ZoneInfo("America/New_York")).date() - timedelta(days=days)
    mine = (
        "(select licence_id from asset join user on user.id = asset.user_id where user.email = ?)"
    )
    with closing(sqlite3.connect(shop.var / "waypost.db", timeout=60)) as conn, conn:
        conn.execute(
            f"update licence set sold_on = ? where id in {mine}",  # noqa: S608 # our own words
            (str(sold), email),
        )
        conn.execute(
            f"update service_contract set starts_on = ?, ends_on = ? where licence_id in {mine}",  # noqa: S608
            (str(sold), str(sold + timedelta(days=30)), email),
        )


def _answers_the_wizard(customer: Actor) -> None:
    """What the wizard still asks: the topic, and how bad it is."""
    for _ in range(3):
        if customer.page.locator("label.option").count() == 0:
            return
        customer.page.locator("label.option").nth(1).click()
        customer.page.locator("main form button[type=submit]").first.click()
        customer.looks()
