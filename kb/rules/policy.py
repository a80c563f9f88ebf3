"""The support policy as checked data: products, plans, calendars, requests, entitlements."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum

from kb.rules.calendars import Calendar
from kb.rules.products import Product
from kb.rules.texts import NO_TEXT, Text


class Channel(StrEnum):
    """The ways to reach a person; a site runs some of them."""

    PHONE = "phone"
    CHAT = "chat"
    EMAIL = "email"


class Severity(StrEnum):
    """R33–R36."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"


@dataclass(frozen=True, slots=True)
class Money:
    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Target:
    """A promised first response: business time on the plan's calendar (R13, R14)."""

    within: timedelta
    text: Text


@dataclass(frozen=True, slots=True)
class Plan:
    """A support plan (R13, R14); `targets` holds only what is promised."""

    id: str
    name: Text
    channels: tuple[Channel, ...]
    calendar: str
    priority: int = 0
    off_hours_languages: tuple[str, ...] = ()
    targets: Mapping[Severity, Target] = field(default_factory=dict)
    price: Money | None = None
    term_days: int | None = None
    summary: Text = NO_TEXT


@dataclass(frozen=True, slots=True)
class ChannelInfo:
    """How a channel of this site is reached."""

    channel: Channel
    name: Text
    pitch: Text
    number: str = ""
    full_version_only: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a request's form (R42, R43)."""

    id: str
    label: Text
    hint: Text = NO_TEXT
    required: bool = True
    kind: str = "line"


@dataclass(frozen=True, slots=True)
class Topic:
    """What a request is about; an out-of-scope topic is answered before the form (R24)."""

    id: str
    name: Text
    hint: Text = NO_TEXT
    in_scope: bool = True
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """A request type, the first step of the contact wizard (R37)."""

    id: str
    name: Text
    hint: Text = NO_TEXT
    needs_product: bool = True
    topics: tuple[Topic, ...] = ()
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True)
class SeverityInfo:
    """A severity in plain words with its examples (R33–R36)."""

    severity: Severity
    name: Text
    meaning: Text


class Way(StrEnum):
    """What a refused customer can do instead."""

    KNOWLEDGE_BASE = "knowledge-base"
    FORUM = "forum"
    TROUBLESHOOTER = "troubleshooter"
    UPGRADE = "upgrade"
    REGISTER = "register"
    SIGN_IN = "sign-in"
    SALES = "sales"


@dataclass(frozen=True, slots=True)
class Offer:
    """Something a customer can buy (R17, R28): a paid incident, a renewal, a subscription."""

    id: str
    name: Text
    pitch: Text
    price: Money | None = None
    plan: str | None = None
    channels: tuple[Channel, ...] = ()


@dataclass(frozen=True, slots=True)
class Grant:
    """What a matching rule adds: channels of its own or those of the customer's plan."""

    channels: tuple[Channel, ...] = ()
    calendar: str | None = None
    from_plan: bool = False
    plan: str | None = None
    free: bool = False
    uses_credit: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    instead: tuple[Way, ...]


@dataclass(frozen=True, slots=True)
class Test:
    """A closed test on one fact: membership in `values`, or a bound on a number."""

    fact: str
    values: tuple[str, ...] = ()
    at_most: int | None = None
    at_least: int | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """Facts in, effect out: exactly one of `grant`, `refuse`; `offers` may stand alone.

    Rules are read in order: grants add up, the first refusal ends, and it only refuses when
    nothing was granted before it, so one more grant never turns a yes into a no."""

    id: str
    when: tuple[Test, ...]
    why: Text
    grant: Grant | None = None
    refuse: Refusal | None = None
    offers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Policy:
    """All of `policy/*.yaml`, checked; `revision` is a hash of those files."""

    revision: str
    products: Mapping[str, Product]
    plans: Mapping[str, Plan]
    calendars: Mapping[str, Calendar]
    requests: Mapping[str, Request]
    channels: Mapping[Channel, ChannelInfo]
    severities: Mapping[Severity, SeverityInfo]
    offers: Mapping[str, Offer]
    rules: tuple[Rule, ...]
