"""Signed links for mails: they expire, and they die with what they were made from."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from itsdangerous import BadData, URLSafeSerializer

from kb.store.users import User


class LinkState(StrEnum):
    """What became of a link: it still works, it has done its work, it is too old, or it is not
    ours."""

    GOOD = "good"
    USED = "used"
    EXPIRED = "expired"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class OpenedLink:
    """A link whose signature is right: whom it is for, until when, and of which state."""

    user_id: int
    expires: datetime
    mark: str

    def state(self, secret: str, user: User | None, now: datetime) -> LinkState:
        """Judge the link against the account as it is now."""
        if user is None:
            return LinkState.BAD
        if not hmac.compare_digest(self.mark, _mark(secret, user)):
            return LinkState.USED
        return LinkState.EXPIRED if now >= self.expires else LinkState.GOOD


def make(secret: str, purpose: str, user: User, lives: timedelta, now: datetime) -> str:
    """Return the token of a link for this account; changing the password ends it."""
    expires = int((now + lives).timestamp())
    return _signer(secret, purpose).dumps([user.id, expires, _mark(secret, user)])


def open_link(secret: str, purpose: str, token: str, now: datetime) -> OpenedLink | None:
    """Read a token; None when it is forged, damaged or made for another purpose."""
    try:
        payload: Any = _signer(secret, purpose).loads(token)
        user_id, expires, mark = payload
        return OpenedLink(int(user_id), datetime.fromtimestamp(expires, now.tzinfo), str(mark))
    except (BadData, TypeError, ValueError, OverflowError):
        return None


def _signer(secret: str, purpose: str) -> URLSafeSerializer:
    return URLSafeSerializer(
        secret, salt=f"link:{purpose}", signer_kwargs={"digest_method": hashlib.sha256}
    )


def _mark(secret: str, user: User) -> str:
    """What a link is tied to: the address, and the password with its sessions."""
    told = f"{user.email_key}|{user.password_hash}|{user.session_epoch}".encode()
    return hmac.new(secret.encode(), told, hashlib.sha256).hexdigest()[:24]


@dataclass(frozen=True, slots=True)
class OpenedTicket:
    """A link to a row that waits for an answer and goes with it; `number` is the row's."""

    number: int
    expires: datetime

    def is_over(self, now: datetime) -> bool:
        return now >= self.expires


def make_ticket(secret: str, purpose: str, number: int, lives: timedelta, now: datetime) -> str:
    """Return the token of a link to a row; it works as long as the row is there."""
    return _signer(secret, purpose).dumps([number, int((now + lives).timestamp())])


def open_ticket(secret: str, purpose: str, token: str, now: datetime) -> OpenedTicket | None:
    """Read a token; None when it is forged, damaged or made for another purpose."""
    try:
        payload: Any = _signer(secret, purpose).loads(token)
        number, expires = payload
        return OpenedTicket(int(number), datetime.fromtimestamp(expires, now.tzinfo))
    except (BadData, TypeError, ValueError, OverflowError):
        return None
