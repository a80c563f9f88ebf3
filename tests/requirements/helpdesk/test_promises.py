"""R64–R71 on the free help desk, `examples/helpdesk`, as visitors live them.

How credit, session and quote behave in every detail is in `test_desk.py`; here is what the site
promises of them, and that its customers get it."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from kb.rules.policy import Channel
from kb.store import outbox
from tests.conftest import NOW
from tests.requirements.helpdesk.steps import number_of, opens
from tests.visitor import Visitor

Another = Callable[[], Visitor]

GRANTED = {"internet": True, "will-not-start": True, "suspicious": True, "slow": False}


def says(agent: Visitor, number: int, body: str) -> None:
    page = agent.get(f"/en/desk/cases/{number}")
    agent.post(
        f"/en/desk/cases/{number}/reply", body=body, submission_id=page.hidden("submission_id")
    )


@pytest.mark.parametrize(
    ("lang", "said"),
    [("en", ("60 minutes", "first contact")), ("es", ("60 minutos", "primer contacto"))],
)
def test_R65_sixty_minutes_for_each_case_counted_from_the_first_contact(
    visitor: Visitor, lang: str, said: tuple[str, ...]
) -> None:
    page = visitor.get(f"/{lang}/kb/202-free-and-covered")
    assert all(one in page.text for one in said)
    assert said[0] in visitor.get(f"/{lang}/").text


def test_R65_R71_past_the_hour_a_quote_that_the_customer_accepts(
    noe: Visitor, technician: Visitor
) -> None:
    number = opens(noe)
    desk, mine = f"/en/desk/cases/{number}", f"/en/my/cases/{number}"
    says(technician, number, "I look at it with you.")
    assert "Technician's time left for this case: 1 h" in noe.get(mine).text
    page = technician.get(desk)
    worked = {"what": "Looked together", "submission_id": page.value_of("id-time")}
    page = technician.post(f"{desk}/time", minutes="60", **worked)
    worked["submission_id"] = page.value_of("id-time")
    page = technician.post(f"{desk}/time", minutes="1", **worked)
    assert "This is more than the credit has left" in page.text
    quote = {
        "lines": "A new router, delivered: 45\nInstallation: 20",
        "currency": "usd",
        "terms": "Three days, installed remotely, one year of warranty",
        "days": "15",
    }
    technician.post(f"{desk}/quote", submission_id=page.value_of("id-quote"), **quote)
    page = noe.get(mine)
    for said in ("$65.00", "A new router", "one year of warranty"):
        assert said in page.text
    assert "A quote of US$65.00 waits for your answer" in page.text
    assert "They write to you with alternatives" not in page.text, "they have written"
    assert "Waiting for you" in noe.get("/en/my/cases").text
    answer = re.search(rf"{mine}/quote/\d+", noe.get(mine).html)
    assert answer
    page = noe.post(answer[0], answer="accept")
    assert "Quote accepted" in page.text
    assert "Our sales team writes to you about delivery and payment" in page.text


def test_R68_the_customer_gives_tool_number_and_key_in_the_case_and_no_mail_has_them(
    noe: Visitor, technician: Visitor, app: Flask
) -> None:
    number = opens(noe)
    mine = f"/en/my/cases/{number}"
    noe.get(mine)
    noe.post(f"{mine}/remote", tool="Screenbridge", session="912 333", password="x9-77")
    desk = technician.get(f"/en/desk/cases/{number}").text
    assert "912 333" in desk
    assert "x9-77" in desk
    with app.extensions["waypost"].db.read() as conn:
        assert not [one for one in outbox.all_mail(conn) if "x9-77" in one.text]


def test_R66_what_is_free_and_what_is_not_covered_is_told_before_anybody_asks(noe: Visitor) -> None:
    """R66: hardware, licences, software, visits, insurance, a longer warranty are not covered."""
    page = noe.get("/en/kb/202-free-and-covered")
    assert "30 days" in page.text
    _, _, apart = page.text.partition("What is not covered?")
    for word in ("parts", "Licences and programs", "Visits", "Insurance", "longer warranty"):
        assert word in apart, word


def test_R66_help_is_free(noe: Visitor) -> None:
    page = noe.get("/en/contact/options?request=help&topic=slow")
    assert "Cost Free" in page.text
    assert "paid" not in page.text.lower()


@pytest.mark.parametrize("topic", ["repair", "licence", "visit", "insurance"])
def test_R66_R71_what_is_not_covered_leads_to_a_quote(noe: Visitor, topic: str) -> None:
    page = noe.get(f"/en/contact/options?request=help&topic={topic}")
    assert "Not included" in page.text
    quote = noe.get(page.link("I want a quote"))
    assert "Write to us" in quote.text
    assert page.text.count("Remote help is free") == 1  # one reason, however many topics it has


def test_R66_the_same_problem_within_thirty_days_opens_the_case_again(
    noe: Visitor, technician: Visitor, app: Flask
) -> None:
    number = opens(noe)
    technician.get(f"/en/desk/cases/{number}")
    technician.post(f"/en/desk/cases/{number}/state", to="resolved")
    here = f"/en/my/cases/{number}"
    app.config["NOW"] = NOW + timedelta(days=31)
    assert "Send answer" not in noe.as_customer("noe").get(here).text
    app.config["NOW"] = NOW + timedelta(days=30)
    page = noe.as_customer("noe").get(here)
    said = {"body": "It is back.", "submission_id": page.hidden("submission_id")}
    assert "With us" in noe.post(here, **said).text


def test_R67_the_usual_answer_is_told_and_is_no_promise(noe: Visitor) -> None:
    page = noe.get("/en/contact/options?request=help&topic=slow")
    assert "Usually 2 to 4 hours, depending on how many cases there are" in page.text
    assert "No time is promised" in page.text


def test_R67_what_is_usual_is_told_again_when_the_case_is_open(
    app: Flask, noe: Visitor, technician: Visitor
) -> None:
    """On the case until somebody has answered, and in the mail with its number."""
    number = opens(noe)
    mine, usual = f"/en/my/cases/{number}", "Usually 2 to 4 hours, depending on how many cases"
    assert usual in noe.get(mine).text
    with app.extensions["waypost"].db.read() as conn:
        (mail,) = [m for m in outbox.all_mail(conn) if f"Its number is {number}" in m.text]
    assert usual in mail.text
    assert "no time is promised" in mail.text
    says(technician, number, "I look at it with you.")
    assert usual not in noe.get(mine).text


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", ("number", "key", "sees your screen", "Mbit/s")),
        ("es", ("número", "clave", "ve su pantalla", "Mbit/s")),
    ],
)
def test_R68_the_remote_session_is_explained(
    visitor: Visitor, lang: str, said: tuple[str, ...]
) -> None:
    page = visitor.get(f"/{lang}/kb/203-remote-session")
    assert all(one in page.text for one in said)


@pytest.mark.parametrize(("topic", "granted"), GRANTED.items())
def test_R69_messages_and_phone_only_where_the_decision_grants_them(
    noe: Visitor, topic: str, granted: bool
) -> None:
    page = noe.get(f"/en/contact/options?request=help&topic={topic}")
    assert ("https://wa.me/12025550142" in page.html) == granted
    assert ("tel:+12025550142" in page.html) == granted
    assert "Chat" in page.text
    assert "Form and e-mail" in page.text
    case = noe.get(f"/en/my/cases/{opens(noe, topic)}")
    assert ("https://wa.me/12025550142" in case.html) == granted


def test_R69_the_number_stands_nowhere_else(visitor: Visitor, another: Another) -> None:
    number = opens(another().as_customer("noe"))
    stranger = visitor
    for url in ("/en/", "/en/contact/", "/en/kb/", "/en/kb/204-other-ways", "/en/feedback"):
        page = stranger.get(url)
        assert "555" not in page.text
        assert "wa.me" not in page.html
    stranger.as_customer("henry").get(f"/en/my/cases/{number}", expect=404)


def test_R69_a_finished_case_shows_no_fallback(noe: Visitor, technician: Visitor) -> None:
    number = opens(noe)
    technician.get(f"/en/desk/cases/{number}")
    technician.post(f"/en/desk/cases/{number}/state", to="resolved")
    assert "wa.me" not in noe.get(f"/en/my/cases/{number}").html


@pytest.mark.parametrize("channel", [Channel.PHONE, Channel.MESSAGING])
def test_R69_there_is_no_form_for_a_conversation_elsewhere(noe: Visitor, channel: str) -> None:
    page = noe.get(f"/en/contact/case?request=help&topic=internet&channel={channel}")
    assert page.title.startswith("How you can reach us")


def test_R70_a_complaint_goes_to_the_mailbox_of_the_executives_with_the_case_number(
    noe: Visitor, app: Flask
) -> None:
    number = opens(noe)
    noe.get(f"/en/my/cases/{number}")
    page = noe.follow("Complain about this case")
    said = {"text": "Nobody came back to me.", "submission_id": page.hidden("submission_id")}
    assert str(number) in noe.post(page.url, **said).text
    with app.extensions["waypost"].db.read() as conn:
        (mail,) = [one for one in outbox.all_mail(conn) if "direccion@" in one.recipient]
    assert mail.recipient == "direccion@candelar.example"
    assert str(number) in mail.subject
    assert "direccion@candelar.example" in noe.get("/en/kb/205-complaints").text


def test_R71_a_quote_is_asked_for_with_what_is_needed(noe: Visitor, technician: Visitor) -> None:
    url = "/en/contact/case?request=quote&channel=email"
    page = noe.get(url)
    sent = noe.post(
        url,
        submission=page.hidden("submission"),
        seen="yes",
        question_title="A new disk for the laptop",
        needs="One disk, fitted at our place in Cali.",
        first_name="Noé",
        last_name="Arias",
        email="noe@example.com",
        country="CO",
    )
    number = number_of(sent)
    assert "I want a quote" in technician.get(f"/en/desk/cases/{number}").text
    for word in ("delivery", "installation", "warranty"):
        assert word in noe.get("/en/kb/206-quotes").text


def test_R50_a_technician_answers_in_the_case(noe: Visitor, technician: Visitor) -> None:
    for url in ("/en/", "/en/account/"):
        assert noe.get(url).link("Ask for help") == "/en/contact/"
    number = opens(noe)
    says(technician, number, "Forget the network on the tablet and join it again.")
    page = noe.get(f"/en/my/cases/{number}")
    assert "Forget the network on the tablet" in page.text
    assert "Teresa" in page.text


def test_an_example_of_an_article_is_one_of_this_site(visitor: Visitor) -> None:
    cases = visitor.as_customer("rosa").get("/en/my/cases")
    page = visitor.get(cases.link("El portátil tarda"))
    number = re.search(r"Only if an article solved it, for example (\d+)", page.text)
    assert number
    assert visitor.get(f"/en/kb/{number[1]}").title
