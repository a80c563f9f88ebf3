"""A walk in a real browser: keyboard alone, focus, addresses with and without script, print."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.actor import Actor
from tests.browser.server import Running, running
from tests.every_kind import make

pytestmark = pytest.mark.browser

TREE = "/en/troubleshoot/every-kind/"


@pytest.fixture(scope="module")
def every(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The vendor's site with a tree of every kind, served."""
    root = make(tmp_path_factory.mktemp("site"))
    with running(tmp_path_factory.mktemp("served"), root) as served:
        yield served


@pytest.fixture
def walker(page: Page, every: Running) -> Actor:
    return Actor(page, every)


def comes_to(page: Page, place: str, more: str = "$") -> None:
    expect(page).to_have_url(re.compile(f"{re.escape(TREE + place)}{more}"))


def test_keyboard_alone_and_focus_on_each_question(walker: Actor) -> None:
    """Tab, space and Enter lead from the first question to the end; nothing is loaded anew, yet
    every step has its address and title, and focus stands on its heading."""
    page = walker.page
    faults: list[str] = []
    page.on("console", lambda m: faults.append(m.text) if m.type == "error" else None)
    page.goto(walker.site.url + TREE)
    page.evaluate("window.same = true")
    page.locator("#answer input").first.focus()
    walker.is_helped()
    said = ("plugged?product=backup-server@12", "Is the machine on?")
    for keys, place, title in (
        (["Space", "Enter"], *said),
        (["Tab", "Space", "Enter"], "where?plugged=yes&product=backup-server@12", "Where is"),
        (["Tab", "Space", "Enter"], "count?plugged=yes&where=vault&product=backup-server@12",
         "How many machines"),
    ):  # fmt: skip
        for key in keys:
            page.keyboard.press(key)
        expect(page).to_have_url(walker.site.url + TREE + place)
        expect(page).to_have_title(re.compile(f"^{re.escape(title)}"))
        expect(page.locator("h1")).to_contain_text(title)
        expect(page.locator("h1")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type("2,5")
    page.keyboard.press("Enter")
    expect(page.locator(".errors")).to_contain_text("Enter a whole number")
    expect(page.locator(".errors")).to_be_focused()
    assert page.locator("#answer").input_value() == "2,5"
    assert page.evaluate("window.same") is True
    expect(page).to_have_url(re.compile("count=2%2C5"))
    page.go_back()
    expect(page).to_have_title("How many machines are there? – Norvault Support")
    place = "count?plugged=yes&where=vault&product=backup-server@12"
    expect(page).to_have_url(walker.site.url + TREE + place)
    assert faults == []


def test_the_same_addresses_without_script(browser: Browser, every: Running) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(every.url + TREE)
        page.get_by_label("Norvault Home").check()
        page.get_by_role("button", name="Continue").click()
        comes_to(page, "plugged?product=home")
        page.get_by_label("No", exact=True).check()
        page.get_by_role("button", name="Continue").click()
        comes_to(page, "try-plug?plugged=no&product=home")
        expect(page.locator("h1")).to_be_focused()
        page.get_by_role("link", name="No, it still fails").click()
        comes_to(page, "part.more?plugged=no&try-plug=no&product=home")
        page.get_by_role("link", name="Change the answer to: Which product").click()
        comes_to(page, "product?plugged=no&try-plug=no", more="")


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("lang", ["es", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_kind_of_page_is_accessible(
    walker: Actor, width: int, lang: str, scheme: str
) -> None:
    walker.page.set_viewport_size({"width": width, "height": 800})
    walker.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    at = f"/{lang}/troubleshoot/every-kind"
    for place in (
        "product", "product?_asked=product", "plugged?product=home",
        "try-plug?plugged=no&product=home", "since?plugged=yes&where=other&product=home",
        "count?plugged=yes&where=vault&product=backup-server@12&count=2,5",
        "calculate?plugged=yes&where=vault&product=backup-server@12&count=3",
        "forum?plugged=yes&where=forum&product=home",
        "article?plugged=yes&where=disk&product=home",
        "contact?plugged=yes&where=disk&article=no&product=home",
    ):  # fmt: skip
        walker.goes_to(f"{at}/{place}")
        assert walker.page.evaluate("document.documentElement.scrollWidth") <= width
    walker.goes_to(f"/{lang}/troubleshoot/every-kind-part/back?more=go-on")


def test_a_printed_walk_has_answers_and_no_buttons(walker: Actor) -> None:
    page = walker.page
    page.goto(walker.site.url + TREE + "article?plugged=yes&where=disk&product=home")
    page.emulate_media(media="print")
    expect(page.get_by_text("On a disk")).to_be_visible()
    expect(page.locator("h1")).to_be_visible()
    for hidden in ("Change", "Yes, it works now"):
        expect(page.get_by_text(hidden).first).to_be_hidden()
