"""The signed mark by which a reply finds its case (R46): in subject, Reply-To and Message-ID."""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass
from functools import lru_cache

_LENGTH = 12
_SUBJECT = re.compile(r"\[#(?P<number>\d{1,18})\s*·\s*(?P<token>[a-z2-7]{12})\]", re.IGNORECASE)
_ADDRESS = re.compile(r"\+(?P<number>\d{1,18})\.(?P<token>[a-z2-7]{12})@", re.IGNORECASE)
_MESSAGE = re.compile(
    r"<case(?:-[a-z]{1,20})?\.(?P<number>\d{1,18})\.(?P<token>[a-z2-7]{12})[.@]", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Marks:
    """What the marks of a mail say: the cases they are signed for, and whether one is forged or
    damaged."""

    numbers: frozenset[int]
    forged: bool


@lru_cache(maxsize=1000)  # a letter has it three times
def token(secret: str, number: int) -> str:
    """Sign a case number; 12 letters, 60 bits, the same in upper and lower case."""
    digest = hmac.new(secret.encode(), f"case-mail:{number}".encode(), hashlib.sha256).digest()
    return base64.b32encode(digest).decode().lower()[:_LENGTH]


def subject_mark(secret: str, number: int) -> str:
    """Return what stands at the end of every subject about a case: `[#10004817 · token]`."""
    return f"[#{number} · {token(secret, number)}]"


def reply_address(secret: str, number: int, mailbox: str) -> str:
    """Return the plus address that brings an answer back to the case."""
    name, _, domain = mailbox.rpartition("@")
    return f"{name}+{number}.{token(secret, number)}@{domain}"


def marks_in(secret: str, subject: str, addresses: str, references: str) -> Marks:
    """Read the marks in a subject, in the addresses a mail was sent to, and in the Message-IDs
    that it refers to; each kind only where it belongs."""
    numbers, forged = set(), False
    places = ((_SUBJECT, subject), (_ADDRESS, addresses), (_MESSAGE, references))
    for pattern, text in places:
        for found in pattern.finditer(text):
            number = int(found["number"])
            # In bytes: “ſ” and “ı” are letters of a token to a pattern that ignores case.
            given = found["token"].lower().encode("utf-8", "replace")
            if hmac.compare_digest(token(secret, number).encode(), given):
                numbers.add(number)
            else:
                forged = True
    return Marks(frozenset(numbers), forged)
