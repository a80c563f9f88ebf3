"""How much time is left for an answer, in words."""

from datetime import datetime, timedelta

from kb.pages.spans import span
from kb.pages.texts import gettext as _
from kb.rules.cases import ALIVE, CaseState, waits_for_customer
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
    if waits_for_customer(state, customer_spoke_last=customer_spoke_last):
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
