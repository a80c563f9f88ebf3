"""R48: agents answer by mail where our server vouches for them; whoever only says so is held."""

from dataclasses import replace
from email.message import EmailMessage

import pytest

from kb.actions.case_promise import settle
from kb.actions.case_timers import escalate_due
from kb.actions.case_work import Who, set_state
from kb.actions.mail_room import Mailroom
from kb.mail import Letters
from kb.rules.cases import Actor, CaseState, MessageKind
from kb.rules.mail_threading import Why
from kb.rules.policy import Policy
from kb.store import Database, cases, conversation, milestones, outbox
from kb.store.conversation import Message
from kb.store.mail_in import MailIn
from tests.actions.mail_box import Sort, mails
from tests.actions.people import NOW, agent
from tests.mail.written import answer_to, mail

PASS = "mx.example.com; dmarc=pass header.from=example.com"
IRENE = "Irene Otero <irene@example.com>"


@pytest.fixture
def irene(db: Database) -> int:
    return agent(db)


@pytest.fixture
def strict(room: Mailroom) -> Mailroom:
    """A site that says whose findings about senders count."""
    return replace(room, authserv="mx.example.com")


def words(db: Database, number: int) -> list[Message]:
    with db.read() as conn:
        return [one for one in conversation.messages_of(conn, number) if one.body]


def write(letters: Letters, number: int, text: str, results: str | None = PASS) -> bytes:
    return answer_to(letters, number, sender=IRENE, text=text, authentication_results=results)


def test_an_agents_mail_is_a_reply_to_the_customer(
    db: Database, letters: Letters, number: int, irene: int, strict: Mailroom, sort: Sort
) -> None:
    text = "Reinicie el servicio.\n\nOn Mon, 23 Nov 2026, Waypost wrote:\n> Due soon"
    found = sort(write(letters, number, text), strict)
    assert (found.state, found.why, found.case_number) == ("joined", Why.AGENT, number)
    said = words(db, number)[-1]
    assert (said.kind, said.actor, said.author_id) == (MessageKind.REPLY, Actor.AGENT, irene)
    assert (said.body, said.rest) == ("Reinicie el servicio.", "")
    with db.read() as conn:
        case = cases.by_number(conn, number)
        sent = outbox.all_mail(conn, case_number=number)[-1]
    assert case
    assert (case.state, case.assignee_id, case.customer_spoke_last) == ("open", irene, False)
    assert (sent.kind, sent.recipient) == ("case-reply", "ana@example.com")
    assert "Reinicie el servicio." in sent.text
    assert "Due soon" not in sent.text


@pytest.mark.parametrize("first", ["Nota:", "note: ", "#nota "])
def test_an_agents_note_is_for_no_customer(
    db: Database,
    letters: Letters,
    number: int,
    irene: int,
    strict: Mailroom,
    sort: Sort,
    first: str,
) -> None:
    before = mails(db)
    assert sort(write(letters, number, f"{first}\nEs el disco."), strict).state == "joined"
    said = words(db, number)[-1]
    assert (said.kind, said.author_id, said.body) == (MessageKind.NOTE, irene, "Es el disco.")
    assert mails(db) == before


@pytest.mark.parametrize(
    ("results", "why"),
    [
        pytest.param(None, Why.AGENT_NOT_PROVEN, id="nothing said"),
        pytest.param("mx.example.com; spf=pass", Why.AGENT_NOT_PROVEN, id="no dmarc"),
        pytest.param("mx.evil.example; dmarc=pass", Why.AGENT_NOT_PROVEN, id="another server"),
        pytest.param(
            "mx.example.com; dmarc=pass header.from=evil.example",
            Why.AGENT_NOT_PROVEN,
            id="another domain",
        ),
        pytest.param("mx.example.com; dmarc=fail", Why.NOT_PROVEN, id="false"),
    ],
)
def test_a_forged_agent_is_held_and_changes_nothing(
    db: Database,
    letters: Letters,
    number: int,
    irene: int,
    strict: Mailroom,
    sort: Sort,
    results: str | None,
    why: Why,
) -> None:
    before = (words(db, number), mails(db))
    found = sort(write(letters, number, "Envíe su clave.", results), strict)
    assert (found.state, found.why) == ("held", why)
    assert (words(db, number), mails(db)) == before


def test_without_a_server_that_is_believed_no_agent_answers_by_mail(
    letters: Letters, number: int, irene: int, room: Mailroom, sort: Sort
) -> None:
    assert sort(write(letters, number, "Hola"), room).why == Why.AGENT_NOT_PROVEN


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        pytest.param({"to": "support+10000001.aaaaaaaaaaaa@example.com"}, Why.FORGED, id="mark"),
        pytest.param({}, Why.AGENT_WITHOUT_CASE, id="no mark"),
    ],
)
def test_an_agent_without_a_case_is_held_and_not_answered(
    db: Database, irene: int, strict: Mailroom, sort: Sort, raw: dict[str, str], why: Why
) -> None:
    found = sort(mail(IRENE, authentication_results=PASS, **raw), strict)
    assert (found.state, found.why) == ("held", why)
    assert mails(db) == []


@pytest.mark.parametrize(
    "text", ["", "> Nadie ha contestado.", "On Mon, 23 Nov 2026, S wrote:\n> x", "Nota:"]
)
def test_an_agent_who_says_nothing_repeats_nothing(
    db: Database,
    letters: Letters,
    number: int,
    irene: int,
    strict: Mailroom,
    sort: Sort,
    text: str,
) -> None:
    assert sort(write(letters, number, text), strict).why == Why.EMPTY
    assert len(words(db, number)) == 1


def test_a_file_that_is_not_taken_holds_an_agents_mail(
    db: Database, letters: Letters, number: int, irene: int, strict: Mailroom, sort: Sort
) -> None:
    message = EmailMessage()
    message["From"], message["Authentication-Results"] = IRENE, PASS
    message["Subject"] = "La copia nocturna se detiene"
    message["To"] = letters.write(
        "case-state", "es", "a@b.c", case_number=number, title="t", first_name="A", state="open"
    ).headers["Reply-To"]
    message.set_content("Adjunto la herramienta.")
    message.add_attachment(b"MZ\x90\x00" * 9, maintype="x", subtype="y", filename="tool.exe")
    found = sort(message.as_bytes(), strict)
    assert (found.state, found.note) == ("held", "tool.exe")
    assert len(words(db, number)) == 1


def test_an_agents_mail_to_a_closed_case_is_held(
    db: Database,
    policy: Policy,
    letters: Letters,
    number: int,
    irene: int,
    strict: Mailroom,
    sort: Sort,
) -> None:
    for state in (CaseState.RESOLVED, CaseState.CLOSED):
        set_state(db, policy, letters, Who(Actor.AGENT, irene), number, state, NOW)
    found = sort(write(letters, number, "Hola"), strict)
    assert (found.state, found.why) == ("held", Why.OVER)


def test_the_warning_of_a_promise_can_be_answered(
    db: Database,
    full_policy: Policy,
    letters: Letters,
    number: int,
    irene: int,
    strict: Mailroom,
    sort: Sort,
) -> None:
    with db.write() as conn:
        cases.change(conn, number, NOW, plan="premier")
        settle(conn, full_policy, number, NOW)
        due = milestones.of_case(conn, number)[0].due_at
    assert due
    assert escalate_due(db, letters, due) > 0
    with db.read() as conn:
        warning = next(one for one in outbox.all_mail(conn) if one.kind == "case-target")
    raw = mail(
        IRENE,
        f"Re: {warning.subject}",
        "Voy a verlo.",
        warning.headers["Reply-To"],
        authentication_results=PASS,
    )
    found: MailIn = sort(raw, strict)
    assert (found.state, found.case_number) == ("joined", number)
