"""Telling what a person wrote from what a machine did: bounces, automatic answers, our own mail."""

import re
from collections.abc import Mapping
from enum import StrEnum

MOST_HOPS = 40  # more servers than any mail needs: it is going round in circles

Headers = Mapping[str, tuple[str, ...]]  # names in lower case

_SILENT = {"bulk", "junk", "list", "auto_reply"}  # Precedence, as it is used without a standard
_FLAGS = ("x-autoreply", "x-autorespond", "x-auto-reply", "list-id", "list-unsubscribe")
_MACHINES = re.compile(
    r"(mailer-daemon|postmaster|no-?reply|do-?not-?reply|donotreply|bounces?)"
    r"([+.=-][^@]*)?@",
    re.IGNORECASE,
)
_AWAY = re.compile(
    r"\s*(auto(matic)?[- ]?(reply|response)|out of (the )?office|autosvar|abwesenheitsnotiz|"
    r"automatische antwort|respuesta autom[aá]tica|fuera de la oficina|r[eé]ponse automatique)\b",
    re.IGNORECASE,
)


class MailKind(StrEnum):
    """Who or what wrote a mail; only a PERSON is ever answered."""

    PERSON = "person"
    AUTOMATIC = "automatic"
    BOUNCE = "bounce"
    LOOP = "loop"


def kind_of(headers: Headers, *, sender: str, ours: str, report: str = "") -> MailKind:
    """Tell the kind of a mail from its headers (RFC 3834, RFC 3464 and habits).

    `ours` is the support mailbox, `report` the type of a multipart/report. What may be either
    counts as a machine: the price of that is one mail that an agent reads later."""
    if _is_ours(headers, sender, ours):
        return MailKind.LOOP
    if report == "delivery-status":
        return MailKind.BOUNCE
    silent = report or _MACHINES.match(sender) or _says_automatic(headers)
    return MailKind.AUTOMATIC if silent else MailKind.PERSON


def _is_ours(headers: Headers, sender: str, ours: str) -> bool:
    name, _, domain = ours.lower().rpartition("@")
    local, _, place = sender.lower().rpartition("@")
    if place == domain and (local == name or local.startswith(f"{name}+")):
        return True
    return "x-waypost-kind" in headers or len(headers.get("received", ())) > MOST_HOPS


def _says_automatic(headers: Headers) -> bool:
    submitted = _first(headers, "auto-submitted").split(";")[0].strip()
    if submitted not in ("", "no"):
        return True
    if _first(headers, "precedence") in _SILENT or any(name in headers for name in _FLAGS):
        return True
    return _first(headers, "return-path") == "<>" or bool(_AWAY.match(_first(headers, "subject")))


def _first(headers: Headers, name: str) -> str:
    return next(iter(headers.get(name, ())), "").strip().lower()
