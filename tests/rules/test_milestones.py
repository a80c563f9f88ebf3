"""When the first answer is due (R13, R14, R33–R36)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kb.rules.milestones import first_response_due
from kb.rules.policy import Severity, Target
from tests.rules.policies import ALWAYS, PLANS, calendar, text

STANDARD = PLANS[0]
HOUR = replace(PLANS[1], targets={Severity.A: Target(timedelta(hours=1), text())})
MONDAY = datetime(2026, 11, 23, 15, tzinfo=UTC)  # 10:00 in New York


@pytest.mark.parametrize(
    ("plan", "severity", "hours", "opened", "due"),
    [
        pytest.param(STANDARD, Severity.A, calendar(), MONDAY, 24, id="R13 one business day"),
        pytest.param(STANDARD, Severity.B, calendar(), MONDAY, None, id="R34 nothing promised"),
        pytest.param(STANDARD, None, calendar(), MONDAY, None, id="no severity"),
        pytest.param(None, Severity.A, calendar(), MONDAY, None, id="R22 no plan"),
        pytest.param(HOUR, Severity.A, ALWAYS, MONDAY, 1, id="R14 one hour"),
    ],
)
def test_first_response_due(plan, severity, hours, opened, due):
    expected = None if due is None else opened + timedelta(hours=due)
    assert first_response_due(plan, severity, hours, opened) == expected
