"""What a request's form must hold, for whoever fills it in without our pages (R42, R43)."""

import re
from collections.abc import Mapping
from enum import StrEnum

from kb.rules.policy import Field, FieldKind, Request

LINE_LIMIT = 200
TEXT_LIMIT = 20_000
PHONE = r"^[0-9+() ./-]{5,}$"

# These have a place of their own in a case, or are no words.
OWN_PLACE = frozenset({FieldKind.TITLE, FieldKind.DESCRIPTION, FieldKind.SEVERITY, FieldKind.FILES})
ABOUT_THE_PERSON = ("first_name", "last_name", "email", "phone", "country")
LONG = frozenset({FieldKind.TEXT, FieldKind.DESCRIPTION})


class FieldFlaw(StrEnum):
    """What is wrong with what a field holds."""

    MISSING = "missing"
    UNKNOWN = "unknown"
    TOO_LONG = "too-long"
    CHOICE = "choice"
    FORM = "form"


def asked_fields(request: Request) -> tuple[Field, ...]:
    """Return the fields of a request that a case has no place of its own for."""
    others = (field for field in request.fields if field.kind not in OWN_PLACE)
    return tuple(field for field in others if field.id not in ABOUT_THE_PERSON)


def filled(request: Request, given: Mapping[str, str], topic: str) -> dict[str, str]:
    """Return the details with the reason filled in from the topic, as the page does."""
    reasons = {field.id for field in request.fields if field.kind is FieldKind.REASON}
    return {**dict.fromkeys(reasons if topic else (), topic), **given}


def longest(kind: FieldKind) -> int:
    """Return how many characters a field of this kind takes."""
    return TEXT_LIMIT if kind in LONG else LINE_LIMIT


def flaws(request: Request, given: Mapping[str, str]) -> dict[str, FieldFlaw]:
    """Return what is wrong with the details of a case, by field; a customer's name and address
    are those of the account, and files come by other ways."""
    asked = {field.id: field for field in asked_fields(request)}
    found = {name: FieldFlaw.UNKNOWN for name in given if name not in asked}
    for name, field in asked.items():
        wrong = _flaw(field, request, given.get(name, "").strip())
        if wrong:
            found[name] = wrong
    return found


def _flaw(field: Field, request: Request, text: str) -> FieldFlaw | None:
    if not text:
        return FieldFlaw.MISSING if field.required else None
    if len(text) > longest(field.kind):
        return FieldFlaw.TOO_LONG
    if field.kind is FieldKind.REASON:
        known = {topic.id for topic in request.topics if topic.in_scope}
        return None if text in known else FieldFlaw.CHOICE
    if field.kind is FieldKind.PHONE and not re.fullmatch(PHONE, text):
        return FieldFlaw.FORM
    if field.kind is FieldKind.EMAIL and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", text):
        return FieldFlaw.FORM
    return None
