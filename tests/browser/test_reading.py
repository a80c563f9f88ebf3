"""Reading in a browser: contents that follow, links and code to copy, a picture in full, a vote and
its reason, an alert that is closed; a huge article on a phone; all of it without script too."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.actor import Actor
from tests.browser.server import Running, running
from tests.reading_site import make

pytestmark = pytest.mark.browser

GUIDE = "/en/kb/11-guide"
NO_SIDEWAYS = "document.documentElement.scrollWidth <= innerWidth"
CLIPBOARD = """async (begins) => {
  for (const end = Date.now() + 30000; Date.now() < end;) {
    if ((await navigator.clipboard.readText()).startsWith(begins)) return true;
    await new Promise((done) => setTimeout(done, 20));
  }
  return false;
}"""
TALL = "document.querySelector('.prose h2:last-of-type').style.marginTop = '150vh'"


@pytest.fixture(scope="module")
def reading(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("reading")
    site = make(folder / "site")
    today = date.today()  # noqa: DTZ011 # the server's own clock
    until = (today + timedelta(days=3)).isoformat()
    alert = f"type: alert\nproducts: [server]\nalert: {{from: {today}, until: {until}}}\n"
    text = f"---\ntitle: The server waits\n{alert}---\n\nText.\n"
    site.article(35, "waits", es=text, en=text)
    var = folder / "var"
    var.mkdir()
    with running(var, site.root) as served:
        yield served


def test_reading_an_article_with_the_keyboard_and_the_mouse(page: Page, reading: Running) -> None:
    reader = Actor(page, reading)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    reader.goes_to(GUIDE)

    page.get_by_role("button", name="Close this alert").press("Enter")
    expect(page.locator(".notice")).to_have_count(0)
    reader.goes_to(GUIDE)
    expect(page.locator(".notice")).to_have_count(0)

    current = page.locator(".toc a[aria-current]")
    expect(current).to_have_text("Prepare the machine")
    page.evaluate(TALL)
    page.evaluate("document.getElementById('what-comes-next').scrollIntoView()")
    expect(current).to_have_text("What comes next?")
    page.locator(".toc a").first.press("Enter")
    expect(current).to_have_text("Prepare the machine")

    link = page.get_by_role("link", name="Copy the link to “Prepare the machine”")
    link.focus()
    link.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Link copied")).to_have_count(1)
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == f"{reading.url}{GUIDE}#prepare-the-machine"
    page.get_by_role("button", name="Copy", exact=True).first.click()
    assert page.evaluate(CLIPBOARD, "acme vault list --show")

    picture = page.get_by_role("link", name="The console with the vaults page open")
    picture.press("Enter")
    dialog = page.get_by_role("dialog", name="The console with the vaults page open")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("button", name="Close the picture")).to_be_focused()
    dialog.get_by_role("button", name="Actual size").press("Enter")
    expect(dialog.get_by_role("button", name="Fit to the window")).to_be_visible()
    reader.looks()
    page.keyboard.press("Escape")
    expect(dialog).not_to_be_visible()
    expect(picture).to_be_focused()

    page.get_by_role("button", name="Not quite").press("Enter")
    reader.looks().sees("Still stuck?")
    page.get_by_label("It is hard to follow").press("Space")
    page.get_by_label("Your words").fill("Step 2")
    page.get_by_role("button", name="Send").press("Enter")
    reader.looks().sees("Thank you.")
    page.get_by_role("button", name="Yes, solved").press("Enter")
    reader.looks().sees("Your answer has been changed.")


def test_a_huge_article_and_a_wide_table_hold_on_a_phone(page: Page, reading: Running) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    reader = Actor(page, reading)
    for path in ("/en/kb/18-huge", GUIDE):
        reader.goes_to(path)
        assert page.evaluate(NO_SIDEWAYS), path
        fold = page.locator(".toc details")
        expect(fold).not_to_have_attribute("open", "")
        fold.locator("summary").click()
        page.locator(".toc a").nth(1).click()
        expect(fold).not_to_have_attribute("open", "")
        assert page.evaluate(NO_SIDEWAYS), path


def test_without_script_nothing_is_lost(browser: Browser, reading: Running) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(reading.url + GUIDE)
        expect(page.locator(".notice")).to_contain_text("The server waits")
        page.locator(".toc a").nth(1).click()
        expect(page).to_have_url(re.compile("#a-detail-with-code$"))
        page.get_by_role("link", name="The console with the vaults page open").click()
        expect(page).to_have_url(re.compile(r"/media/[^/]+/console\.png$"))
        page.go_back()
        page.get_by_role("button", name="Not quite").click()
        page.get_by_label("Something is missing").check()
        page.get_by_role("button", name="Send").click()
        expect(page.locator("main")).to_contain_text("Thank you.")
