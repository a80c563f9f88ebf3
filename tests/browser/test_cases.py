"""A case's whole life between two people in a real browser: opened, answered, replied to with a
picture, resolved, rated, reopened; every page is checked by axe."""

import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser

from tests.browser.actor import Actor
from tests.browser.server import Running

FORM = "/en/contact/case?request=technical&edition=full&topic=backup&channel=email&asset={}"
TITLE = "The copy to the vault ends after ten minutes"
WORDS = "Windows Server 2022, since Monday"


@pytest.fixture
def agent(browser: Browser, site: Running) -> Actor:
    """A second person, with a browser of their own and no JavaScript."""
    page = browser.new_context(java_script_enabled=True).new_page()
    return Actor(page, site).signs_in("agent")


def opens(customer: Actor, title: str = TITLE, words: str = WORDS) -> str:
    """Fill the case form and send it; return the case's number."""
    page = customer.goes_to("/en/my/products").page
    link = page.get_by_role("link", name="Backup Server 12").first.get_attribute("href") or ""
    customer.goes_to(FORM.format(link.rpartition("/")[2]))
    page.locator("input[name=title]").fill(title)
    page.locator("textarea[name=description]").fill("It ends at 02:10 with E000101F4.")
    for area in page.locator("main form textarea").all():
        if not area.input_value():
            area.fill(words)
    page.locator("select[name=reason]").select_option("backup")
    page.locator("input[name=severity][value=A]").check(force=True)
    phone = page.locator("input[name=phone]")
    if not phone.input_value():
        phone.fill("+34 600 000 000")
    send = page.get_by_role("button", name=re.compile("Open the case", re.IGNORECASE))
    send.click()  # the first try shows articles and similar cases
    if customer.comes_to("Before it is sent", "Case opened") == "Before it is sent":
        send.click()
    page.wait_for_url(re.compile(r"/my/cases/\d+"))
    customer.looks()
    found = re.search(r"/my/cases/(\d+)", page.url)
    assert found, page.locator("main").inner_text()[:800]
    return found[1]


def test_a_case_from_opening_to_reopening(
    customer: Actor, agent: Actor, site: Running, tmp_path: Path
) -> None:
    picture = tmp_path / "screen.png"
    Image.new("RGB", (900, 500), "#0b5a68").save(picture)

    customer.signs_in("premier")
    number = opens(customer)
    customer.sees("We have your case")
    site.mail_to("premier@example.com", number)

    agent.goes_to(f"/en/desk/cases/{number}").sees(TITLE)
    agent.page.locator("form.compose textarea").fill("How much space is left in the vault?")
    agent.clicks("Send and wait for the customer").sees("Reply sent")
    site.mail_to("premier@example.com", "How much space is left")

    customer.goes_to(f"/en/my/cases/{number}").sees("waits for your answer")
    customer.writes("Your answer", "Two gigabytes, see the picture.")
    customer.page.locator("input[type=file]").set_input_files(picture)
    customer.clicks("Send answer").sees("We are working on it")
    small = customer.page.locator(".file img")
    assert small.evaluate("image => image.decode().then(() => image.naturalWidth)") == 320

    agent.goes_to(f"/en/desk/cases/{number}").sees("Two gigabytes")
    agent.page.locator("summary", has_text="Change severity").click()
    agent.page.locator("select[name=severity]").select_option("B")
    agent.writes("Reason", "The older copies are safe")
    agent.clicks("Set").sees("Severity set to B")
    agent.page.get_by_role("button", name="Resolve", exact=True).click()
    agent.looks().sees("State: Resolved")
    site.mail_to("premier@example.com", "resolved")

    customer.goes_to(f"/en/my/cases/{number}").sees("This case is resolved")
    customer.sees("Severity set to B").sees("The older copies are safe")
    customer.page.locator("label.option", has_text="An article of the knowledge base").click()
    customer.writes("Number or address of the article", "1042")
    customer.page.locator("label.option", has_text="5, very good").click()
    customer.writes("Your words", "Quick and clear")
    customer.clicks("Send rating").sees("Rated 5 of 5").sees("Solved by the article")

    customer.writes("Your answer", "It is back since last night.")
    customer.clicks("Send answer and open the case again").sees("We are working on it")

    agent.goes_to(f"/en/desk/cases/{number}").sees("It is back since last night.")
    agent.page.locator(".panel", has_text="5 of 5").wait_for()
    agent.page.locator(".panel", has_text="Quick and clear").wait_for()


@pytest.mark.parametrize("path", ["", "/complaint"])
def test_the_pages_of_a_case_fit_320_px(customer: Actor, path: str) -> None:
    customer.page.set_viewport_size({"width": 320, "height": 800})
    customer.signs_in("standard").goes_to("/es/my/cases")
    customer.page.locator("main .rows a").last.click()
    customer.page.wait_for_load_state()
    customer.goes_to(customer.page.url.removeprefix(customer.site.url) + path)
    wide = customer.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 320


def test_words_without_end_widen_no_page_of_a_case(customer: Actor) -> None:
    """A path or a log line has no space to break at; it stands in title, facts and conversation."""
    customer.signs_in("two-keys").page.set_viewport_size({"width": 320, "height": 800})
    number = opens(customer, title="backup_job_of_the_night" * 8, words="vault_of_the_night_" * 20)
    for path in ("/en/my/cases", *(f"/en/my/cases/{number}{more}" for more in ("", "/complaint"))):
        customer.goes_to(path)
        wide = customer.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 320, path
