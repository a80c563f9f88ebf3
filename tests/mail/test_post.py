"""Messages are handed to a real SMTP server, safely, or become files."""

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import quote

import pytest
import trustme

from kb.mail.message import compose
from kb.mail.post import MailFolder, NotNow, SmtpServer, Undeliverable
from tests.mail.smtp import PASSWORD, USER, Mailbox, authority, smtp_server, trusting

WRITTEN = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


def message(
    recipient: str = "ana@example.com", text: str = "Hola, Ana:\n\nListo.\n"
) -> EmailMessage:
    return compose(
        recipient=recipient,
        subject="Caso 10000001: La copia se detiene [#10000001 · abc]",
        text=text,
        message_id="<case.1@example.com>",
        headers={"From": "Norvault Soporte <support@example.com>", "Reply-To": "a@example.com"},
        written_at=WRITTEN,
    )


@pytest.fixture(scope="module")
def ca() -> trustme.CA:
    return authority()


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def plain_port(mailbox: Mailbox) -> Iterator[int]:
    with smtp_server(mailbox) as port:
        yield port


def hand_over(server: SmtpServer, *messages: EmailMessage) -> None:
    with server.connect() as send:
        for one in messages:
            send(one, "name")


def test_what_arrives_is_what_was_written(mailbox: Mailbox, plain_port: int) -> None:
    text = "Ñandú «así»\n.\n..\nFrom here\n" + "x" * 2000 + "\n"
    hand_over(SmtpServer(f"smtp://localhost:{plain_port}"), message(text=text))
    arrived = message_from_bytes(mailbox.taken[0], policy=policy.default)
    assert arrived["Subject"] == "Caso 10000001: La copia se detiene [#10000001 · abc]"
    assert arrived["From"] == "Norvault Soporte <support@example.com>"
    assert arrived["Date"].datetime == WRITTEN
    assert arrived.get_content().splitlines() == text.splitlines()


def test_an_international_address_is_reached(mailbox: Mailbox, plain_port: int) -> None:
    hand_over(SmtpServer(f"smtp://localhost:{plain_port}"), message("señora@example.com"))
    assert "señora@example.com".encode() in mailbox.taken[0]


def test_starttls_then_login(mailbox: Mailbox, ca: trustme.CA) -> None:
    with smtp_server(mailbox, ca, login=True) as port:
        url = f"smtp://{USER}:{quote(PASSWORD)}@localhost:{port}"
        hand_over(SmtpServer(url, trusting(ca)), message(), message())
    assert mailbox.secured == [True, True]


def test_tls_from_the_start(mailbox: Mailbox, ca: trustme.CA) -> None:
    with smtp_server(mailbox, ca, implicit=True) as port:
        hand_over(SmtpServer(f"smtps://localhost:{port}", trusting(ca)), message())
    assert len(mailbox.taken) == 1


def test_a_wrong_password_is_not_now(mailbox: Mailbox, ca: trustme.CA) -> None:
    with (
        smtp_server(mailbox, ca, login=True) as port,
        pytest.raises(NotNow, match="535"),
    ):
        hand_over(SmtpServer(f"smtp://{USER}:wrong@localhost:{port}", trusting(ca)), message())
    assert mailbox.taken == []


def test_an_unknown_certificate_is_not_trusted(mailbox: Mailbox, ca: trustme.CA) -> None:
    with (
        smtp_server(mailbox, ca) as port,
        pytest.raises(NotNow, match="certificate"),
    ):
        hand_over(SmtpServer(f"smtp://localhost:{port}", ssl.create_default_context()), message())
    assert mailbox.taken == []


def test_a_password_is_never_sent_in_clear(mailbox: Mailbox) -> None:
    with (
        smtp_server(mailbox, login=True) as port,
        pytest.raises(NotNow, match="no STARTTLS"),
    ):
        hand_over(SmtpServer(f"smtp://{USER}:{quote(PASSWORD)}@localhost:{port}"), message())


def test_unless_the_operator_says_so(mailbox: Mailbox) -> None:
    with smtp_server(mailbox, login=True) as port:
        url = f"smtp://{USER}:{quote(PASSWORD)}@localhost:{port}?starttls=no"
        hand_over(SmtpServer(url), message())
    assert mailbox.secured == [False]


def test_a_refused_recipient_is_final_and_the_next_mail_goes_on(
    mailbox: Mailbox, plain_port: int
) -> None:
    with SmtpServer(f"smtp://localhost:{plain_port}").connect() as send:
        with pytest.raises(Undeliverable, match="550 no such mailbox"):
            send(message("nobody@example.com"), "one")
        with pytest.raises(NotNow, match="450 mailbox busy"):
            send(message("busy@example.com"), "two")
        send(message(), "three")
    assert len(mailbox.taken) == 1


@pytest.mark.parametrize(("answer", "error"), [("451 later", NotNow), ("554 spam", Undeliverable)])
def test_a_refused_message(
    mailbox: Mailbox, plain_port: int, answer: str, error: type[Exception]
) -> None:
    mailbox.answers.append(answer)
    with SmtpServer(f"smtp://localhost:{plain_port}").connect() as send:
        with pytest.raises(error, match=answer):
            send(message(), "one")
        send(message(), "two")
    assert len(mailbox.taken) == 1


def test_no_server_is_not_now() -> None:
    with pytest.raises(NotNow, match="refused"):
        hand_over(SmtpServer("smtp://127.0.0.1:1"), message())


def test_files_instead_of_a_server(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "mail"
    for _ in range(2):
        with MailFolder(folder).connect() as send:
            send(message(), "20261123-000001-case-opened")
    (path,) = folder.iterdir()
    assert path.name == "20261123-000001-case-opened.eml"
    assert "Hola, Ana" in message_from_bytes(path.read_bytes(), policy=policy.default).get_content()


def test_a_folder_that_cannot_be_written_is_not_now(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("a file in the way")
    with pytest.raises(NotNow, match="mail"), MailFolder(tmp_path / "mail").connect():
        pass


@pytest.mark.parametrize(
    "changes",
    [
        {"subject": "a\nBcc: all@example.com"},
        {"recipient": "ana@example.com\nBcc: all@example.com"},
        {"message_id": "<a>\r\nBcc: all@example.com"},
    ],
)
def test_a_header_with_a_line_end_is_refused(changes: dict[str, str]) -> None:
    written = {"recipient": "ana@example.com", "subject": "s", "message_id": "<a@example.com>"}
    with pytest.raises(ValueError, match=r".+"):
        compose(
            **{**written, **changes},
            text="t",
            headers={"From": "a@example.com"},
            written_at=WRITTEN,
        )
