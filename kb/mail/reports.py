"""Bounces: which mail came back, from whom, and what the server said (RFC 3464)."""

import re
from dataclasses import dataclass
from email.message import Message

from kb.mail.decoding import header_words

_ID = re.compile(r"^message-id:\s*(<[^<>\s]{1,500}>)", re.IGNORECASE | re.MULTILINE)
_MOST = 20  # recipients of one report


@dataclass(frozen=True, slots=True)
class Returned:
    """One recipient that a mail did not reach for good; `message_id` is of the mail we sent."""

    message_id: str
    recipient: str
    said: str


def returned_in(message: Message) -> tuple[Returned, ...]:
    """Return the recipients that failed for good; delays and successes are none."""
    message_id = _original(message)
    found = []
    for part in message.walk():
        if part.get_content_type() != "message/delivery-status" or not part.is_multipart():
            continue
        for block in part.get_payload():
            if isinstance(block, Message) and _failed(block):
                said = _field(block, "Diagnostic-Code") or _field(block, "Status")
                found.append(Returned(message_id, _address(block), said[:500]))
    return tuple(found[:_MOST])


def _failed(block: Message) -> bool:
    return _field(block, "Action").lower() == "failed" and not _field(block, "Status").startswith(
        "4"
    )


def _address(block: Message) -> str:
    given = _field(block, "Original-Recipient") or _field(block, "Final-Recipient")
    return given.rpartition(";")[2].strip().strip("<>").lower()


def _field(block: Message, name: str) -> str:
    return header_words(str(block.get(name, "")))


def _original(message: Message) -> str:
    """The Message-ID of the mail, or of its header lines, that the report gives back."""
    for part in message.walk():
        kind = part.get_content_type()
        if kind == "message/rfc822" and part.is_multipart():
            inner = next((one for one in part.get_payload() if isinstance(one, Message)), part)
            return str(inner.get("Message-ID", "")).strip()
        if kind in {"text/rfc822-headers", "message/rfc822-headers"}:
            content = part.get_payload(decode=True)
            text = content.decode("utf-8", "replace") if isinstance(content, bytes) else ""
            found = _ID.search(text)
            return found[1] if found else ""
    return ""
