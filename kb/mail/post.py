"""Handing messages over: to an SMTP server, or to a folder when none is set."""

import os
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit

TIMEOUT_SECONDS = 30

Send = Callable[[EmailMessage, str], None]


class Undeliverable(Exception):
    """The server refused this message for good; trying again would not help."""


class NotNow(Exception):
    """The message could not be handed over this time."""


class Post(Protocol):
    """A way to hand messages over; `send(message, name)` raises Undeliverable or NotNow."""

    def connect(self) -> AbstractContextManager[Send]:
        """Open the way for several messages; raises NotNow when it is closed."""


@dataclass(frozen=True, slots=True)
class MailFolder:
    """Each message becomes a file `<name>.eml`; the same name again replaces it."""

    folder: Path

    @contextmanager
    def connect(self) -> Iterator[Send]:
        """Make the folder and write into it."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise NotNow(f"{self.folder}: {error.strerror}") from error
        yield self._put

    def _put(self, message: EmailMessage, name: str) -> None:
        half = self.folder / f".{name}.part"
        try:
            half.write_bytes(message.as_bytes())
            os.replace(half, self.folder / f"{name}.eml")
        except OSError as error:
            raise NotNow(f"{self.folder}: {error.strerror}") from error


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """`smtp://[user:password@]host[:port][?starttls=no]` or `smtps://…`.

    With `smtp:` the connection must turn to TLS by STARTTLS before a password is sent, and does
    so without a password where the server offers it; certificates are checked."""

    url: str
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)

    @contextmanager
    def connect(self) -> Iterator[Send]:
        """Open one connection, encrypted and signed in as the address asks."""
        try:
            server = self._open()
        except (OSError, smtplib.SMTPException) as error:
            raise NotNow(_words(error)) from error
        try:
            yield lambda message, _name: _hand_over(server, message)
        finally:
            _close(server)

    def _open(self) -> smtplib.SMTP:
        parts = urlsplit(self.url)
        host = parts.hostname or "localhost"
        if parts.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                host, parts.port or 465, timeout=TIMEOUT_SECONDS, context=self.tls
            )
        else:
            server = smtplib.SMTP(host, parts.port or 25, timeout=TIMEOUT_SECONDS)
        try:
            self._secure(
                server, parts.scheme, plain=parse_qs(parts.query).get("starttls") == ["no"]
            )
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
        except BaseException:
            _close(server)
            raise
        return server

    def _secure(self, server: smtplib.SMTP, scheme: str, *, plain: bool) -> None:
        server.ehlo()
        if scheme == "smtps" or plain:
            return
        if server.has_extn("starttls"):
            server.starttls(context=self.tls)
            server.ehlo()
        elif urlsplit(self.url).username:
            raise smtplib.SMTPException(
                "the server offers no STARTTLS, so the password is not sent; "
                "use smtps:// or add ?starttls=no to KB_SMTP_URL on a network you trust"
            )


def _hand_over(server: smtplib.SMTP, message: EmailMessage) -> None:
    sender = message["From"].addresses[0].addr_spec
    recipients = [address.addr_spec for address in message["To"].addresses]
    plain = all(address.isascii() for address in (sender, *recipients))
    if message["Auto-Submitted"] == "auto-replied":
        sender = ""  # so that no answer to an answer can come back (RFC 3834, 3.3)
    try:
        # Not send_message: it would write ">From" where a line of the text begins with "From".
        server.sendmail(
            sender,
            recipients,
            message.as_bytes(policy=SMTP if plain else SMTPUTF8),
            () if plain else ("SMTPUTF8", "BODY=8BITMIME"),
        )
    except smtplib.SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()))
        _reset(server)
        raise (Undeliverable if code >= 500 else NotNow)(f"{code} {_text(said)}") from error
    except smtplib.SMTPDataError as error:
        _reset(server)
        raise (Undeliverable if error.smtp_code >= 500 else NotNow)(_words(error)) from error
    except smtplib.SMTPNotSupportedError as error:
        raise Undeliverable(_words(error)) from error
    except (OSError, smtplib.SMTPException) as error:
        raise NotNow(_words(error)) from error


def _reset(server: smtplib.SMTP) -> None:
    """Let the next message of this connection start clean."""
    try:
        server.rset()
    except (OSError, smtplib.SMTPException):
        server.close()


def _close(server: smtplib.SMTP) -> None:
    try:
        server.quit()
    except (OSError, smtplib.SMTPException):
        server.close()


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}"
    return str(error) or type(error).__name__


def _text(said: bytes | str) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else said
