"""What changes beside the decisions: hours, promises, prices, numbers, words of two policies."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, time, timedelta
from typing import Any

from kb.rules.calendars import Hours
from kb.rules.policy import Money, Policy, Target, Test
from kb.rules.texts import Text

_PARTS = ("products", "plans", "calendars", "channels", "severities", "requests", "offers")
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DECIDED = ("when", "grant", "refuse", "offers")  # of a rule: told by the situations
_NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Term:
    """One value of an entry that changes, in words; `field` is empty for an entry that is new or
    gone."""

    part: str
    id: str
    field: str
    before: str
    after: str


def changed_terms(before: Policy, after: Policy) -> tuple[Term, ...]:
    """Return what changes in the entries of a policy, part by part; of a rule only its reason,
    since what it does is told by the situations."""
    rules = [{rule.id: rule for rule in policy.rules} for policy in (before, after)]
    found = [
        term
        for part in _PARTS
        for term in _in_part(part, getattr(before, part), getattr(after, part))
    ]
    return (*found, *_in_part("entitlements", *rules))


def _in_part(part: str, before: Mapping[Any, Any], after: Mapping[Any, Any]) -> Iterator[Term]:
    for key in dict.fromkeys((*before, *after)):
        if key not in after:
            yield Term(part, str(key), "", "there", "removed")
        elif key not in before:
            yield Term(part, str(key), "", _NOTHING, "new")
        elif before[key] != after[key]:
            yield from _in_entry(part, str(key), before[key], after[key])


def _in_entry(part: str, key: str, before: Any, after: Any) -> Iterator[Term]:
    for one in fields(before):
        old, new = getattr(before, one.name), getattr(after, one.name)
        if old == new or (part == "entitlements" and one.name in _DECIDED):
            continue
        for name, was, becomes in _parted(one.name, old, new):
            yield Term(part, key, name, value_words(was), value_words(becomes))


def _parted(name: str, old: Any, new: Any) -> Iterator[tuple[str, Any, Any]]:
    """Tell long things by what differs in them: a target, a day, a holiday, a language."""
    if isinstance(old, Text) and isinstance(new, Text):
        old, new = old.by_lang, new.by_lang
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in dict.fromkeys((*old, *new)):
            if old.get(key) != new.get(key):
                word = _DAYS[key] if name == "week" else key
                yield f"{name} {word}", old.get(key), new.get(key)
    elif isinstance(old, frozenset) and isinstance(new, frozenset):
        yield name, tuple(sorted(old - new)), tuple(sorted(new - old))
    elif name in ("topics", "fields"):
        yield from _parted(name, _by_id(old), _by_id(new))
    else:
        yield name, old, new


def _by_id(entries: Any) -> dict[str, Any]:
    return {one.id: one for one in entries}


def value_words(value: Any) -> str:
    """Return any value of a policy in a few words."""
    if value is None or value == () or value == "":
        return _NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Money):
        return f"{value.amount} {value.currency}"
    if isinstance(value, timedelta):
        return _span(value)
    if isinstance(value, Hours):
        return f"{value.start:%H:%M}–{value.end:%H:%M}".replace("–00:00", "–24:00")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Text):
        return value_words(next(iter(value.by_lang.values()), ""))
    if isinstance(value, Target):
        return f"{_span(value.within)} ({value_words(value.text)})"
    if isinstance(value, Test):
        return f"{value.fact}: {', '.join(value.values) or 'a bound'}"
    if isinstance(value, tuple):
        return ", ".join(value_words(one) for one in value)
    if is_dataclass(value):
        shown = {one.name: getattr(value, one.name) for one in fields(value)}
        return value_words(shown.get("name") or shown.get("label") or shown.get("id", ""))
    return str(value)


def _span(value: timedelta) -> str:
    minutes = int(value.total_seconds() // 60)
    hours = f"{minutes // 60}h" if minutes >= 60 else ""
    return " ".join(filter(None, (hours, f"{minutes % 60}m" if minutes % 60 else "")))
