"""What the lists of the desk share: the places at their left, and the page that is asked for."""

from flask import request

from kb.rules.whole_numbers import whole

Item = tuple[str, str, str, int | None, bool]  # address, icon, name, count, current
Group = tuple[str, list[Item]]


def page_number() -> int:
    """Read which page of a list is asked for, counted from 1; nonsense counts as the first."""
    return max(1, whole(request.args.get("page", ""), 6) or 1)
