"""R44, R45, R46, R48, R49, R66 as far as mail goes, on the shipped vendor site."""

import re
from email import message_from_bytes, policy

import pytest
from flask import Flask

from kb.actions.cases import case_for_agent
from kb.actions.deliver import deliver
from kb.actions.mail_room import mailroom
from kb.actions.mail_sorting import sort_mail
from kb.actions.mail_taking import take_mail
from kb.mail.post import SmtpServer
from kb.settings import Settings
from kb.store import Database, audit, mail_in
from kb.store.file_store import FileStore
from kb.store.mail_in import MailIn, MailInState
from tests.conftest import NOW
from tests.mail.smtp import Mailbox, smtp_server
from tests.mail.written import mail
from tests.visitor import Visitor

PREMIER = "premier@example.com"


class Post:
    """Mail between the site and a customer's mail program, over real SMTP on the way out."""

    def __init__(self, app: Flask) -> None:
        self.wiring = app.extensions["waypost"]
        self.db: Database = self.wiring.db
        site = self.wiring.live_site.current().site
        files = FileStore(self.wiring.settings.var / "attachments")
        self.room = mailroom(self.wiring.settings, site.site, site.policy, files)

    def bring(self, raw: bytes) -> MailIn:
        take_mail(self.db, raw, "lmtp", NOW)
        sort_mail(self.db, self.room, NOW)
        with self.db.read() as conn:
            return mail_in.page(conn, tuple(MailInState), offset=0, limit=1)[0]

    def sent(self) -> list[object]:
        """Everything that has left since, as a mail program reads it."""
        mailbox = Mailbox()
        with smtp_server(mailbox) as port:
            server = SmtpServer(f"smtp://127.0.0.1:{port}")
            while deliver(self.db, server, clock=lambda: NOW).taken:
                pass
        return [message_from_bytes(raw, policy=policy.default) for raw in mailbox.taken]


def answering(received: object, text: str = "Sigue igual.", **changes: str) -> bytes:
    """Press “reply” in a mail program."""
    said = {
        "sender": PREMIER,
        "subject": f"Re: {received['Subject']}",  # type: ignore[index]
        "to": str(received["Reply-To"]),  # type: ignore[index]
        "in_reply_to": str(received["Message-ID"]),  # type: ignore[index]
        "references": str(received["Message-ID"]),  # type: ignore[index]
    }
    return mail(text=text, **{**said, **changes})


@pytest.fixture
def settings(settings_on_both: Settings) -> Settings:
    """Each test runs on SQLite and on PostgreSQL."""
    return settings_on_both


@pytest.fixture
def post(app: Flask) -> Post:
    made = Post(app)
    made.sent()  # what the demo had queued
    return made


def test_R44_a_case_by_mail_exists_at_once_and_its_number_is_mailed(post: Post) -> None:
    number = post.bring(mail(PREMIER, "El almacén no se abre")).case_number
    (received,) = post.sent()
    assert str(number) in received["Subject"]  # type: ignore[index]
    assert received["To"] == PREMIER  # type: ignore[index]
    assert received.get_body(("html",)) is not None  # type: ignore[attr-defined]


def test_R46_a_conversation_by_mail_is_one_thread_and_one_case(
    post: Post, visitor: Visitor
) -> None:
    number = post.bring(mail(PREMIER, "El almacén no se abre")).case_number
    (first,) = post.sent()
    agent = visitor.as_agent()
    page = agent.get(f"/en/desk/cases/{number}")
    fields = {"submission_id": page.hidden("submission_id"), "wait": "yes"}
    agent.post(f"/en/desk/cases/{number}/reply", body="¿Qué dice el registro?", **fields)
    (second,) = post.sent()
    assert second["References"] == first["Message-ID"]  # type: ignore[index]
    found = post.bring(answering(second, "Dice E000101F4."))
    assert (found.state, found.case_number) == (MailInState.JOINED, number)
    view = case_for_agent(post.db, number or 0)
    assert view
    assert [one.body for one in view.messages if one.body] == [
        "Se detiene cada noche.",
        "¿Qué dice el registro?",
        "Dice E000101F4.",
    ]
    assert view.case.state == "open"


def test_R46_the_mark_is_in_the_subject_and_a_forged_one_opens_nothing(post: Post) -> None:
    number = post.bring(mail(PREMIER, "El almacén no se abre")).case_number
    (received,) = post.sent()
    subject = str(received["Subject"])  # type: ignore[index]
    assert re.search(rf"\[#{number} · [a-z2-7]{{12}}\]$", subject)
    forged = re.sub(r"· [a-z2-7]{12}", "· aaaaaaaaaaaa", subject)
    plain = {"to": "support@example.com", "in_reply_to": "<x@y>", "references": "<x@y>"}
    assert post.bring(answering(received, subject=forged, **plain)).state is MailInState.HELD
    assert post.bring(answering(received, sender="eve@example.org")).state is MailInState.HELD
    assert post.sent() == []


def test_R45_another_problem_on_an_old_mail_does_not_join_its_case(post: Post) -> None:
    post.bring(mail(PREMIER, "El almacén no se abre"))
    (received,) = post.sent()
    found = post.bring(answering(received, subject="La consola tampoco arranca"))
    assert (found.state, found.why) == (MailInState.HELD, "changed-subject")


def test_R48_any_agent_sees_what_came_by_mail(post: Post, visitor: Visitor) -> None:
    number = post.bring(mail(PREMIER, "El almacén no se abre")).case_number
    assert "Se detiene cada noche." in visitor.as_agent().get(f"/en/desk/cases/{number}").text


def test_R49_every_mail_is_kept_as_it_came_and_what_became_of_it(post: Post) -> None:
    raw = mail("eve@example.org", "Hola")
    found = post.bring(raw)
    with post.db.read() as conn:
        assert mail_in.source_of(conn, found.id) == raw
        (event,) = audit.of_subject(conn, f"mail:{found.id}")
    assert (event.what, event.data["why"]) == ("mail.answered", "stranger")


def test_R66_a_mail_within_the_guarantee_opens_a_resolved_case_again(
    post: Post, visitor: Visitor
) -> None:
    number = post.bring(mail(PREMIER, "El almacén no se abre")).case_number
    agent = visitor.as_agent()
    agent.get(f"/en/desk/cases/{number}")
    agent.post(f"/en/desk/cases/{number}/state", to="resolved")
    *_, resolved = post.sent()
    assert post.bring(answering(resolved)).state is MailInState.JOINED
    view = case_for_agent(post.db, number or 0)
    assert view
    assert view.case.state == "open"
