"""Answers that agents have ready, with places for what differs from case to case."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from kb.rules.texts import Text

PLACES = ("customer", "number", "title", "product", "agent", "link")
_PLACE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Canned:
    """One answer; in `text` stands `{customer}` and the like for what differs."""

    id: str
    name: Text
    text: Text


def unknown_places(text: str) -> tuple[str, ...]:
    """Return the places of a text that nothing is known to stand for."""
    return tuple(name for name in _PLACE.findall(text) if name not in PLACES)


def filled(text: str, values: Mapping[str, str]) -> str:
    """Put the values into their places; what a value itself says is not read again."""
    return _PLACE.sub(lambda found: values.get(found[1], found[0]), text)
