"""R40 on the pages of both sides: offered, waiting, live, handed over; with and without script."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from kb.store import outbox
from tests.conftest import NOW
from tests.pages.chat_people import (
    JSON,
    TRIAL,
    WISH,
    Side,
    case_form,
    opens_by_chat,
    takes_chats,
    the_agents,
)
from tests.visitor import Visitor

Another = Callable[[], Visitor]
OPTIONS = "/en/contact/options?" + WISH


@pytest.fixture
def agent(another: Another) -> Visitor:
    """An agent who takes chats."""
    found = another().as_agent()
    takes_chats(found)
    return found


@pytest.fixture
def customer(visitor: Visitor, agent: Visitor) -> Side:
    """A customer who waits for a chat."""
    return opens_by_chat(visitor.as_customer("premier"))


@pytest.fixture
def desk(agent: Visitor, customer: Side) -> Side:
    """The agent's side, in the chat."""
    made = the_agents(agent, customer)
    page = agent.get("/en/desk/chats")
    assert "The nightly backup stops" in page.text
    agent.post(f"{made.base}/take")
    return made


def mails(app: Flask, kind: str = "") -> list[outbox.Mail]:
    with app.extensions["waypost"].db.read() as conn:
        return [mail for mail in outbox.all_mail(conn) if kind in ("", mail.kind)]


def test_without_agents_the_form_is_offered_instead(visitor: Visitor) -> None:
    page = visitor.as_customer("premier").get(OPTIONS)
    assert "Nobody there now" in page.text
    assert "Write to us with the form instead" in page.text
    assert "Chat now" not in page.text


def test_who_has_a_case_already_is_not_sent_to_a_form(visitor: Visitor) -> None:
    """The form has been sent: what is written on the chat's page is in the case."""
    cases = visitor.as_customer("premier").get("/en/my/cases")
    case = visitor.get(cases.link("La copia del servidor SQL"))
    page = visitor.get(f"{case.url}/chat")
    assert "None of our agents is at the chat just now" in page.text
    assert "We have your case: what you write here joins it" in page.text
    assert "with the form instead" not in page.text


def test_with_an_agent_there_chat_now_is_offered_until_the_agent_is_gone(
    app: Flask, visitor: Visitor, agent: Visitor
) -> None:
    page = visitor.as_customer("premier").get(OPTIONS)
    assert "channel=chat" in page.link("Chat now")
    app.config["NOW"] = NOW + timedelta(minutes=6)  # no page of the desk was read since
    assert "Chat now" not in visitor.get(OPTIONS).text


def test_a_busy_agent_has_a_queue_with_honest_words(
    desk: Side, another: Another, agent: Visitor
) -> None:
    takes_chats(agent, most=1)
    page = another().as_customer("trial").get("/en/contact/options?" + TRIAL)
    assert "Wait for a chat" in page.text
    assert "Nobody waits before you. How long it takes we cannot say." in page.text


def test_what_may_help_before_a_chat_names_the_button_of_the_chat(
    visitor: Visitor, agent: Visitor
) -> None:
    customer = visitor.as_customer("premier")
    page = customer.get(customer.get(OPTIONS).link("Chat now"))
    typed = case_form(page, seen="", title="The backup stops: not enough space")
    shown = customer.client.post(page.url, data={"csrf_token": page.token(), **typed}).text
    assert "press “Chat now” again" in shown


def test_the_form_leads_to_the_chat_and_the_place_in_the_queue(customer: Side) -> None:
    page = customer.page()
    assert "You are next" in page.text
    assert "Every night it stops at 02:10." in page.text
    assert "Look for new messages" in page.text  # without script


def test_both_sides_read_each_other_without_script(customer: Side, desk: Side) -> None:
    page = customer.page()
    customer.visitor.post(
        customer.base, body="Good morning", submission_id=page.hidden("submission_id")
    )
    page = desk.page()
    assert "Good morning" in page.text
    desk.visitor.post(desk.base, body="I am Irene", submission_id=page.hidden("submission_id"))
    assert "I am Irene" in customer.page().text
    case = customer.visitor.get(customer.base.removesuffix("/chat"))
    assert "Good morning" in case.text
    assert "You are in the chat" in case.text


def test_what_is_new_is_said_once_and_again_if_asked_again(customer: Side, desk: Side) -> None:
    start = customer.news()["last"]
    told = desk.writes("First line <b>bold</b>")
    assert "&lt;b&gt;" in told["html"]
    news = customer.news(start)
    assert news["html"].count("First line") == 1
    assert customer.news(start)["html"] == news["html"]  # the answer was lost on its way
    assert customer.news(news["last"])["html"] == ""


def test_a_message_sent_again_is_stored_once(customer: Side, desk: Side) -> None:
    first = customer.writes("Only once", form="same-form")
    again = customer.writes("Only once", form="same-form")
    assert (first["again"], again["again"]) == (False, True)
    assert desk.news()["html"].count("Only once") == 1


def test_typing_and_presence_are_shown_to_the_other_side(
    app: Flask, customer: Side, desk: Side
) -> None:
    assert customer.types() == 204
    assert desk.news()["typing"]
    assert customer.types("no") == 204
    assert not desk.news()["typing"]
    assert desk.types() == 204
    news = customer.news()
    assert news["typing"]
    assert "is here" in news["status"]
    app.config["NOW"] = NOW + timedelta(seconds=9)
    assert not customer.news()["typing"]


def test_the_customer_leaves_and_the_agent_answers_by_mail(
    app: Flask, customer: Side, desk: Side
) -> None:
    customer.writes("I have to catch a train")
    page = customer.visitor.post(f"{customer.base}/leave", do="leave")
    assert "You left the chat. We answer by e-mail" in page.text
    assert desk.news()["over"]
    desk.writes("Found it: the disk was full")
    kinds = [mail.kind for mail in mails(app)]
    assert kinds[-2:] == ["chat-over", "case-reply"]
    case = customer.visitor.get(customer.base.removesuffix("/chat"))
    assert "The customer left the chat; the case goes on by e-mail" in case.text
    assert "Found it: the disk was full" in case.text


@pytest.mark.parametrize("does", ["end", "hand-on"])
def test_the_agent_leaves_and_the_customer_is_told(
    app: Flask, customer: Side, desk: Side, does: str
) -> None:
    desk.writes("One moment")
    desk.visitor.get(desk.base)
    page = desk.visitor.post(f"{desk.base}/leave", do=does)
    said = {"end": "Chat ended", "hand-on": "No colleague was there"}[does]
    assert said in page.text
    news = customer.news()
    assert news["over"]
    told = {"end": "The chat has ended", "hand-on": "goes on by e-mail"}[does]
    assert told in news["status"]
    assert len(mails(app, "chat-over")) == 1


def test_a_solved_chat_resolves_its_case(customer: Side, desk: Side) -> None:
    page = customer.visitor.post(f"{customer.base}/leave", do="solved")
    assert "Case resolved" in page.text
    assert "How did it go?" in page.text


def test_a_ready_answer_is_put_behind_what_was_typed(customer: Side, desk: Side) -> None:
    page = desk.page()
    choice = re.search(r'<option value="([a-z-]+)">', page.html)
    assert choice
    page = desk.visitor.post(f"{desk.base}/compose", body="Hello.", canned=choice[1], do="canned")
    typed = re.search(r"<textarea[^>]*>(.*?)</textarea>", page.html, re.S)
    assert typed
    assert typed[1].strip().startswith("Hello.")
    assert len(typed[1]) > 30


def test_several_chats_at_a_time_stand_beside_each_other(
    desk: Side, another: Another, agent: Visitor
) -> None:
    second = opens_by_chat(another().as_customer("trial"), TRIAL)
    beside = desk.page()
    assert len(re.findall(r'class="views"', beside.html)) == 1
    agent.post(f"{the_agents(agent, second).base}/take")
    page = agent.get("/en/desk/chats")
    assert page.html.count('<li><span class="sev') == 2
    assert "Nobody waits." in page.text


def test_what_was_typed_in_the_chat_goes_along_into_a_note(customer: Side, desk: Side) -> None:
    """The script sends the form there when the tab “Internal note” is chosen."""
    target = re.search(r'data-carry="([^"#]+)#compose"', desk.page().html)
    assert target
    note = desk.visitor.post(target[1], body="Half a thought", do="note")
    assert "for agents only" in note.text
    assert note.html.count("Half a thought") == 1
    assert "Half a thought" not in desk.page().text


def test_the_case_of_a_live_chat_says_so_on_the_desk(customer: Side, desk: Side) -> None:
    page = desk.visitor.get(desk.base.replace("/chats/", "/cases/"))
    assert "The customer is in the chat" in page.text


def test_too_long_a_message_stays_in_its_field(customer: Side) -> None:
    page = customer.page()
    long = "x" * 4001
    page = customer.visitor.post(
        customer.base, body=long, submission_id=page.hidden("submission_id")
    )
    assert "Write at most 4000 characters" in page.text
    assert long in page.html
    assert "Write at most" in customer.writes(long)["error"]


@pytest.mark.parametrize("path", ["", "/news", "/events", "/begin", "/leave", "/typing"])
def test_somebody_elses_chat_does_not_exist(customer: Side, another: Another, path: str) -> None:
    stranger = another().as_customer("standard")
    if path in {"", "/news", "/events"}:
        assert stranger.client.get(customer.base + path).status_code == 404
    if path not in {"/news", "/events"}:
        token = stranger.get("/en/feedback").token()
        fields = {"csrf_token": token, "body": "x", "submission_id": "f"}
        sent = stranger.client.post(customer.base + path, data=fields)
        assert sent.status_code == 404
    assert "x" not in [one.strip() for one in customer.news()["html"].split(">")]


def test_a_server_that_hands_nothing_over_lets_the_page_poll(customer: Side, desk: Side) -> None:
    for side, path in ((customer, customer.base), (desk, "/en/desk/chats")):
        answer = side.visitor.client.get(f"{path}/events", headers=JSON)
        assert answer.status_code == 503
        assert answer.headers["Retry-After"] == "60"


def test_a_case_without_chat_leads_to_its_own_page(visitor: Visitor, another: Another) -> None:
    visitor.as_customer("premier")
    page = visitor.get("/en/my/cases")
    url = page.link("arranque")
    assert visitor.client.get(f"{url}/chat").status_code == 200  # chat is granted to it
    agent = another().as_agent()
    number = url.rsplit("/", 1)[1]
    assert agent.client.get(f"/en/desk/chats/{number}").location.endswith(f"/desk/cases/{number}")
    assert agent.client.get("/en/desk/chats/1").status_code == 404


def test_a_chat_begins_later_in_a_case_opened_by_mail(visitor: Visitor, agent: Visitor) -> None:
    visitor.as_customer("premier")
    page = visitor.get("/en/my/cases")
    page = visitor.get(page.link("arranque"))
    assert "Chat in this case" in page.text
    page = visitor.post(f"{page.url}/chat/begin")
    assert "You are next" in page.text
