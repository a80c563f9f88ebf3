"""Links to downloads that are signed and expire (R12)."""

import hmac
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from urllib.parse import quote, urlsplit

LIVES = timedelta(hours=12)
OWN = "/files/"  # files of the site itself; everything else lies elsewhere


class LinkState(StrEnum):
    GOOD = "good"
    EXPIRED = "expired"
    FORGED = "forged"


def signed(url: str, secret: str, now: datetime) -> str:
    """Return an address with its end and its signature; whoever has the secret can check it.

    The signature is HMAC-SHA-256, in hex, over the path, a line feed and `expires`, in seconds."""
    path = quote(urlsplit(url).path, safe="/%")
    expires = int((now + LIVES).timestamp())
    joint = "&" if urlsplit(url).query else "?"
    return f"{url}{joint}expires={expires}&signature={_signature(path, str(expires), secret)}"


def judge(path: str, expires: str, signature: str, secret: str, now: datetime) -> LinkState:
    """Say whether a link is one of ours and still good; `path` as it was asked for, quoted."""
    mine = _signature(quote(path, safe="/%"), expires, secret)
    if not hmac.compare_digest(mine.encode(), signature.encode()):
        return LinkState.FORGED
    return LinkState.GOOD if int(expires) > now.timestamp() else LinkState.EXPIRED


def _signature(path: str, expires: str, secret: str) -> str:
    return hmac.new(secret.encode(), f"{path}\n{expires}".encode(), sha256).hexdigest()
