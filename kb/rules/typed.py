"""Typed answers in a tree: reading what a customer wrote, and comparing it with a route."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum

from kb.rules.products import version_key
from kb.rules.trees import Condition, Input, InputKind
from kb.rules.typed_codes import bare, code_in

LONGEST_ANSWER = 200

NUMBER = re.compile(r"[0-9]{1,12}(?:[.,][0-9]{1,6})?")
THOUSANDS = re.compile(r"[1-9][0-9]{0,2}(?:[.,\s][0-9]{3})+")
VERSION = re.compile(r"(?:v|ver\.?|version|versión)?\s*([0-9]{1,6}(?:\.[0-9]{1,6}){0,3})", re.I)
ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
DAY_FIRST = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})")


class Bad(StrEnum):
    """Why a typed answer cannot be used; the page says it in the reader's language."""

    EMPTY = "empty"
    NOT_A_CODE = "not-a-code"
    NOT_A_NUMBER = "not-a-number"
    NOT_WHOLE = "not-whole"
    THOUSANDS = "thousands"
    NOT_A_VERSION = "not-a-version"
    NOT_A_DATE = "not-a-date"
    TOO_LOW = "too-low"
    TOO_HIGH = "too-high"


Comparable = tuple[Decimal, ...]


def read(node: Input, typed: str) -> str | Bad:
    """Return the answer in its one canonical spelling ('' for skipped), or what is wrong."""
    text = " ".join(typed[:LONGEST_ANSWER].split())
    if not text:
        return "" if node.optional else Bad.EMPTY
    if node.input is InputKind.ERROR_CODE:
        conditions = (route.condition for route in node.routes)
        known = [value for one in conditions if one for value in one.values]
        return code_in(text, known) or Bad.NOT_A_CODE
    value = canonical(node.input, text)
    if isinstance(value, Bad):
        return value
    size = comparable(node.input, value)
    if not is_whole_enough(node, size):
        return Bad.NOT_WHOLE
    if node.lowest is not None and size < comparable(node.input, node.lowest):
        return Bad.TOO_LOW
    if node.highest is not None and size > comparable(node.input, node.highest):
        return Bad.TOO_HIGH
    return value


def is_whole_enough(node: Input, size: Comparable) -> bool:
    """Tell whether a size is a whole number where its node takes no other numbers."""
    if not node.whole or node.input is not InputKind.NUMBER:
        return True
    return size[0] == size[0].to_integral_value()


def canonical(kind: InputKind, text: str) -> str | Bad:
    """Return `text` as the one spelling of its value: 'error e000101f4' -> 'E000101F4'."""
    if kind is InputKind.ERROR_CODE:
        return code_in(text) or Bad.NOT_A_CODE
    if kind is InputKind.VERSION:
        version = VERSION.fullmatch(text)
        return version.group(1) if version else Bad.NOT_A_VERSION
    return _number(text) if kind is InputKind.NUMBER else _date(text)


def _number(text: str) -> str | Bad:
    # “1.500” is 1500 in Spanish and 1.5 in English: nobody can tell, so ask again.
    if THOUSANDS.fullmatch(text):
        return Bad.THOUSANDS
    if not NUMBER.fullmatch(text):
        return Bad.NOT_A_NUMBER
    return f"{Decimal(text.replace(',', '.')).normalize():f}"


def _date(text: str) -> str | Bad:
    iso, day_first = ISO_DATE.fullmatch(text), DAY_FIRST.fullmatch(text)
    parts: Sequence[str] = iso.groups() if iso else day_first.groups()[::-1] if day_first else ()
    try:
        year, month, day = (int(part) for part in parts)
        return date(year, month, day).isoformat()
    except ValueError:
        return Bad.NOT_A_DATE


def comparable(kind: InputKind, value: str) -> Comparable:
    """Return a canonical number, version or date as something that can be ordered;
    raises ValueError for anything else."""
    if kind is InputKind.NUMBER:
        return (Decimal(value),)
    if kind is InputKind.VERSION:
        return _without_zeros(tuple(Decimal(part) for part in version_key(value)))
    if kind is InputKind.DATE:
        return (Decimal(date.fromisoformat(value).toordinal()),)
    raise ValueError("error codes have no order")


def _without_zeros(version: Comparable) -> Comparable:
    while version and version[-1] == 0:
        version = version[:-1]
    return version


def key(kind: InputKind, value: str) -> str | Comparable:
    """Return what two equal answers share."""
    if kind is InputKind.ERROR_CODE:
        return bare(value)
    return comparable(kind, value)


def holds(kind: InputKind, condition: Condition, value: str) -> bool:
    """Tell whether a canonical, non-empty value meets every part of a condition."""
    if condition.values and key(kind, value) not in {key(kind, v) for v in condition.values}:
        return False
    if condition.at_least is None and condition.below is None:
        return True
    size = comparable(kind, value)
    if condition.at_least is not None and size < comparable(kind, condition.at_least):
        return False
    return condition.below is None or size < comparable(kind, condition.below)
