"""Reading a mail as it came over the line: who, about what, which words, which files.

Never raises: what the standard library cannot read, or what is built to hurt, comes back as
not legible, and its source is kept."""

import re
from dataclasses import dataclass, field, replace
from email import message_from_bytes, policy
from email.message import Message
from email.utils import getaddresses

from kb.mail.decoding import clean, eight_bit, header_words
from kb.mail.mime import Content, MailFile, TooDeep, content_of
from kb.mail.reports import Returned, returned_in
from kb.rules.mail_kinds import Headers
from kb.rules.mail_threading import Legible

_ADDRESS = re.compile(
    r"[^\s@<>(),;:\"\\\[\]\x00-\x1f\x7f]{1,64}@[A-Za-z0-9\u0080-\U0010ffff]"
    r"[A-Za-z0-9.\u0080-\U0010ffff-]{1,252}"
)
_MOST_VALUES = 60  # headers of one name that are looked at
_REFERENCES = 20_000  # characters


@dataclass(frozen=True, slots=True)
class ReadMail:
    """What a mail says. `sender` is in lower case, empty when it is not exactly one address;
    `report` is the type of a multipart/report, `returned` what a bounce gives back."""

    legible: Legible
    message_id: str = ""
    sender: str = ""
    subject: str = ""
    headers: Headers = field(default_factory=dict)
    recipients: str = ""
    references: str = ""
    langs: tuple[str, ...] = ()
    text: str = ""
    files: tuple[MailFile, ...] = ()
    left_out: tuple[str, ...] = ()
    report: str = ""
    returned: tuple[Returned, ...] = ()


def read_mail(raw: bytes) -> ReadMail:
    """Read a mail, whatever it is."""
    head = ReadMail(Legible.NO)
    try:
        message = message_from_bytes(raw, policy=policy.compat32)
        head = _head(message)
        content = content_of(message)
        return replace(
            head,
            legible=_legible(content),
            text=content.text,
            files=content.files,
            left_out=content.left_out,
            returned=returned_in(message) if head.report == "delivery-status" else (),
        )
    except (TooDeep, RecursionError):
        return head
    except Exception:  # the parser has bugs that only hostile mail finds; it is held, not lost
        return head


def _legible(content: Content) -> Legible:
    if content.encrypted:
        return Legible.ENCRYPTED
    return Legible.YES if content.text.strip() or content.files else Legible.EMPTY


def _head(message: Message) -> ReadMail:
    """Read the header lines; each by itself, so one bad line does not spoil the others."""
    found: dict[str, list[str]] = {}
    for name, value in message.raw_items():
        values = found.setdefault(str(name).strip().lower(), [])
        if len(values) < _MOST_VALUES:
            values.append(str(value))
    whole = " ".join(found.get("references", []) + found.get("in-reply-to", []))
    sent_to = [
        value
        for name in ("to", "cc", "delivered-to", "x-original-to", "envelope-to")
        for value in found.get(name, [])
    ]
    return ReadMail(
        legible=Legible.NO,
        message_id=_message_id(found.get("message-id", [])),
        sender=_sender(found.get("from", [])),
        subject=header_words(next(iter(found.get("subject", [])), "")),
        headers={name: tuple(map(header_words, values)) for name, values in found.items()},
        recipients=clean(eight_bit(" ".join(sent_to)))[:_REFERENCES],
        references=re.sub(r"\s+", " ", clean(eight_bit(whole)))[-_REFERENCES:],
        langs=_langs(found),
        report=_report(message),
    )


def _message_id(values: list[str]) -> str:
    found = re.search(r"<[^<>\s]{1,500}>", values[0]) if values else None
    return clean(eight_bit(found[0])) if found else ""


def _sender(values: list[str]) -> str:
    """The one address of the one From header; anything else is nobody, since whose mail it is
    decides what it may do."""
    if len(values) != 1:
        return ""
    plain = " ".join(eight_bit(values[0][:2000]).split())
    addresses = [address for _, address in getaddresses([plain]) if address]
    if len(addresses) != 1 or plain.count("@") != 1 + _quoted_ats(plain):
        return ""
    return addresses[0].lower() if _ADDRESS.fullmatch(addresses[0]) else ""


def _quoted_ats(plain: str) -> int:
    """Count the @ in a name before the address: `"ana@home" <ana@example.org>`."""
    before, bracket, rest = plain.rpartition("<")
    return before.count("@") if bracket and re.fullmatch(r"[^<>]+>\s*", rest) else 0


def _langs(found: dict[str, list[str]]) -> tuple[str, ...]:
    said = ",".join(found.get("content-language", []) + found.get("accept-language", []))
    return tuple(re.findall(r"(?:^|[,\s])([a-z]{2})\b", said.lower()[:200]))


def _report(message: Message) -> str:
    if message.get_content_type() != "multipart/report":
        return ""
    found = re.search(r"report-type=\"?([a-z-]{1,40})", str(message["content-type"]).lower())
    return found[1] if found else "unknown"
