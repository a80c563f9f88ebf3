"""An HTTP licence service that knows the sold licences; the contract is in docs/operators.md."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from http.client import HTTPException
from typing import Any
from urllib.error import URLError
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from kb.rules.keys import canonical
from kb.rules.licence_list import Sold
from kb.settings import Settings

TIMEOUT_SECONDS = 5.0
MOST_AT_ONCE = 100
_LARGEST_ANSWER = 1024 * 1024
_TEXTS = ("product", "version", "edition", "plan")
_NUMBERS = ("plan_days", "term_days")


class LicenceServiceTrouble(Exception):
    """No answer, or none that can be relied on; nothing is known about the keys."""


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


class LicenceService:
    """Asks about keys; what it does not answer in full counts as no answer."""

    def __init__(self, url: str, token: str, timeout: float = TIMEOUT_SECONDS) -> None:
        self._url = f"{url.rstrip('/')}/licences"
        self._token = token
        self._timeout = timeout
        self._opener = build_opener(_NoRedirect, ProxyHandler({}))

    def look_up(self, keys: Sequence[str]) -> dict[str, Sold | None]:
        """Return what was sold under each key, None where the service does not know it; raises
        LicenceServiceTrouble. At most MOST_AT_ONCE keys."""
        found = self._fetch({"keys": list(keys)}).get("licences")
        if not isinstance(found, dict) or set(found) != set(keys):
            raise LicenceServiceTrouble("the answer does not speak of every key, and only of them")
        return {key: _sold(key, told) for key, told in found.items()}

    def _fetch(self, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        request = Request(self._url, json.dumps(asked).encode(), headers)  # noqa: S310
        try:
            with self._opener.open(request, timeout=self._timeout) as answer:
                body = answer.read(_LARGEST_ANSWER + 1)
            told = json.loads(body) if len(body) <= _LARGEST_ANSWER else None
        except (URLError, HTTPException, OSError, ValueError, RecursionError) as error:
            raise LicenceServiceTrouble(f"{self._url}: {error}") from error
        if not isinstance(told, dict):
            raise LicenceServiceTrouble(f"{self._url}: no JSON object")
        return told


def licence_service_for(settings: Settings) -> LicenceService | None:
    """Return the service of KB_LICENCE_URL, or None: then only imported lists are known."""
    if not settings.licence_url:
        return None
    return LicenceService(settings.licence_url, settings.licence_token)


def _sold(key: str, told: Any) -> Sold | None:
    """Read one licence; a wrong field makes the whole answer one that cannot be relied on."""
    if told is None:
        return None
    if not isinstance(told, dict) or canonical(str(told.get("key", key))) != canonical(key):
        raise LicenceServiceTrouble("the answer speaks of another key")
    texts = {name: told.get(name) for name in _TEXTS}
    numbers = {name: told.get(name) for name in _NUMBERS}
    sound = all(value is None or isinstance(value, str) for value in texts.values())
    sound = sound and all(value is None or _is_days(value) for value in numbers.values())
    try:
        sold_on = date.fromisoformat(str(told.get("sold_on")))
    except ValueError:
        sound = False
    if not sound or not texts["product"]:
        raise LicenceServiceTrouble("a licence has a field that is none")
    return Sold(
        key=key,
        product=texts["product"],
        sold_on=sold_on,
        version=texts["version"],
        edition=texts["edition"] or "",
        plan=texts["plan"],
        plan_days=numbers["plan_days"],
        term_days=numbers["term_days"],
    )


def _is_days(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= 36_525
