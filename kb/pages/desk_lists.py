"""What the lists of the desk share: the places at their left, and the page that is asked for."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from flask import request, url_for

from kb.rules.whole_numbers import whole

Item = tuple[str, str, str, int | None, bool]  # address, icon, name, count, current
Group = tuple[str, list[Item]]
L = TypeVar("L", bound=StrEnum)


def places(
    endpoint: str,
    names: Mapping[L, str],
    icons: Mapping[L, str],
    counts: Mapping[L, int],
    current: L | None,
) -> list[Item]:
    """Return the lists of a view as places, each with how many wait in it where that is counted."""
    return [
        (url_for(endpoint, view=one), icons[one], name, counts.get(one), one is current)
        for one, name in names.items()
    ]


def page_number() -> int:
    """Read which page of a list is asked for, counted from 1; nonsense counts as the first."""
    return max(1, whole(request.args.get("page", ""), 6) or 1)
