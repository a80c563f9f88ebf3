"""The desk: the queue in its order, a case with everything, an agent's work on it (R48–R50)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from kb.actions.cases import CaseForm, Opened, open_case
from kb.mail import letters_for
from kb.pages.spans import span
from kb.rules.contact import Wish
from kb.store import users
from tests.conftest import NOW
from tests.visitor import Page, Visitor

DESK = "/en/desk/"
WAITING = "Tras recuperar el servidor"
NEW = "La copia del servidor SQL"


@pytest.fixture
def agent(visitor: Visitor) -> Visitor:
    return visitor.as_agent()


def case(agent: Visitor, title: str) -> Page:
    agent.get(DESK)
    return agent.follow(title)


def send(agent: Visitor, page: Page, form: str, **fields: str) -> Page:
    """Post one of the forms of a case's page."""
    number = page.url.partition("?")[0]
    if "body" in fields:
        fields.setdefault("submission_id", page.hidden("submission_id"))
    return agent.post(f"{number}/{form}", **fields)


def test_the_queue_begins_with_what_is_due(agent: Visitor) -> None:
    page = agent.get(DESK)
    titles = [text for text, href in page.links if "/desk/cases/" in href]
    assert titles[0].startswith(NEW)
    assert "Marta Ruiz · Backup Server 12" in page.text
    assert "Premier plan" in page.text
    assert "Tomás L." in page.text


def test_time_left_is_told_in_words(app: Flask, agent: Visitor) -> None:
    app.config["NOW"] = NOW + timedelta(days=3)
    assert "late" in agent.get(DESK).text


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0, "0 min"), (59, "59 min"), (60, "1 h 0 min"), (130, "2 h 10 min"), (1500, "1 d 1 h")],
)
def test_spans(app: Flask, minutes: int, words: str) -> None:
    with app.test_request_context("/en/"):
        told = span(timedelta(minutes=minutes))
        assert told.split() == words.split()
        assert " " not in told, "a number stays with its unit"


@pytest.mark.parametrize(
    ("view", "there", "absent"),
    [
        pytest.param("mine", [WAITING, "Scheduler skips"], [NEW], id="assigned to me"),
        pytest.param("replied", ["Scheduler skips"], [WAITING], id="answered by the customer"),
        pytest.param("unassigned", [NEW], [WAITING], id="nobody's"),
        pytest.param("waiting", [WAITING], [NEW], id="waiting for the customer"),
        pytest.param("resolved", ["E-mail notifications"], [NEW], id="resolved"),
        pytest.param("technical", [NEW], ["E-mail notifications"], id="by request"),
        pytest.param("nonsense", [NEW, WAITING], [], id="an unknown view is all open"),
    ],
)
def test_views(agent: Visitor, view: str, there: list[str], absent: list[str]) -> None:
    titles = " ".join(
        text for text, href in agent.get(DESK, view=view).links if "/desk/cases/" in href
    )
    assert all(title in titles for title in there), titles
    assert not any(title in titles for title in absent), titles


def test_search_looks_at_titles_customers_and_numbers_of_all_cases(agent: Visitor) -> None:
    assert "E-mail notifications" in agent.get(DESK, q="notifications twice").text
    assert WAITING in agent.get(DESK, q="marta").text
    number = case(agent, NEW).url.rsplit("/", 1)[1]
    assert NEW in agent.get(DESK, q=number).text
    assert "Nothing here" in agent.get(DESK, q="zebra % _ '").text
    assert "Cases with “<b>" in agent.get(DESK, q="<b>").text


@pytest.fixture
def many(app: Flask) -> int:
    """Thirty more cases of one customer."""
    wired = app.extensions["waypost"]
    site = wired.live_site.current().site
    with wired.db.read() as conn:
        user = users.by_email(conn, "trial@example.com")
    assert user is not None
    for number in range(30):
        form = CaseForm("email", "D", f"Question {number}", "Text", "en", "G", "M", user.email)
        opened = open_case(
            wired.db,
            site.policy,
            letters_for(wired.settings, site.site),
            user.id,
            Wish(request="customer-service"),
            form,
            submission_id=f"many-{number}",
            now=NOW,
        )
        assert isinstance(opened, Opened)
    return 30


def test_a_long_queue_has_pages(agent: Visitor, many: int) -> None:
    page = agent.get(DESK)
    total = many + 5
    assert f"1–25 of {total}" in page.text
    second = agent.follow("Next 25")
    assert f"26–{total} of {total}" in second.text
    assert "Previous 25" in second.text
    assert f"26–{total} of {total}" in agent.get(DESK, page="999").text
    assert f"1–25 of {total}" in agent.get(DESK, page="x").text


def test_a_case_shows_the_whole_story(agent: Visitor) -> None:  # R48
    page = case(agent, WAITING)
    for words in (
        "El informe muestra una imagen BIOS",  # the note
        "Opened: Form and e-mail, with 3 troubleshooter answers",
        "Kept in time",
        "Your support plan is active.",
        "El equipo no arranca",
        "premier@example.com",
        "Support until 7 May 2027",
        NEW,  # the customer's other case
        "plan_state: active",
    ):
        assert words in page.text, words


def test_a_reply_is_seen_by_the_customer(agent: Visitor, another: Callable[[], Visitor]) -> None:
    page = send(agent, case(agent, NEW), "reply", body="Which version?\n**not bold**")
    assert "Reply sent." in page.text
    assert "**not bold**" in page.html
    customer = another().as_customer("premier")
    customer.get("/en/my/cases")
    assert "Which version?" in customer.follow(NEW).text


def test_send_and_wait_leaves_the_turn_with_the_customer(agent: Visitor) -> None:
    page = send(agent, case(agent, NEW), "reply", body="Which version?", wait="yes")
    assert "the case waits for the customer" in page.text
    assert "Waiting for the customer" in page.text
    assert "Kept in time" in page.text


def test_a_note_stays_inside(agent: Visitor, another: Callable[[], Visitor]) -> None:
    case(agent, NEW)
    page = agent.follow("Internal note")
    page = send(agent, page, "note", body="Looks like article 1042 <i>")
    assert "the customer does not see it" in page.text
    assert "Looks like article 1042 &lt;i&gt;" in page.html
    customer = another().as_customer("premier")
    customer.get("/en/my/cases")
    assert "Looks like article 1042" not in customer.follow(NEW).html


@pytest.mark.parametrize("kind", ["reply", "note"])
def test_the_same_form_sent_twice_counts_once(agent: Visitor, kind: str) -> None:
    page = case(agent, NEW)
    send(agent, page, kind, body="Only once")
    send(agent, page, kind, body="Only once")
    assert agent.get(page.url).text.count("Only once") == 1


@pytest.mark.parametrize("kind", ["reply", "note"])
@pytest.mark.parametrize(
    ("body", "complaint"),
    [("", "Write the"), ("  ", "Write the"), ("word " * 5000, "Write at most 20000 characters")],
    ids=["nothing", "white space", "too long"],
)
def test_bad_words_are_explained_and_kept(
    agent: Visitor, kind: str, body: str, complaint: str
) -> None:
    page = send(agent, case(agent, NEW), kind, body=body)
    assert complaint in page.text
    assert page.title.startswith("Error:")
    assert body.strip()[:50] in page.html


def test_an_agent_takes_a_case_and_gives_it_back(agent: Visitor) -> None:
    page = case(agent, NEW)
    assert "Assigned to Tomás Linde" in send(agent, page, "assign", to="me").text
    page = send(agent, page, "assign", to="nobody")
    assert "Given back to the queue" in page.text


def test_states_change_by_the_rules(agent: Visitor) -> None:
    page = case(agent, NEW)
    assert "State: Resolved." in send(agent, page, "state", to="resolved").text
    assert "State: Closed." in send(agent, page, "state", to="closed").text
    refused = send(agent, page, "state", to="on_hold")
    assert "The case is “Closed” and cannot become “On hold”." in refused.text
    late = send(agent, page, "reply", body="Too late", submission_id="s" * 12)
    assert "A closed case takes no more replies" in late.text
    assert "Too late" in late.html
    agent.post(f"{page.url}/state", to="nonsense", expect=400)


def test_unknown_cases_do_not_exist(agent: Visitor) -> None:
    agent.get("/en/desk/cases/1", expect=404)
    for kind in ("reply", "note", "state", "assign"):
        agent.post(f"/en/desk/cases/1/{kind}", body="x", to="me", expect=404)


def test_the_desk_speaks_spanish(agent: Visitor) -> None:
    page = agent.get("/es/desk/")
    assert "Todos los abiertos" in page.text
    assert "Enviar y esperar al cliente" in agent.follow(NEW).text
