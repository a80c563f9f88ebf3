"""R40 in a real browser, on both sites: the form, the chat, a lost connection, then by mail."""

import base64
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.actor import Actor
from tests.browser.server import ROOT, Running, running
from tests.png import png
from tests.sites import HELPDESK

pytestmark = pytest.mark.browser

PARTS = ("articles", "troubleshooter", "policy", "search", "static", "site.yaml", "demo.yaml")
QUESTION = "Good morning, quetzal"
ANSWER = "Look at the cable"
WITH_FILE = "This is the log of the disk"


@dataclass(frozen=True)
class Words:
    """A site, its customer, and what stands on its pages in that language."""

    site: Path
    who: str
    lang: str
    wish: str
    title: str
    text: str
    now: str
    next: str
    here: str
    writing: str
    lost: str
    mail: str


SITES = {
    "vendor": Words(
        ROOT,
        "premier",
        "en",
        "request=customer-service&topic=web-site",
        "subject",
        "question",
        "Chat now",
        "You are next",
        "is here",
        "is writing",
        "No connection just now",
        "The conversation goes on by e-mail",
    ),
    "helpdesk": Words(
        HELPDESK,
        "noe",
        "es",
        "request=help&topic=slow",
        "title",
        "description",
        "Chatear ahora",
        "Le toca a usted",
        "está aquí",
        "está escribiendo",
        "Ahora no hay conexión",
        "La conversación sigue por correo",
    ),
}


@pytest.fixture(params=list(SITES))
def words(request: pytest.FixtureRequest) -> Words:
    return SITES[request.param]


@pytest.fixture
def site(words: Words, tmp_path: Path) -> Iterator[Running]:
    """The site, but open at every hour, served by the real command."""
    copy = tmp_path / "site"
    copy.mkdir()
    for part in PARTS:
        if (words.site / part).is_dir():
            shutil.copytree(words.site / part, copy / part)
        elif (words.site / part).exists():
            shutil.copy(words.site / part, copy / part)
    calendars = copy / "policy" / "calendars.yaml"
    text = re.sub(
        r"  week:\n(    .*\n)+", "  week: {monday-sunday: 00:00-24:00}\n", calendars.read_text()
    )
    calendars.write_text(re.sub(r"  holidays:.*\n(    - .*\n)*", "", text))
    (tmp_path / "var").mkdir()
    with running(tmp_path / "var", copy) as served:
        yield served


@pytest.fixture
def visits(browser: Browser, site: Running) -> Iterator[Callable[[], Actor]]:
    """Somebody with a browser of their own."""
    opened = []

    def visit() -> Actor:
        opened.append(browser.new_context())
        return Actor(opened[-1].new_page(), site)

    yield visit
    for context in opened:
        context.close()


def asks_for_a_chat(customer: Actor, words: Words) -> None:
    """From the ways to reach us over the form, with its consents, to the chat."""
    customer.signs_in(words.who, words.lang)
    customer.goes_to(f"/{words.lang}/contact/options?{words.wish}").clicks(words.now)
    page = customer.page
    for box in page.locator("main input[type=checkbox]").all():  # consents, where there are any
        box.check()
    page.locator(f"[name={words.title}]").fill("xylophone ocelot")
    page.locator(f"[name={words.text}]").fill("Since yesterday.")
    page.get_by_role("button", name=words.now).last.click()
    customer.looks()
    if not page.url.endswith("/chat"):  # what may help comes first
        page.get_by_role("button", name=words.now).last.click()
        customer.looks()
    customer.sees(words.next)


def pastes_a_screenshot(page: Page) -> None:
    """Paste a picture of the screen, as the clipboard has it."""
    drawn = base64.b64encode(png(640, 360)).decode()
    page.evaluate(
        """data => {
          const bytes = Uint8Array.from(atob(data), (one) => one.charCodeAt(0));
          const bag = new DataTransfer();
          bag.items.add(new File([bytes], "image.png", { type: "image/png" }));
          document.dispatchEvent(new ClipboardEvent("paste", { clipboardData: bag }));
        }""",
        drawn,
    )


def remembers_who_wrote(page: Page) -> None:
    """Keep, on the root of the page, that the sign of writing was shown: it lasts a few seconds."""
    page.evaluate(
        """() => {
          const sign = document.getElementById("chat-typing");
          const keep = () => {
            if (!sign.hidden) document.documentElement.dataset.wrote = sign.textContent.trim();
          };
          new MutationObserver(keep).observe(sign, { attributes: true });
          keep();
        }"""
    )


def thread(page: Page) -> str:
    return page.locator("#chat-thread").inner_text()


def test_R40_a_customer_chats_and_the_case_goes_on_by_mail_when_the_agent_leaves(
    visits: Callable[[], Actor], site: Running, words: Words
) -> None:
    """R40: the same form, then “chat now”: live with an agent, handed over to mail."""
    agent, customer = visits(), visits()
    streams: list[int] = []
    for one in (agent, customer):
        one.page.on("response", lambda got: "/events" in got.url and streams.append(got.status))
    agent.signs_in("agent").goes_to("/en/desk/chats").clicks("Take chats")
    asks_for_a_chat(customer, words)
    agent.sees("xylophone ocelot").clicks("Take xylophone")  # the list has noticed by itself
    customer.sees(words.here)

    field = customer.page.locator("form.say textarea")
    agent.looks()
    for one in (customer, agent):
        remembers_who_wrote(one.page)
    field.press_sequentially("Good")
    wrote = re.compile(".")
    expect(agent.page.locator("html")).to_have_attribute("data-wrote", wrote)
    customer.page.context.set_offline(True)
    field.fill(QUESTION)
    field.press("Enter")
    expect(customer.page.locator("#chat-error")).to_contain_text(words.lost)
    expect(field).to_have_value(QUESTION)
    customer.page.context.set_offline(False)
    field.press("Enter")
    expect(agent.page.locator("#chat-thread")).to_contain_text(QUESTION)
    expect(field).to_have_value("")

    answer = agent.page.locator("form.say textarea")
    answer.press_sequentially("Look")
    wrote = re.compile(re.escape(words.writing))
    expect(customer.page.locator("html")).to_have_attribute("data-wrote", wrote)
    answer.fill(ANSWER)
    answer.press("Enter")
    expect(customer.page.locator("#chat-thread")).to_contain_text(ANSWER)
    pastes_a_screenshot(customer.page)
    expect(customer.page.locator("form.say .added")).to_contain_text("-1.png")
    field.press("Enter")  # without a word
    for page in (customer.page, agent.page):
        expect(page.locator("#chat-thread .file.pictured img")).to_be_visible()
    expect(customer.page.locator("form.say .added li")).to_have_count(0)
    program = {"name": "setup.exe", "mimeType": "text/plain", "buffer": b"MZ\x90\x00\x03\x00"}
    agent.page.locator("form.say input[type=file]").set_input_files(program)
    answer.fill(WITH_FILE)
    answer.press("Enter")
    expect(agent.page.locator("#chat-error")).to_contain_text("setup.exe")
    expect(answer).to_have_value(WITH_FILE)
    agent.page.locator("form.say .added button").click()
    log = {"name": "disk.log", "mimeType": "text/plain", "buffer": b"bad sector\n"}
    agent.page.locator("form.say input[type=file]").set_input_files(log)
    answer.press("Enter")
    expect(customer.page.locator("#chat-thread")).to_contain_text(WITH_FILE)
    with customer.page.expect_download() as saved:
        customer.page.locator("#chat-thread").get_by_role("link", name="disk.log").click()
    assert Path(saved.value.path()).read_bytes() == b"bad sector\n"

    customer.looks()
    agent.looks()
    assert [thread(one.page).count(QUESTION) for one in (customer, agent)] == [1, 1]

    assert set(streams) == {200}, "nobody had to poll"
    agent.clicks("Leave it to a colleague")
    expect(customer.page.locator("#chat-status")).to_contain_text(words.mail)
    customer.looks()
    mail = site.mail_to(f"{words.who}@example.com", ANSWER)
    assert QUESTION in mail
    customer.goes_to(customer.page.url.removeprefix(site.url).removesuffix("/chat"))
    customer.sees(QUESTION).sees(ANSWER)
