"""From a row of the outbox to the bytes that travel."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime


class _OneLine(UnstructuredHeader, BaseHeader):
    """Addresses and ids that programs read: the library would write a long one as an encoded
    word, which nobody reads."""

    def fold(self, *, policy: Policy) -> str:
        """Return the header on one line, however long."""
        return f"{self.name}: {self}{policy.linesep}"


def _headers() -> HeaderRegistry:
    registry = HeaderRegistry()
    for name in ("list-unsubscribe", "in-reply-to", "references"):
        registry.map_to_type(name, _OneLine)
    return registry


_POLICY = SMTP.clone(header_factory=_headers())


def compose(
    *,
    recipient: str,
    subject: str,
    text: str,
    message_id: str,
    headers: Mapping[str, str],
    written_at: datetime,
    html: str | None = None,
) -> EmailMessage:
    """Make the message; its sender is among `headers`. The same row always makes the same one, so
    a resend is recognised.

    Raises ValueError for an address or header that cannot be written safely."""
    message = EmailMessage(policy=_POLICY)
    name, _, domain = recipient.rpartition("@")
    # Not by addr_spec, which refuses a name with letters outside ASCII.
    message["To"] = Address(username=name, domain=domain)
    message["Subject"] = subject
    message["Date"] = format_datetime(written_at)
    message["Message-ID"] = message_id
    for name, value in headers.items():
        message[name] = value
    message.set_content(text, charset="utf-8")
    if html:
        message.add_alternative(html, subtype="html", charset="utf-8")
        # The same row must make the same bytes, and a boundary drawn anew would not.
        message.set_boundary(_boundary(message_id))
    return message


def _boundary(message_id: str) -> str:
    return f"=_{hashlib.sha256(message_id.encode()).hexdigest()[:40]}"
