"""The help desk in a real browser, in both languages: conditions, case, a technician's answer."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.actor import Actor
from tests.browser.server import Running

pytestmark = pytest.mark.browser

WORDS = {
    "en": {
        "ask": "Ask for help now",
        "need": "I need help with a problem",
        "topic": "I have no internet",
        "write": "Write to us",
        "conditions": "Before a technician helps you",
        "title": "The problem in one sentence",
        "happens": "What happens",
        "send": "Open the case",
        "refused": "Accept the conditions; without them no case can be opened",
        "box": "I have read the conditions, I meet them and I accept them",
        "before": "Before it is sent",
        "sent": "Case opened",
        "accepted": "Accepted on",
        "fallback": "Write by WhatsApp",
        "no": "I do not accept them",
        "without": "Without your consent we cannot open a case",
        "waits": "waits for your answer",
        "light": "Every device at home",
        "solved": "Call your provider",
        "yes": "Yes",
    },
    "es": {
        "ask": "Pedir ayuda ahora",
        "need": "Necesito ayuda con un problema",
        "topic": "No tengo internet",
        "write": "Escribir",
        "conditions": "Antes de que un técnico le ayude",
        "title": "El problema en una frase",
        "happens": "Qué ocurre",
        "send": "Abrir el caso",
        "refused": "Acepte las condiciones; sin ellas no se puede abrir un caso",
        "box": "He leído las condiciones, las cumplo y las acepto",
        "before": "Antes de enviarlo",
        "sent": "Caso abierto",
        "accepted": "Aceptadas",
        "fallback": "Escribir por WhatsApp",
        "no": "No las acepto",
        "without": "Sin su consentimiento no podemos abrir un caso",
        "waits": "espera su respuesta",
        "light": "A todos los aparatos de la casa",
        "solved": "Llame a su proveedor",
        "yes": "Sí",
    },
}
TITLE = {
    "en": "The tablet of my daughter says quetzal",
    "es": "La tableta de mi hija dice quetzal",
}
ANSWER = "Forget the network on the tablet, then join it again."
Visits = Callable[..., Actor]


@pytest.fixture(scope="module")
def site(helpdesk: Running) -> Running:
    """The help desk in the place of the vendor's site."""
    return helpdesk


@pytest.fixture
def visits(browser: Browser, site: Running) -> Iterator[Visits]:
    """Somebody with a browser of their own."""
    opened = []

    def visit(**options: object) -> Actor:
        context = browser.new_context(**options)  # type: ignore[arg-type]
        opened.append(context)
        return Actor(context.new_page(), site)

    yield visit
    for context in opened:
        context.close()


def to_the_form(actor: Actor, lang: str) -> dict[str, str]:
    """From the home page to the form, as somebody without internet on the tablet."""
    words = WORDS[lang]
    actor.goes_to(f"/{lang}/").clicks(words["ask"])
    actor.answers(words["need"]).answers(words["topic"]).clicks(words["write"])
    actor.sees(words["conditions"])
    return words


def fills(actor: Actor, words: dict[str, str], lang: str) -> None:
    actor.writes(words["title"], TITLE[lang])
    actor.writes(words["happens"], "Since yesterday the password is wrong.")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
@pytest.mark.parametrize("lang", ["en", "es"])
def test_R64_a_customer_agrees_opens_a_case_and_a_technician_answers(
    visits: Visits, lang: str, script: bool
) -> None:
    customer = visits(java_script_enabled=script) if not script else visits()
    if not script:  # axe is a script itself
        customer.looks = lambda: customer  # type: ignore[method-assign]
    customer.signs_in("noe", lang)
    words = to_the_form(customer, lang)
    fills(customer, words, lang)
    customer.page.get_by_role("button", name=words["send"]).last.click()
    customer.looks().sees(words["refused"])
    expect(customer.page.get_by_label(words["title"])).to_have_value(TITLE[lang])
    customer.page.get_by_label(words["box"]).check()
    customer.page.get_by_role("button", name=words["send"]).last.click()
    if customer.comes_to(words["before"], words["sent"]) == words["before"]:  # what may help first
        expect(customer.page.get_by_label(words["box"])).to_be_checked()
        customer.page.get_by_role("button", name=words["send"]).last.click()
        customer.looks()
    customer.sees(words["sent"]).sees(TITLE[lang])
    expect(customer.page.get_by_text(words["accepted"])).to_have_count(1)
    customer.sees(words["fallback"])
    number = customer.page.url.rstrip("/").rsplit("/", 1)[1]
    answers(visits(), number, words)
    customer.goes_to(f"/{lang}/my/cases/{number}").sees(ANSWER).sees(words["waits"])


def answers(technician: Actor, number: str, words: dict[str, str]) -> None:
    """The technician sees what was agreed to, and writes."""
    technician.signs_in("agent").goes_to(f"/en/desk/cases/{number}")
    expect(technician.page.get_by_text("Accepted on")).to_have_count(1)
    technician.page.locator("textarea[name=body]").fill(ANSWER)
    technician.clicks("Send and wait for the customer")


QUOTED = {
    "en": {
        "who": "henry",
        "case": "The printer is offline",
        "left": "left for this case",
        "accept": "Accept the quote",
        "accepted": "Quote accepted",
    },
    "es": {
        "who": "rosa",
        "case": "La tableta de mi hija",
        "left": "para este caso",
        "accept": "Aceptar el presupuesto",
        "accepted": "Presupuesto aceptado",
    },
}


@pytest.mark.parametrize("lang", ["en", "es"])
def test_R65_R71_an_hour_of_a_technician_then_a_quote_is_accepted(
    visits: Visits, lang: str
) -> None:
    customer, technician, words = visits(), visits(), QUOTED[lang]
    customer.signs_in(words["who"], lang).goes_to(f"/{lang}/my/cases").clicks(words["case"])
    number = customer.page.url.rstrip("/").rsplit("/", 1)[1]
    technician.signs_in("agent").goes_to(f"/en/desk/cases/{number}")
    desk = technician.page
    desk.locator("textarea[name=body]").fill("I look at it with you.")
    technician.clicks("Send and wait for the customer")
    desk.get_by_text("Log time").click()
    desk.locator("form[action$='/time'] input[name=minutes]").fill("60")
    desk.locator("form[action$='/time'] input[name=what]").fill("Looked together")
    desk.get_by_role("button", name="Log", exact=True).click()
    technician.looks()
    desk.get_by_text("Hand to sales with a quote").click()
    desk.locator("textarea[name=lines]").fill("A new router, delivered: 45\nInstallation: 20")
    desk.locator("input[name=currency]").fill("usd")
    desk.locator("textarea[name=terms]").fill("Three days, one year of warranty")
    technician.clicks("Send quote")
    customer.goes_to(f"/{lang}/my/cases/{number}").sees(words["left"])
    customer.sees("one year of warranty").clicks(words["accept"]).sees(words["accepted"])


@pytest.mark.parametrize("lang", ["en", "es"])
def test_R64_who_does_not_agree_is_shown_what_is_left(visits: Visits, lang: str) -> None:
    customer = visits(viewport={"width": 360, "height": 740}, color_scheme="dark")
    customer.signs_in("noe", lang)
    words = to_the_form(customer, lang)
    customer.clicks(words["no"]).sees(words["without"])
    assert customer.page.locator("main ul.rows a").count() >= 3


@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_home_page_leads_through_a_tree_to_an_end(visits: Visits, lang: str) -> None:
    visitor = visits(viewport={"width": 360, "height": 740})
    words = WORDS[lang]
    visitor.goes_to(f"/{lang}/").clicks(words["topic"])
    visitor.answers(words["light"]).answers(words["yes"]).sees(words["solved"])
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= 360


def test_the_second_site_does_not_look_like_the_first(visits: Visits) -> None:
    page = visits().goes_to("/en/").page
    drawn = page.evaluate("""() => ({
        hero: getComputedStyle(document.querySelector(".welcome")).backgroundColor,
        heading: getComputedStyle(document.querySelector("h1")).fontFamily,
        logo: document.querySelector("header img").getAttribute("src"),
        links: [...document.querySelectorAll("header nav a")].map(one => one.textContent)})""")
    assert drawn["hero"] == "rgb(107, 44, 134)"
    assert drawn["heading"].startswith("Georgia")
    assert drawn["logo"] == "/site/candelar.svg"
    assert drawn["links"] == ["Step by step", "Articles", "Ask for help"]
