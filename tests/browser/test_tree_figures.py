"""From a walk to the agents' figures: who is counted, where it is seen, which case it became."""

import re
import time

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.actor import Actor
from tests.browser.server import Running
from tests.browser.test_journeys import opens_a_case

pytestmark = pytest.mark.browser

TREE = "/en/troubleshoot/slow-backup/"
PERSON = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def test_walks_are_seen_by_agents_and_lead_to_their_case(browser: Browser, site: Running) -> None:
    """One customer walks to a case and one only begins; a machine and an agent walk too."""
    for who, browser_name, objects in (
        ("nobody", PERSON, False),
        ("nobody", None, False),  # the browser says that it is a headless one
        ("agent", PERSON, False),
        ("nobody", PERSON, True),
    ):
        extra = {"Sec-GPC": "1"} if objects else {}
        with browser.new_context(user_agent=browser_name, extra_http_headers=extra) as context:
            walker = Actor(context.new_page(), site)
            if who != "nobody":
                walker.signs_in(who)
            walker.goes_to(TREE).answers("The percentage has not moved").answers(
                "Less than an hour"
            )
            walker.sees("See whether the backup moves on inside")
            if objects:
                assert "walk" not in [cookie.get("name") for cookie in context.cookies()]
    with browser.new_context(user_agent=PERSON) as context:
        customer = Actor(context.new_page(), site).signs_in("premier").goes_to(TREE)
        customer.answers("The percentage has not moved").answers("More than an hour")
        number = opens_a_case(customer, "The backup stands still at 40 %")
    with browser.new_context(user_agent=PERSON) as context:
        agent = Actor(context.new_page(), site).signs_in("agent")
        _are_counted(agent)
        page = agent.goes_to(TREE + "map").page
        expect(page.locator("#node-contact-hang td.num").first).to_have_text("1")
        expect(page.locator("#node-try-watch td.num").first).to_have_text("1")
        expect(page.locator("#node-what td.num").first).to_have_text("2")
        expect(page.locator("svg.tree-map a.node", has_text="2 came").first).to_be_attached()
        page.goto(f"{site.url}/en/desk/cases/{number}")
        agent.sees("More than an hour")
        agent.clicks("slow-backup").sees("The same as a list")


def _are_counted(agent: Actor) -> None:
    """The answers are written beside the requests: look until they are there."""
    for _ in range(200):
        agent.page.goto(agent.site.url + TREE + "stats")
        if agent.page.locator(".sums").count() and "1 case" in agent.page.inner_text("main"):
            break
        time.sleep(0.3)
    said = " ".join(agent.looks().page.inner_text("main").split())
    assert re.search(r"Walked 2\b|2 walk", said), said[:400]


@pytest.mark.parametrize(
    ("lang", "width", "scheme"),
    [("en", 1280, "light"), ("es", 360, "light"), ("es", 1280, "dark"), ("en", 360, "dark")],
)
def test_maps_and_figures_are_accessible(
    customer: Actor, site: Running, lang: str, width: int, scheme: str
) -> None:
    """axe, no sideways scrolling of the page, and the drawing within reach of the keyboard."""
    customer.signs_in("agent")
    page = customer.page
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    for place in ("slow-backup/map", "slow-backup/stats", "backup-fails/map"):
        customer.goes_to(f"/{lang}/troubleshoot/{place}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        name = f"{place.replace('/', '-')}-{lang}-{width}-{scheme}.png"
        page.screenshot(path=str(site.var / name), full_page=width == 1280)
    expect(page.locator("svg.tree-map a.node").first).to_be_in_viewport()
    page.locator(".canvas").focus()
    page.keyboard.press("Tab")
    expect(page.locator("a.node:focus")).to_have_count(1)
    address = page.locator("a.node:focus").get_attribute("href")
    page.keyboard.press("Enter")
    assert address
    expect(page).to_have_url(site.url + address)
    customer.goes_to(f"/{lang}/desk/trees")
