"""When an answer is due: what the plan promises, counted in business time (R13, R14)."""

from datetime import datetime

from kb.rules.calendars import Calendar, add_business_time
from kb.rules.policy import Plan, Severity


def first_response_due(
    plan: Plan | None, severity: Severity | None, calendar: Calendar, opened: datetime
) -> datetime | None:
    """Return, in UTC, by when the first answer is promised, or None where none is (R33–R36)."""
    target = plan.targets.get(severity) if plan and severity else None
    return add_business_time(calendar, opened, target.within) if target else None
