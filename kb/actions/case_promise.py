"""What a customer is told and promised when a case is opened (R13, R14, R44)."""

from datetime import datetime

from sqlalchemy import Connection

from kb.actions.mail_queue import queue
from kb.mail import Letters
from kb.rules.entitlement import ChannelGrant
from kb.rules.milestones import first_response_due
from kb.rules.policy import Policy, Severity
from kb.store import conversation, users
from kb.store.cases import NewCase


def promise_response(
    conn: Connection,
    policy: Policy,
    number: int,
    severity: Severity,
    grant: ChannelGrant,
    now: datetime,
) -> bool:
    """Set the first response due where the plan promises one (R13, R14); tell whether it does."""
    plan = policy.plans.get(grant.plan or "")
    calendar = policy.calendars.get(grant.calendar)
    due = first_response_due(plan, severity, calendar, now) if calendar else None
    if plan is None or due is None:
        return False
    conversation.add_milestone(
        conn,
        number,
        kind="first_response",
        calendar=grant.calendar,
        target_seconds=int(plan.targets[severity].within.total_seconds()),
        due_at=due,
    )
    return True


def acknowledge(
    conn: Connection,
    policy: Policy,
    letters: Letters,
    number: int,
    user_id: int,
    new: NewCase,
    promised: bool,
    now: datetime,
) -> None:
    """Mail the number in the requester's language (R44)."""
    user = users.by_id(conn, user_id)
    if user is None:
        return
    severity = Severity(new.severity)
    product = policy.products.get(new.product or "")
    expected = policy.plans[new.plan].targets[severity].text if promised and new.plan else None
    letter = letters.write(
        "case-opened",
        new.lang,
        user.email,
        case_number=number,
        path=f"my/cases/{number}",
        first_name=new.contact["first_name"] or user.first_name,
        title=new.title,
        product=f"{product.name} {new.version or ''}".strip() if product else "",
        severity=f"{severity}, {policy.severities[severity].name.in_(new.lang)}",
        expected=expected.in_(new.lang) if expected else "",
    )
    queue(conn, letter, now)
