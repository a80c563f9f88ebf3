"""How a sign-in provider is asked: without following redirects, so that it cannot send us elsewhere
with the client secret, and no longer than a person waits."""

import json
from collections.abc import Mapping
from enum import StrEnum
from http.client import HTTPException, HTTPResponse
from time import monotonic
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

_TIMEOUT_SECONDS = 10
_LARGEST_ANSWER = 512 * 1024
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class Failure(StrEnum):
    """Why a sign-in at a provider came to nothing."""

    AWAY = "away"  # no answer, or none that can be read
    DENIED = "denied"  # the person or the provider said no
    FORGED = "forged"  # state, nonce, issuer, audience, signature or time are not as they must be


class SignInFailed(Exception):
    """The provider's word is not to be had or not to be believed."""

    def __init__(self, failure: Failure, why: str) -> None:
        super().__init__(why)
        self.failure = failure


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def safe(address: str) -> str:
    """Secrets travel by https only, except to this very machine."""
    try:
        parts = urlsplit(address)
    except ValueError as error:
        raise SignInFailed(Failure.AWAY, f"{address}: {error}") from error
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        return address
    raise SignInFailed(Failure.AWAY, f"{address} is not https")


def fetch(
    address: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
) -> Mapping[str, Any]:
    """Fetch one JSON object; what cannot be read counts as no answer."""
    inside = urlsplit(address).hostname in _LOOPBACK
    opener = build_opener(_NoRedirect, *([ProxyHandler({})] if inside else []))
    request = Request(address, body, {"Accept": "application/json", **(headers or {})})  # noqa: S310
    try:
        with opener.open(request, timeout=_TIMEOUT_SECONDS) as answer:
            found = json.loads(_read(answer))
    except (URLError, OSError, HTTPException, ValueError, RecursionError) as error:
        if isinstance(error, HTTPError):
            error.close()
        raise SignInFailed(Failure.AWAY, f"{address}: {error}") from error
    if not isinstance(found, dict):
        raise SignInFailed(Failure.AWAY, f"{address}: no JSON object")
    return found


def _read(answer: HTTPResponse) -> bytes:
    """Read an answer that is whole, and neither too long nor sent drop by drop."""
    until, content = monotonic() + _TIMEOUT_SECONDS, b""
    while piece := answer.read1(65536):
        content += piece
        if len(content) > _LARGEST_ANSWER or monotonic() > until:
            raise ValueError("too long an answer")
    if answer.length:
        raise ValueError("the answer was cut off")
    return content
