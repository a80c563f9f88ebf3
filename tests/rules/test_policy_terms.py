"""Terms that change between two policies, told in words."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from kb.rules.policy import Channel, Money, Plan, Severity, Target, Topic
from kb.rules.policy_terms import changed_terms, value_words
from kb.rules.texts import Text
from tests.rules.diffs import BEFORE, LONGER, TODAY, terms
from tests.rules.policies import (
    CHANNELS,
    HOLIDAY,
    OFFERS,
    PLANS,
    PRODUCTS,
    REQUESTS,
    SOUND,
    calendar,
    text,
)

SOON = Target(timedelta(hours=1, minutes=30), text("soon"))

LATE = Target(timedelta(minutes=45), text("soon"))


CALL = Text({"en": "Call"})

ONLY = "edition: full, plan_state: active, edition: full, credit: yes"

EUROS = Money(Decimal("9.50"), "EUR")

MORE = (*REQUESTS[0].topics, Topic("new", text("New")))

PART_CASES = {
    "new": (
        "plans",
        [Plan("a", text(), (Channel.CHAT,), "office")],
        ("plans", "a", "", "–", "new"),
    ),
    "a promise": (
        "plans",
        [replace(one, targets={Severity.A: SOON}) for one in PLANS],
        ("plans", "standard", "targets A", "12h (words)", "1h 30m (soon)"),
    ),
    "a new promise": (
        "plans",
        [replace(one, targets={Severity.A: LATE}) for one in PLANS],
        ("plans", "premier", "targets A", "–", "45m (soon)"),
    ),
    "yes and no": (
        "plans",
        [replace(one, per_case=not one.per_case) for one in PLANS],
        ("plans", "premier", "per_case", "no", "yes"),
    ),
    "a price": (
        "plans",
        [replace(one, price=EUROS) for one in PLANS],
        ("plans", "premier", "price", "–", "9.50 EUR"),
    ),
    "a day": (
        "calendars",
        [calendar(0, 1, 2, 3)],
        ("calendars", "office", "week friday", "08:00–20:00", "–"),
    ),
    "a holiday": (
        "calendars",
        [calendar(holidays=frozenset({HOLIDAY}))],
        ("calendars", "office", "holidays", "–", "2026-11-26"),
    ),
    "a number": (
        "channels",
        [replace(one, number="+1 555 0199") for one in CHANNELS],
        ("channels", "chat", "number", "–", "+1 555 0199"),
    ),
    "a condition": (
        "channels",
        [replace(one, only_when=()) for one in CHANNELS],
        ("channels", "phone", "only_when", ONLY, "–"),
    ),
    "a sentence": (
        "channels",
        [replace(one, pitch=CALL) for one in CHANNELS],
        ("channels", "phone", "pitch en", "words", "Call"),
    ),
    "where it is sold": (
        "offers",
        [replace(one, url="/shop") for one in OFFERS],
        ("offers", "upgrade", "url", "–", "/shop"),
    ),
    "versions": (
        "products",
        [replace(one, generations=(("13",),)) for one in PRODUCTS],
        ("products", "server", "generations", "12, 11.5, 11, 10", "13"),
    ),
    "a topic": (
        "requests",
        [replace(REQUESTS[0], topics=MORE)],
        ("requests", "technical", "topics new", "–", "New"),
    ),
    "a reason": (
        "rules",
        [replace(rule, why=Text({"en": "Because"})) for rule in SOUND],
        ("entitlements", "old", "why en", "words", "Because"),
    ),
}


@pytest.mark.parametrize(
    ("part", "entries", "expected"), PART_CASES.values(), ids=PART_CASES.keys()
)
def test_terms_are_told_in_words(part, entries, expected):
    key = "channel" if part == "channels" else "id"
    new = tuple(entries) if part == "rules" else {getattr(one, key): one for one in entries}
    assert expected in terms(replace(BEFORE, **{part: new}))


def test_what_a_rule_does_is_told_by_the_situations_alone():
    assert changed_terms(BEFORE, LONGER) == ()


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (TODAY, "2026-11-23"),
        (Text({"es": "Sí", "en": "Yes"}), "Sí"),
        (Text(), "–"),
        (3, "3"),
        (timedelta(hours=2), "2h"),
        (EUROS, "9.50 EUR"),
    ],
)
def test_values_in_words(value, words):
    assert value_words(value) == words
