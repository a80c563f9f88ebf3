"""How much time is left for an answer, in words."""

from datetime import datetime, timedelta

from kb.pages.texts import gettext as _
from kb.rules.cases import ALIVE, CaseState

SOON = timedelta(minutes=30)


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
    if now > due_at:
        return _("%(time)s late", time=span(now - due_at)), "late"
    return span(due_at - now), "soon" if due_at - now < SOON else ""


def span(time: timedelta) -> str:
    """Write a time as two units at most: “18 min”, “2 h 10 min”, “3 d 4 h”."""
    minutes = int(time.total_seconds() // 60)
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return _("%(days)s d %(hours)s h", days=days, hours=hours)
    if hours:
        return _("%(hours)s h %(minutes)s min", hours=hours, minutes=minutes)
    return _("%(minutes)s min", minutes=minutes)
