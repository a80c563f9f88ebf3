"""Whole journeys in a real browser, on the real command's site, axe on every page."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.actor import Actor
from tests.browser.server import Running

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("lang", "words", "title", "part"),
    [
        ("es", "la copia se para sin espacio", "La copia se detiene", "Resolución"),
        ("en", "backup stops without space", "The backup stops", "Resolution"),
    ],
)
def test_a_customer_finds_an_article(
    lang: str, words: str, title: str, part: str, customer: Actor
) -> None:
    customer.goes_to(f"/{lang}/")
    customer.page.locator("main input[name=q]").fill(words)
    customer.page.keyboard.press("Enter")
    customer.page.wait_for_url(re.compile("/search"))
    customer.looks().clicks(title).sees(part).sees("E000101F4")


def test_the_premier_customer_walks_a_tree_to_a_case(customer: Actor, site: Running) -> None:
    customer.signs_in("premier").goes_to("/en/troubleshoot/backup-fails/")
    walked = _walk_to_contact(customer)
    assert walked >= 1
    number = opens_a_case(customer, "Vault refuses blocks after the upgrade")
    assert site.mail_to("premier@example.com", about=number)


def opens_a_case(customer: Actor, title: str) -> str:
    """Go from the end of a walk through the contact wizard to a case; returns its number."""
    customer.clicks("Contact support")
    customer.answers("Norvault Backup Server 12") if _asks_product(customer) else None
    if customer.page.get_by_role("heading", name="What is it about?").count():
        customer.answers("The backup fails")
    customer.sees("+1 555 0100").clicks("Write to us")
    customer.writes("The problem in one sentence", title)
    customer.writes("What happens", "Every night since Monday, at 62 %.")
    customer.clicks("Open the case")
    if customer.comes_to("Before it is sent", "Case opened") == "Before it is sent":
        customer.clicks("Open the case")
    customer.sees("Case opened").sees(title)
    found = re.search(r"/my/cases/(\d+)", customer.page.url)
    assert found, customer.page.url
    return found[1]


def _asks_product(customer: Actor) -> bool:
    for _ in range(3):
        if customer.page.get_by_role("heading", name="Which version do you use?").count():
            customer.answers("The full version")
    return bool(customer.page.get_by_role("heading", name="Which product is it?").count())


def _walk_to_contact(customer: Actor) -> int:
    """Answer the last option (or “no”) of each question until the tree hands over."""
    for steps in range(20):
        page = customer.page
        if page.get_by_role("link", name="Contact support").count():
            return steps
        here = page.url
        if page.locator("label.option").count():
            page.locator("label.option").last.click()
            page.locator("main form button[type=submit]").first.click()
        elif page.get_by_text("No, it still fails").count():
            page.get_by_text("No, it still fails").first.click()
        else:
            page.locator("main form button[type=submit]").first.click()
        page.wait_for_url(lambda url: url != here)  # noqa: B023
        customer.looks()
    raise AssertionError(f"no end: {customer.page.url}")


@pytest.mark.parametrize(
    ("lang", "reason", "way"),
    [
        ("es", "Su plan de soporte ha terminado", "Renovar con el Plan Standard"),
        ("en", "Your support plan has ended", "Renew with the Standard plan"),
    ],
)
def test_the_lapsed_customer_is_refused_and_shown_the_way_on(
    lang: str, reason: str, way: str, customer: Actor
) -> None:
    customer.signs_in("lapsed", lang).goes_to(f"/{lang}/contact/")
    page = customer.page
    for _ in range(4):
        if page.locator("label.option").count() and "/options" not in page.url:
            customer.answers(page.locator("label.option b").first.inner_text())
    if "/options" not in page.url:
        raise AssertionError(page.url)
    if page.get_by_text(reason).count() == 0:  # the first topic is recovery, which is free
        page.goto(page.url.replace("topic=recovery", "topic=backup"))
    customer.looks().sees(reason).does_not_see("555 0100")
    customer.clicks(way)
    expect(page).to_have_url(re.compile("/buy/renew-standard$"))


def test_the_whole_way_by_keyboard_alone(customer: Actor) -> None:
    customer.goes_to("/en/")
    page = customer.page
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to content")
    page.locator("main input[name=q]").focus()
    page.keyboard.type("rescue media does not find the disk")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/search"))
    link = page.locator("article.result a").first
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/kb/\d+"))
    customer.looks().sees("Resolution")


def test_everything_works_without_javascript(browser: Browser, site: Running) -> None:
    context = browser.new_context(java_script_enabled=False)
    page: Page = context.new_page()
    page.goto(f"{site.url}/es/troubleshoot/backup-fails/")
    page.locator("label.option").first.click()
    page.locator("main form button[type=submit]").first.click()
    expect(page).to_have_url(re.compile(r"\?"))
    page.goto(f"{site.url}/es/search?q=E000101F4")
    expect(page.locator("article.result").first).to_contain_text("E000101F4")
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "path",
    [
        "/es/",
        "/en/kb/",
        "/es/kb/category/backup",
        "/en/kb/1042-backup-stops-not-enough-space",
        "/es/products/",
        "/en/products/backup-server",
        "/es/downloads",
        "/en/search?q=backup",
        "/es/search?q=zzzzqqqq",
        "/en/troubleshoot/",
        "/es/contact/",
        "/en/account/sign-in",
        "/es/account/sign-up",
        "/en/account/password",
        "/es/feedback",
        "/en/nowhere",
    ],
)
def test_pages_for_everyone_are_accessible_at_320_px(
    path: str, scheme: str, browser: Browser, site: Running
) -> None:
    context = browser.new_context(
        viewport={"width": 320, "height": 700},
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    actor = Actor(context.new_page(), site).goes_to(path)
    assert actor.page.evaluate("document.documentElement.scrollWidth") <= 320, path
    context.close()


@pytest.mark.parametrize(
    ("name", "paths"),
    [
        ("premier", ["/es/account/", "/es/my/products", "/es/my/cases", "/en/my/cases"]),
        ("agent", ["/es/desk/", "/en/desk/"]),
    ],
)
def test_pages_for_the_signed_in_are_accessible(
    name: str, paths: list[str], customer: Actor
) -> None:
    customer.signs_in(name)
    for path in paths:
        customer.goes_to(path)
        first = customer.page.locator("main a[href*='/cases/']").first
        if first.count():
            first.click()
            customer.looks()
