"""My cases: how each stands, the conversation, the answer; nobody else's (R44–R50, R66)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from kb.rules.cases import GUARANTEE
from tests.conftest import NOW
from tests.visitor import Page, Visitor

CASES = "/en/my/cases"


def open_case(visitor: Visitor, name: str, title: str) -> Page:
    """Sign in and open one of the demo cases."""
    visitor.as_customer(name).get(CASES)
    return visitor.follow(title)


def answer(visitor: Visitor, page: Page, **fields: str) -> Page:
    return visitor.post(page.url, submission_id=page.hidden("submission_id"), **fields)


def waiting(visitor: Visitor) -> Page:
    return open_case(visitor, "premier", "Tras recuperar el servidor")


def solved(visitor: Visitor) -> Page:
    return open_case(visitor, "standard", "E-mail notifications arrive twice")


def test_the_list_says_how_each_case_stands(visitor: Visitor) -> None:
    page = visitor.as_customer("premier").get(CASES)
    assert page.text.index("We are waiting for your answer") < page.text.index("We have your case")
    assert "Updated" in page.text
    assert "Finished cases" not in page.text


def test_finished_cases_come_last(visitor: Visitor) -> None:
    page = visitor.as_customer("standard").get(CASES)
    assert page.text.index("Open cases") < page.text.index("Finished cases")
    assert "This case is resolved" in page.text


def test_without_cases_there_are_ways_on(visitor: Visitor) -> None:
    page = visitor.as_customer("trial").get(CASES)
    assert "You have no cases" in page.text
    assert page.link("Contact support") == "/en/contact/"


def test_a_case_begins_with_what_to_do(visitor: Visitor) -> None:
    page = waiting(visitor)
    assert "Tomás waits for your answer" in page.text
    for words in (
        "Backup Server 12",
        "Premier plan",
        "A, We cannot work",
        "Given on",
        "Case opened with your 3 troubleshooter answers",
        "El equipo no arranca",
        "Your support plan is active.",
        "New York time",
    ):
        assert words in page.text, words


def test_internal_notes_are_never_shown(visitor: Visitor) -> None:  # R50
    page = waiting(visitor)
    assert "El informe muestra" not in page.html
    assert "Internal note" not in page.text


def test_an_answer_joins_the_conversation_and_wakes_the_case(visitor: Visitor) -> None:
    page = answer(visitor, waiting(visitor), body="It is a SmartArray P440.\n<b>thanks</b>")
    assert "Answer sent." in page.text
    assert "We are working on it" in page.text
    assert "It is a SmartArray P440.\n&lt;b&gt;thanks&lt;/b&gt;" in page.html


def test_the_same_form_sent_twice_answers_once(visitor: Visitor) -> None:
    page = waiting(visitor)
    answer(visitor, page, body="Only once")
    again = answer(visitor, page, body="Only once")
    assert again.text.count("Only once") == 1


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        pytest.param("", "Write your answer", id="nothing"),
        pytest.param("   ", "Write your answer", id="white space"),
        pytest.param("word " * 5000, "Write at most 20000 characters", id="too long"),
    ],
)
def test_a_bad_answer_is_explained_and_kept(visitor: Visitor, body: str, complaint: str) -> None:
    page = answer(visitor, waiting(visitor), body=body)
    assert complaint in page.text
    assert page.title.startswith("Error:")
    assert body.strip()[:50] in page.html
    assert "Answer sent." not in page.text


def test_it_is_solved_resolves_the_case(visitor: Visitor) -> None:
    page = answer(visitor, waiting(visitor), solved="1", body="")
    assert "This case is resolved" in page.text
    assert "It is solved, close the case" not in page.text


def test_it_is_solved_keeps_the_last_words_too(visitor: Visitor) -> None:
    page = answer(visitor, waiting(visitor), solved="1", body="The driver was it.")
    assert "The driver was it." in page.text
    assert "This case is resolved" in page.text


def test_an_answer_reopens_a_resolved_case_within_the_guarantee(visitor: Visitor) -> None:  # R66
    page = solved(visitor)
    assert "write below until" in page.text
    again = answer(visitor, page, body="It is back.").text
    assert "Answer sent. The case is open again." in again
    assert "We are working on it" in again


def test_after_the_guarantee_a_new_case_is_offered(app: Flask, visitor: Visitor) -> None:  # R66
    page = solved(visitor)
    app.config["NOW"] = NOW + GUARANTEE + timedelta(days=30)
    late = answer(visitor, page, body="It is back after all.")
    assert "takes no more answers" in late.text
    assert "It is back after all." in late.html
    number = page.url.rpartition("/")[2]
    assert f"Goes on from case {number}" in late.text
    assert visitor.get(page.url).link("The problem is back") == f"{page.url}/again"


def test_somebody_elses_case_does_not_exist(
    visitor: Visitor, another: Callable[[], Visitor]
) -> None:
    page = waiting(visitor)
    other = another().as_customer("standard")
    other.get(page.url, expect=404)
    other.post(page.url, body="Hello", submission_id="x" * 12, expect=404)
    other.post(page.url, solved="1", expect=404)
    assert "Hello" not in visitor.get(page.url).text
    agent = another().as_agent()
    agent.get(page.url, expect=404)


@pytest.mark.parametrize("number", ["1", "99999999999999999999", "x", "-1"])
def test_a_number_that_is_no_case_does_not_exist(visitor: Visitor, number: str) -> None:
    visitor.as_customer("premier").get(f"{CASES}/{number}", expect=404)


def test_the_pages_speak_spanish(visitor: Visitor) -> None:
    visitor.as_customer("premier").get("/es/my/cases")
    page = visitor.follow("Tras recuperar el servidor")
    assert "Tomás espera su respuesta" in page.text
    assert "Enviar la respuesta" in page.text


def test_an_answer_sent_after_the_session_ended_is_kept(visitor: Visitor) -> None:
    page = waiting(visitor)
    mark = page.hidden("submission_id")
    visitor.post("/en/account/sign-out")
    lost = visitor.post(page.url, body="Do not lose me", submission_id=mark, expect=401)
    assert "Do not lose me" in lost.text
    assert lost.hidden("body") == "Do not lose me"
    assert lost.hidden("submission_id") == mark
    visitor.as_customer("premier")
    visitor.post(page.url, body=lost.hidden("body"), submission_id=mark)
    assert "Do not lose me" in visitor.get(page.url).text
