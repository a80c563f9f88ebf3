"""The signed mark by which a reply finds its case (R46): in the subject and in Reply-To."""

import base64
import hashlib
import hmac
import re

_LENGTH = 12
_SUBJECT = re.compile(r"\[#(?P<number>\d{1,18})\s*·\s*(?P<token>[a-z2-7]{12})\]", re.IGNORECASE)
_ADDRESS = re.compile(r"\+(?P<number>\d{1,18})\.(?P<token>[a-z2-7]{12})@", re.IGNORECASE)


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


def case_in(secret: str, text: str) -> int | None:
    """Return the number of the case a subject or address is signed for; None for a forged,
    damaged or missing mark."""
    for pattern in (_SUBJECT, _ADDRESS):
        for found in pattern.finditer(text):
            number = int(found["number"])
            if hmac.compare_digest(token(secret, number), found["token"].lower()):
                return number
    return None
