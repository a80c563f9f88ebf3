"""Both sample sites on the same code: the same walks over every page of each."""

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urldefrag

import pytest
from flask import Flask

from kb.settings import Settings
from tests.conftest import ROOT
from tests.pages.gates import AGENT as AGENTS
from tests.pages.gates import CUSTOMER as CUSTOMERS
from tests.pages.gates import PUBLIC, address, routes
from tests.sites import HELPDESK, compiled, with_own_database
from tests.visitor import Page, Visitor

SITES = {"vendor": ROOT, "helpdesk": HELPDESK}
REQUEST = {"vendor": "customer-service", "helpdesk": "help"}  # one that needs no product
CUSTOMER = {"vendor": "trial", "helpdesk": "noe"}
OTHERS = {"vendor": "home-10", "helpdesk": "henry"}
FOREIGN = {
    "helpdesk": re.compile(r"norvault|backup server|premier|licence key|clave de licencia", re.I),
    "vendor": re.compile(r"candelar|whatsapp|voluntari|volunteer", re.I),
}
NOT_FOLLOWED = re.compile(r"^(https?|mailto|tel):|^/(static|site|media|theme)|^#|.*\.(atom|zip)$")
STREAMS = {"chat.stream", "chat_desk.stream"}  # need the server that hands over: 503 here
MOST = 150  # pages of one walk: enough for every kind there is


@pytest.fixture(params=SITES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def settings(name: str, tmp_path: Path) -> Settings:
    """Each of the sites in turn."""
    return with_own_database(compiled(SITES[name]), tmp_path)


def walk(visitor: Visitor, start: str, seen: dict[str, Page]) -> None:
    """Follow every link within one language, breadth first; each page is checked on the way."""
    waiting = [start]
    while waiting and len(seen) < MOST:
        url = urldefrag(waiting.pop(0)).url
        if url in seen or NOT_FOLLOWED.match(url):
            continue
        seen[url] = visitor.get(url)
        assert visitor.page is not None, f"{url} is no page"
        found = [href for _, href in seen[url].links if href.startswith(f"{start[:4]}")]
        waiting += [href for href in found if urldefrag(href).url not in seen]


@pytest.mark.parametrize("lang", ["es", "en"])
def test_every_link_a_stranger_can_follow_leads_somewhere(
    visitor: Visitor, name: str, lang: str
) -> None:
    seen: dict[str, Page] = {}
    walk(visitor, f"/{lang}/", seen)
    assert len(seen) > 40
    told = {url: FOREIGN[name].findall(page.text) for url, page in seen.items()}
    assert not {url: words for url, words in told.items() if words}


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_account_pages_are_the_sites_own(visitor: Visitor, name: str, lang: str) -> None:
    visitor.as_customer(CUSTOMER[name])
    page = visitor.get(f"/{lang}/account/")
    for _, href in page.links:
        if href.startswith(f"/{lang}/") and "export" not in href:
            assert not FOREIGN[name].findall(visitor.get(href).text), href
    assert ("/my/products" in page.html) == (name == "vendor")


def opened(visitor: Visitor, name: str) -> int:
    """Open a case through the wizard, whatever this site's form asks for."""
    page = visitor.get(f"/en/contact/?request={REQUEST[name]}")
    topic = re.search(r'name="topic"[^>]*value="([^"]+)"', page.html)
    assert topic
    url = f"/en/contact/case?request={REQUEST[name]}&topic={topic[1]}&channel=email"
    page = visitor.get(url)
    sent = visitor.post(url, **typed(page), seen="yes")
    found = re.search(r"Case (\d+)", sent.text)
    assert found, sent.text[:800]
    return int(found[1])


def typed(page: Page) -> dict[str, str]:
    """Fill every required field of the form in sight with something that fits it."""
    fields = {str(one["name"]): one for one in page.forms[-1]["fields"] if one.get("name")}
    said = {name: str(one.get("value") or "") for name, one in fields.items()}
    for wanted in ("title", "subject", "description", "question"):
        if wanted in said:
            said[wanted] = "The door to the garden squeaks"
    kinds = {name: one.get("type") for name, one in fields.items()}
    left_out = {"attachments", "go", "severity", "reason", "country"}
    said = {name: text for name, text in said.items() if name not in left_out and text}
    options = dict.fromkeys(("severity", "reason"))
    for wanted in options:
        found = re.search(rf'name="{wanted}"[^>]*value="([^"]+)"', page.html) or re.search(
            rf'<select[^>]*name="{wanted}"[^>]*>.*?<option[^>]*value="([^"]+)"', page.html, re.S
        )
        if found:
            said[wanted] = found[1]
    assert kinds
    return {**said, "country": "ES", "first_name": "Ana", "last_name": "Prieto"}


def test_a_case_is_opened_answered_and_hidden_from_others(
    visitor: Visitor, another: Callable[[], Visitor], name: str
) -> None:
    customer = visitor.as_customer(CUSTOMER[name])
    number = opened(customer, name)
    agent = another().as_agent()
    page = agent.get(f"/en/desk/cases/{number}")
    agent.post(
        f"/en/desk/cases/{number}/reply",
        body="Oil the hinge.",
        submission_id=page.hidden("submission_id"),
    )
    assert "Oil the hinge." in customer.get(f"/en/my/cases/{number}").text
    another().as_customer(OTHERS[name]).get(f"/en/my/cases/{number}", expect=404)
    another().as_customer(OTHERS[name]).get(f"/en/desk/cases/{number}", expect=404)
    stranger = another().get(f"/en/my/cases/{number}")
    assert stranger.title.startswith("Sign in")


def test_pages_about_products_are_there_only_where_there_are_products(
    visitor: Visitor, app: Flask, name: str
) -> None:
    visitor.as_customer(CUSTOMER[name])
    for path in ("products/", "downloads", "my/products", "my/orders"):
        visitor.get(f"/en/{path}", expect=200 if name == "vendor" else 404)


def test_no_file_of_the_code_names_a_site() -> None:
    """What one site has and the other has not is in the sites' files, never in the code."""
    told = []
    for folder in ("kb", "templates"):
        for path in (ROOT / folder).rglob("*.*"):
            if path.suffix in {".py", ".html", ".txt", ".po"} and "dev" not in path.parts:
                text = path.read_text(encoding="utf-8")
                if re.search(r"candelar|norvault", text, re.IGNORECASE):
                    told.append(str(path.relative_to(ROOT)))
    assert told == []


OF_PRODUCTS = {"products", "assets", "orders", "claims"}


def test_every_page_is_for_those_it_is_for(
    app: Flask, another: Callable[[], Visitor], name: str
) -> None:
    """The gate of the vendor site, on each site: no page fails, whoever asks for it."""
    stranger, customer, agent = another(), another(), another()
    customer.as_customer(CUSTOMER[name])
    agent.as_agent()
    for rule in routes(app, PUBLIC | CUSTOMERS | AGENTS):
        if "GET" not in (rule.methods or set()):
            continue
        url = address(rule)
        gone = name == "helpdesk" and rule.endpoint.split(".")[0] in OF_PRODUCTS
        for who in (stranger, customer, agent):
            status = who.client.get(url).status_code
            assert status < 500 or rule.endpoint in STREAMS, rule
        if rule.endpoint in AGENTS:
            assert customer.client.get(url).status_code == 404, rule
        if rule.endpoint in AGENTS | CUSTOMERS:
            assert stranger.client.get(url).status_code == (404 if gone else 302), rule
