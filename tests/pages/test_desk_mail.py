"""Mail at the desk: held with reasons, raw source, attach, make a case, discard, send again."""

from typing import Any

import pytest
from flask import Flask

from kb.actions.mail_room import mailroom
from kb.actions.mail_sorting import sort_mail
from kb.actions.mail_taking import take_mail
from kb.settings import Settings
from kb.store import Database, audit, cases, conversation, mail_in, outbox, users
from kb.store.file_store import FileStore
from kb.store.mail_in import MailIn, MailInState
from kb.store.outbox import NewMail
from tests.conftest import NOW
from tests.mail.written import bounce_of, mail
from tests.visitor import Visitor

MAIL = "/en/desk/mail"
PREMIER = "premier@example.com"


@pytest.fixture
def settings(settings_on_both: Settings) -> Settings:
    """Each test runs on SQLite and on PostgreSQL."""
    return settings_on_both


@pytest.fixture
def agent(visitor: Visitor) -> Visitor:
    return visitor.as_agent()


def take(app: Flask, db: Database, raw: bytes) -> MailIn:
    wiring = app.extensions["waypost"]
    live = wiring.live_site.current().site
    room = mailroom(wiring.settings, live.site, live.policy, FileStore(wiring.settings.var / "f"))
    take_mail(db, raw, "pipe", NOW)
    sort_mail(db, room, NOW)
    with db.read() as conn:
        return mail_in.page(conn, tuple(MailInState), offset=0, limit=1)[0]


def held(app: Flask, db: Database, **said: Any) -> MailIn:
    """A mail with a forged mark."""
    given = {"subject": "Duda [#10000001 · aaaaaaaaaaaa]", "sender": PREMIER, **said}
    found = take(app, db, mail(**given))
    assert found.state is MailInState.HELD
    return found


def case_of(db: Database, email: str = PREMIER) -> int:
    with db.read() as conn:
        user = users.by_email(conn, email)
        assert user
        return next(one.number for one in cases.of_user(conn, user.id) if one.is_alive)


def state_of(db: Database, one: MailIn) -> MailInState:
    with db.read() as conn:
        found = mail_in.by_id(conn, one.id)
        assert found
        assert audit.of_subject(conn, f"mail:{one.id}")[-1].actor_id == found.decided_by
        return found.state


def test_what_is_held_is_listed_with_its_reason(app: Flask, db: Database, agent: Visitor) -> None:
    assert "No mail waits for a decision" in agent.get(MAIL).text
    one = held(app, db)
    everything = agent.get(MAIL, box="all")  # also what nobody has decided on yet
    assert "Held. It has a mark whose signature is wrong" in everything.text
    page = agent.get(MAIL)
    assert "It has a mark whose signature is wrong" in page.text
    page = agent.follow("Duda")
    assert page.url == f"{MAIL}/{one.id}"
    assert "Se detiene cada noche." in page.text
    assert PREMIER in page.text
    spanish = agent.get(f"/es/desk/mail/{one.id}")
    assert "Guardar el original" in spanish.text


def test_the_source_is_saved_never_shown_and_written_down(
    app: Flask, db: Database, agent: Visitor
) -> None:
    one = held(app, db)
    answer = agent.client.get(f"{MAIL}/{one.id}/source")
    assert answer.headers["Content-Disposition"] == f"attachment; filename=mail-{one.id}.eml"
    assert answer.content_type == "application/octet-stream"
    assert b"Se detiene cada noche" in answer.data
    with db.read() as conn:
        assert audit.of_subject(conn, f"mail:{one.id}")[-1].what == "mail.source"


def test_a_mail_of_who_is_on_the_case_becomes_their_reply(
    app: Flask, db: Database, agent: Visitor
) -> None:
    one, number = held(app, db), case_of(db)
    agent.get(f"{MAIL}/{one.id}")
    page = agent.post(f"{MAIL}/{one.id}/attach", number=str(number))
    assert "as the customer's reply" in page.text
    assert "Se detiene cada noche." in page.text
    assert state_of(db, one) is MailInState.JOINED
    agent.post(f"{MAIL}/{one.id}/attach", number=str(number))
    with db.read() as conn:
        said = [one.body for one in conversation.messages_of(conn, number)]
    assert said.count("Se detiene cada noche.") == 1


def test_a_strangers_mail_becomes_an_internal_note(
    app: Flask, db: Database, agent: Visitor
) -> None:
    one, number = held(app, db, sender="eve@example.org"), case_of(db)
    agent.get(f"{MAIL}/{one.id}")
    page = agent.post(f"{MAIL}/{one.id}/attach", number=f"#{number}")
    assert "internal note" in page.text
    with db.read() as conn:
        notes = [one for one in conversation.messages_of(conn, number) if one.kind == "note"]
    assert notes[-1].body.startswith("eve@example.org: Duda")


@pytest.mark.parametrize("number", ["", "abc", "99999999"])
def test_a_wrong_number_keeps_the_form(
    app: Flask, db: Database, agent: Visitor, number: str
) -> None:
    one = held(app, db)
    agent.get(f"{MAIL}/{one.id}")
    page = agent.post(f"{MAIL}/{one.id}/attach", number=number)
    assert page.title.startswith("Error")
    assert number in page.html
    assert state_of(db, one) is MailInState.HELD


def test_a_case_is_made_for_the_sender(app: Flask, db: Database, agent: Visitor) -> None:
    one = held(app, db)
    page = agent.get(f"{MAIL}/{one.id}")
    choice = page.html.partition('<option value="')[2].partition('"')[0]
    page = agent.post(f"{MAIL}/{one.id}/case", choice=choice)
    assert "its sender has the number" in page.text
    assert state_of(db, one) is MailInState.OPENED
    page = agent.post(f"{MAIL}/{one.id}/case", choice=choice)
    assert "No case was made" in page.text


def test_nothing_is_made_that_the_policy_does_not_grant(
    app: Flask, db: Database, agent: Visitor
) -> None:
    one = held(app, db, sender="eve@example.org")
    page = agent.get(f"{MAIL}/{one.id}")
    assert "No case can be made of it" in page.text
    agent.post(f"{MAIL}/{one.id}/case", choice="technical:1")
    assert state_of(db, one) is MailInState.HELD


def test_a_held_mail_is_discarded_and_stays_among_all(
    app: Flask, db: Database, agent: Visitor
) -> None:
    one = held(app, db)
    agent.get(f"{MAIL}/{one.id}")
    assert "is discarded" in agent.post(f"{MAIL}/{one.id}/discard").text
    assert "Discarded" in agent.get(MAIL, box="all").text
    assert state_of(db, one) is MailInState.DISCARDED


def test_dead_letters_are_sent_again(app: Flask, db: Database, agent: Visitor) -> None:
    with db.write() as conn:
        dead = outbox.add(conn, NewMail("<d@x>", "k", "luis@example.com", "Caso 1", "t", "es"), NOW)
        (leased,) = [
            one for one in outbox.lease(conn, NOW, lasts=NOW - NOW, limit=99) if one.id == dead
        ]
        outbox.failed(conn, leased, "550 no such mailbox", None)
    page = agent.get(MAIL, box="out")
    assert "550 no such mailbox" in page.text
    assert "luis@example.com" in page.text
    page = agent.post(f"{MAIL}/out/{dead}/again")
    assert "on its way again" in page.text
    with db.read() as conn:
        assert outbox.by_id(conn, dead or 0).state == "queued"  # type: ignore[union-attr]
    agent.post(f"{MAIL}/out/{dead}/again", expect=404)


def test_hostile_mail_is_only_text(app: Flask, db: Database, agent: Visitor) -> None:
    raw = mail(
        sender=PREMIER, subject="<script>alert(1)</script> [#10000001 · aaaaaaaaaaaa]",
        content_type=None,
    )  # fmt: skip
    raw = raw.replace(b"text/plain", b"text/html").replace(
        b"Se detiene", b"<img src=x onerror=alert(1)><a href='javascript:x'>y</a>"
    )
    one = take(app, db, raw)
    page = agent.get(f"{MAIL}/{one.id}")
    assert "<script>alert" not in page.html
    assert "onerror" not in page.html
    assert "javascript:" not in page.html


def test_others_find_nothing(app: Flask, db: Database, visitor: Visitor) -> None:
    one = held(app, db)
    visitor.as_customer("premier")
    for path in ("", f"/{one.id}", f"/{one.id}/source"):
        visitor.get(f"{MAIL}{path}", expect=404)
    for path in ("attach", "case", "discard"):
        visitor.post(f"{MAIL}/{one.id}/{path}", expect=404, number="1")
    assert state_of(db, one) is MailInState.HELD


def test_quoted_text_is_folded_in_the_case_for_both(
    app: Flask, db: Database, agent: Visitor, another: Any
) -> None:
    raw = mail(sender=PREMIER, subject="Avería", text="Mis palabras.\n\n-- \nFirma larga")
    number = take(app, db, raw).case_number
    assert number
    for page in (
        agent.get(f"/en/desk/cases/{number}"),
        another().as_customer("premier").get(f"/en/my/cases/{number}"),
    ):
        assert '<details class="quoted">' in page.html
        assert page.text.index("Mis palabras.") < page.text.index("Firma larga")


def test_a_bounce_is_told_in_the_case_to_agents_only(
    app: Flask, db: Database, agent: Visitor, another: Any
) -> None:
    number = take(app, db, mail(sender=PREMIER, subject="Avería")).case_number
    with db.read() as conn:
        sent = outbox.all_mail(conn, case_number=number)[-1]
    take(app, db, bounce_of(sent.message_id, PREMIER))
    assert "came back: smtp; 550 no such user" in agent.get(f"/en/desk/cases/{number}").text
    assert "550 no such user" in agent.get(MAIL, box="out").text
    customer = another().as_customer("premier")
    assert "came back" not in customer.get(f"/en/my/cases/{number}").text
