"""Both sample sites, and the vendor's with conditions and credit put in by files alone, run one
journey: a customer agrees where that is asked and opens a case; a technician answers, works against
the credit where there is one, quotes; the customer accepts; sales deliver (R64, R65, R71)."""

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.actor import Actor
from tests.browser.server import ROOT, Running, running
from tests.sites import HELPDESK

pytestmark = pytest.mark.browser

BOX = "input[type=checkbox][name^=agree-]"
PARTS = ("site.yaml", "demo.yaml", "articles", "troubleshooter", "policy", "look")


@dataclass(frozen=True)
class Way:
    """A site, who comes there, and what they answer until they can write."""

    id: str
    who: str
    answers: tuple[str, ...]
    asks_consent: bool
    has_credit: bool


VENDOR = ("I have a technical problem", "The full version", "Backup Server 12", "The backup fails")
WAYS = (
    Way("vendor", "premier", VENDOR, asks_consent=False, has_credit=False),
    Way("help desk", "noe", ("I need help with a problem", "I have no internet"), True, True),
    Way("vendor with files", "premier", VENDOR, asks_consent=True, has_credit=True),
)


def with_conditions_and_credit(folder: Path) -> Path:
    """The vendor's site with the help desk's conditions, and its credit for technical problems."""
    site = folder / "site"
    site.mkdir()
    for part in PARTS:
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, site / part)
        elif (ROOT / part).exists():
            shutil.copy(ROOT / part, site / part)
    told = (HELPDESK / "policy" / "consent.yaml").read_text(encoding="utf-8")
    asked = re.sub(r"(?m)^(\s*-?\s*requests:) .*$", r"\1 [technical]", told)
    (site / "policy" / "consent.yaml").write_text(asked, encoding="utf-8")
    requests = site / "policy" / "requests.yaml"
    words = requests.read_text(encoding="utf-8")
    requests.write_text(words.replace("- id: technical\n", "- id: technical\n  credit: 60m\n"))
    return site


@pytest.fixture
def served(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Way, Running]]:
    """The site of a way; those that are as they are shipped serve other tests too."""
    way: Way = request.param
    shipped = {"vendor": "site", "help desk": "helpdesk"}
    if way.id in shipped:
        yield way, request.getfixturevalue(shipped[way.id])
        return
    var = tmp_path / "var"
    var.mkdir()
    with running(var, with_conditions_and_credit(tmp_path)) as other:
        yield way, other


@pytest.fixture
def visits(browser: Browser, served: tuple[Way, Running]) -> Iterator[Callable[[], Actor]]:
    """Somebody with a browser of their own."""
    opened = []

    def visit() -> Actor:
        context = browser.new_context()
        opened.append(context)
        return Actor(context.new_page(), served[1])

    yield visit
    for context in opened:
        context.close()


@pytest.mark.parametrize("served", WAYS, indirect=True, ids=lambda way: way.id)
def test_R64_R65_R71_from_the_question_to_the_delivered_quote(
    served: tuple[Way, Running], visits: Callable[[], Actor]
) -> None:
    way, _ = served
    customer, technician = visits().signs_in(way.who), visits().signs_in("agent")
    number = opens_a_case(customer, way)
    answers_the_customer(technician, number)
    works(technician.page, way)
    quotes(technician)
    customer.goes_to(f"/en/my/cases/{number}").sees("one year of warranty")
    customer.clicks("Accept the quote").sees("Quote accepted")
    technician.goes_to("/en/desk/quotes").sees("The door does not open")
    technician.clicks("Mark as delivered")
    customer.goes_to(f"/en/my/cases/{number}").sees("delivered")


def opens_a_case(customer: Actor, way: Way) -> str:
    customer.goes_to("/en/contact/")
    for answer in way.answers:
        customer.answers(answer)
    customer.clicks("Write to us")
    customer.writes("The problem in one sentence", "The door does not open")
    customer.writes("What happens", "Since this morning, after the restart.")
    page = customer.page
    expect(page.locator(BOX)).to_have_count(1 if way.asks_consent else 0)
    send = page.get_by_role("button", name="Open the case").last
    if way.asks_consent:
        send.click()
        customer.looks()
        expect(page.locator(".errors")).to_contain_text("without them no case can be opened")
        page.locator(BOX).check()
    send.click()
    if customer.comes_to("Before it is sent", "Case opened") == "Before it is sent":
        send.click()
        customer.looks()
    customer.sees("Case opened")
    return page.url.rstrip("/").rsplit("/", 1)[1]


def answers_the_customer(technician: Actor, number: str) -> None:
    technician.goes_to(f"/en/desk/cases/{number}")
    technician.page.locator("textarea[name=body]").fill("I look at it with you.")
    technician.clicks("Send and wait for the customer")


def works(desk: Page, way: Way) -> None:
    """The clock runs; what does not fit into the credit needs an extension with its reason."""
    desk.get_by_role("button", name="Start the clock").click()
    countdown = desk.locator("#countdown b")
    expect(countdown).to_have_count(1 if way.has_credit else 0)
    if not way.has_credit:
        return
    expect(countdown).to_have_text(re.compile(r"59:\d\d"))  # it ticks: an hour is left at first
    logs(desk, 61)
    expect(desk.locator(".panel .err")).to_contain_text("This is more than the credit has left")
    desk.wait_for_function("document.readyState === 'complete'")
    typed = desk.locator("form[action$='/time'] input[name=minutes]")
    expect(typed).to_have_value("61")  # the clock goes on, and what was typed stays
    desk.locator("form[action$='/extend'] input[name=more]").fill("15")
    desk.locator("form[action$='/extend'] input[name=why]").fill("Nearly there")
    desk.get_by_role("button", name="Extend", exact=True).click()
    logs(desk, 61)
    expect(desk.locator(".panel")).to_contain_text("14 min")
    expect(countdown).to_have_count(0)


def logs(desk: Page, minutes: int) -> None:
    form = desk.locator("form[action$='/time']")
    form.locator("input[name=minutes]").fill(str(minutes))
    form.locator("input[name=what]").fill("Looked together")
    form.get_by_role("button", name="Log", exact=True).click()


def quotes(technician: Actor) -> None:
    desk = technician.page
    desk.get_by_text("Hand to sales with a quote").click()
    desk.locator("textarea[name=lines]").fill("A new lock, delivered: 45\nInstallation: 20")
    desk.locator("input[name=currency]").fill("usd")
    desk.locator("textarea[name=terms]").fill("Three days, one year of warranty")
    technician.clicks("Send quote")
