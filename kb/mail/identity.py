"""What makes a mail the same mail, whichever way it comes and however often."""

import hashlib
import re
from dataclasses import dataclass

# What its sender wrote; other header lines are added by servers on the way.
_KEPT = ("message-id", "date", "from", "to", "cc", "subject", "in-reply-to", "content-type")
_BLANK = re.compile(rb"\r?\n\r?\n")
_FOLD = re.compile(rb"\r?\n[ \t]+")
_ID = re.compile(rb"<[^<>\s]{1,500}>")


@dataclass(frozen=True, slots=True)
class Identity:
    """`seen_key` is the same for every copy of a mail; `sha256` is that of these very bytes."""

    message_id: str
    seen_key: str
    sha256: str


def identity(raw: bytes) -> Identity:
    """Tell which mail this is: by Message-ID, the sender's own header lines, and the content."""
    end = _BLANK.search(raw)
    head, body = (raw[: end.start()], raw[end.end() :]) if end else (raw, b"")
    kept, message_id = [], ""
    for line in _FOLD.sub(b" ", head).splitlines():
        name = line.partition(b":")[0].strip().lower().decode("ascii", "replace")
        if name in _KEPT:
            kept.append(b" ".join(line.split()))
            found = _ID.search(line) if name == "message-id" and not message_id else None
            message_id = found[0].decode("ascii", "replace") if found else message_id
    said = b"\n".join(sorted(kept)) + b"\n\n" + body.replace(b"\r\n", b"\n").strip()
    if not kept:  # nothing to go by but the bytes
        said = raw.replace(b"\r\n", b"\n").strip()
    return Identity(message_id, hashlib.sha256(said).hexdigest(), hashlib.sha256(raw).hexdigest())
