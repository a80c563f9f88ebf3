"""How much time is left for an answer, in words."""

from datetime import datetime, timedelta

from kb.pages.texts import gettext as _
from kb.rules.cases import ALIVE, CaseState
from kb.rules.milestones import Standing, standing
from kb.store.milestones import Milestone


def target(
    state: CaseState, due_at: datetime | None, *, customer_spoke_last: bool, now: datetime
) -> tuple[str, str]:
    """Return the words of a case's target and its state for the ring (see parts/desk.html)."""
    if state not in ALIVE:
        return _("Done"), "none"
    if due_at is not None:
        return left(due_at, now)
    if state is CaseState.PENDING_CUSTOMER or not customer_spoke_last:
        return _("Customer"), "wait"
    return _("No target"), "none"


def left(due_at: datetime, now: datetime) -> tuple[str, str]:
    """Return the time left until a promise falls due, or since it did."""
    found = standing(due_at, None, now)
    if found is Standing.BREACHED:
        return _("%(time)s late", time=span(now - due_at)), "late"
    return span(due_at - now), "soon" if found is Standing.NEAR else ""


def promise(one: Milestone | None, now: datetime) -> tuple[str, str]:
    """Return how a promise stands in words and the state of its ring; without one, that no time
    is promised."""
    if one is None:
        return _("No target"), "none"
    found = standing(one.due_at, one.met_at, now)
    if found is Standing.KEPT:
        return _("Kept in time"), "none"
    if found is Standing.LATE:
        return _("Kept late"), "late"
    if one.due_at is None:
        return _(
            "Paused, %(time)s left", time=span(timedelta(seconds=one.left_seconds or 0))
        ), "wait"
    return left(one.due_at, now)


def span(time: timedelta) -> str:
    """Write a time as two units at most: “18 min”, “2 h 10 min”, “3 d 4 h”."""
    minutes = int(time.total_seconds() // 60)
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return _("%(days)s d %(hours)s h", days=days, hours=hours)
    if hours:
        return _("%(hours)s h %(minutes)s min", hours=hours, minutes=minutes)
    return _("%(minutes)s min", minutes=minutes)
