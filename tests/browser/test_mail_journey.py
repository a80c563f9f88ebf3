"""A case travels customer → mail → agent → mail → customer → resolved → reopened, with real SMTP
and IMAP: the site's own worker sends and watches the mailbox, the customer has a mail program."""

import time
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.actor import Actor
from tests.browser.server import Running, running
from tests.browser.test_cases import opens
from tests.mail.dovecot import Dovecot, running_dovecot
from tests.mail.smtp import Mailbox, smtp_server
from tests.mail.written import mail

pytestmark = pytest.mark.browser

CUSTOMER = "premier@example.com"


class MailProgram:
    """The customer's own: gets what the site sends, answers into the support mailbox."""

    def __init__(self, mailbox: Mailbox, dovecot: Dovecot) -> None:
        self.mailbox, self.dovecot = mailbox, dovecot

    def gets(self, words: str) -> EmailMessage:
        """Wait for a mail to the customer whose text holds these words."""
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            for raw in reversed(self.mailbox.taken):
                found = message_from_bytes(raw, policy=policy.default)
                assert isinstance(found, EmailMessage)
                body = found.get_body(("plain",))
                if found["To"] == CUSTOMER and body and words in body.get_content():
                    return found
            time.sleep(0.2)
        raise AssertionError(f"no mail with “{words}”")

    def answers(self, received: EmailMessage, text: str) -> None:
        """Press “reply”: the answer goes to Reply-To, in the thread, with the quotation below."""
        quoted = (
            f"{text}\n\nOn Mon, 23 Nov 2026, Norvault Support wrote:\n> {received['Subject']}\n"
        )
        raw = mail(
            f"Marta Ruiz <{CUSTOMER}>",
            f"Re: {received['Subject']}",
            quoted,
            str(received["Reply-To"]),
            in_reply_to=str(received["Message-ID"]),
            references=f"{received['References'] or ''} {received['Message-ID']}".strip(),
        )
        self.dovecot.deliver(raw, str(received["Reply-To"]))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[tuple[Running, MailProgram]]:
    mailbox = Mailbox()
    with smtp_server(mailbox) as port, running_dovecot() as dovecot:
        pem = tmp_path / "ca.pem"
        dovecot.ca.cert_pem.write_to_path(pem)
        settings = {
            "KB_SMTP_URL": f"smtp://127.0.0.1:{port}",
            "KB_IMAP_URL": dovecot.url(),
            "SSL_CERT_FILE": str(pem),
        }
        var = tmp_path / "var"
        var.mkdir()
        with running(var, settings=settings) as site:
            yield site, MailProgram(mailbox, dovecot)


def sees_soon(person: Actor, path: str, words: str) -> None:
    """Look again until the worker has done its part."""
    for _ in range(120):
        person.page.goto(person.site.url + path)
        if words in person.page.locator("main").inner_text():
            break
        time.sleep(0.5)
    person.looks().sees(words)


def test_a_case_lives_by_mail(browser: Browser, world: tuple[Running, MailProgram]) -> None:
    site, program = world
    customer = Actor(browser.new_context().new_page(), site).signs_in("premier")
    agent = Actor(browser.new_context().new_page(), site).signs_in("agent")

    number = opens(customer)
    first = program.gets(f"Your case is open. Its number is {number}")

    desk = f"/en/desk/cases/{number}"
    agent.goes_to(desk)
    agent.page.locator("form.compose textarea").fill("How much space is left in the vault?")
    agent.clicks("Send and wait for the customer").sees("Reply sent")
    question = program.gets("How much space is left")
    assert question["References"] == first["Message-ID"]

    program.answers(question, "Two gigabytes are left.")
    sees_soon(agent, desk, "Two gigabytes are left.")
    agent.sees("Quoted text and signature")

    agent.page.get_by_role("button", name="Resolve", exact=True).click()
    agent.looks().sees("State: Resolved")
    resolved = program.gets("as resolved")

    program.answers(resolved, "It is back since last night.")
    sees_soon(agent, desk, "It is back since last night.")
    sees_soon(customer, f"/en/my/cases/{number}", "We are working on it")
    customer.sees("Two gigabytes are left.")
