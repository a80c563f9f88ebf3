"""What the rows of the policy are asked about: topics, severities and promises of the vendor."""

from datetime import datetime, timedelta

from kb.rules.milestones import first_response_due
from kb.rules.policy import Severity
from tests.requirements.vendor import allowed, vendor


def due(decision: object, severity: Severity, opened: datetime) -> timedelta | None:
    """How long after opening an answer is promised, for the e-mail channel."""
    grant = allowed(decision).grant("email")  # type: ignore[arg-type]
    assert grant is not None
    plan = vendor().plans.get(grant.plan or "")
    end = first_response_due(plan, severity, vendor().calendars[grant.calendar], opened)
    return end and end - opened


def topics_of(request: str, *, in_scope: bool) -> set[str]:
    return {one.id for one in vendor().requests[request].topics if one.in_scope is in_scope}
