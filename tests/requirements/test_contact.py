"""R24–R43 as customers meet them on the shipped site: each test reads like its row."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO

import pytest
from flask import Flask

from kb.rules.policy import Channel, OfferKind
from kb.store import outbox
from tests.pages.chat_people import opens_by_chat, takes_chats
from tests.pages.test_contact import filled, options, send, wish
from tests.requirements.vendor import vendor
from tests.visitor import Page, Visitor

NUMBER = "+1 555 0100"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360"
    "606060000000050001a5f645400000000049454e44ae426082"
)
TECHNICAL = {"request": "technical", "edition": "full"}


def labels(page: Page) -> list[str]:
    return re.findall(r"<(?:label for|legend)[^>]*>([^<]+)", page.html)


@pytest.mark.parametrize("lang", ["es", "en"])
@pytest.mark.parametrize(
    "topic", [one.id for one in vendor().requests["technical"].topics if not one.in_scope]
)
def test_R24_out_of_scope_is_answered_honestly_before_any_form(
    topic: str, lang: str, visitor: Visitor
) -> None:
    query = {**wish(visitor.as_customer("premier")), "topic": topic}
    page = visitor.get(f"/{lang}/contact/options", **query)
    known = vendor().requests["technical"].topic(topic)
    assert known is not None
    assert known.answer.in_(lang) in page.text
    assert NUMBER not in page.html
    assert not [href for _, href in page.links if "/contact/case" in href]
    form = visitor.get(f"/{lang}/contact/case", **query, channel="email")
    assert form.response.request.path == f"/{lang}/contact/options"


def test_R29_buying_an_incident_goes_by_the_request_then_the_product(visitor: Visitor) -> None:
    """R29: request type → registered product → buy, and what is bought is for that product."""
    query = wish(visitor.as_customer("lapsed"))  # the product, from the step after the request
    page = visitor.get("/en/contact/options", **query)
    page = visitor.get(page.link("Pay per incident"))
    assert f"/my/products/{query['asset']}/buy/pay-per-incident" in page.url
    assert "US$20.00" in page.text


def test_R30_an_incident_is_one_technical_problem(visitor: Visitor) -> None:
    """R30: what one paid incident covers is said where it is sold."""
    offer = next(one for one in vendor().offers.values() if one.kind is OfferKind.INCIDENT)
    assert "one technical problem" in offer.pitch.in_("en")
    assert "un problema técnico" in offer.pitch.in_("es")
    query = wish(visitor.as_customer("incident"))
    page = options(visitor)
    assert "Uses your paid incident, which is valid for one case" in page.text
    form = visitor.get("/en/contact/case", **query, channel="email")
    assert "One case is one problem on one machine" in form.text
    send(visitor, form, query)
    again = options(visitor)
    assert "Uses your paid incident" not in again.text, "it is used up by its case"
    assert "Pay per incident" in again.text


def test_R32_outside_office_hours_only_english_is_spoken(app: Flask, visitor: Visitor) -> None:
    visitor.as_customer("premier")
    query = wish(visitor)
    for at, told in (("2026-11-27T17:00", False), ("2026-11-28T17:00", True)):
        app.config["NOW"] = datetime.fromisoformat(at).replace(tzinfo=UTC)
        page = visitor.get("/es/contact/options", **query)
        assert ("solo en inglés" in page.text) is told


@pytest.mark.parametrize(
    ("topic", "name"),
    [
        pytest.param("backup", "We cannot work", id="R33"),
        pytest.param("connection", "It is serious and urgent, but we can work", id="R34"),
        pytest.param("slow", "It is a nuisance, but we carry on", id="R35"),
        pytest.param("how-to", "It is a question or a suggestion", id="R36"),
    ],
)
def test_R33_R34_R35_R36_the_severity_is_proposed_in_plain_words_with_its_meaning(
    topic: str, name: str, visitor: Visitor
) -> None:
    visitor.as_customer("premier")
    page = options(visitor, topic)
    info = next(one for one in vendor().severities.values() if one.name.in_("en") == name)
    assert name in page.text
    assert info.meaning.in_("en") in page.text
    form = visitor.get("/en/contact/case", **wish(visitor, topic), channel="email")
    checked = re.search(r'<input[^>]*name="severity"[^>]*checked[^>]*>', form.html)
    assert checked
    assert f'value="{info.severity}"' in checked[0]
    for one in vendor().severities.values():
        assert one.meaning.in_("en") in form.text


def test_R37_type_then_version_then_product_then_the_ways_with_hours_and_answer(
    visitor: Visitor,
) -> None:
    visitor.as_customer("standard")
    asked = [
        visitor.get("/en/contact/"),
        visitor.get("/en/contact/", request="technical"),
        visitor.get("/en/contact/", **TECHNICAL),
    ]
    heads = [re.findall(r"<h1[^>]*>([^<]+)", page.html)[0] for page in asked]
    assert heads == ["What do you need?", "Which version do you use?", "Which product is it?"]
    page = options(visitor)
    for words in (
        "Monday to Friday, 8:00–20:00 (New York time)",
        "First response within one business day",
        "Included in your support: Standard plan",
        NUMBER,
    ):
        assert words in page.text
    shown = re.findall(r'<section class="channel[^"]*".*?<h2>([^<]+)', page.html, re.S)
    assert len(shown) == len(vendor().channels), "every channel of the site, allowed or not"


def test_R37_my_own_products_come_first_with_their_state(visitor: Visitor) -> None:
    visitor.as_customer("lapsed")
    page = visitor.get("/en/contact/", **TECHNICAL)
    mine = page.text.index("Norvault Backup Server 11.5")
    assert mine < page.text.index("Another product, not registered here")
    assert "Support ended on 19 October 2026" in page.text


def test_R38_R39_a_trial_has_no_phone_and_is_told_what_would_open_it(visitor: Visitor) -> None:
    visitor.as_customer("trial")
    query = {"request": "technical", "edition": "trial", "product": "home", "topic": "backup"}
    page = visitor.get("/en/contact/options", **query)
    assert NUMBER not in page.html
    phone = re.findall(r'<section class="channel no".*?</section>', page.html, re.S)
    assert len(phone) == 1
    assert vendor().channels[Channel.PHONE].otherwise.in_("en") in page.text


@pytest.mark.parametrize(
    ("name", "shown"),
    [("premier", True), ("standard", True), ("incident", True)]
    + [(name, False) for name in ("lapsed", "home-10", "home-40", "oem", "trial")],
)
def test_R39_the_number_is_for_those_with_a_subscription_or_a_paid_incident(
    name: str, shown: bool, visitor: Visitor
) -> None:
    visitor.as_customer(name)
    if name == "trial":
        page = visitor.get("/en/contact/options", **TECHNICAL, product="home", topic="backup")
    else:
        page = options(visitor)
    assert (NUMBER in page.text) is shown


def test_R39_the_number_stands_at_the_end_of_the_wizard_and_nowhere_else(
    app: Flask, visitor: Visitor
) -> None:
    """R39: not even for whom it is, on any page that leads there or comes after."""
    query = wish(visitor.as_customer("premier"))
    form = visitor.get("/en/contact/case", **query, channel="email")
    case = send(visitor, form, query).response.request.path
    steps = [{}, {"request": "technical"}, TECHNICAL, {**TECHNICAL, "asset": query["asset"]}]
    pages = [visitor.get("/en/contact/", **step) for step in steps]
    pages += [form, visitor.get("/en/contact/severity", **query)]
    places = ("/en/", "/en/kb/", "/en/products/", "/en/downloads", "/en/feedback", "/en/my/cases")
    mine = ("/en/my/products", f"/en/my/products/{query['asset']}", "/en/account/", case)
    pages += [visitor.get(url) for url in (*places, *mine)]
    pages.append(visitor.get("/en/search", q="phone number of support"))
    for page in pages:
        assert NUMBER[3:] not in page.html, page.url
    live = app.extensions["waypost"].live_site.current().site
    for lang in live.site.languages:
        assert not [id_ for id_ in live.articles[lang] if NUMBER[3:] in live.text(lang, id_)]
    with app.extensions["waypost"].db.read() as conn:
        assert not [mail.kind for mail in outbox.all_mail(conn) if NUMBER[3:] in mail.text]
    assert NUMBER in options(visitor).text


def test_R40_chat_has_the_same_form_then_chat_now(
    visitor: Visitor, another: Callable[[], Visitor]
) -> None:
    """R40: the form of the chat asks what the form of the e-mail asks; then “chat now”."""
    takes_chats(another().as_agent())
    query = wish(visitor.as_customer("premier"))
    by_mail = visitor.get("/en/contact/case", **query, channel="email")
    by_chat = visitor.get("/en/contact/case", **query, channel="chat")
    assert labels(by_chat) == labels(by_mail)
    assert len(labels(by_chat)) > 10
    assert "Chat now" in by_chat.html
    assert "Chat now" not in by_mail.html
    assert "channel=chat" in options(visitor).link("Chat now")
    chat = opens_by_chat(visitor)
    assert "You are next" in chat.page().text


def test_R40_chat_is_for_the_trial_too_and_opens_with_its_hours(
    app: Flask, visitor: Visitor, another: Callable[[], Visitor]
) -> None:
    """R40: the trial chats too, within the hours and while somebody takes chats."""
    query = {"request": "technical", "edition": "trial", "product": "home", "topic": "backup"}
    visitor.as_customer("trial")
    agent = another().as_agent()
    for at, is_open in (("2026-11-23T13:00", True), ("2026-11-23T12:59", False)):
        app.config["NOW"] = datetime.fromisoformat(at).replace(tzinfo=UTC)
        takes_chats(agent)
        page = visitor.get("/en/contact/options", **query)
        assert ("Chat now" in page.text) is is_open
        assert ("Opens today at 08:00" in page.text) is not is_open


def test_R41_the_expiry_is_checked_first_and_the_rest_is_free(visitor: Visitor) -> None:
    """R41: the expiry is told with the product, before the problem is asked about, and decides;
    what is free needs no plan."""
    visitor.as_customer("lapsed")
    products = visitor.get("/en/contact/", **TECHNICAL)
    assert "Which product is it?" in products.text
    assert "Support ended on 19 October 2026" in products.text
    assert "Your support plan has ended" in options(visitor).text
    for query in (
        {"request": "customer-service", "topic": "downloads"},
        {"request": "pre-sales", "topic": "price"},
        {"request": "technical", "edition": "trial", "product": "home", "topic": "backup"},
    ):
        page = visitor.get("/en/contact/options", **query)
        assert "Write to us" in page.text
        assert "Cost Free" in page.text


@pytest.mark.parametrize("request_", list(vendor().requests))
def test_R42_every_request_has_the_form_its_policy_names_with_what_is_required_marked(
    request_: str, visitor: Visitor
) -> None:
    query = wish(visitor.as_customer("premier"))
    topic = vendor().requests[request_].topics[0].id
    page = visitor.get(
        "/en/contact/case", **{**query, "request": request_, "topic": topic}, channel="email"
    )
    for field in vendor().requests[request_].fields:
        label = field.label.in_("en")
        assert label in page.text, label
        if field.required:
            assert re.search(rf"{re.escape(label)}\s*<(span|abbr|b)[^>]*>\*", page.html), label
    sent = visitor.post(page.response.request.full_path, csrf_token=page.token(), title="")
    assert sent.title.startswith("Error:")


def test_R43_environment_error_steps_and_a_screenshot_go_with_the_case(
    visitor: Visitor, another: Callable[[], Visitor]
) -> None:
    query = wish(visitor.as_customer("premier"))
    page = visitor.get("/en/contact/case", **query, channel="email")
    for field in ("environment", "error_message", "steps", "attachments"):
        hint = next(f for f in vendor().requests["technical"].fields if f.id == field).hint
        assert hint.in_("en").split(".")[0] in page.text, "guidance stands beside the field"
    told = {
        "environment": "Two servers with Windows, the agent and the console",
        "error_message": "E000101F4: not enough space",
        "steps": "I opened the plan and pressed Start",
    }
    shot = (BytesIO(PNG), "error.png")
    sent = {**filled(page), **told, "attachments": shot}
    case = visitor.post(page.response.request.full_path, **sent)
    number = case.response.request.path.rsplit("/", 1)[1]
    seen = another().as_agent().get(f"/en/desk/cases/{number}").text
    assert all(words in seen for words in (*told.values(), "error.png"))
