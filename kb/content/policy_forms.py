"""The shapes of the files in `policy/`, one class for an entry of each."""

import re
from datetime import date
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import Field, field_validator, model_validator

from kb.content.policy_values import (
    Bounds,
    DayHours,
    Days,
    Generation,
    Price,
    SomeTime,
    Spoken,
    Values,
    read_days,
)
from kb.content.validate import Form, did_you_mean
from kb.content.words import NO_WORDS, Words
from kb.rules.calendars import Hours
from kb.rules.keys import KeyCheck
from kb.rules.policy import Channel, FieldKind, OfferKind, Severity, Way
from kb.rules.products import Licensing, Market, Oem, version_key

Id = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]*$", max_length=60)]


class LinkForm(Form):
    name: Words
    url: Annotated[str, Field(pattern=r"^(https?://|/)\S+$")]
    note: Words = NO_WORDS


class ProductForm(Form):
    """An entry of products.yaml."""

    id: Id
    name: Annotated[str, Field(min_length=1)]
    market: Market
    versions: tuple[Generation, ...] = ()
    oem: Oem = Oem.NO
    licensing: Licensing = Licensing.PERPETUAL
    included_plan: str | None = None
    register_first: bool = False
    key_patterns: tuple[str, ...] = ()
    summary: Words = NO_WORDS
    downloads: tuple[LinkForm, ...] = ()
    guides: tuple[LinkForm, ...] = ()
    upgrades_to: tuple[str, ...] = ()
    addon: bool = False
    key_check: KeyCheck = KeyCheck.NONE
    proof: bool = False

    @field_validator("versions")
    @classmethod
    def _newest_first(cls, versions: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
        written = [version for group in versions for version in group]
        keys = [version_key(version) for version in written]
        if keys != sorted(set(keys), reverse=True):
            raise ValueError("the versions are not in order; write each once, newest first")
        return versions

    @field_validator("key_patterns")
    @classmethod
    def _readable(cls, patterns: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in patterns:
            try:
                re.compile(pattern)
            except re.error as error:
                what = f"the key pattern “{pattern}” cannot be read: {error}"
                raise ValueError(f"{what}; write a regular expression like NBS[0-9]{{2}}") from None
        return patterns

    @model_validator(mode="after")
    def _oem_has_no_plan(self) -> "ProductForm":
        if self.oem is Oem.PAY_PER_INCIDENT and self.included_plan:
            what = f"“{self.id}” is paid per incident only and cannot include a plan"
            raise ValueError(f"{what}; remove included_plan")
        return self


class TargetForm(Form):
    within: SomeTime
    text: Words
    next_within: SomeTime | None = None
    resolve_within: SomeTime | None = None


class PlanForm(Form):
    """An entry of plans.yaml."""

    id: Id
    name: Words
    channels: tuple[Channel, ...]
    calendar: str
    priority: int = 0
    office_calendar: str | None = None
    off_hours_languages: tuple[Spoken, ...] = ()
    targets: dict[Severity, TargetForm] = Field(default_factory=dict)
    price: Price = None
    term_days: Annotated[int, Field(ge=1)] | None = None
    summary: Words = NO_WORDS
    per_case: bool = False
    included_with: tuple[Market, ...] = ()


class CalendarForm(Form):
    """An entry of calendars.yaml."""

    id: Id
    name: Words
    zone: str
    zone_name: Words = NO_WORDS
    week: dict[Days, DayHours]
    holidays: tuple[date, ...] = ()

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (KeyError, ValueError, OSError):
            near = did_you_mean(zone, sorted(available_timezones()))
            mend = near if near.startswith("did") else "write one like America/New_York"
            raise ValueError(f"the time zone “{zone}” is not known; {mend}") from None
        return zone

    @field_validator("week")
    @classmethod
    def _by_day(cls, week: dict[str, list[Hours]]) -> dict[int, tuple[Hours, ...]]:
        by_day: dict[int, tuple[Hours, ...]] = {}
        for days, hours in week.items():
            for day in read_days(days):
                if day in by_day:
                    raise ValueError(f"{days}: a day is there twice; write each day once")
                by_day[day] = tuple(hours)
        if not any(by_day.values()):
            raise ValueError("this calendar never opens; write hours for a day")
        return by_day


class When(Form):
    """The conditions of a rule; every key that is there must hold."""

    request: Values | None = None
    topic: Values | None = None
    scope: Values | None = None
    edition: Values | None = None
    market: Annotated[Values | None, Field(alias="audience")] = None
    oem: Values | None = None
    licensing: Values | None = None
    lifecycle: Values | None = None
    register_first: Values | None = None
    registered: Values | None = None
    plan_state: Values | None = None
    plan: Values | None = None
    days_since_purchase: Bounds = None
    credit: Values | None = None


class ChannelForm(Form):
    """An entry of channels.yaml."""

    id: Channel
    name: Words
    pitch: Words
    number: Annotated[str, Field(pattern=r"^(\+?[0-9][0-9 ().-]{3,}[0-9])?$")] = ""
    only_when: tuple[When, ...] = ()
    otherwise: Words = NO_WORDS
    usual: Words = NO_WORDS
    link: Annotated[str, Field(pattern=r"^(https://[^\s/]+\S*)?$")] = ""
    fallback: bool = False

    @model_validator(mode="after")
    def _reachable(self) -> "ChannelForm":
        needs = {Channel.PHONE: "number", Channel.MESSAGING: "link"}
        for name in ("number", "link"):
            given, wanted = bool(getattr(self, name)), needs.get(self.id) == name
            if wanted and not given:
                raise ValueError(f"“{self.id}” cannot be reached; add {name}:")
            if given and not wanted:
                raise ValueError(f"“{self.id}” has no {name}; remove {name}:")
        return self


class SeverityForm(Form):
    """An entry of severities.yaml."""

    id: Severity
    name: Words
    meaning: Words
    ask: Words = NO_WORDS


class FieldForm(Form):
    """An entry of forms.yaml."""

    id: Id
    label: Words
    hint: Words = NO_WORDS
    required: bool = True
    kind: FieldKind = FieldKind.LINE


class TopicForm(Form):
    id: Id
    name: Words
    hint: Words = NO_WORDS
    in_scope: bool = True
    severity: Severity | None = None
    answer: Words = NO_WORDS

    @model_validator(mode="after")
    def _honest(self) -> "TopicForm":
        if not self.in_scope and not self.answer.root:
            what = f"“{self.id}” is out of scope without an answer"
            raise ValueError(f"{what}; add answer: and tell the customer where to turn")
        return self


class RequestForm(Form):
    """An entry of requests.yaml."""

    id: Id
    name: Words
    hint: Words = NO_WORDS
    needs_product: bool = True
    by_mail: bool = False
    topics: tuple[TopicForm, ...] = ()
    fields: tuple[str, ...] = ()
    severity: Severity | None = None
    ways: tuple[Literal[Way.CUSTOMER_SERVICE, Way.SALES], ...] = ()
    credit: SomeTime | None = None


class OfferForm(Form):
    """An entry of offers.yaml."""

    id: Id
    name: Words
    pitch: Words
    price: Price = None
    plan: str | None = None
    channels: tuple[Channel, ...] = ()
    kind: OfferKind
    url: str = ""


class GrantForm(Form):
    channels: tuple[Channel, ...] = ()
    calendar: str | None = None
    from_: Annotated[Literal["plan"] | None, Field(alias="from")] = None
    plan: str | None = None
    free: bool = False
    uses_credit: bool = False

    @model_validator(mode="after")
    def _has_hours(self) -> "GrantForm":
        if self.from_ and self.plan:
            raise ValueError("this grant has both from: plan and plan:; keep one of them")
        if not self.from_ and not self.plan and not (self.channels and self.calendar):
            raise ValueError("this grant lacks a plan; add from: plan, or channels and a calendar")
        return self


class RefusalForm(Form):
    instead: tuple[Way, ...] = ()


class RuleForm(Form):
    """An entry of entitlements.yaml."""

    id: Id
    when: When = When()
    why: Words
    grant: GrantForm | None = None
    refuse: RefusalForm | None = None
    offers: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _one_effect(self) -> "RuleForm":
        if self.grant and self.refuse:
            raise ValueError(f"the rule “{self.id}” grants and refuses; make it two rules")
        if not (self.grant or self.refuse or self.offers):
            raise ValueError(f"the rule “{self.id}” does nothing; add grant:, refuse: or offers:")
        return self
