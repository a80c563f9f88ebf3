"""From sign-up to a sign-in with a code in a real browser: both languages, axe on every page."""

import quopri
import re
import time
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser

from kb.rules import totp
from tests.browser.actor import Actor
from tests.browser.server import Running

pytestmark = pytest.mark.browser

WORDS = {
    "es": {
        "confirm": "Confirmar la cuenta",
        "sign in": "Iniciar sesión",
        "sign out": "Cerrar sesión",
        "account": "Mi cuenta",
        "codes": "Guarde sus códigos de recuperación",
        "code": "Escriba el código",
        "on": "Activar",
        "go on": "Continuar",
    },
    "en": {
        "confirm": "Confirm the account",
        "sign in": "Sign in",
        "sign out": "Sign out",
        "account": "My account",
        "codes": "Keep your recovery codes",
        "code": "Enter the code",
        "on": "Turn it on",
        "go on": "Continue",
    },
}
PASSWORD = "seven quiet owls"


def fills(customer: Actor, **fields: str) -> None:
    for name, text in fields.items():
        customer.page.locator(f"main form [name={name}]").fill(text)


def presses(customer: Actor) -> Actor:
    customer.page.locator("main form button[type=submit]").first.click()
    return customer.looks()


def signs_up(customer: Actor, site: Running, lang: str, address: str) -> None:
    customer.goes_to(f"/{lang}/account/sign-up")
    fills(customer, first_name="Eva", last_name="Lind", email=address)
    customer.page.locator("main form [name=country]").select_option("SE")
    fills(customer, password=PASSWORD, confirm=PASSWORD)
    presses(customer).sees(address)
    source = site.mail_to(address, about="confirm")
    mail = quopri.decodestring(source.encode()).decode(errors="replace")
    found = re.search(rf"/{lang}/account/confirm/[\w.\-]+", mail)
    assert found, mail
    customer.goes_to(found[0])
    customer.page.get_by_role("button", name=WORDS[lang]["confirm"]).click()
    customer.looks()


def signs_in(customer: Actor, lang: str, address: str) -> None:
    customer.goes_to(f"/{lang}/account/sign-in")
    fills(customer, email=address, password=PASSWORD)
    presses(customer)


def fresh_code(key: bytes, after: int) -> tuple[str, int]:
    """A code of a step later than the one that was used; waits for it if it must."""
    while (step := totp.step_at(datetime.now(UTC))) < after:
        time.sleep(0.2)
    step = max(step, after + 1) if step == after else step
    return totp.code_of(key, step), step


def journey(customer: Actor, site: Running, lang: str, address: str) -> None:
    """Sign up, confirm, sign in, turn codes on, sign out, sign in with a code."""
    words = WORDS[lang]
    signs_up(customer, site, lang, address)
    signs_in(customer, lang, address)
    customer.sees(words["account"]).goes_to(f"/{lang}/account/security")
    customer.goes_to(f"/{lang}/account/second-factor")
    assert customer.page.locator("svg.qr").bounding_box()
    key = totp.key_from_text(customer.page.locator("code.key").inner_text())
    assert key
    code, step = fresh_code(key, 0)
    fills(customer, code=code, password=PASSWORD)
    customer.clicks(words["on"]).sees(words["codes"])
    codes = customer.page.locator(".codes code").all_inner_texts()
    assert len(codes) == 10
    customer.goes_to(f"/{lang}/account/").clicks(words["sign out"])
    signs_in(customer, lang, address)
    customer.sees(words["code"])
    fills(customer, code=fresh_code(key, step)[0])
    customer.clicks(words["go on"]).sees(words["account"]).sees(address)


@pytest.mark.parametrize("lang", ["es", "en"])
def test_from_sign_up_to_a_sign_in_with_a_code(lang: str, customer: Actor, site: Running) -> None:
    journey(customer, site, lang, f"eva-{lang}@example.org")
    for page in ("email", "organisation", "export", "delete", "second-factor/codes"):
        customer.goes_to(f"/{lang}/account/{page}")


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_same_without_javascript(lang: str, browser: Browser, site: Running) -> None:
    context = browser.new_context(java_script_enabled=False)
    plain = Unchecked(context.new_page(), site)
    journey(plain, site, lang, f"noscript-{lang}@example.org")
    context.close()


class Unchecked(Actor):
    """Without scripts axe cannot run; the pages are the same."""

    def looks(self) -> "Unchecked":
        self.page.wait_for_load_state()
        return self
