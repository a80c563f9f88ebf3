"""Codes that change with time: TOTP of RFC 6238 over HOTP of RFC 4226.

What authenticator applications know without being told is used: SHA-1, six digits, 30 seconds."""

import base64
import binascii
import hashlib
import hmac
from datetime import datetime
from urllib.parse import quote, urlencode

STEP_SECONDS = 30
DIGITS = 6
KEY_BYTES = 20  # RFC 4226 §4: 160 bits
EARLIER = 1  # steps that a clock may be slow or fast: one, RFC 6238 §5.2
_HASHES = {"SHA1": hashlib.sha1, "SHA256": hashlib.sha256, "SHA512": hashlib.sha512}


def step_at(now: datetime) -> int:
    """Return the number of the 30-second step that a moment is in."""
    return int(now.timestamp()) // STEP_SECONDS


def code_of(key: bytes, step: int, *, digits: int = DIGITS, algorithm: str = "SHA1") -> str:
    """Return the code of one step, with leading zeros (RFC 4226 §5.3)."""
    digest = hmac.new(key, step.to_bytes(8, "big"), _HASHES[algorithm]).digest()
    offset = digest[-1] & 15
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return str(number % 10**digits).zfill(digits)


def matching_step(key: bytes, typed: str, now: datetime, last_step: int | None) -> int | None:
    """Return the step whose code was typed, or None when it is none of the steps around `now`.

    Codes of `last_step` and before are refused, so one that was looked at over a shoulder, or
    was used already, does not work again (RFC 6238 §5.2)."""
    typed = "".join(typed.split())
    if len(typed) != DIGITS or not (typed.isascii() and typed.isdigit()):
        return None
    here = step_at(now)
    found = None
    for step in range(here - EARLIER, here + EARLIER + 1):
        # Every step is compared, so the time taken does not say which one was near.
        if hmac.compare_digest(code_of(key, step), typed):
            found = step
    return found if found is not None and (last_step is None or found > last_step) else None


def key_text(key: bytes) -> str:
    """Write a key for people who type it: base32 in groups of four."""
    text = base64.b32encode(key).decode().rstrip("=")
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def key_from_text(text: str) -> bytes | None:
    """Read a key that `key_text` wrote; None when it is none."""
    bare = "".join(text.split()).upper()
    try:
        return base64.b32decode(bare + "=" * (-len(bare) % 8))
    except binascii.Error:
        return None


def key_uri(key: bytes, account: str, issuer: str) -> str:
    """Return the `otpauth:` address that authenticator applications read from the picture."""
    label = quote(f"{issuer}:{account}", safe="")
    query = {"secret": key_text(key).replace(" ", ""), "issuer": issuer}
    return f"otpauth://totp/{label}?{urlencode(query, quote_via=quote)}"
