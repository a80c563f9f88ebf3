"""The support of a registered product in words: its date, its state, its hours (R8)."""

from kb.actions.cover import Covered
from kb.pages.formats import show_date
from kb.pages.frame import lang, live
from kb.pages.texts import gettext as _
from kb.pages.texts import ngettext
from kb.rules.cover import CoverState
from kb.rules.entitlement import Allowed

_RUNS = {CoverState.ACTIVE, CoverState.ENDING}


def support_line(one: Covered) -> str:
    """Say until when support lasts or when it ended (R8)."""
    until = one.cover.until
    if until is None:
        runs = one.cover.state in _RUNS
        return _("Support has no end date") if runs else _("No support date")
    if one.cover.state is CoverState.ENDED:
        return _("Support ended on %(day)s", day=show_date(until))
    return _("Support until %(day)s", day=show_date(until))


def state_chip(one: Covered) -> tuple[str, str]:
    """Name the state of a product's support, and the chip's kind."""
    if one.cover.state is CoverState.ENDING:
        left = one.cover.days_left or 0
        if left == 0:
            return _("Support ends today"), "warn"
        return ngettext("Ends in %(num)s day", "Ends in %(num)s days", left), "warn"
    return {
        CoverState.ACTIVE: (_("Support active"), "ok"),
        CoverState.ENDED: (_("Support ended"), "warn"),
        CoverState.NONE: (_("No support included"), "line"),
    }[one.cover.state]


def ways(one: Covered) -> list[tuple[str, str]]:
    """The channels open to this product with their hours, in words; those alike together."""
    if not isinstance(one.decision, Allowed):
        return []
    policy = live().site.policy
    by_hours: dict[str, list[str]] = {}
    for grant in one.decision.channels:
        name = policy.channels[grant.channel].name.in_(lang())
        by_hours.setdefault(grant.calendar, []).append(name)
    return [(" · ".join(names), hours(calendar)) for calendar, names in by_hours.items()]


def hours(calendar_id: str) -> str:
    """Name a calendar's hours with their zone; '' for one that has left the policy."""
    calendar = live().site.policy.calendars.get(calendar_id)
    if calendar is None:
        return ""
    zone = calendar.zone_name.in_(lang())
    name = calendar.name.in_(lang())
    return name if calendar.always_open or not zone else f"{name} ({zone})"


def why(one: Covered) -> list[str]:
    """The sentences of the rules that decided what this product's owner may do."""
    policy = live().site.policy
    rules = [policy.rule(id_) for id_ in (one.decision.why if one.decision else ())]
    return [rule.why.in_(lang()) for rule in rules if rule]
