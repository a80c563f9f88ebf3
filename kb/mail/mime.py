"""The parts of a mail: one text to read, and files; nested as the world nests them."""

import re
from dataclasses import dataclass, field
from email.message import Message

from kb.mail.decoding import base64_bytes, clean, decoded, header_words, unflowed
from kb.mail.html_text import text_of
from kb.rules.mail_limits import BODY_LENGTH, MAIL_FILES

DEEPEST = 30  # parts inside each other
MOST_PARTS = 500

_SIGNATURES = {
    "application/pgp-signature",
    "application/pkcs7-signature",
    "application/x-pkcs7-signature",
}
_SEALED = {"application/pkcs7-mime", "application/x-pkcs7-mime"}
_NOT_FOR_READING = {
    "message/delivery-status",
    "message/disposition-notification",
    "text/rfc822-headers",
    "text/x-amp-html",
}


class TooDeep(Exception):
    """More parts, or deeper ones, than any honest mail has."""


@dataclass(frozen=True, slots=True)
class MailFile:
    """A file of a mail under the name its sender gave it."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Content:
    """What is in a mail; `left_out` names files that could not be taken out of it."""

    text: str
    files: tuple[MailFile, ...]
    left_out: tuple[str, ...]
    encrypted: bool


@dataclass
class _Found:
    """What has been collected on the way through the parts."""

    files: list[MailFile] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    encrypted: bool = False
    parts: int = 0


def content_of(message: Message) -> Content:
    """Collect text and files; raises TooDeep."""
    found = _Found()
    text = _text(message, found, 0)
    cut = text if len(text) <= BODY_LENGTH else text[:BODY_LENGTH] + "\n[…]"
    return Content(cut, tuple(found.files), tuple(found.left_out), found.encrypted)


def _text(part: Message, found: _Found, depth: int) -> str:
    """Return the text of a part; its files are collected."""
    found.parts += 1
    if depth > DEEPEST or found.parts > MOST_PARTS:
        raise TooDeep
    kind = part.get_content_type()
    if kind == "multipart/encrypted" or (kind in _SEALED and not part.is_multipart()):
        found.encrypted = True
        return ""
    if part.is_multipart() and kind.startswith("multipart/"):
        return _of_many(part, kind, found, depth)
    if kind in _SIGNATURES or kind in _NOT_FOR_READING:
        return ""
    if _is_words(part, kind):
        return _words(part, kind)
    _add_file(part, kind, found)
    return ""


def _of_many(part: Message, kind: str, found: _Found, depth: int) -> str:
    children = [child for child in part.get_payload() if isinstance(child, Message)]
    if kind == "multipart/signed":
        children = children[:1]
    texts = [(child, _text(child, found, depth + 1)) for child in children]
    if kind == "multipart/alternative":
        return _best(texts)
    return "\n\n".join(text for _, text in texts if text.strip())


def _best(texts: list[tuple[Message, str]]) -> str:
    """Of alternatives the plain text where it says something, else the last that does."""
    said = [(child, text) for child, text in texts if text.strip()]
    plain = [text for child, text in said if child.get_content_type() == "text/plain"]
    return plain[0] if plain else next((text for _, text in reversed(said)), "")


def _is_words(part: Message, kind: str) -> bool:
    """Text to read here: not an attachment, and not a file that is shown inline."""
    if kind not in {"text/plain", "text/html", "text/enriched"}:
        return False
    return part.get_content_disposition() != "attachment" and not _name(part)


def _words(part: Message, kind: str) -> str:
    content = _bytes(part)
    text = decoded(content, _charset(part))
    if kind == "text/html":
        return clean(text_of(text))
    text = clean(text)
    if _parameter(part, "format").lower() == "flowed":
        text = unflowed(text, delsp=_parameter(part, "delsp").lower() == "yes")
    return text


def _add_file(part: Message, kind: str, found: _Found) -> None:
    name = _name(part) or ("message.eml" if kind == "message/rfc822" else "")
    if not name:
        sort, _, ending = kind.partition("/")
        name = f"{sort}.{'jpg' if ending == 'jpeg' else ending.rpartition('+')[0] or ending}"
    content = _enclosed(part) if part.is_multipart() else _bytes(part)
    if not content:
        return
    if len(found.files) >= MAIL_FILES:
        found.left_out.append(name)
    else:
        found.files.append(MailFile(name, content))


def _enclosed(part: Message) -> bytes:
    """A mail inside a mail, as bytes."""
    inner = [one for one in part.get_payload() if isinstance(one, Message)]
    try:
        return inner[0].as_bytes() if inner else b""
    except Exception:  # writing what was hardly readable fails in many ways
        return b""


def _bytes(part: Message) -> bytes:
    raw = part.get_payload()
    if (
        isinstance(raw, str)
        and str(part.get("content-transfer-encoding", "")).strip().lower() == "base64"
    ):
        return base64_bytes(raw.encode("ascii", "ignore"))
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _name(part: Message) -> str:
    try:
        return header_words(part.get_filename() or "")
    except Exception:  # parameters in RFC 2231 are read wrongly in several ways
        given = f"{part.get('content-disposition', '')} {part.get('content-type', '')}"
        found = re.search(r"name\*?=\"?([^\";]{1,200})", given)
        return header_words(found[1]) if found else "file"


def _charset(part: Message) -> str:
    return _parameter(part, "charset")


def _parameter(part: Message, name: str) -> str:
    try:
        value = part.get_param(name, "")
    except Exception:  # as above
        return ""
    return str(value[2] if isinstance(value, tuple) else value or "")
