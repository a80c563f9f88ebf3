"""A claimed key and a box serial, from customer to agent and back, in a browser (R6, R7)."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from kb.actions.demo import demo_key
from tests.browser.actor import Actor
from tests.browser.server import ROOT, Running, running
from tests.demo_people import PEOPLE

pytestmark = pytest.mark.browser

KEY = "NHM27" + "A" * 59
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Running]:
    with running(tmp_path) as served:
        yield served


def press(page: Page, words: str) -> None:
    page.locator("main").get_by_role("button", name=words).first.click()


def test_R6_a_taken_key_is_claimed_decided_and_handed_over(
    page: Page, site: Running, tmp_path: Path
) -> None:
    premier = next(person for person in PEOPLE if person.name == "premier")
    taken = demo_key(premier.licences[0], "premier")
    customer = Actor(page, site).signs_in("standard", "es").goes_to("/es/my/products")
    page.locator("textarea[name=keys]").fill(taken)
    press(page, "Registrar")
    customer.looks().sees("otra cuenta")
    page.locator("main a[href$='/my/products/claim']").first.click()
    page.locator("input[name=key]").fill(taken)
    page.locator("textarea[name=words]").fill("Compramos la empresa")
    proof = tmp_path / "factura.pdf"
    proof.write_bytes(PDF)
    page.locator("input[type=file]").set_input_files(proof)
    page.locator("main form button[type=submit]").last.click()
    customer.looks().sees("Mis solicitudes sobre productos").sees("En espera")
    page.context.clear_cookies()
    agent = Actor(page, site).signs_in("agent", "en").goes_to("/en/desk/claims")
    agent.clicks("Key of another account").sees("factura.pdf").sees("Compramos la empresa")
    page.locator("textarea[name=answer]").fill("La factura es suya.")
    press(page, "Accept")
    agent.looks().sees("Decided and e-mailed")
    page.context.clear_cookies()
    customer.signs_in("standard", "es").goes_to("/es/my/products/claims")
    customer.sees("La factura es suya.").sees("Aceptada")
    assert site.mail_to("premier@example.com", about="key-moved")


def test_R7_a_box_serial_becomes_a_product(page: Page, site: Running, tmp_path: Path) -> None:
    sold = tmp_path / "sold.csv"
    sold.write_text(
        f"key,product,version,sold_on,box_serial\n{KEY},home,2027,2026-11-20,12345678\n"
    )
    subprocess.run(
        [sys.executable, "-m", "kb", "--site", str(ROOT), "licences", "import", str(sold)],
        env={**os.environ, "KB_VAR": str(site.var), "PYTHONWARNINGS": "ignore"},
        cwd=ROOT, check=True, timeout=300,
    )  # fmt: skip
    customer = Actor(page, site).signs_in("trial", "en").goes_to("/en/my/products/box")
    page.locator("input[name=serial]").fill("87654321")
    page.locator("main form button[type=submit]").first.click()
    customer.looks().sees("do not know this serial")
    page.locator("input[name=serial]").fill("1234-5678")
    page.locator("main form button[type=submit]").first.click()
    customer.looks().sees(KEY)
    page.locator("main form[action$='/my/products'] button[type=submit]").first.click()
    customer.looks().sees("1 product registered.").sees("Home 2027")
