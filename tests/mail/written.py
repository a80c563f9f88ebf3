"""Builders of mails as people and machines send them."""

from email.message import EmailMessage
from itertools import count
from typing import Any

from kb.mail import Letters

_numbers = count(1)


def mail(
    sender: str = "Ana Prieto <ana@example.com>",
    subject: str = "La copia se detiene",
    text: str = "Se detiene cada noche.",
    to: str = "support@example.com",
    **headers: str,
) -> bytes:
    """A plain mail of a person; `in_reply_to="<…>"` becomes that header, None leaves one out."""
    message = EmailMessage()
    said: dict[str, Any] = {
        "From": sender,
        "To": to,
        "Subject": subject,
        "Date": "Mon, 23 Nov 2026 15:00:00 +0000",
        "Message-Id": f"<{next(_numbers)}@mail.example.com>",
    }
    said.update({name.replace("_", "-").title(): value for name, value in headers.items()})
    for name, value in said.items():
        if value is not None:
            message[name] = value
    message.set_content(text)
    return message.as_bytes()


def answer_to(
    letters: Letters, number: int, title: str = "La copia nocturna se detiene", **changes: Any
) -> bytes:
    """A customer's reply to a case's mail, as a mail program writes it."""
    letter = letters.write(
        "case-state",
        "es",
        "ana@example.com",
        case_number=number,
        title=title,
        first_name="Ana",
        state="open",
    )
    said = {
        "subject": f"Re: {letter.subject}",
        "text": "Sigue igual.\n\nOn Mon, 23 Nov 2026, Soporte wrote:\n> ¿Y ahora?",
        "to": letter.headers["Reply-To"],
        "in_reply_to": letter.message_id,
        "references": f"{letter.headers['References']} {letter.message_id}",
    }
    return mail(**{**said, **changes})


def bounce_of(
    message_id: str, recipient: str, status: str = "5.1.1", action: str = "failed"
) -> bytes:
    """What a server sends when it cannot deliver."""
    return (
        "From: MAILER-DAEMON@mx.example.org\r\nTo: support@example.com\r\n"
        "Subject: Undelivered Mail Returned to Sender\r\nReturn-Path: <>\r\n"
        f"Message-ID: <bounce-{next(_numbers)}@mx.example.org>\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\n\r\nIt could not be delivered.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; mx.example.org\r\n\r\n"
        f"Final-Recipient: rfc822; {recipient}\r\nAction: {action}\r\nStatus: {status}\r\n"
        "Diagnostic-Code: smtp; 550 no such user\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {message_id}\r\n"
        "Subject: Caso\r\n\r\n--b--\r\n"
    ).encode()
