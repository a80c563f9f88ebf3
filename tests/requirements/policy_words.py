"""What the rows of the policy are asked about: topics, severities and promises of the vendor."""

from datetime import datetime, timedelta

from kb.rules.milestones import MilestoneKind, promises, targets_of
from kb.rules.policy import Severity
from tests.requirements.vendor import allowed, vendor


def due(decision: object, severity: Severity, opened: datetime) -> timedelta | None:
    """How long after opening an answer is promised, for the e-mail channel."""
    grant = allowed(decision).grant("email")  # type: ignore[arg-type]
    assert grant is not None
    plan = vendor().plans.get(grant.plan or "")
    targets = targets_of(plan, severity)
    owed = promises(opened, (), targets, vendor().calendars[grant.calendar])
    first = next((one for one in owed if one.kind is MilestoneKind.FIRST_RESPONSE), None)
    return first.due_at - opened if first and first.due_at else None


def topics_of(request: str, *, in_scope: bool) -> set[str]:
    return {one.id for one in vendor().requests[request].topics if one.in_scope is in_scope}
