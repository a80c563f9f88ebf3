"""The troubleshooter's own words: what was answered, what is still to come, what went wrong."""

from datetime import date

from kb.pages.formats import show_date
from kb.pages.texts import gettext as _
from kb.rules.trees import YES, ArticleEnd, Input, InputKind, Purpose
from kb.rules.typed import Bad
from kb.rules.walk import Answered, Position

EXAMPLES = {
    InputKind.ERROR_CODE: "E0001",
    InputKind.NUMBER: "3",
    InputKind.VERSION: "12.3",
    InputKind.DATE: "2026-11-03",
}
"""Where the author gives none."""


def said(answered: Answered, purpose: Purpose) -> str:
    """Return an answer as the customer gave it."""
    if answered.said:
        return answered.said
    if not answered.value:
        return _("Skipped")
    yes, no = verdict_words(purpose if isinstance(answered.node, ArticleEnd) else None)
    return yes if answered.value == YES else no


def verdict_words(purpose: Purpose | None) -> tuple[str, str]:
    """Return the two answers to whether it helped."""
    if purpose is Purpose.ADVICE:
        return _("Yes, I have my answer"), _("No, I need something else")
    return _("Yes, it works now"), _("No, it still fails")


def more_at_most(left: int, *, step: bool = False) -> str:
    """Say how many questions or steps can still come, small numbers as words."""
    if left == 0:
        return _("the last step") if step else _("the last one")
    if left == 1:
        return _("one step more at most") if step else _("one question more at most")
    words = (_("two"), _("three"), _("four"), _("five"), _("six"), _("seven"), _("eight"))
    number = words[left - 2] if left < len(words) + 2 else left
    return _("%(number)s more at most", number=number)


def problem_words(position: Position) -> str:
    """Say what is wrong with what stands at a node and what is expected there."""
    node, problem = position.node, position.problem
    if problem is None:
        return ""
    if not isinstance(node, Input):
        return _("Choose one of the answers")
    if problem in (Bad.TOO_LOW, Bad.TOO_HIGH):
        return _out_of_range(node, low=problem is Bad.TOO_LOW)
    if problem is Bad.THOUSANDS:
        return _("Enter the number without thousands separators")
    if problem is Bad.NOT_WHOLE:
        return _("Enter a whole number, such as %(e)s", e=node.example or "3")
    example = node.example or EXAMPLES[node.input]
    expected = {
        InputKind.ERROR_CODE: _(
            "Enter the code, with letters and figures, such as %(e)s", e=example
        ),
        InputKind.NUMBER: _("Enter a number in figures, such as %(e)s", e=example),
        InputKind.VERSION: _("Enter the figures of the version, such as %(e)s", e=example),
        InputKind.DATE: _("Enter a date, such as %(e)s", e=example),
    }
    return expected[node.input]


def _out_of_range(node: Input, *, low: bool) -> str:
    bound = _bound(node, node.lowest if low else node.highest)
    if node.input is InputKind.DATE:
        return (
            _("Enter %(day)s or later", day=bound)
            if low
            else _("Enter %(day)s or before", day=bound)
        )
    if low:
        return _("Enter %(lowest)s or more", lowest=bound)
    return _("Enter %(highest)s or less", highest=bound)


def _bound(node: Input, value: str | None) -> str:
    if value and node.input is InputKind.DATE:
        return show_date(date.fromisoformat(value))
    return value or ""


def expected_words(node: Input) -> str:
    """Say what may be typed: an example with its unit, and the range it must be in."""
    example = f"{node.example} {node.unit}".strip() if node.example else ""
    parts = [_("For example, %(example)s", example=example)] if example else []
    low, high = _bound(node, node.lowest), _bound(node, node.highest)
    if low and high:
        parts.append(_("From %(low)s to %(high)s", low=low, high=high))
    elif low:
        parts.append(_("At least %(low)s", low=low))
    elif high:
        parts.append(_("At most %(high)s", high=high))
    return " · ".join(parts)
