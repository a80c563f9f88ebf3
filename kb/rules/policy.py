"""The support policy as checked data: products, plans, calendars, requests, entitlements."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from kb.rules.calendars import Calendar
from kb.rules.canned import Canned
from kb.rules.consent import Consent
from kb.rules.licensing import LicensingRules
from kb.rules.money import Money as Money
from kb.rules.money import PriceList
from kb.rules.products import Product
from kb.rules.texts import NO_TEXT, Text


class Channel(StrEnum):
    """The ways to reach a person; a site runs some of them."""

    PHONE = "phone"
    CHAT = "chat"
    EMAIL = "email"
    MESSAGING = "messaging"


class Severity(StrEnum):
    """R33–R36."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"


@dataclass(frozen=True, slots=True)
class Target:
    """A promised first response: business time on the plan's calendar (R13, R14).

    `next_within` promises each answer after the first one, `resolve_within` the resolution, not
    counting the time in which the customer is awaited."""

    within: timedelta
    text: Text
    next_within: timedelta | None = None
    resolve_within: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Test:
    """A closed test on one fact: membership in `values`, or inclusive bounds on a number.

    A number that is not known is the value "unknown"."""

    fact: str
    values: tuple[str, ...] = ()
    at_most: int | None = None
    at_least: int | None = None


Condition = tuple[Test, ...]  # every test must hold


@dataclass(frozen=True, slots=True)
class Plan:
    """A support plan (R13, R14); `targets` holds only what is promised.

    Outside `office_calendar` only `off_hours_languages` are spoken (R32; empty: no limit). A plan
    that is `per_case` is bought for one case and never held as a subscription (R28). `price` is for
    `term_days`, or for the case. Of cases owed by the same time, those of a higher `priority` go
    first (`milestones.turn_of`)."""

    id: str
    name: Text
    channels: tuple[Channel, ...]
    calendar: str
    priority: int = 0
    office_calendar: str | None = None
    off_hours_languages: tuple[str, ...] = ()
    targets: Mapping[Severity, Target] = field(default_factory=dict)
    price: Money | None = None
    term_days: int | None = None
    summary: Text = NO_TEXT
    per_case: bool = False


@dataclass(frozen=True, slots=True)
class ChannelInfo:
    """How a channel of this site is reached, and by whom (R38, R39).

    A channel with `only_when` is open only where one of these conditions holds, whatever the rules
    grant; `otherwise` says so to the others. `usual` is a habit, not a promise. `link` leads to a
    conversation elsewhere; a `fallback` is for when the other ways fail, and is also shown with the
    cases it was granted for (R69)."""

    channel: Channel
    name: Text
    pitch: Text
    number: str = ""
    only_when: tuple[Condition, ...] = ()
    otherwise: Text = NO_TEXT
    usual: Text = NO_TEXT
    link: str = ""
    fallback: bool = False

    @property
    def address(self) -> str:
        """Where a button leads that leaves this site: a conversation elsewhere, a number to call;
        empty for what is written here."""
        return self.link or (f"tel:{self.number.replace(' ', '')}" if self.number else "")


class FieldKind(StrEnum):
    """What a form field takes; every form has one `title` and one `description`."""

    TITLE = "title"
    DESCRIPTION = "description"
    LINE = "line"
    TEXT = "text"
    EMAIL = "email"
    PHONE = "phone"
    COUNTRY = "country"
    SERIAL = "serial"
    REASON = "reason"
    SEVERITY = "severity"
    FILES = "files"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a request's form (R42, R43)."""

    id: str
    label: Text
    hint: Text = NO_TEXT
    required: bool = True
    kind: FieldKind = FieldKind.LINE


@dataclass(frozen=True, slots=True)
class Topic:
    """What a request is about; a topic out of scope carries its `answer` (R23, R24)."""

    id: str
    name: Text
    hint: Text = NO_TEXT
    in_scope: bool = True
    severity: Severity | None = None
    answer: Text = NO_TEXT


class Way(StrEnum):
    """What a refused customer can do instead."""

    KNOWLEDGE_BASE = "knowledge-base"
    FORUM = "forum"
    TROUBLESHOOTER = "troubleshooter"
    UPGRADE = "upgrade"
    REGISTER = "register"
    SIGN_IN = "sign-in"
    SALES = "sales"
    CUSTOMER_SERVICE = "customer-service"
    CHOOSE_PRODUCT = "choose-product"


@dataclass(frozen=True, slots=True)
class Request:
    """A request type, the first step of the contact wizard (R37).

    `severity` is assumed when neither the topic nor the customer names one; `ways` are those of
    refusals that lead here: customer service, sales; `credit` is the technician's time that a case
    has (R65), None for no limit. A mail without a case
    is taken as the first request with `by_mail` that its sender is entitled to."""

    id: str
    name: Text
    hint: Text = NO_TEXT
    needs_product: bool = True
    by_mail: bool = False
    topics: tuple[Topic, ...] = ()
    fields: tuple[Field, ...] = ()
    severity: Severity | None = None
    ways: tuple[Way, ...] = ()
    credit: timedelta | None = None

    def topic(self, topic_id: str) -> Topic | None:
        """Return the topic with this id, or None."""
        return next((topic for topic in self.topics if topic.id == topic_id), None)


@dataclass(frozen=True, slots=True)
class SeverityInfo:
    """A severity in plain words with its examples (R33–R36), worst first; `ask` is the question
    that whoever answers yes to has it."""

    severity: Severity
    name: Text
    meaning: Text
    ask: Text = NO_TEXT


class OfferKind(StrEnum):
    """What buying an offer gives: one case, a plan's next term, a new plan, a newer version."""

    INCIDENT = "incident"
    RENEWAL = "renewal"
    SUBSCRIPTION = "subscription"
    UPGRADE = "upgrade"
    LICENCE = "licence"


@dataclass(frozen=True, slots=True)
class Offer:
    """Something a customer can buy (R17, R28); `plan` is what it gives, `url` where it is sold
    when not on this site."""

    id: str
    name: Text
    pitch: Text
    price: Money | None = None
    plan: str | None = None
    channels: tuple[Channel, ...] = ()
    kind: OfferKind = OfferKind.INCIDENT
    url: str = ""


@dataclass(frozen=True, slots=True)
class Grant:
    """What a matching rule adds: `channels` on `calendar`, or those of a plan.

    `from_plan` means the plan that the customer holds, `plan` names one (a paid incident's, R28);
    `channels` beside a plan keeps only these of it."""

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
class Rule:
    """Facts in, effect out: at most one of `grant`, `refuse`; `offers` may stand alone.

    Rules are read in order: grants add up, the first refusal ends, and it only refuses when
    nothing was granted before it, so one more grant never turns a yes into a no."""

    id: str
    when: Condition
    why: Text
    grant: Grant | None = None
    refuse: Refusal | None = None
    offers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Policy:
    """All of `policy/*.yaml`, checked; `revision` is a hash of those files.

    Everything is in the order of its file; `rules` in the order they are read; `licensing` is
    None on a site without a licence calculator, `prices` on one that sells nothing itself;
    `consents` are empty where nothing has to be agreed to before a case."""

    revision: str
    products: Mapping[str, Product]
    plans: Mapping[str, Plan]
    calendars: Mapping[str, Calendar]
    requests: Mapping[str, Request]
    channels: Mapping[Channel, ChannelInfo]
    severities: Mapping[Severity, SeverityInfo]
    offers: Mapping[str, Offer]
    rules: tuple[Rule, ...]
    licensing: LicensingRules | None = None
    prices: PriceList | None = None
    consents: tuple[Consent, ...] = ()
    canned: tuple[Canned, ...] = ()

    def rule(self, rule_id: str) -> Rule | None:
        """Return the rule with this id, or None (a case may name one that is gone)."""
        return next((rule for rule in self.rules if rule.id == rule_id), None)

    def request_by(self, way: Way) -> Request | None:
        """Return the first request that a way of a refusal leads to, or None."""
        return next((one for one in self.requests.values() if way in one.ways), None)
