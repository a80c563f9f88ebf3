"""Webhooks: which events there are, what signs them, which addresses they may go to."""

import hmac
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
)
from typing import Any
from urllib.parse import urlsplit

from kb.rules.cases import MessageKind
from kb.rules.whole_numbers import whole

Network = IPv4Network | IPv6Network

STOPS_AFTER = 60  # failures in a row; with the usual pauses several deliveries over a day
TOLERANCE = timedelta(minutes=5)  # how old a signature may be
SECRET_PREFIX = "whsec_"  # noqa: S105 # by which a secret that leaked is recognised
MOST = 20  # webhooks of a site
LONGEST_URL = 500


class WebhookEvent(StrEnum):
    """What can be told about a case."""

    OPENED = "case.opened"
    REPLIED = "case.replied"
    NOTED = "case.noted"
    STATUS = "case.status"
    SEVERITY = "case.severity"
    ASSIGNED = "case.assigned"
    TAGGED = "case.tagged"
    MERGED = "case.merged"


class UrlFlaw(StrEnum):
    """Why an address can be no target."""

    SHAPE = "shape"
    SCHEME = "scheme"
    LOGIN = "login"
    PRIVATE = "private"


_CHANGES = {
    "opened": WebhookEvent.OPENED,
    "state": WebhookEvent.STATUS,
    "severity": WebhookEvent.SEVERITY,
    "assignee": WebhookEvent.ASSIGNED,
    "tag": WebhookEvent.TAGGED,
    "merged": WebhookEvent.MERGED,
}
# What of a change may be told: closed vocabularies and numbers, no words of a person, no name.
_TOLD = {WebhookEvent.STATUS, WebhookEvent.SEVERITY, WebhookEvent.MERGED}


def of_message(kind: str) -> WebhookEvent:
    """Return what a new message of this kind is told as."""
    return WebhookEvent.NOTED if kind == MessageKind.NOTE else WebhookEvent.REPLIED


def of_change(change: Mapping[str, Any]) -> tuple[WebhookEvent, dict[str, str]] | None:
    """Return what a change of a case is told as, and the part of it that is told; None for what
    nobody is told of."""
    event = _CHANGES.get(str(change.get("what")))
    if event is None:
        return None
    told = {name: str(change.get(name, "")) for name in ("before", "after")}
    return event, (told if event in _TOLD else {})


def signature(secret: str, at: datetime, body: bytes) -> str:
    """Sign a body at a moment: `t=<seconds>,v1=<HMAC-SHA256 of "seconds.body" in hex>`."""
    seconds = int(at.timestamp())
    return f"t={seconds},v1={_mac(secret, seconds, body)}"


def is_signed(secret: str, header: str, body: bytes, now: datetime) -> bool:
    """Tell whether a signature is ours, for this very body, and not older than TOLERANCE."""
    parts = dict(part.partition("=")[::2] for part in header.split(","))
    seconds = whole(parts.get("t", ""), 11)
    if seconds is None or abs(now.timestamp() - seconds) > TOLERANCE.total_seconds():
        return False
    right = _mac(secret, seconds, body)
    return hmac.compare_digest(right.encode(), parts.get("v1", "").encode())


def _mac(secret: str, seconds: int, body: bytes) -> str:
    return hmac.new(secret.encode(), str(seconds).encode() + b"." + body, sha256).hexdigest()


def url_flaw(url: str, allowed: Iterable[Network] = ()) -> UrlFlaw | None:
    """Return why an address can be no target, as far as it says so itself; what its name stands
    for is judged each time by `may_reach`."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return UrlFlaw.SHAPE
    if not host or port == 0 or len(url) > LONGEST_URL or not _is_plain(url):
        return UrlFlaw.SHAPE
    if parts.username is not None or parts.password is not None:
        return UrlFlaw.LOGIN
    try:
        address = ip_address(host)
    except ValueError:
        address = None
    if parts.scheme != "https" and not (parts.scheme == "http" and tuple(allowed)):
        return UrlFlaw.SCHEME
    if address is not None and not may_reach(str(address), allowed):
        return UrlFlaw.PRIVATE
    return None


def _is_plain(url: str) -> bool:
    return url.isascii() and all(char > " " and char != "\x7f" for char in url)


def may_reach(address: str, allowed: Iterable[Network] = ()) -> bool:
    """Tell whether a resolved address may be connected to: a public one, or one within the
    networks that the operator allows."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return is_within(str(found), allowed) or _is_public(found)


def is_within(address: str, networks: Iterable[Network]) -> bool:
    """Tell whether a resolved address lies in one of these networks."""
    found = ip_address(address.partition("%")[0])
    return any(found in network for network in networks)


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    if address.is_multicast or address.is_reserved or not address.is_global:
        return False
    if isinstance(address, IPv4Address):
        return True
    # An IPv6 address that leads on to an IPv4 one could lead into the house.
    inner = (address.ipv4_mapped, address.sixtofour, address.teredo)
    return not address.is_site_local and all(one is None for one in inner)
