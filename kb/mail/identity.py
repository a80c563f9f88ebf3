"""What makes a mail the same mail, whichever way it comes and however often."""

import hashlib
import re
from dataclasses import dataclass

# Lines that servers add on the way; all others, broken ones too, are the sender's.
_ADDED = re.compile(
    rb"(x-)?(received|original-to|envelope-[a-z]+|spam-[a-z-]+|status)|received-spf|return-path"
    rb"|delivered-to|authentication-results|arc-[a-z-]+|status",
    re.IGNORECASE,
)
_BLANK = re.compile(rb"\r?\n\r?\n")
_FOLD = re.compile(rb"\n[ \t]+")
_ID = re.compile(rb"<[^<>\s]{1,500}>")


@dataclass(frozen=True, slots=True)
class Identity:
    """`seen_key` is the same for every copy of a mail; `sha256` is that of these very bytes."""

    message_id: str
    seen_key: str
    sha256: str


def identity(raw: bytes) -> Identity:
    """Tell which mail this is: by what its sender wrote, Message-ID and all."""
    end = _BLANK.search(raw)
    head, body = (raw[: end.start()], raw[end.end() :]) if end else (raw, b"")
    kept, message_id = [], ""
    for line in _FOLD.sub(b" ", head.replace(b"\r\n", b"\n")).split(b"\n"):
        name = line.partition(b":")[0].strip()
        if _ADDED.fullmatch(name):
            continue
        kept.append(line)
        found = _ID.search(line) if name.lower() == b"message-id" and not message_id else None
        message_id = found[0].decode("ascii", "replace") if found else message_id
    said = b"\n".join(kept) + b"\n\n" + body.replace(b"\r\n", b"\n").rstrip()
    return Identity(message_id, hashlib.sha256(said).hexdigest(), hashlib.sha256(raw).hexdigest())
